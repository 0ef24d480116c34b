"""A signer that is not ours, as FirmaEC works: one revision more, an ``adbe.pkcs7.detached`` signature with SHA-512 and
neither time-stamp nor revocation data. The revision is written here, the signature is OpenSSL's; pyHanko has no part.
"""

from __future__ import annotations

import io
import re
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

ROOM = 9_000  # bytes for the signature


def sign_outside(pdf: bytes, pkcs12: bytes, pin: str, at: datetime, *, digest: str = "sha512") -> bytes:
    """In the first empty field of ``pdf``."""
    field, written, size, root = _first_empty(pdf)
    signature = size
    contents = b"<" + b"0" * (2 * ROOM) + b">"
    of_signature = (
        b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:%s) /ByteRange %s"
        b" /Contents " % (signature, at.strftime("%Y%m%d%H%M%SZ").encode(), b"[0 0000000000 0000000000 0000000000]")
    )
    body, places = io.BytesIO(), {}
    body.write(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    places[field] = body.tell()
    body.write(b"%d 0 obj\n%s\nendobj\n" % (field, written[: written.rindex(b">>")] + b"/V %d 0 R >>" % signature))
    places[signature] = body.tell()
    body.write(of_signature)
    start = body.tell()
    body.write(contents + b" >>\nendobj\n")
    _table(body, places, signature + 1, size + 2, root, _startxref(pdf))
    return _sealed(body.getvalue(), start, start + len(contents), pkcs12, pin, digest)


def _first_empty(pdf: bytes) -> tuple[int, bytes, int, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fields = [f for f in opened.Root.AcroForm.Fields if f.get("/FT") == "/Sig" and "/V" not in f]
        written = fields[0].unparse(resolved=True)
        root = b"%d 0 R" % opened.Root.objgen[0]
        return fields[0].objgen[0], written, int(opened.trailer.Size), root


def _startxref(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def _table(body: io.BytesIO, places: dict[int, int], own: int, size: int, root: bytes, previous: int) -> None:
    places = {**places, own: body.tell()}
    rows = sorted(places.items())
    index = b" ".join(b"%d 1" % number for number, _ in rows)
    stream = b"".join(b"\x01" + place.to_bytes(4, "big") + b"\x00\x00" for _, place in rows)
    at = body.tell()
    body.write(
        b"%d 0 obj\n<< /Type /XRef /Size %d /Root %s /Prev %d /W [1 4 2] /Index [%s] /Length %d >>\nstream\n"
        % (own, size, root, previous, index, len(stream))
    )
    body.write(stream + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at)


def _sealed(pdf: bytes, start: int, end: int, pkcs12: bytes, pin: str, digest: str) -> bytes:
    ranges = b"[0 %010d %010d %010d]" % (start, end, len(pdf) - end)
    blank = b"[0 0000000000 0000000000 0000000000]"
    pdf = pdf[:start].replace(blank, ranges) + pdf[start:]
    made = _cms(pdf[:start] + pdf[end:], pkcs12, pin, digest)
    return pdf[: start + 1] + made.hex().encode().ljust(2 * ROOM, b"0") + pdf[end - 1 :]


def _cms(data: bytes, pkcs12: bytes, pin: str, digest: str) -> bytes:
    with TemporaryDirectory() as folder:
        p12, key, chain, given = (Path(folder, name) for name in ("p12", "key.pem", "chain.pem", "data"))
        p12.write_bytes(pkcs12)
        given.write_bytes(data)
        _run("pkcs12", "-in", p12, "-passin", f"pass:{pin}", "-noenc", "-clcerts", "-out", key)
        _run("pkcs12", "-in", p12, "-passin", f"pass:{pin}", "-nokeys", "-cacerts", "-out", chain)
        sign = ("cms", "-sign", "-binary", "-md", digest, "-in", given, "-outform", "DER")
        return _run(*sign, "-signer", key, "-inkey", key, "-certfile", chain)


def _run(*arguments: object) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout
