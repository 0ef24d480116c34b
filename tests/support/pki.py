"""The demonstration authority, once per run of the tests, answering on loopback. Import the fixtures where needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.config import Config
from engine.signing import DemoPki, DemoServer, Signing, SigningKey, load_pkcs12, load_signing, open_demo_pki

PIN = "4821"
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Authority:
    pki: DemoPki
    signing: Signing
    secretario: SigningKey
    rector: SigningKey

    def person(self, name: str, **dates: datetime) -> SigningKey:
        return load_pkcs12(self.pki.person_pkcs12(name, None, PIN, **dates), PIN)


_open: list[Authority] = []


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """One, however many files of tests import it: pytest would make one for each. The first that asked closes it."""
    if _open:
        yield _open[0]
        return
    folder: Path = tmp_path_factory.mktemp("pki")
    pki = open_demo_pki(folder, "Universidad Nacional del Estuario")
    with DemoServer(pki):
        made = Authority(
            pki,
            load_signing(Config(**pki.settings())),
            load_pkcs12(pki.person_pkcs12("Gonzalo Ñáñez Villavicencio", "0912345675", PIN), PIN),
            load_pkcs12(pki.person_pkcs12("Ana Lucía Güemes", None, PIN), PIN),
        )
        _open.append(made)
        yield made
        _open.clear()
