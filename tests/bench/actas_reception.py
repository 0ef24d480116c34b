"""Returns received per second and core, by mail: 1,000 letters of docentes with the acta filled in, and 1,000 of
authorities with the acta signed.

From the raw letter to what its file says: kept (archive and row), read with its origin, opened apart with limits, and
compared with the acta or checked as what comes back signed. Against the bare libraries in the same run, in turns and in
processor time, that of the processes apart with it: ``email`` and python-docx or pikepdf for the grades; ``email`` and
pyHanko for the signature, with the same revocation lists and the same question of what changed since issue; the
letter written to a file both times.
"""

from __future__ import annotations

import email
import hashlib
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from pathlib import Path
from typing import Any
from uuid import uuid4

import docx
import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from engine.actas.examen.returned import compare_return, read_return
from engine.apart import waiting_pid
from engine.archive import Archive
from engine.config import Config
from engine.mail.incoming import Arrival, authentication, keep, parse
from engine.signing import (
    DemoServer,
    accept_returned,
    load_pkcs12,
    load_signing,
    open_demo_pki,
    sign_pdf,
    verify_upload,
)
from engine.storage.migrate import create_schema
from engine.storage.unit_of_work import Database
from tests.support.acta_papel import acta
from tests.support.letters import letter
from tests.support.paper import certificate
from tests.support.returned_acta import filled_form, filled_word

GOAL = 0.85
MANY, QUICK, ROUNDS = 1_000, 40, 10
KINDS = 8  # different files, in turn
SERVER, ACCOUNT = "mx.une.example", "departamento:quimica"
READER, CHECKER = "engine.actas.examen.returned_apart", "engine.signing.checked_apart"
TICK = os.sysconf("SC_CLK_TCK")

Receive = Callable[[int], object]


def run(*, quick: bool = False) -> dict[str, Any]:
    many = QUICK if quick else MANY
    with tempfile.TemporaryDirectory(prefix="cartulario-bench-") as name:
        folder = Path(name)
        office = _Office(folder)
        return {"actas_returned": _returned(office, many), "actas_signed_back": _signed(office, many, folder)}


class _Office:
    """Keeps letters as the reader does, and as somebody would who only wrote them to files."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(f"sqlite:///{folder / 'bench.db'}")
        create_schema(self._database)
        self._archive, self._files, self._uid = Archive(folder / "archive"), folder, 0

    def receive(self, raw: bytes) -> tuple[str, bytes]:
        self._uid += 1
        now = datetime.now(UTC)
        arrival = Arrival(ACCOUNT, 1, self._uid, raw, len(raw), now)
        keep(self._database, self._archive, arrival, authentication(raw, SERVER), now)
        [part] = parse(raw).parts
        return part.name, part.data

    def write(self, raw: bytes) -> tuple[str, bytes]:
        with open(self._files / uuid4().hex, "wb") as file:
            file.write(raw)
            os.fsync(file.fileno())
        [part] = email.message_from_bytes(raw, policy=policy.default).iter_attachments()  # type: ignore[attr-defined]
        data = part.get_content()
        hashlib.sha256(data).hexdigest()
        return part.get_filename(), data


def _returned(office: _Office, many: int) -> dict[str, Any]:
    actas = [acta(loaded=False, base=f"2026-L0012-F{n + 1:04d}", escala={"codigo": "uns"}) for n in range(KINDS)]
    made = [
        (f"{one['base']}.docx", filled_word(one)) if n % 2 else (f"{one['base']}.pdf", filled_form(one))
        for n, one in enumerate(actas)
    ]

    def ours(n: int) -> None:
        name, data = office.receive(_letter(*made[n % KINDS]))
        assert compare_return(read_return(data), name, actas[n % KINDS]) == []

    def bare(n: int) -> None:
        name, data = office.write(_letter(*made[n % KINDS]))
        assert len(_bare_fields(name, data)) >= 21

    return _result(ours, bare, many, READER)


def _bare_fields(name: str, data: bytes) -> list[Any]:
    if name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields]
    return [[cell.text for cell in row.cells] for table in docx.Document(io.BytesIO(data)).tables for row in table.rows]


def _signed(office: _Office, many: int, folder: Path) -> dict[str, Any]:
    pki = open_demo_pki(folder / "pki", "Universidad Nacional del Estuario")
    with DemoServer(pki):
        signing = load_signing(Config(**pki.settings()))
        key = load_pkcs12(pki.person_pkcs12("Elena Carrión", "0912345675", "4821"), "4821")
        issued, now = certificate().bytes, datetime.now(UTC).replace(microsecond=0)  # after its lists were made
        made = [sign_pdf(issued, key, signing, level="B-B", at=now, field="hueco") for _ in range(KINDS)]
    roots, intermediates = signing.trust.certificates()
    revisions = PdfFileReader(io.BytesIO(issued)).xrefs.total_revisions

    def ours(n: int) -> None:
        _, data = office.receive(_letter("2026-L0012-F0034.pdf", made[n % KINDS]))
        verdict = verify_upload(data, signing.trust, original=issued, at=now)
        accept_returned(verdict, issued, data, lambda facts: facts.identity is not None)

    def bare(n: int) -> None:
        _, data = office.write(_letter("2026-L0012-F0034.pdf", made[n % KINDS]))
        reader = PdfFileReader(io.BytesIO(data))
        DEFAULT_DIFF_POLICY.review_file(reader, revisions - 1)
        context = ValidationContext(
            trust_roots=roots,
            other_certs=intermediates,
            crls=list(signing.trust.crls),
            moment=now,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        assert validate_pdf_signature(reader.embedded_signatures[-1], context).bottom_line

    return _result(ours, bare, many, CHECKER)


def _letter(name: str, data: bytes) -> bytes:
    return letter("Irene Bermúdez <irene@une.example>", "quimica@une.example", files=[(name, data)])


def _result(ours: Receive, bare: Receive, many: int, module: str) -> dict[str, Any]:
    """The median of some rounds, in turns: a machine that others use is slower at times."""
    ours(0)
    bare(0)
    each = max(1, many // ROUNDS)
    rates = [(_rate(ours, each, module), _rate(bare, each, module)) for _ in range(ROUNDS)]
    value, against = (statistics.median(side) for side in zip(*rates, strict=True))
    ratio = statistics.median(mine / other for mine, other in rates)
    return {"value": value, "against": against, "ratio": ratio, "goal": GOAL, "met": ratio >= GOAL, "unit": "/s core"}


def _rate(receive: Receive, many: int, module: str) -> float:
    began = time.process_time() + _apart(module)
    for n in range(many):
        receive(n)
    return many / (time.process_time() + _apart(module) - began)


def _apart(module: str) -> float:
    """Seconds of processor of the process that waits and of the children that it had."""
    pid = waiting_pid(module)
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK
