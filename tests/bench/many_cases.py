"""A million past cases in some minutes, by SQL: cases, terms, events and the sums, as the engine would have left them.

Used by the bench of the indicators. Everything follows from one table of made-up cases, in statements that share no code
with ``engine.indicators``: so a recount from the events proves the sums, and the sums the reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

SERVICES = {
    "A1": ("solicitar_copia_acta", ("documentos_sesiones", "resoluciones_certificaciones"), 5),
    "B1": ("solicitar_certificado", ("certificado_institucional", "matriz_digital", "digitalizacion"), 3),
    "B2": ("solicitar_certificacion", ("certificado_institucional", "matriz_digital", "digitalizacion"), 1),
    "B3": ("solicitar_sellado", ("certificado_institucional",), 1),
}

# One row a case. Durations are drawn, not computed: the bench asks whether sums are right, not whether days are.
_MADE = """
CREATE TEMP TABLE made AS
SELECT n, gen_random_uuid() AS id, s.code AS service, s.process, s.version, s.products, s.days,
    (ARRAY['portal','portal','portal','mostrador','lote'])[1 + n % 5] AS channel,
    CASE WHEN n <= {open} THEN CAST(:now AS timestamptz) - random() * interval '30 days'
         ELSE CAST(:now AS timestamptz) - interval '12 hours' - random() * interval '{years} years' END AS opened_at,
    floor(random() * random() * 9)::int AS taken, random() AS luck, random() < 0.12 AS returned, n <= {open} AS open
FROM (SELECT n, 1 + floor(random() * 4)::int AS pick FROM generate_series(1, {cases}) n) g
JOIN (VALUES {services}) AS s(pick, code, process, version, products, days) USING (pick)
"""
_ENDED = """
ALTER TABLE made ADD closed_at timestamptz, ADD result text;
UPDATE made SET result = CASE WHEN luck < 0.86 THEN 'delivered' WHEN luck < 0.93 THEN 'refused'
        WHEN luck < 0.97 THEN 'abandoned' ELSE 'withdrawn' END,
    closed_at = least(opened_at + taken * interval '1.4 days' + interval '3 hours', CAST(:now AS timestamptz))
WHERE NOT open;
CREATE TEMP TABLE made_term AS
SELECT m.id, m.n, m.products[p] AS key, m.days, due.at AS due_at,
    CASE WHEN m.open THEN NULL ELSE m.closed_at END AS met_at, greatest(0, m.taken - p + 1) AS taken,
    CASE WHEN m.result <> 'delivered' OR p = 1 THEN m.result WHEN m.n % 9 = 0 THEN 'refused'
        WHEN m.n % 23 = 0 THEN 'abandoned' ELSE m.result END AS result
FROM made m, LATERAL generate_series(1, 1 + m.n % array_length(m.products, 1)) p,
    LATERAL (SELECT (date_trunc('day', m.opened_at + m.days * interval '1.5 days') + interval '1 day -1 second') AS at) due;
ANALYZE made; ANALYZE made_term
"""
_CASES = """
INSERT INTO "case" (id, number, version_id, process, revision, status, state, title, facts, search, opened_at, closed_at,
    outcome, channel)
SELECT id, 'MM-2026-' || n, version, process, 2,
    CASE WHEN open THEN 'open' WHEN result = 'withdrawn' THEN 'withdrawn' ELSE 'completed' END, '', 'Certificado', '{}', '',
    opened_at, closed_at, CASE result WHEN 'delivered' THEN 'entregada' WHEN 'refused' THEN 'rechazada'
        WHEN 'abandoned' THEN 'desistida' WHEN 'withdrawn' THEN 'retirada' END, channel FROM made;
INSERT INTO term (case_id, key, days, started_at, due_at, original_due_at, met_at, paused_days, result)
SELECT t.id, t.key, t.days, m.opened_at, t.due_at, t.due_at, t.met_at, 0, t.result FROM made_term t JOIN made m USING (id)
"""
_EVENTS = """
CREATE TEMP TABLE clocks AS SELECT id,
    jsonb_object_agg(key, jsonb_build_object('days', days, 'due', due_at)) AS begun,
    jsonb_object_agg(key, jsonb_build_object('days', days, 'due', due_at, 'met', met_at, 'taken', taken, 'result', result)) AS ended
FROM made_term GROUP BY id;
INSERT INTO event (case_id, n, kind, at, data, previous, hash)
SELECT id, 1, 'case_started', opened_at, jsonb_build_object('channel', channel, 'process', process, 'service', service,
    'clocks', begun)::text, '', '' FROM made JOIN clocks USING (id);
