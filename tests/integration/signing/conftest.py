"""The demonstration authority for the tests of this folder."""

from tests.support.pki import authority

__all__ = ["authority"]
