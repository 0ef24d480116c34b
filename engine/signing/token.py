"""A key that never leaves its PKCS#11 token (a USB key, an HSM, SoftHSM). The institution's seal may live in one.

A process signs in to a token once and keeps the session: one process per token. A session does one signature at a time.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import pkcs11
from pkcs11.exceptions import PinIncorrect, PinLenRange, PinLocked, UserAlreadyLoggedIn
from pkcs11.exceptions import PKCS11Error as TokenError
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from engine.errors import SignatureRefused, Unavailable, WrongPin
from engine.signing.keys import SigningKey


class OneAtATime(PKCS11Signer):
    """pyHanko's token signer, for a process with several threads."""

    def __init__(self, session: pkcs11.Session, label: str) -> None:
        super().__init__(session, cert_label=label, key_label=label)
        self._turn = Lock()

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        with self._turn:
            try:
                return await super().async_sign_raw(data, digest_algorithm, dry_run)
            except TokenError as error:
                raise Unavailable(
                    "El dispositivo de firma no responde. Nada se firmó: revise que esté conectado.", cause="token"
                ) from error


def open_token(library: Path, token: str, label: str, pin: str) -> SigningKey:
    """The key and certificate of that label. Raises WrongPin or SignatureRefused (no token, no key, locked)."""
    try:
        session = _session(library, token, pin)
        signer = OneAtATime(session, label)
        certificate = signer.signing_cert
    except (PinIncorrect, PinLenRange) as error:
        raise WrongPin("El PIN del dispositivo de firma no es correcto.") from error
    except PinLocked as error:
        raise SignatureRefused("El dispositivo de firma está bloqueado por PIN equivocados.", cause="locked") from error
    except (TokenError, RuntimeError) as error:
        raise SignatureRefused(
            f"No se encuentra la clave «{label}» en el dispositivo de firma «{token}». Revise que esté conectado.",
            cause=type(error).__name__,
        ) from error
    if certificate is None:
        raise SignatureRefused(f"El dispositivo de firma «{token}» no trae el certificado «{label}».")
    return SigningKey(signer, certificate)


def _session(library: Path, token: str, pin: str) -> pkcs11.Session:
    criteria = TokenCriteria(label=token)
    try:
        return open_pkcs11_session(str(library), token_criteria=criteria, user_pin=pin)
    except UserAlreadyLoggedIn:  # this process has signed in before; its sessions share that
        return open_pkcs11_session(str(library), token_criteria=criteria)
