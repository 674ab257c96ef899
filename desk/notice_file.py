"""A CSV of published notices, examined whole: every notice, or every fault with its line.

As a spreadsheet saves it: UTF-8 with or without a mark, or GBK; days also as 2024/9/20.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desk.days import day_of
from desk.errors import BadInput
from law import BadPeriod
from law.calendar import WorkingCalendar
from law.published import KINDS, Finding, PublishedNotice, examine, unknown_kind

COLUMNS = ("id", "kind", "posted", "start", "end")
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
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    found: list[Named] = []
    faults: list[str] = []
    try:
        heading = [name.strip() for name in next(reader, [])]
        if missing := [name for name in COLUMNS if name not in heading]:
            raise BadInput(f"{path} 第一行缺少 {'、'.join(missing)} 列，应有 {','.join(COLUMNS)}")
        if twice := [name for name in COLUMNS if heading.count(name) > 1]:
            raise BadInput(f"{path} 第一行的 {'、'.join(twice)} 列写了两次")
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            named, wrong = _examine_row(heading, row, calendar)
            faults += [f"第{reader.line_num}行{_name(heading, row)}：{each}" for each in wrong]
            if named:
                found.append(named)
    except csv.Error as error:
        faults.append(f"第{reader.line_num}行：引号或者分隔有误，读不成 CSV（{error}）")
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
    name = row[place].strip() if place < len(row) else ""
    return f"（{name}）" if name else ""


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"没有文件 {path}") from None
    except OSError as error:
        raise BadInput(f"读不了文件 {path}：{error.strerror}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(f"{path} 不是 UTF-8 或者 GBK 编码的 CSV，请另存为 CSV UTF-8")
