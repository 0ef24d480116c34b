"""How this institution signs, by its configuration: its seal, its time-stamp service, and whom it trusts now."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from engine.config import Config
from engine.errors import SignatureRefused
from engine.signing.keys import SigningKey, load_pkcs12
from engine.signing.token import open_token
from engine.signing.trust import Trust
from engine.signing.trust_now import TrustNow

TSA_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class Signing:
    """Handed to whoever signs or checks; built by ``load_signing`` in ``app.py``."""

    believed: Trust | TrustNow = field(default_factory=Trust)
    seal_key: SigningKey | None = None
    tsa_url: str | None = None
    revocation: str = "require"

    @property
    def trust(self) -> Trust:
        """Whom we believe now: a folder that changed was read again. One check asks once."""
        return self.believed if isinstance(self.believed, Trust) else self.believed.read()

    @property
    def seal(self) -> SigningKey:
        """The institution's key. Raises SignatureRefused when none is configured."""
        if self.seal_key is None:
            raise SignatureRefused(
                "La institución no tiene configurado su sello electrónico: indique CARTULARIO_SEAL_P12 o "
                "CARTULARIO_SEAL_PKCS11."
            )
        return self.seal_key

    def context(self) -> ValidationContext:
        """What a long-term signature is made with: our certificate's chain, and what its authority says of it now."""
        return self.trust.context_for_signing(self.revocation)

    @cached_property
    def timestamper(self) -> TimeStamper | None:
        """Kept, so that the estimate of a token's size is asked for once."""
        return None if self.tsa_url is None else RequestsHTTPTimeStamper(self.tsa_url, timeout=TSA_TIMEOUT)


def load_signing(config: Config) -> Signing:
    """Raises WrongPin or SignatureRefused when the seal cannot be opened: better now than at the first document."""
    pin = config.seal_pin.get_secret_value() if config.seal_pin else ""
    seal = None
    if config.seal_p12 is not None:
        seal = _load_seal(config.seal_p12, pin)
    elif config.seal_pkcs11 is not None:
        library, _, place = config.seal_pkcs11.partition(":")
        token, _, label = place.partition(":")
        seal = open_token(Path(library), token, label or token, pin)
    believed = Trust() if config.trust_dir is None else TrustNow(config.trust_dir)
    return Signing(believed, seal, config.tsa_url, config.revocation)


def _load_seal(path: Path, pin: str) -> SigningKey:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SignatureRefused(f"No se puede leer el sello de la institución en {path}: {error.strerror}.") from error
    return load_pkcs12(data, pin)