INSERT INTO event (case_id, n, kind, at, data, previous, hash)
SELECT id, 2, CASE result WHEN 'withdrawn' THEN 'case_withdrawn' ELSE 'task_completed' END, closed_at,
    jsonb_build_object('clocks', ended, 'taken', taken, 'returned', returned, 'outcome',
        CASE result WHEN 'delivered' THEN 'entregada' WHEN 'refused' THEN 'rechazada'
            WHEN 'abandoned' THEN 'desistida' ELSE 'retirada' END)::text, '', ''
FROM made JOIN clocks USING (id) WHERE NOT open
"""
_LINES = """
CREATE TEMP TABLE lines AS
WITH ended AS (SELECT *, to_char(opened_at AT TIME ZONE '{zone}', 'YYYYMM')::int AS begun,
    to_char(closed_at AT TIME ZONE '{zone}', 'YYYYMM')::int AS closed FROM made WHERE NOT open),
product AS (SELECT e.n, e.process, e.service, e.channel, t.result, e.begun, e.closed, t.key, t.taken, t.met_at <= t.due_at AS kept,
    to_char(t.due_at AT TIME ZONE '{zone}', 'YYYYMM')::int AS due FROM ended e JOIN made_term t USING (id))
SELECT n, begun AS month, 'opened' AS measure, process, service, channel, '' AS product, 0 AS value FROM ended
UNION ALL SELECT n, closed, result, process, service, channel, '', 0 FROM ended
UNION ALL SELECT n, closed, 'days', process, service, channel, '', taken FROM ended WHERE result IN ('delivered', 'refused')
UNION ALL SELECT n, closed, 'returned', process, service, channel, '', 0 FROM ended WHERE returned
UNION ALL SELECT n, begun, 'opened', process, service, channel, key, 0 FROM product
UNION ALL SELECT n, closed, result, process, service, channel, key, 0 FROM product
UNION ALL SELECT n, closed, 'days', process, service, channel, key, taken FROM product WHERE result IN ('delivered', 'refused')
UNION ALL SELECT n, due, CASE WHEN kept THEN 'kept' ELSE 'late' END, process, service, channel, key, 0 FROM product
    WHERE result IN ('delivered', 'refused') OR NOT kept
"""
_SUMS = """
INSERT INTO indicator_delta (month, measure, process, service, channel, product, value, count)
SELECT month, measure, process, service, channel, product, value, 1 FROM lines WHERE n > {summed};
INSERT INTO indicator_month (month, measure, process, service, channel, product, value, count)
SELECT month, measure, process, service, channel, product, value, count(*) FROM lines WHERE n <= {summed}
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def fill(
    conn: Connection,
    versions: Mapping[str, UUID],
    now: datetime,
    *,
    cases: int,
    open_cases: int,
    years: int = 8,
    unsummed: int = 500,
    zone: str = "America/Guayaquil",
    events: bool = True,
) -> None:
    """``versions``: of each service. The last ``unsummed`` cases are not in the sums yet."""
    services = ", ".join(
        f"({pick}, '{code}', '{process}', '{versions[code]}'::uuid, ARRAY{list(products)}::text[], {days})"
        for pick, (code, (process, products, days)) in enumerate(SERVICES.items(), start=1)
    )
    conn.execute(
        sa.text("SET LOCAL session_replication_role = replica")
    )  # neither triggers nor references: they are right
    conn.execute(sa.text("SELECT setseed(0.42)"))
    made = _MADE.format(cases=cases, open=open_cases, years=years, services=services)
    conn.execute(sa.text(made), {"now": now})
    for statement in _ENDED.split(";"):
        conn.execute(sa.text(statement), {"now": now} if ":now" in statement else {})
    scripts = [_CASES, *([_EVENTS] if events else []), _LINES.format(zone=zone), _SUMS.format(summed=cases - unsummed)]
    for script in scripts:
        for statement in script.split(";"):
            conn.exec_driver_sql(statement)


def version_rows(bundles: Mapping[str, tuple[str, bytes, str]], now: datetime) -> dict[str, dict[str, object]]:
    """service → the row of its published version; ``bundles``: service → (process, zip, hash)."""
    return {
        service: {
            "id": uuid.uuid4(),
            "process": process,
            "number": 1,
            "hash": digest,
            "title": process,
            "bundle": data,
            "library_version": "",
            "state": "published",
            "at": now,
        }
        for service, (process, data, digest) in bundles.items()
    }
