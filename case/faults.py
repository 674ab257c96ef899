"""What is wrong with a case file: every fault with its place, its line and one Chinese sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

Step = str | int
Path = tuple[Step, ...]

WHOLE_FILE = "文件"
"""The place of a fault that belongs to no single entry."""


def place_of(path: Path) -> str:
    """Write a path as people read it: ("townships", 0, "name") is "townships[0].name"."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text or WHOLE_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: its place in the file, one Chinese sentence, the line (from 1) where known."""

    place: str
    sentence: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"第{self.line}行 " if self.line is not None else ""
        return f"{where}{self.place}：{self.sentence}"


class Faults(Exception):  # noqa: N818 - the field's word; it is a list of faults, not one error
    """A case file that cannot be used, with everything that is wrong with it, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)


_SENTENCES: Mapping[str, str] = {
    "missing": "缺少这一项",
    "string_type": "应当是文字；像数字的文字请加引号",
    "string_too_short": "不能为空",
    "string_too_long": "太长，不得超过{max_length}个字",
    "int_type": "应当是整数，不加引号，不带小数点",
    "int_parsing_size": "数太大",
    "bool_type": "应当是 true（是）或者 false（否）",
    "greater_than": "应当大于{gt}",
    "greater_than_equal": "不得小于{ge}",
    "less_than": "应当小于{lt}",
    "less_than_equal": "不得大于{le}",
    "decimal_max_places": "小数不得超过{decimal_places}位",
    "decimal_max_digits": "位数太多，不得超过{max_digits}位",
    "decimal_whole_digits": "数太大，整数部分不得超过{whole_digits}位",
    "tuple_type": "应当是一个列表（每项以“- ”开头）",
    "list_type": "应当是一个列表（每项以“- ”开头）",
    "model_type": "应当是一组“名称: 值”",
    "model_attributes_type": "应当是一组“名称: 值”",
    "dict_type": "应当是一组“名称: 值”",
    "dataclass_type": "应当是一组“名称: 值”",
    "invalid_key": "名称应当是文字",
}
_UNKNOWN_NAME = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_CHOICE = frozenset({"enum", "literal_error"})
_OWN = "case_"
_GROUP = 3
"""Digits between the separators of thousands."""
"""Types of errors whose message is already a Chinese sentence of this project."""


def sentence_of(error: ErrorDetails, title: str | None, siblings: Iterable[str]) -> str:
    """Say one of pydantic's errors as a Chinese sentence.

    title: what the entry is called in Chinese, where known; siblings: the names allowed beside it.
    """
    kind, context = error["type"], dict(error.get("ctx", {}))
    if _after_comma(error):
        name = error["loc"][-1]
        return f"没有“{name}”这一项：金额、面积不能写千分位逗号，如“735,{name}”应当写作 735{name}"
    if error["input"] is None:
        return f"没有填写{title or '这一项'}"
    if kind.startswith(_OWN):
        return _called(title) + error["msg"]
    if kind in _UNKNOWN_NAME:
        return _unknown_name(str(error["loc"][-1]), siblings)
    if kind in _CHOICE:
        return f"{_shown(error['input'])}不在可选范围内，{_called(title)}只能是{_choices(context)}"
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        return f"{_shown(error['input'])}不是正确的{title or '值'}"
    if kind == "missing":
        return f"缺少这一项（{title}）" if title else sentence
    return _called(title) + sentence.format_map(context)


def _after_comma(error: ErrorDetails) -> bool:
    """Whether a name is what stood after a comma in an amount: in braces it is an entry itself."""
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] not in _UNKNOWN_NAME or error["input"] is not None:
        return False
    return len(name) == _GROUP and name.isascii() and name.isdigit()


def _called(title: str | None) -> str:
    return f"“{title}”" if title else ""


def _unknown_name(name: str, siblings: Iterable[str]) -> str:
    near = get_close_matches(name, list(siblings), n=1)
    hint = f"，是否应为“{near[0]}”" if near else ""
    return f"没有“{name}”这一项{hint}"


def _choices(context: Mapping[str, Any]) -> str:
    # pydantic joins the choices as "'a', 'b' or 'c'".
    listed = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return "、".join(part.strip() for part in listed.split(","))


def _shown(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"
