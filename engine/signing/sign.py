"""Sign a PDF: PAdES B-B, B-T, B-LT and B-LTA (ETSI EN 319 142-1), into a field that the document was issued with.

Called outside any lock: a time-stamp or a revocation answer may be slow. No DocMDP, since others may sign after. The
same request signed twice gives two files; whoever calls keeps the first (documents are recorded once per job).
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Literal

from asn1crypto import x509
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    PathBuildingError,
    RevokedError,
)

from engine.errors import SignatureRefused, Unavailable
from engine.signing.keys import SigningKey
from engine.signing.room import Signing

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
DIGEST = "sha256"
SEAL_FIELD = "hueco_sello"  # the gap that templates leave for the institution's seal
APPENDED = "agregado_"  # how the gaps begin that we put after somebody else's pages
LONG_TERM = TimestampDSSContentSettings(
    update_before_ts=True, include_vri=False
)  # the time-stamp covers the whole file
_DSS = DSSContentSettings(include_vri=False, next_ts_settings=LONG_TERM)


class _TimedSigner(PdfSigner):
    """pyHanko's signer with the hour of our clock."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


def sign_pdf(
    pdf: bytes,
    key: SigningKey,
    signing: Signing,
    *,
    level: Level,
    at: datetime,
    field: str | None = None,
    stamp: bytes | None = None,
    reason: str | None = None,
    location: str | None = None,
    context: ValidationContext | None = None,
) -> bytes:
    """The file with one more signature, added to its end.

    ``field`` names an empty field of the document; without it the signature is invisible. ``stamp`` is a one-page PDF
    drawn in the field; ``context``: one that ``signing`` gave a moment ago, with what it fetched. Raises
    SignatureRefused (the key or the file cannot sign) or Unavailable (the time-stamp or revocation service does not
    answer: worth a retry).
    """
    key.require_valid(at)
    timestamper = signing.timestamper if level != "B-B" else None
    if level != "B-B" and timestamper is None:
        raise SignatureRefused(
            f"El nivel {level} necesita un servicio de sellado de tiempo y no hay uno configurado (CARTULARIO_TSA_URL)."
        )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        name, new_field = _field(writer.prev, field)
        long_term = level in ("B-LT", "B-LTA")
        signer = _TimedSigner(
            PdfSignatureMetadata(
                field_name=name,
                md_algorithm=DIGEST,
                subfilter=SigSeedSubFilter.PADES,
                reason=reason,
                location=location,
                name=key.name,
                embed_validation_info=long_term,
                use_pades_lta=level == "B-LTA",
                validation_context=(context or signing.context()) if long_term else None,
                signer_key_usage={"digital_signature"} if _may_sign(key.certificate) else {"non_repudiation"},
                dss_settings=_DSS,
            ),
            signer=key.signer,
            timestamper=timestamper,
            stamp_style=_style(stamp) if new_field is None else None,
            new_field_spec=new_field,
        )
        signer.at = at
        reserved = _size(key) if level == "B-B" else None  # with a time-stamp, pyHanko asks for one to measure it
        return bytes(signer.sign_pdf(writer, bytes_reserved=reserved).getbuffer())
    except TimestampRequestError as error:
        raise Unavailable(
            "El servicio de sellado de tiempo no responde. Nada se firmó: vuelva a intentarlo en unos minutos.",
            cause="tsa",
        ) from error
    except SigningError as error:
        raise _explained(error, key) from error
    except (PdfReadError, ValueError, KeyError, RecursionError) as error:
        raise SignatureRefused("El documento no es un PDF que se pueda firmar.", cause=type(error).__name__) from error


def empty_fields(pdf: bytes) -> list[str]:
    """The names of the signature fields that nobody has signed yet."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return [name for name, value, _ref in enumerate_sig_fields(reader) if value is None]


def field_for_person(pdf: bytes) -> str | None:
    """The first gap that the template left for a person and nobody has signed; None: the signature will not be seen.

    In a file that somebody brought, with pages of ours after it, only a gap of ours: the last, whatever it had before.
    """
    free = empty_fields(pdf)
    ours = [name for name in free if name.startswith(APPENDED)]
    return ours[-1] if ours else next((name for name in free if name != SEAL_FIELD), None)


def _field(reader: PdfFileReader, wanted: str | None) -> tuple[str, SigFieldSpec | None]:
    known = {name: value is None for name, value, _ref in enumerate_sig_fields(reader)}
    if wanted is not None and known.get(wanted):
        return wanted, None
    base, n = wanted or "sello", 1
    name = base
    while name in known:
        n += 1
        name = f"{base}_{n}"
    return name, SigFieldSpec(name)


class _StampPage(PdfContent):
    """The first page of a PDF held in memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Estampa"] = page
        x1, y1, x2, y2 = (float(v) for v in page.get_object()["/BBox"])
        self.box = layout.BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
        return b"/Estampa Do"


def _size(key: SigningKey) -> int:
    """Hexadecimal digits to leave for a B-B signature: its certificates, attributes and value, and a quarter more.

    Measuring it by a trial signature, as pyHanko does, would cost as much as signing.
    """
    certificates = {bytes(one.dump()) for one in (key.certificate, *key.signer.cert_registry)}
    return 2 * ((sum(map(len, certificates)) + 2_048) * 5 // 4)


def _style(stamp: bytes | None) -> StaticStampStyle:
    """pyHanko's default stamp has a font that is not embedded: without one of ours, the field stays blank."""
    return StaticStampStyle(
        background=None if stamp is None else _StampPage(stamp),
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID,
            y_align=layout.AxisAlignment.ALIGN_MID,
            margins=layout.Margins.uniform(0),
        ),
        border_width=0,
        background_opacity=1.0,
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return usage is None or "digital_signature" in usage.native


def _explained(error: SigningError, key: SigningKey) -> SignatureRefused | Unavailable:
    cause = error.__cause__
    if isinstance(cause, RevokedError):
        return SignatureRefused(f"El certificado de {key.name} fue revocado: no puede firmar.", cause="revoked")
    if isinstance(cause, ExpiredError):
        return SignatureRefused(f"El certificado de {key.name}, o uno de su cadena, venció.", cause="expired")
    if isinstance(cause, InsufficientRevinfoError):
        return Unavailable(
            "No se pudo comprobar que el certificado siga vigente: su autoridad no responde. Nada se firmó: vuelva a "
            "intentarlo en unos minutos.",
            cause="revocation",
        )
    if isinstance(cause, PathBuildingError):
        return SignatureRefused(
            f"El certificado de {key.name} no viene de una autoridad en la que esta institución confíe.", cause="trust"
        )
    return SignatureRefused(f"No se pudo firmar con el certificado de {key.name}.", cause=str(error))


__all__ = ["LEVELS", "SEAL_FIELD", "Level", "empty_fields", "field_for_person", "sign_pdf"]
