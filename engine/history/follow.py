"""Following a case without an account: by its number and the word of its receipt, or the requester's identity.

Called by the public page. It answers the least: what stands on a receipt and how it goes; never a name, an answer or a
document. A wrong word and a case that does not exist are the same.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.history.case_file import HEAD, CaseHead, head_of
from engine.storage.tables import case, person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: what people mistype is read as the digit it looks like
LENGTH = 8  # 40 bits
LONGEST = 40  # characters typed
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
WRONG = "Ese número y esa clave no van juntos. Revíselos en su constancia: la clave distingue cada letra y cada cifra."


def follow_word(case_id: UUID) -> str:
    """The word printed on the receipt, as K7QM-2X9P. Made from the case's random id, which only its people know."""
    number = int.from_bytes(hashlib.sha256(b"seguimiento\n" + case_id.bytes).digest()[:5])
    plain = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
    return f"{plain[:4]}-{plain[4:]}"


def find_followed(conn: Connection, number: str, word: str) -> CaseHead:
    """The identity opens only the cases of who has no account: others sign in, or have the word. Raises NotFound."""
    number = number.strip().upper()
    typed = "".join(letter for letter in word.upper() if letter.isalnum())
    if not typed or len(typed) > LONGEST or len(number) > LONGEST:
        raise NotFound(WRONG)
    known = sa.case((person.c.password_hash.is_(None), person.c.identity_number), else_=None)  # who has no account
    query = HEAD.add_columns(known.label("identity")).where(case.c.number == number)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(WRONG)
    keys = [follow_word(row.id).replace("-", ""), row.identity or ""]
    given = [typed.translate(_MISREAD), typed]
    matches = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, keys, strict=True) if b]
    if not any(matches):
        raise NotFound(WRONG)
    return head_of(row)
