"""Keep a signed file verifiable after its certificates expire: our validation data, under a document time-stamp.

For what somebody signed elsewhere, often with neither time-stamp nor revocation data (FirmaEC), and, renewed before the
last time-stamp's certificate ends, for what the archive keeps for ever (PAdES B-LTA, ETSI EN 319 142-1 §5.4.3). Called
outside any lock, and only for files whose signatures were believed: the URLs that are asked are of authorities that we
trust.
"""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore, async_add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, PathError, RevokedError, ValidationError

from engine.errors import SignatureRefused, Unavailable
from engine.signing.room import Signing
from engine.signing.sign import DIGEST, LONG_TERM

FIELD = "archivo"


def preserve(pdf: bytes, signing: Signing) -> bytes:
    """The same bytes with one revision more: what answers for each signature and time-stamp, and a time-stamp over all.

    Raises SignatureRefused (no time-stamp service configured, or a file that cannot be kept) or Unavailable (a service
    does not answer: nothing was changed, worth a retry).
    """
    timestamper = signing.timestamper
    if timestamper is None:
        raise SignatureRefused(
            "Para guardar una firma hace falta un servicio de sellado de tiempo y no hay uno configurado "
            "(CARTULARIO_TSA_URL)."
        )
    try:
        return asyncio.run(_preserve(pdf, PdfTimeStamper(timestamper, field_name=_free(pdf)), signing.context()))
    except TimestampRequestError as error:
        raise Unavailable("El servicio de sellado de tiempo no responde. Nada se cambió.", cause="tsa") from error
    except (RevokedError, ExpiredError) as error:
        raise SignatureRefused(
            "El certificado con que se firmó fue revocado, o ya venció: la firma no se puede conservar como válida.",
            cause="revoked" if isinstance(error, RevokedError) else "expired",
        ) from error
    except (SigningError, SignatureValidationError, ValidationError, PathError) as error:
        raise Unavailable(
            "No se pudo reunir la prueba de que el certificado valía: su autoridad no responde. Nada se cambió.",
            cause="revocation",
        ) from error
    except (PdfReadError, ValueError, KeyError, RecursionError) as error:
        raise SignatureRefused(
            "El archivo no es un PDF firmado que se pueda conservar.", cause=type(error).__name__
        ) from error


def stamped_until(pdf: bytes) -> datetime | None:
    """When the certificate of its last time-stamp ends, the document's or, without one, a signature's: before that,
    ``preserve`` again. None: it carries no proof of its hour."""
    reader = PdfFileReader(io.BytesIO(pdf))
    if stamps := reader.embedded_timestamp_signatures:
        ends: list[datetime] = [stamps[-1].signer_cert.not_valid_after]
    else:
        tokens = (
            token
            for signature in reader.embedded_regular_signatures
            for token in extract_tst_data_iter(signature.signer_info, signed=False)
        )
        ends = [extract_certificate_info(token).signer_cert.not_valid_after for token in tokens]
    return min(ends, default=None)


async def _preserve(pdf: bytes, stamper: PdfTimeStamper, context: ValidationContext) -> bytes:
    data = pdf
    for n in range(len(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)):
        signature = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures[n]
        kept = await async_add_validation_info(signature, context, add_vri_entry=False)
        data = bytes(kept.getbuffer())
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    stamps = writer.prev.embedded_timestamp_signatures
    if stamps:
        status = await async_validate_pdf_timestamp(stamps[-1], context, skip_diff=True)
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, paths=(status.validation_path,), validation_context=context
        )
    made = await stamper.async_timestamp_pdf(writer, DIGEST, context, dss_settings=LONG_TERM)
    return bytes(made.getbuffer())


def _free(pdf: bytes) -> str:
    stamps = len(PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures)
    return FIELD if not stamps else f"{FIELD}_{stamps + 1}"
