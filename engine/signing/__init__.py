"""Signatures: the institution's seal, persons' keys, PAdES of every level, and checking what comes back.

pyHanko lives here. Documents' bytes come in and go out; who may sign, and when, is for others to say.
"""

from engine.signing.append import append_pages, keeps_as_it_is
from engine.signing.certificate_file import read_certificate, require_theirs
from engine.signing.demo_pki import DemoPki, open_demo_pki
from engine.signing.demo_server import DemoServer
from engine.signing.holder import names_holder
from engine.signing.isolated import verify_upload
from engine.signing.keys import SigningKey, load_pkcs12
from engine.signing.open_key import OpenKey, SignedPdf, open_key, opened_key, sign_as
from engine.signing.ours import our_persons, signed_by_our_seal
from engine.signing.person_keys import (
    StoredKey,
    add_certificate,
    add_pkcs12,
    current_certificate,
    fingerprint_of,
    key_of,
)
from engine.signing.preserve import preserve, stamped_until
from engine.signing.readiness import certificate_problem, remembered_problem
from engine.signing.room import Signing, load_signing
from engine.signing.sign import LEVELS, SEAL_FIELD, Level, empty_fields, field_for_person, sign_pdf
from engine.signing.token import open_token
from engine.signing.trust import Trust
from engine.signing.trust_folder import load_trust
from engine.signing.verdict import Answer, SignerFacts, State, Verdict
from engine.signing.verify import accept_returned, check_returned, verify_pdf

__all__ = [
    "LEVELS",
    "SEAL_FIELD",
    "Answer",
    "DemoPki",
    "DemoServer",
    "Level",
    "OpenKey",
    "SignedPdf",
    "SignerFacts",
    "Signing",
    "SigningKey",
    "State",
    "StoredKey",
    "Trust",
    "Verdict",
    "accept_returned",
    "add_certificate",
    "add_pkcs12",
    "append_pages",
    "certificate_problem",
    "check_returned",
    "current_certificate",
    "empty_fields",
    "field_for_person",
    "fingerprint_of",
    "keeps_as_it_is",
    "key_of",
    "load_pkcs12",
    "load_signing",
    "load_trust",
    "names_holder",
    "open_demo_pki",
    "open_key",
    "open_token",
    "opened_key",
    "our_persons",
    "preserve",
    "read_certificate",
    "remembered_problem",
    "require_theirs",
    "sign_as",
    "sign_pdf",
    "signed_by_our_seal",
    "stamped_until",
    "verify_pdf",
    "verify_upload",
]
