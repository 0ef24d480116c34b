"""Types that several schemas share. Text never holds NUL or half a surrogate pair: no database keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("el texto tiene caracteres que no se pueden guardar")
    return text


def _exact_bool(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_storable)]
ShortText = Annotated[Text, Field(max_length=300)]
LongText = Annotated[Text, Field(min_length=1, max_length=4000)]
CommentText = Annotated[Text, Field(max_length=1000)]
Reason = Annotated[Text, Field(min_length=1, max_length=1000, pattern=r"\S", description="Queda en la historia.")]
Flag = Annotated[bool, BeforeValidator(_exact_bool)]
Instant = Annotated[datetime, Field(description="ISO 8601 con huso horario.")]
GivenInstant = AwareDatetime


class In(BaseModel):
    """What a program sends: nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What a program gets, read from the engine's own objects."""

    model_config = ConfigDict(from_attributes=True)
