"""The kinds of values that a case file's entries are made of, each with its fault in Chinese.

Numbers are exact: a Decimal, a whole number, or a numeral in quotes. Days are text in the file.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from case.land import written

T = TypeVar("T")

_NUMERAL = re.compile(r"[0-9]+(\.[0-9]+)?\Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\Z", re.ASCII)
_PERSONAL_NUMBER = re.compile(r"[0-9０-９]{11}")
"""Eleven digits in a row, full-width ones too: a telephone number or part of an identity number."""


def _exact(value: object) -> object:
    """Accept an exact number only: a whole number, a Decimal, or a numeral in quotes."""
    if isinstance(value, str) and _GROUPED.match(value):
        raise PydanticCustomError("case_number", "不能写千分位逗号，如 735000")
    if isinstance(value, str) and _NUMERAL.match(value):
        value = Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise PydanticCustomError("case_number", "应当是一个数，如 12.5，不带单位")
    return value


def _shortest(value: Decimal) -> Decimal:
    """Drop trailing zeros, so that equal numbers are written alike and files digest alike."""
    return Decimal(written(value))


def _impersonal(value: str) -> str:
    if _PERSONAL_NUMBER.search(value):
        raise PydanticCustomError(
            "case_personal", "不得含有身份证号、手机号等个人信息（连续11位以上数字）"
        )
    return value


def _pattern(pattern: str, sentence: str) -> AfterValidator:
    known = re.compile(pattern + r"\Z", re.ASCII)

    def check(value: str) -> str:
        if not known.match(value):
            raise PydanticCustomError("case_pattern", sentence)
        return value

    return AfterValidator(check)


Text = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)
]
FreeText = Annotated[Text, AfterValidator(_impersonal)]
"""What is shown and stored beside amounts, where no person may be named by number."""
Slug = Annotated[
    Text,
    _pattern(r"[a-z][a-z0-9-]{0,39}", "只能用小写字母、数字和“-”，以字母开头，不超过40个字符"),
    AfterValidator(_impersonal),
]
CaseNumber = Annotated[
    Text,
    _pattern(
        r"[A-Z0-9][A-Z0-9-]{2,39}",
        "只能用大写字母、数字和“-”，3至40个字符，如 WZ-LC-2026-001",
    ),
    AfterValidator(_impersonal),
]
Area = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=10_000_000, decimal_places=6),
    AfterValidator(_shortest),
]
Ratio = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=1, decimal_places=6),
    AfterValidator(_shortest),
]

Newness = Ratio
"""成新: what part of its replacement cost a thing is still worth."""
Yuan = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=1_000_000_000_000, decimal_places=2),
    AfterValidator(_shortest),
]
"""An amount that somebody assessed or paid, never nothing."""
Places = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(ge=0, le=1_000_000, decimal_places=1),
    AfterValidator(_shortest),
]


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.match(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("case_day", "没有这一天") from None
    if type(value) is not date:
        raise PydanticCustomError("case_day", "应当是日期，写作 2026-05-20")
    return value


Day = Annotated[date, BeforeValidator(_day)]


def _one_of(*allowed: int) -> BeforeValidator:
    listed = "、".join(str(number) for number in allowed)

    def check(value: object) -> object:
        # 1 == True, so the type is asked for first.
        if type(value) is not int or value not in allowed:
            raise PydanticCustomError("case_choice", f"只能是{listed}")
        return value

    return BeforeValidator(check)


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    # Not min_length: pydantic also reports that one where an item of the list is faulty.
    if not value:
        raise PydanticCustomError("case_empty", "至少要有一项")
    return value


Some = Annotated[tuple[T, ...], AfterValidator(_some)]
Ground = Annotated[Literal[1, 2, 3, 4, 5, 6], _one_of(1, 2, 3, 4, 5, 6)]
Zone = Annotated[Literal[1, 2], _one_of(1, 2)]


class Entry(BaseModel):
    """Frozen; a name that it does not have is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")
