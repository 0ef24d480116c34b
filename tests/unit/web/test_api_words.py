"""What the description of the API says of the values that it takes."""

from __future__ import annotations

from web.api.indicators import PeriodIn
from web.indicators.period import CHANNELS


def test_every_channel_that_indicators_can_be_asked_of_is_named() -> None:
    told = (PeriodIn.model_fields["channel"].description or "").split(";")[0]
    assert set(told.replace(" o ", ", ").split(", ")) == set(CHANNELS)
