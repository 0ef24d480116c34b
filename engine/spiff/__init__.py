"""Everything that knows SpiffWorkflow: parsing, safe expressions, saved state, pruning, execution. Nobody else imports
it.

``parse_process`` turns a bundle's files into a ``ProcessSpec``; ``Execution`` advances one case of it and says what
changed.
"""

from engine.spiff.advance import Advance, HumanTask, ServiceCall, Thrown, Wait
from engine.spiff.called import in_order_of_call
from engine.spiff.codec import FORMAT, version_of
from engine.spiff.execution import ARCHIVED, WITHDRAWN, Execution
from engine.spiff.expressions import check_expression, check_script, evaluate
from engine.spiff.instrument import LIBRARY_VERSION
from engine.spiff.moment import Office, Recorded, ReplayMismatch
from engine.spiff.parsing import Element, Flow, ProcessSpec, parse_process, parse_xml

__all__ = [
    "ARCHIVED",
    "FORMAT",
    "LIBRARY_VERSION",
    "WITHDRAWN",
    "Advance",
    "Element",
    "Execution",
    "Flow",
    "HumanTask",
    "Office",
    "ProcessSpec",
    "Recorded",
    "ReplayMismatch",
    "ServiceCall",
    "Thrown",
    "Wait",
    "check_expression",
    "check_script",
    "evaluate",
    "in_order_of_call",
    "parse_process",
    "parse_xml",
    "version_of",
]
