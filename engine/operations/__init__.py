"""What service tasks can do. An operation is listed here or does not exist: no diagram reaches anything else."""

from __future__ import annotations

from typing import Any

from engine.operations.accept_grades import AcceptGrades
from engine.operations.acta_now import LookAtActa
from engine.operations.add_seal_page import AddSealPage
from engine.operations.archive_mail import ArchiveMail
from engine.operations.archive_scans import ArchiveScans
from engine.operations.base import Call, Operation, Tools, check_parameters, describe, perform
from engine.operations.certify_copy import CertifyCopy
from engine.operations.check_acta import CheckActa
from engine.operations.check_grades import CheckGrades
from engine.operations.check_identity import CheckIdentity
from engine.operations.check_original import CheckOriginal
from engine.operations.check_returned_signature import CheckReturnedSignature
from engine.operations.check_scans import CheckScans
from engine.operations.compare_enrolled import CompareEnrolled
from engine.operations.compare_grades import CompareGrades
from engine.operations.compose_edition import ComposeEdition
from engine.operations.draft_edition import DraftEdition
from engine.operations.fetch_academic_record import FetchAcademicRecord
from engine.operations.find_acta import FindActa
from engine.operations.find_session_actas import FindSessionActas
from engine.operations.load_grades import LoadGrades
from engine.operations.lock_acta import LockActa
from engine.operations.make_acta_files import MakeActaFiles
from engine.operations.make_acta_pdf import MakeActaPdf
from engine.operations.mesa_now import LookAtMesa
from engine.operations.move_acta import MoveActa
from engine.operations.open_case import OpenCase
from engine.operations.open_later_acta import OpenLaterActa
from engine.operations.open_mesa import OpenMesa
from engine.operations.print_copy import PrintCopy
from engine.operations.publish_edition import PublishEdition
from engine.operations.publish_grades import PublishGrades
from engine.operations.read_mesa import ReadMesa
from engine.operations.recheck_copy import RecheckCopy
from engine.operations.recognise_document import RecogniseDocument
from engine.operations.record_copy import RecordCopy
from engine.operations.register_certificate import RegisterCertificate
from engine.operations.register_session_acta import RegisterSessionActa
from engine.operations.release_documents import ReleaseDocuments
from engine.operations.render_document import RenderDocument
from engine.operations.replace_docente import ReplaceDocente
from engine.operations.seal_document import SealDocument
from engine.operations.send_mail import SendMail
from engine.operations.shelve_scans import ShelveScans
from engine.operations.signer_readiness import SignerReadiness

_LISTED: tuple[Operation[Any], ...] = (
    AcceptGrades(),
    AddSealPage(),
    ArchiveMail(),
    ArchiveScans(),
    CertifyCopy(),
    CheckActa(),
    CheckGrades(),
    CheckIdentity(),
    CheckOriginal(),
    CheckReturnedSignature(),
    CheckScans(),
    CompareEnrolled(),
    CompareGrades(),
    ComposeEdition(),
    DraftEdition(),
    FetchAcademicRecord(),
    FindActa(),
    FindSessionActas(),
    LoadGrades(),
    LockActa(),
    MakeActaFiles(),
    MakeActaPdf(),
    MoveActa(),
    LookAtActa(),
    LookAtMesa(),
    OpenCase(),
    OpenLaterActa(),
    OpenMesa(),
    PrintCopy(),
    PublishEdition(),
    PublishGrades(),
    ReadMesa(),
    RecheckCopy(),
    RecogniseDocument(),
    RecordCopy(),
    RegisterCertificate(),
    RegisterSessionActa(),
    ReleaseDocuments(),
    RenderDocument(),
    ReplaceDocente(),
    SealDocument(),
    SendMail(),
    ShelveScans(),
    SignerReadiness(),
)

CATALOGUE: dict[str, Operation[Any]] = {operation.name: operation for operation in _LISTED}

__all__ = ["CATALOGUE", "Call", "Operation", "Tools", "check_parameters", "describe", "perform"]
