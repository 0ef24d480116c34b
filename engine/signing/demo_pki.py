"""The demonstration authority: made at first start in ``data_dir/pki``, answering on loopback, worth nothing in law.

A root, an issuing authority, the institution's seal, a time-stamp service, an OCSP responder and revocation lists, so
that every PAdES level works without a contract with a certifier. ``./run demo``, ``./run tour`` and the tests use it;
production never does. Its certificates hold the port, so the port is chosen once and kept.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.signing.demo_certificates import (
    FROM,
    UNTIL,
    Holder,
    Points,
    make_authority,
    make_crl,
    make_responder,
    make_root,
    make_signer,
    make_timestamper,
)

_TRUST = Path("trust") / "demo" / "cartulario"
_META = """# Autoridad de demostración: hecha por esta instalación, sin valor legal.
source = "cartulario demo"
demo = true
"""


@dataclass(frozen=True)
class DemoPki:
    folder: Path
    points: Points
    root: Holder
    authority: Holder
    timestamper: Holder
    responder: Holder

    @property
    def port(self) -> int:
        return int(self.points.base.rsplit(":", 1)[1])

    def settings(self) -> dict[str, Any]:
        """The configuration that makes an installation sign with this authority."""
        return {
            "seal_p12": self.folder / "sello.p12",
            "seal_pin": (self.folder / "sello.pin").read_text(encoding="utf-8").strip(),
            "tsa_url": f"{self.points.base}/tsa",
            "trust_dir": self.folder / "trust",
        }

    def person_pkcs12(
        self, full_name: str, identity: str | None, pin: str, *, since: datetime = FROM, until: datetime = UNTIL
    ) -> bytes:
        """A new key and certificate for a person, under a PIN."""
        holder = make_signer(self.authority, self.points, full_name, serial_number=identity, since=since, until=until)
        return holder.pkcs12(pin, [self.authority.certificate])

    def revoke(self, serial: int, at: datetime | None = None) -> None:
        """From ``at`` on this certificate signs no more; the lists say so at once."""
        revoked = self.revoked()
        revoked[serial] = at or datetime.now(UTC)
        _write(
            self.folder / "revocados.json",
            json.dumps({str(number): when.isoformat() for number, when in revoked.items()}).encode(),
        )
        self.write_lists()

    def revoked(self) -> dict[int, datetime]:
        file = self.folder / "revocados.json"
        known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return {int(number): datetime.fromisoformat(when) for number, when in known.items()}

    def write_lists(self) -> None:
        """Both revocation lists anew, where the trust folder and the server read them."""
        now = datetime.now(UTC)
        _write(self.folder / _TRUST / "emisora.crl", make_crl(self.authority, self.revoked(), now))
        _write(self.folder / _TRUST / "raiz.crl", make_crl(self.root, {}, now))


def open_demo_pki(folder: Path, institution: str, port: int | None = None) -> DemoPki:
    """The authority kept in this folder, made now if there is none."""
    if not (folder / "pki.json").is_file():
        _make(folder, institution, port or _free_port())
    about = json.loads((folder / "pki.json").read_text(encoding="utf-8"))
    pki = DemoPki(
        folder,
        Points(f"http://127.0.0.1:{about['port']}"),
        *(_read(folder, name) for name in ("raiz", "emisora", "tsa", "ocsp")),
    )
    pki.write_lists()
    return pki


def _make(folder: Path, institution: str, port: int) -> None:
    points = Points(f"http://127.0.0.1:{port}")
    root = make_root()
    authority = make_authority(root, points)
    for name, holder in (
        ("raiz", root),
        ("emisora", authority),
        ("tsa", make_timestamper(authority, points)),
        ("ocsp", make_responder(authority)),
    ):
        _write(folder / f"{name}.key.pem", holder.key_pem())
        _write(folder / f"{name}.pem", holder.pem())
    pin = secrets.token_urlsafe(12)
    seal = make_signer(authority, points, f"Sello de {institution}"[:57])
    _write(folder / "sello.p12", seal.pkcs12(pin, [authority.certificate]))
    _write(folder / "sello.pin", pin.encode())
    _write(folder / _TRUST / "raiz.pem", root.pem())
    _write(folder / _TRUST / "emisora.pem", authority.pem())
    _write(folder / _TRUST / "meta.toml", _META.encode())
    _write(folder / "pki.json", json.dumps({"port": port}).encode())  # last: its presence says that all is there


def _read(folder: Path, name: str) -> Holder:
    return Holder.read((folder / f"{name}.key.pem").read_bytes(), (folder / f"{name}.pem").read_bytes())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by this account only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
    temporary.replace(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
