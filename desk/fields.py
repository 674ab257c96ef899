"""The values that a command asks for, read from the command itself, and the options they become."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from case.command import Command
from law.order import (
    ACQUISITION_NOTICE_CONTENTS,
    COMPENSATION_NOTICE_CONTENTS,
    DEPARTMENTS,
    INITIATION_NOTICE_CONTENTS,
    PLAN_CONTENTS,
    SURVEY_CONTENTS,
)

COMMON = frozenset({"id", "occurred_on", "by", "document_number", "evidence", "command"})
"""What every command carries; it has options of its own."""

ALL = "全部"
"""Stands for every item that the order names."""

_CONTENTS = {
    ("draft_initiation", "contents"): INITIATION_NOTICE_CONTENTS,
    ("submit_survey", "contents"): SURVEY_CONTENTS,
    ("draft_plan", "plan_contents"): PLAN_CONTENTS,
    ("draft_plan", "notice_contents"): COMPENSATION_NOTICE_CONTENTS,
    ("draft_acquisition", "contents"): ACQUISITION_NOTICE_CONTENTS,
}

_KINDS: dict[Any, tuple[str, str]] = {
    str: ("文字", "……"),
    int: ("整数", "10"),
    Decimal: ("数", "100000.00"),
    date: ("年-月-日", "2026-05-06"),
}
"""How a kind of value is called, and one that serves as an example."""

_SAMPLES = {
    "village": "shibuxi",
    "villages": "shibuxi",
    "township": "tengqiao",
    "places": "township:tengqiao",
    "registration_until": "2026-06-05",
    "signing_until": "2026-07-31",
    "entry": "draft_initiation-3f2a9c51d0be",
    "duty": "approve/initiation",
}
"""What examples say, going by examples/one-village.yaml."""

INFERRED = frozenset({"notice", "places", "village", "villages", "township", "departments"})
"""Values that may follow from the one duty that a command would meet."""

_LONGEST_CHOICES = 24

_LABELS = {
    "notice": "公告",
    "kind": "权利人种类",
    "fund": "费用",
    "item": "退回的材料",
    "contents": "载明的内容",
    "plan_contents": "方案的内容",
    "notice_contents": "公告的内容",
    "departments": "部门",
    "villages": "村（社区）",
    "replacement": "更正为",
}
"""Where the description is a list or a rule rather than a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a command."""

    name: str
    title: str
    """Its description in Chinese."""
    required: bool
    many: bool
    """Whether it is a list, so that its option may be repeated."""
    truth: bool
    """Whether it is yes or no."""
    choices: tuple[str, ...]
    legal: tuple[str, ...]
    """The items that the order names for it; ALL stands for them."""
    called: str
    sample: str

    @property
    def flag(self) -> str:
        """The option's name."""
        return option_name(self.name)

    def option(self) -> click.Option:
        """The option; what is written in it is judged later, with everything else at once."""
        if self.truth:
            bare = self.flag.removeprefix("--")
            return click.Option([f"--{bare}/--no-{bare}", self.name], default=None, help=self._help)
        return click.Option(
            [self.flag, self.name], multiple=self.many, metavar=self.called, help=self._help
        )

    @property
    def label(self) -> str:
        """What it is called where its value is shown."""
        return _LABELS.get(self.name) or re.split("[（：，]", self.title)[0]

    def meaning(self, choice: str) -> str:
        """A choice with its Chinese name, as the description has it; empty if it has none."""
        others = "|".join(map(re.escape, self.choices))
        found = re.search(rf"(?<![a-z]){re.escape(choice)} .+?(?=、(?:{others}) |$)", self.title)
        return found[0] if found and choice in self.choices else ""

    @property
    def inferred(self) -> bool:
        """Whether it may be left out where one duty alone can be meant."""
        return self.required and self.name in INFERRED

    @property
    def _help(self) -> str:
        parts = [self.title]
        if self.legal:
            parts.append(f"法定各项：{'、'.join(self.legal)}。写“{ALL}”即全部列入")
        elif self.many:
            parts.append("可多次给出")
        text = "。".join(dict.fromkeys(parts))
        if self.inferred:
            return f"{text}。[必填，可推定]"
        return f"{text}。[必填]" if self.required else f"{text}。"


def option_name(name: str) -> str:
    """The option of a value: --registration-until for registration_until."""
    return f"--{name.replace('_', '-')}"


def name_of(kind: type[Command]) -> str:
    """The name of a kind of command."""
    return str(kind.__dataclass_fields__["command"].default)


def values_of(kind: type[Command]) -> tuple[Value, ...]:
    """The values of a command, without those that every command carries, in their order."""
    return tuple(_values(kind))


def _values(kind: type[Command]) -> Iterator[Value]:
    described: dict[str, FieldInfo] = vars(kind)["__pydantic_fields__"]
    for name, field in described.items():
        if name in COMMON:
            continue
        plain = _plain(field.annotation)
        many = get_origin(plain) is tuple
        inner = _plain(get_args(plain)[0]) if many else plain
        choices = _choices(inner)
        called, sample = _KINDS.get(inner, _KINDS[str])
        legal = DEPARTMENTS if name == "departments" else _CONTENTS.get((name_of(kind), name), ())
        if choices:
            listed = "|".join(choices)
            called = listed if len(listed) <= _LONGEST_CHOICES else "代号"
            sample = choices[0]
        if legal:
            sample = ALL
        yield Value(
            name=name,
            title=field.description or name,
            required=field.is_required(),
            many=many,
            truth=inner is bool,
            choices=choices,
            legal=legal,
            called=called,
            sample=_SAMPLES.get(name, sample),
        )


def _plain(annotation: Any) -> Any:
    """An annotation without its constraints, and without None where it may be left out."""
    if hasattr(annotation, "__metadata__"):
        return _plain(annotation.__origin__)
    arguments = get_args(annotation)
    if NoneType in arguments:
        (kept,) = (each for each in arguments if each is not NoneType)
        return _plain(kept)
    return annotation


def _choices(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(str(each) for each in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(each.value) for each in kind)
    return ()
