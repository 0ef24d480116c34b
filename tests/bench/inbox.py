"""The inbox's page with 100,000 open and 1,000,000 closed tasks against the same page with 100, on PostgreSQL.

Both datasets live in one database, in a schema each, and are asked in turns, so that the machine's mood falls on both.
What is asked is what people ask: tabs, a process, a term, names, numbers, and words that half of the cases have.
"""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.calendar import load_calendar
from engine.clock import FixedClock
from engine.config import Config
from engine.inbox import Filters, Inbox, Viewer
from engine.storage import migrate
from engine.storage.search import search_text
from engine.storage.tables import definition_version, person
from engine.storage.unit_of_work import Database
from tests.bench.servers import postgresql

GOAL = 3.0
ROUNDS = 12
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
ROLES = ("secretaria", "secretario_general", "archivo", "departamento")
PROCESSES = {
    "solicitar_certificacion": "Certificación",
    "solicitar_certificado": "Certificado personalizado",
    "solicitar_copia_acta": "Copia de acta",
    "acta_examen": "Acta de examen",
}
FAMILY = """Ñáñez Güemes Sagñay D'Angelo Villacís Arteaga Peñafiel Cotacachi Quinde Yépez Ordóñez Chiquinquirá Pilco
    Fernández Córdova Loor Zambrano Mendoza Vera Cedeño Macías Bravo Intriago Alcívar Vélez Delgado Solórzano Moreira
    Párraga Pico""".split()  # noqa: SIM905
GIVEN = """María José Ana Belén Rosa Elvira Segundo Manuel Tadeo Fiorella Rómulo Lucía Inés Ángeles Darwin Wilson
    Génesis Kerly Byron Jefferson Nathaly Cristhian Joselyn Anthony""".split()  # noqa: SIM905
REASONS = (
    "trámite en el exterior con apostilla",
    "concurso de méritos y oposición",
    "cambio de universidad",
    "beca de posgrado",
    "requisito de empleo público",
    "homologación de estudios",
)


def run() -> dict[str, Any]:
    with postgresql() as url:
        return {"inbox": measure(url)}


def measure(url: str) -> dict[str, Any]:
    """``url``: an empty PostgreSQL database. Takes some two minutes, most of them to fill it."""
    small = _open(url, "inbox_100", open_tasks=100, closed_tasks=1_000)
    large = _open(url, "inbox_100000", open_tasks=100_000, closed_tasks=1_000_000)
    try:
        times: dict[str, list[float]] = {"small": [], "large": []}
        for inbox in (small, large):  # plans and caches warm, as on any working day
            _ask_all(inbox, random.Random(1))
        for turn in range(ROUNDS):
            times["small"] += _ask_all(small, random.Random(turn))
            times["large"] += _ask_all(large, random.Random(turn))
    finally:
        small.database.close()
        large.database.close()
    value, against = (statistics.quantiles(times[name], n=20)[-1] for name in ("large", "small"))
    ratio = value / against
    return {
        "value": round(value * 1000, 2),  # milliseconds, p95
        "against": round(against * 1000, 2),
        "ratio": round(ratio, 2),
        "goal": GOAL,
        "unit": "ms, p95 of a page",
        "met": ratio <= GOAL,
    }


def questions(chance: random.Random) -> Iterator[tuple[str, str]]:
    """(who, query)."""
    family, given = chance.choice(FAMILY), chance.choice(GIVEN)
    number = f"SG-2026-{chance.randrange(1, 100):06d}"
    yield "rosa", "q=" + family
    yield "rosa", "bandeja=grupos&q=" + family
    yield "rosa", "bandeja=grupos&proceso=solicitar_certificacion&q=" + family
    yield "rosa", f"bandeja=grupos&q={family}+{given}"
    yield "rosa", "bandeja=todas&q=" + number
    yield "rosa", "bandeja=todas&vence=vencidas&proceso=solicitar_copia_acta&q=apostilla"
    yield "rosa", "bandeja=todas&vence=semana&q=certificacion"
    yield "rosa", "bandeja=grupos&vence=hoy&q=" + given
    yield "jefa", f"bandeja=todas&q={family}+beca"
    yield "jefa", "bandeja=todas&proceso=acta_examen&q=universidad"
    yield "jefa", "bandeja=todas&vence=semana&q=" + given


def _ask_all(inbox: Inbox, chance: random.Random) -> list[float]:
    times = []
    for who, query in questions(chance):
        viewer = _viewer(who)
        filters = Filters.parse(query)
        start = time.perf_counter()
        inbox.list_tasks(viewer, filters)
        times.append(time.perf_counter() - start)
    return times


def _viewer(who: str) -> Viewer:
    roles = {"rosa": {"secretaria", "archivo"}, "jefa": {"jefe_secretaria"}}[who]
    return Viewer(uuid.uuid5(uuid.NAMESPACE_DNS, who), frozenset(roles), NOW.date())


def _open(url: str, schema: str, *, open_tasks: int, closed_tasks: int) -> Inbox:
    with Database(url).write() as conn:
        conn.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        conn.execute(sa.text(f"CREATE SCHEMA {schema}"))
    database = Database(sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}))
    migrate.create_schema(database)
    with database.write() as conn:
        _fill(conn, open_tasks, closed_tasks)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("VACUUM (ANALYZE)")
    with database.read() as conn:
        calendar = load_calendar(conn, Config())
    return Inbox(database, FixedClock(NOW), people, calendar)


