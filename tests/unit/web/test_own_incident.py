"""Who asked the office for something attends to no incident of it: neither retries it nor gives its result."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.cases import ResolveIncident, RetryIncident, resolve_incident, retry_incident
from engine.errors import NotAllowed
from engine.storage.tables import incident
from tests.support.face import House, complete, run_jobs


def test_nobody_gives_by_hand_the_record_of_their_own_certificate(house: House) -> None:
    berta = house.person("berta", "Berta", "Cuenca", "secretaria", profile="estudiante")
    number = house.enter("berta").file()
    run_jobs(house)
    complete(house, number, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="sistema")
    with house.app.database.read() as conn:
        own = conn.scalar(sa.select(incident.c.id).where(incident.c.status == "open"))
    assert own is not None
    for_resolve = ResolveIncident(own, berta, {"promedio": 100}, "Lo vi en los libros", uuid4())
    with pytest.raises(NotAllowed, match="propio trámite"):
        resolve_incident(for_resolve, house.app.engine)
    with pytest.raises(NotAllowed, match="propio trámite"):
        retry_incident(RetryIncident(own, berta, "Otra vez", uuid4()), house.app.engine)
    assert retry_incident(RetryIncident(own, house.people["rosa"], "Otra vez", uuid4()), house.app.engine).event
