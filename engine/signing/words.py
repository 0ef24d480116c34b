"""The sentences of a verdict, as a citizen reads them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.signing.verdict import Answer, Change, SignerFacts, State
from engine.words import listed

BROKEN = "El archivo está dañado o fue alterado: no se puede leer como el documento firmado que dice ser."
CANNOT_TELL = "No se puede saber, porque el archivo está dañado o alterado."
NO_SIGNATURES = "No se puede saber, porque lo que firmamos son archivos PDF."


def integrity(signed: bool, intact: bool) -> Answer:
    if not signed:
        return Answer(State.UNKNOWN, "El archivo no lleva ninguna firma electrónica que proteja su contenido.")
    if not intact:
        return Answer(State.BAD, "El contenido fue alterado: ya no es lo que se firmó.")
    return Answer(State.OK, "Lo que se firmó está intacto, letra por letra.")


def trust(signers: Sequence[SignerFacts]) -> Answer:
    if not signers:
        return Answer(State.UNKNOWN, "Nadie firmó este archivo.")
    doubtful = [s for s in signers if not s.trusted]
    if doubtful:
        first = doubtful[0]
        state = State.BAD if "revocad" in (first.problem or "") or not first.intact else State.UNKNOWN
        return Answer(state, f"No podemos confiar en la firma de {first.name}: {first.problem}.")
    names = _names(signers)
    if any(s.demo for s in signers):
        return Answer(
            State.WARNING,
            f"Firmó {names}, con un certificado de DEMOSTRACIÓN: sirve para probar el sistema y no tiene valor legal.",
        )
    if not all(s.revocation_checked for s in signers):
        return Answer(
            State.WARNING,
            f"Firmó {names}, con un certificado de una autoridad reconocida; no se pudo comprobar si después lo "
            "revocaron.",
        )
    return Answer(State.OK, f"Firmó {names}, con un certificado vigente de una autoridad reconocida.")


def changes(signed: bool, intact: bool, change: Change, signatures: int, brought: Sequence[SignerFacts] = ()) -> Answer:
    """``brought``: who had signed the file before it came to us and we added our pages."""
    if change is Change.STAMP:
        return Answer(
            State.BAD,
            "El sello visible de la firma está fuera del recuadro previsto y puede tapar el contenido. Fírmelo otra "
            "vez con el sello dentro del recuadro, o sin sello visible.",
        )
    if change is Change.CONTENT:
        return Answer(
            State.BAD,
            "Después de la firma alguien cambió o agregó contenido: lo que se ve puede no ser lo que se firmó.",
        )
    if not signed or not intact:
        return Answer(State.UNKNOWN, "No se puede saber qué cambió, porque no hay una firma intacta con que comparar.")
    if brought:
        return Answer(
            State.OK,
            f"Nos llegó firmado por {_names(brought)}; le agregamos nuestras páginas y firmamos el "
            "conjunto. Después no se cambió nada.",
        )
    if signatures > 1:
        return Answer(State.OK, "Después de la primera firma solo se agregaron otras firmas o sellos de tiempo.")
    return Answer(State.OK, "Después de la firma no se cambió nada.")


def archive(data: bytes, original: bytes | None) -> Answer:
    if original is None:
        return Answer(State.UNKNOWN, "Este archivo no está entre los originales que conserva esta institución.")
    if data == original:
        return Answer(State.OK, "Es idéntico, byte por byte, al original que conserva nuestro archivo.")
    if data.startswith(original):
        return Answer(
            State.WARNING, "Contiene nuestro original completo, y alguien le agregó algo después. Vale el original."
        )
    return Answer(State.BAD, "No coincide con el original que conserva nuestro archivo. Vale el original.")


def _names(signers: Sequence[SignerFacts]) -> str:
    return listed(list(dict.fromkeys(signer.name for signer in signers)))