def _fill(conn: Connection, open_tasks: int, closed_tasks: int) -> None:
    chance = random.Random(7)
    requesters = [_person(chance, f"p{n}") for n in range(2_000)]
    staff = [_person(chance, who, uuid.uuid5(uuid.NAMESPACE_DNS, who)) for who in ("rosa", "jefa")]
    staff += [_person(chance, f"s{n}") for n in range(38)]
    conn.execute(person.insert(), requesters + staff)
    versions = [
        {
            "id": uuid.uuid4(),
            "process": process,
            "number": 1,
            "hash": process.ljust(64, "0"),
            "title": title,
            "bundle": b"",
            "library_version": "1",
            "state": "published",
            "at": NOW,
        }
        for process, title in PROCESSES.items()
    ]
    conn.execute(definition_version.insert(), versions)
    _vocabulary(conn, chance, requesters, versions)
    _cases(conn, open_tasks, max(1, closed_tasks // 4))
    _tasks(conn, [row["id"] for row in staff if row["username"] != "jefa"])
    conn.exec_driver_sql("DROP TABLE vocabulary")


def _person(chance: random.Random, username: str, person_id: uuid.UUID | None = None) -> dict[str, Any]:
    return {
        "id": person_id or uuid.uuid4(),
        "username": username,
        "given_names": f"{chance.choice(GIVEN)} {chance.choice(GIVEN)}",
        "family_names": f"{chance.choice(FAMILY)} {chance.choice(FAMILY)}",
        "email": f"{username}@une.example",
        "created_at": NOW,
    }


def _vocabulary(
    conn: Connection, chance: random.Random, requesters: list[dict[str, Any]], versions: list[dict[str, Any]]
) -> None:
    """5,000 kinds of request: who, which service, why, and the words to find it by."""
    columns = "n int PRIMARY KEY, requester uuid, version uuid, process text, words text"
    conn.exec_driver_sql(f"CREATE TABLE vocabulary ({columns})")
    rows = []
    for n in range(5_000):
        who, version = chance.choice(requesters), chance.choice(versions)
        parts = (who["family_names"], who["given_names"], PROCESSES[version["process"]], chance.choice(REASONS))
        words = search_text([*parts, f"09{chance.randrange(10**8):08d}"])
        rows.append({"n": n, "r": who["id"], "v": version["id"], "p": version["process"], "w": words})
    conn.execute(sa.text("INSERT INTO vocabulary VALUES (:n, :r, :v, :p, :w)"), rows)


def _cases(conn: Connection, open_cases: int, closed_cases: int) -> None:
    """The open ones are the latest, of the last sixty days; the others go back four years."""
    conn.execute(
        sa.text("""
        INSERT INTO "case" (id, number, version_id, process, revision, status, state, requester_id, title, facts,
                            search, opened_at, due_at, closed_at)
        SELECT gen_random_uuid(), number, v.version, v.process, 3, CASE WHEN is_open THEN 'open' ELSE 'completed' END,
               repeat('estado ', 100), v.requester, 'Certificado institucional', '{"destino": "exterior"}',
               replace(lower(number), '-', '') || ' ' || v.words, opened, opened + interval '5 days',
               CASE WHEN is_open THEN NULL ELSE opened + interval '3 days' END
        FROM (
            SELECT i <= :open AS is_open, 'SG-2026-' || lpad(i::text, 6, '0') AS number,
                   (hashint4(i) & 1048575) % 5000 AS k,
                   :now - random() * interval '1 day' * CASE WHEN i <= :open THEN 10 ELSE 1400 END AS opened
            FROM generate_series(1, :open + :closed) AS i
        ) AS made JOIN vocabulary v ON v.n = made.k"""),
        {"open": open_cases, "closed": closed_cases, "now": NOW},
    )


def _tasks(conn: Connection, staff: list[uuid.UUID]) -> None:
    """Each open case has one open task, four in ten of them taken; each closed one had four."""
    conn.exec_driver_sql("CREATE TEMP TABLE hand ON COMMIT DROP AS SELECT * FROM (VALUES (0, NULL::uuid)) AS h (n, id)")
    rows = [{"n": n, "id": person_id} for n, person_id in enumerate(staff, start=1)]
    conn.execute(sa.text("INSERT INTO hand VALUES (:n, :id)"), rows)
    roles = "ARRAY['secretaria','secretario_general','archivo','departamento']"
    insert = (
        "INSERT INTO task (id, case_id, element, name, role, form, status, assignee_id, opened_at, due_at, closed_at,"
        " closed_by, words) SELECT gen_random_uuid(), c.id, 'revisar', 'Revisar el borrador', "
    )
    share = len(staff)
    conn.execute(
        sa.text(
            f"{insert} ({roles})[1 + (hashtext(c.number) & 3)], 'revisar.json', 'open', h.id, c.opened_at, c.due_at,"
            f' NULL, NULL, NULL FROM "case" c JOIN hand h ON h.n = CASE WHEN random() < 0.6 THEN 0'
            f" ELSE 1 + (hashtext(c.id::text) & 65535) % {share} END WHERE c.status = 'open'"
        )
    )
    conn.execute(
        sa.text(
            f"{insert} ({roles})[1 + i], 'revisar.json', 'completed', h.id, c.opened_at, c.due_at, c.closed_at, h.id,"
            f" c.words || array_to_tsvector(ARRAY['=' || c.process, '@' || ({roles})[1 + i]])"
            f' FROM "case" c CROSS JOIN generate_series(0, 3) AS i'
            f" JOIN hand h ON h.n = 1 + (hashtext(c.id::text) & 65535) % {share} WHERE c.status <> 'open'"
        )
    )
