"""A CSV of published notices, examined whole: every notice, or every fault with its line.

As a spreadsheet saves it: UTF-8 with or without a mark, or GBK; days also as 2024/9/20.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desk.days import day_of
from desk.errors import BadInput
from law import BadPeriod
from law.calendar import WorkingCalendar
from law.published import KINDS, Finding, PublishedNotice, examine, unknown_kind

COLUMNS = ("id", "kind", "posted", "start", "end")
_OTHER_SEPARATORS = {
    ";": "分号（;）",
    "\t": "制表符（Tab）",
    "，": "全角逗号（，）",
    "|": "竖线（|）",
}
DAYS = {"posted": "张贴日", "start": "起始日", "end": "截止日"}


@dataclass(frozen=True, slots=True)
class Named:
    """What was found of one notice, under the name it is listed by; None where it has none."""

    id: str | None
    finding: Finding


def examine_file(path: Path, calendar: WorkingCalendar) -> tuple[Named, ...]:
    """What the order says of every notice of a CSV with COLUMNS, in any order; others are unread.

    Raises BadInput with all faults of the file, each with its line.
    """
    rows = _Rows(_text(path))
    found: list[Named] = []
    faults: list[str] = []
    lines: dict[str, int] = {}
    try:
        heading = _heading(rows, path)
        for row in rows:
            named, wrong = _examine_row(heading, row, calendar)
            name = _name(heading, row)
            if name and (first := lines.setdefault(name, rows.line)) != rows.line:
                wrong = (f"编号“{name}”与第{first}行重复。", *wrong)
            told = f"（{' '.join(name.split())}）" if name else ""
            faults += [f"第{rows.line}行{told}：{each}" for each in wrong]
            if named:
                found.append(named)
    except csv.Error as error:
        faults.append(f"第{rows.line}行：{_unreadable(error)}。")
    if not faults and not found:
        faults.append("只有标题行，没有一件公告")
    if faults:
        raise BadInput.listing(f"{path} {fault}" for fault in faults)
    return tuple(found)


def examine_texts(
    texts: Mapping[str, str], calendar: WorkingCalendar
) -> tuple[Finding | None, tuple[str, ...]]:
    """What the order says of the notice whose kind and days are written in `texts`, empty where
    not written; or None and everything that is wrong with it."""
    faults: list[str] = []
    days: dict[str, date | None] = {}
    for name, title in DAYS.items():
        try:
            days[name] = day_of(texts[name]) if texts[name] else None
        except ValueError as fault:
            faults.append(f"{title} {name}：{fault}")
    faults += [
        f"没有写公告{title} {name}。"
        for name, title in DAYS.items()
        if not texts[name] and name != "posted"
    ]
    kind, start, end = texts["kind"], days.get("start"), days.get("end")
    if start is None or end is None:
        return None, (*(() if kind in KINDS else (unknown_kind(kind),)), *faults)
    notice = PublishedNotice(kind=kind, posted=days.get("posted"), start=start, end=end)
    faults += notice.faults(calendar)
    if faults:
        return None, tuple(faults)
    try:
        return examine(notice, calendar), ()
    except BadPeriod as fault:
        return None, (str(fault),)


class _Rows:
    """The rows of a CSV that are not blank; `line` is the one on which the latest begins."""

    def __init__(self, text: str) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.line = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        while True:
            self.line = self._reader.line_num + 1
            row = next(self._reader)
            if any(cell.strip() for cell in row):
                return row


def _heading(rows: _Rows, path: Path) -> list[str]:
    row = next(rows, [])
    # Excel reads and some programs write a first line that names the separator.
    if row and (first := ",".join(row).lstrip()).lower().startswith("sep="):
        if (mark := first[4:5] or ",") != ",":
            called = _OTHER_SEPARATORS.get(mark, f"“{mark}”")
            raise BadInput(f"{path} 用{called}分隔各列，应当用逗号（,），请另存为 CSV UTF-8")
        row = next(rows, [])
    heading = [name.strip().lower() for name in row]
    if missing := [name for name in COLUMNS if name not in heading]:
        for mark, called in _OTHER_SEPARATORS.items():
            if mark in "".join(row):
                raise BadInput(f"{path} 用{called}分隔各列，应当用逗号（,），请另存为 CSV UTF-8")
        raise BadInput(f"{path} 标题行缺少 {'、'.join(missing)} 列，应有 {','.join(COLUMNS)}")
    if twice := [name for name in COLUMNS if heading.count(name) > 1]:
        raise BadInput(f"{path} 标题行的 {'、'.join(twice)} 列写了两次")
    return heading


def _unreadable(error: csv.Error) -> str:
    """Why the row is no CSV, in words; the module says it in English only."""
    said = str(error)
    if "field larger" in said:
        return f"有一格超过{csv.field_size_limit()}个字，太长了，也可能是引号没有写完"
    if "unexpected end" in said:
        return "引号或者分隔有误：引号没有写完，直到文件末尾"
    if "expected after" in said:
        return "引号或者分隔有误：引号后面只能是逗号或者行末，文字里的引号要写两个"
    return "引号或者分隔有误，读不成 CSV"


def _examine_row(
    heading: list[str], row: list[str], calendar: WorkingCalendar
) -> tuple[Named | None, tuple[str, ...]]:
    if len(row) > len(heading):
        return None, (f"有{len(row)}格，标题行只有{len(heading)}格，文字里的逗号要加引号。",)
    cells = {name: cell.strip() for name, cell in zip(heading, row, strict=False)}
    texts = dict.fromkeys(COLUMNS, "") | cells
    finding, faults = examine_texts(texts, calendar)
    if not texts["id"]:
        return None, ("没有写编号 id。", *faults)
    return (Named(texts["id"], finding) if finding else None), faults


def _name(heading: list[str], row: list[str]) -> str:
    place = heading.index("id")
    return row[place].strip() if place < len(row) else ""


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"没有文件 {path}") from None
    except IsADirectoryError:
        raise BadInput(f"读不了文件 {path}：它是文件夹，请写明 CSV 文件") from None
    except PermissionError:
        raise BadInput(f"读不了文件 {path}：没有读取它的权限") from None
    except OSError as error:
        raise BadInput(f"读不了文件 {path}（系统错误 {error.errno}）") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(f"{path} 不是 UTF-8 或者 GBK 编码的 CSV，请另存为 CSV UTF-8")
