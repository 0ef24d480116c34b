"""The first edition of the Carta: read from ``bpmn/revisar_carta/carta.toml``, written once.

Called when processes are published and when a demonstration is furnished. Later editions come only from the process
``revisar_carta``: the file is not read again once there is an edition.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.carta.edition import Edition
from engine.carta.editions import current_edition, insert_first
from engine.config import Config

FILE = Path("revisar_carta") / "carta.toml"


def read_seed(config: Config) -> Edition | None:
    """None when the installation has no such file. Raises InvalidEdition."""
    path = config.bpmn_dir / FILE
    return Edition.from_toml(path.read_text(encoding="utf-8")) if path.is_file() else None


def seed_edition(conn: Connection, config: Config, at: datetime) -> Edition | None:
    """The edition in force, seeding the first one when there is none. Raises InvalidEdition."""
    already = current_edition(conn)
    if already is not None:
        return already
    first = read_seed(config)
    if first is not None:
        insert_first(conn, first, at)
    return first
