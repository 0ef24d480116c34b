from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dovecot import PLAIN, Dovecot
from tests.support.pki import authority

__all__ = ["authority"]


@pytest.fixture(scope="module")
def imap() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def plain_imap() -> Iterator[Dovecot]:
    """It neither tells of new letters nor moves them."""
    with Dovecot(capability=PLAIN) as server:
        yield server
