"""What may be added to a signed file: further signatures, time-stamps and their validation data. Nothing else.

pyHanko's own policy also lets form values and the document's information change, which an issued record must not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)

_TOOLS_KEYS = {"/ModDate", "/Producer", "/Creator"}  # what a signing programme writes of itself


class StrictInfo(DocInfoRule):
    """The information dictionary may only say which programme saved last, and when."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        before, after = _info(old), _info(new)
        for key in set(before) | set(after):
            if key not in _TOOLS_KEYS and before.get(key) != after.get(key):
                raise SuspiciousModification(f"{key} of the document's information changed")
        yield from super().apply(old, new)


def _info(resolver: HistoricalResolver) -> DictionaryObject:
    reference: Any = resolver.trailer_view.get_value_as_reference("/Info", optional=True)
    return DictionaryObject() if reference is None else resolver(reference)


def signatures_only() -> StandardDiffPolicy:
    lta = ModificationLevel.LTA_UPDATES
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(),
            StrictInfo().as_qualified(lta),
            XrefStreamRule().as_qualified(lta),
            ObjectStreamRule().as_qualified(lta),
            DSSCompareRule().as_qualified(lta),
            MetadataUpdateRule().as_qualified(lta),
        ],
        form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
    )
