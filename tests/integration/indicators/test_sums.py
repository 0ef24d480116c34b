"""Random facts, summed in any portions and by two workers at once, equal a plain recount."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from engine.indicators import compact
from engine.indicators.counts import Key, Only, ended, every
from engine.storage.tables import indicator_delta
from engine.storage.unit_of_work import Database


def _facts(dice: random.Random, n: int) -> list[Key]:
    measures = ["opened", "delivered", "refused", "days", "kept", "late", "score"]
    return [
        Key(
            dice.choice([202512, 202601, 202602]),
            dice.choice(measures),
            "p",
            dice.choice(["A1", "B1", ""]),
            dice.choice(["portal", "lote"]),
            dice.choice(["", "uno"]),
            dice.randrange(4),
        )
        for _ in range(n)
    ]


def _write(database: Database, facts: list[Key]) -> None:
    with database.write() as conn:
        conn.execute(indicator_delta.insert(), [{**one._asdict(), "count": 1} for one in facts])


def test_sums_made_in_any_portions_equal_a_plain_count(database: Database) -> None:
    dice, told = random.Random(7), Counter[Key]()
    for _ in range(12):
        facts = _facts(dice, dice.randrange(1, 60))
        _write(database, facts)
        told.update(facts)
        for _ in range(dice.randrange(3)):
            compact(database, limit=dice.randrange(1, 50))
        with database.read() as conn:
            assert every(conn) == told
            lote = ended(conn, 202601, 202602, "lote")
            lean = ended(conn, 202512, 202602, "", Only(202601, 202602))
        assert lean == _lean(told)
        assert lote == Counter({k: n for k, n in told.items() if k.channel == "lote" and k.month > 202512})


def _lean(told: Counter[Key]) -> Counter[Key]:
    """Of December deliveries alone; durations of February alone."""
    found: Counter[Key] = Counter()
    for key, n in told.items():
        since = 202602 if key.measure == "days" else 202512 if key.measure == "delivered" else 202601
        if key.month >= since:
            found[key._replace(channel="")] += n
    return found


def test_two_workers_at_once_and_cases_that_end_meanwhile_sum_each_fact_once(database: Database) -> None:
    dice = random.Random(3)
    facts = [_facts(dice, 40) for _ in range(12)]
    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(_write, database, some) for some in facts]
        summing = [threads.submit(compact, database, 25) for _ in range(20)]
        for one in (*writing, *summing):
            one.result()
    while compact(database):
        pass
    with database.read() as conn:
        assert every(conn) == Counter(one for some in facts for one in some)
