"""What a form may hold; everything else is refused before it is published.

Called by ``definitions.check``. Each problem is one sentence that names the component and its mend.
"""

from __future__ import annotations

from typing import Any

from engine.forms.feel import FeelError, compile_feel

__all__ = ["check_form"]


def check_form(schema: Any) -> list[str]:
    return []
