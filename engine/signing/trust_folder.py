"""The folder that says whom we believe: ``<country>/<authority>/`` with its certificates, its revocation lists and a
``meta.toml`` that says where they come from and what is particular to that authority:

- ``source``, ``taken``: where and on which day the certificates were obtained; for people;
- ``fingerprints``: SHA-256 of each certificate of the folder; one that is not among them stops the start, so that
  nobody adds an authority by leaving a file;
- ``allow_sha1``: what the roots of this folder signed with SHA-1 is believed (Argentina's root of 2007), by their key;
- ``identity``: the certificates' own extension (OID) that holds the holder's number, for certifiers that do not write
  it in the subject's serialNumber, as those of Ecuador;
- ``demo``: it is worth nothing in law.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem, x509

from engine.errors import SignatureRefused
from engine.signing.keys import common_name
from engine.signing.trust import Trust

CERTIFICATES, LIST = frozenset({".pem", ".crt", ".cer"}), ".crl"
_OID = re.compile(r"[0-2](\.\d{1,20}){2,20}")
_KNOWN = {"source": str, "taken": date, "fingerprints": list, "allow_sha1": bool, "identity": str, "demo": bool}


@dataclass(frozen=True, slots=True)
class Kept:
    """One certificate of the folder."""

    place: str  # «ec/security-data»
    name: str
    root: bool
    der: bytes
    until: datetime
    meta: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.der).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptList:
    """One revocation list."""

    place: str
    issuer: str
    der: bytes
    until: datetime | None  # when its authority promised the next


def load_trust(folder: Path | None) -> Trust:
    """None, or an absent folder, trusts nobody. Raises SignatureRefused with the file that is wrong."""
    kept = list(certificates(folder))
    roots = [one for one in kept if one.root]
    return Trust(
        roots=tuple(one.der for one in roots),
        intermediates=tuple(one.der for one in kept if not one.root),
        crls=tuple(one.der for one in revocation_lists(folder)),
        demo_roots=frozenset(one.fingerprint for one in roots if one.meta.get("demo")),
        legacy_keys=frozenset(_key(one.der) for one in roots if one.meta.get("allow_sha1")),
        identity_extensions=frozenset(
            f"{one.fingerprint}:{one.meta['identity']}" for one in roots if "identity" in one.meta
        ),
    )


def certificates(folder: Path | None) -> Iterator[Kept]:
    for path in _files(folder):
        if path.suffix not in CERTIFICATES:
            continue
        meta, place = read_meta(path.parent), _place(folder, path)
        for der in _blocks(path):
            try:
                parsed = x509.Certificate.load(der)
                one = Kept(place, common_name(parsed), bool(parsed.self_issued), der, parsed.not_valid_after, meta)
            except ValueError as error:
                raise _wrong(path, "no es un certificado") from error
            if "fingerprints" in meta and one.fingerprint not in meta["fingerprints"]:
                raise _wrong(path, f"su huella SHA-256, {one.fingerprint}, no está entre las de meta.toml")
            yield one


def revocation_lists(folder: Path | None) -> Iterator[KeptList]:
    for path in _files(folder):
        if path.suffix != LIST:
            continue
        for der in _blocks(path, "X509 CRL"):
            try:
                told = crl.CertificateList.load(der)["tbs_cert_list"]
                issuer, until = told["issuer"].native.get("common_name"), told["next_update"].native
            except ValueError as error:
                raise _wrong(path, "no es una lista de certificados revocados") from error
            yield KeptList(_place(folder, path), str(issuer), der, until)


def read_meta(folder: Path) -> dict[str, Any]:
    """Raises SignatureRefused."""
    file = folder / "meta.toml"
    if not file.is_file():
        return {}
    try:
        meta = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise _wrong(file, f"no se puede leer: {error}") from error
    for name, value in meta.items():
        if not isinstance(value, _KNOWN.get(name, ())):
            raise _wrong(file, f"«{name}» no es de los que se conocen, o no es de su tipo: {', '.join(_KNOWN)}")
    if "identity" in meta and not _OID.fullmatch(meta["identity"]):
        raise _wrong(file, "«identity» es el OID de una extensión, como 1.3.6.1.4.1.37746.3.1")
    prints = [str(one).lower().replace(":", "").replace(" ", "") for one in meta.get("fingerprints", ())]
    return meta | ({"fingerprints": prints} if "fingerprints" in meta else {})


def _files(folder: Path | None) -> list[Path]:
    return sorted(folder.rglob("*")) if folder is not None and folder.is_dir() else []


def _place(folder: Path | None, path: Path) -> str:
    return str(path.parent.relative_to(folder)) if folder is not None else ""


def _blocks(path: Path, kind: str = "CERTIFICATE") -> list[bytes]:
    data = path.read_bytes()
    if not pem.detect(data):
        return [data]
    try:
        return [der for name, _headers, der in pem.unarmor(data, multiple=True) if name == kind]
    except ValueError as error:
        raise _wrong(path, "está incompleto: empieza como PEM y no termina") from error


def _key(der: bytes) -> str:
    return hashlib.sha256(x509.Certificate.load(der).public_key.dump()).hexdigest()


def _wrong(path: Path, why: str) -> SignatureRefused:
    return SignatureRefused(f"Las autoridades en que se confía (CARTULARIO_TRUST_DIR): {path}: {why}.")
