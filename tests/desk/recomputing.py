"""Recomputes a workbook without a spreadsheet program: SUM, SUMIFS, ROUND, products, differences.

Knows nothing of how the workbook was made; reads its formulas and numbers as openpyxl finds them.
"""

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>SUMIFS|SUM|ROUND)\(|"
    r"(?P<range>(?:'(?:[^']|'')+'!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)|(?P<mark>[-+*,)]))"
)
Cell = tuple[str, int, int]


class Recomputed:
    """A workbook whose formulas are worked out in binary, as spreadsheet programs do."""

    def __init__(self, path: Path) -> None:
        self._book = load_workbook(path)
        self._known: dict[Cell, float | str | None] = {}

    @property
    def names(self) -> list[str]:
        """The sheets' names."""
        return list(self._book.sheetnames)

    def formulas(self) -> Iterator[tuple[str, str, str]]:
        """Every formula: sheet, cell, text."""
        for sheet in self._book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type == "f":
                        yield sheet.title, cell.coordinate, cell.value

    def texts(self) -> Iterator[str]:
        """Every text of every sheet."""
        for sheet in self._book:
            for row in sheet.iter_rows():
                yield from (cell.value for cell in row if isinstance(cell.value, str))

    def find(self, sheet: str, text: str) -> tuple[int, int]:
        """The row and column of the last cell that says exactly this."""
        (*_, found) = [
            (cell.row, cell.column)
            for row in self._book[sheet].iter_rows()
            for cell in row
            if cell.value == text
        ]
        return found

    def at(self, sheet: str, row: int, column: int) -> float | str | None:
        """A cell's value, worked out where it is a formula."""
        key = (sheet, row, column)
        if key not in self._known:
            cell = self._book[sheet].cell(row, column)
            value = cell.value
            if cell.data_type == "f":
                value = _Formula(self, sheet, str(value)[1:]).value()
            assert value is None or isinstance(value, str | int | float)
            self._known[key] = value if value is None or isinstance(value, str) else float(value)
        return self._known[key]

    def cells(self, sheet: str, name: str) -> list[float | str | None]:
        """The values of a range such as "'某村'!$H$5:$H$9"."""
        place, _, area = name.rpartition("!")
        sheet = place.strip("'").replace("''", "'") if place else sheet
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        assert None not in {left, top, right, bottom}
        return [
            self.at(sheet, row, column)
            for row in range(int(top or 0), int(bottom or 0) + 1)
            for column in range(int(left or 0), int(right or 0) + 1)
        ]


class _Formula:
    """One formula, read from left to right."""

    def __init__(self, book: Recomputed, sheet: str, text: str) -> None:
        self._book, self._sheet = book, sheet
        self._tokens = list(_TOKEN.finditer(text))
        assert "".join(each.group() for each in self._tokens) == text, text
        self._next = 0

    def value(self) -> float:
        result = self._sum()
        assert self._next == len(self._tokens)
        return result

    def _mark(self, *marks: str) -> str | None:
        if self._next < len(self._tokens):
            mark = self._tokens[self._next]["mark"]
            if mark in marks:
                self._next += 1
                return str(mark)
        return None

    def _sum(self) -> float:
        result = self._product()
        while mark := self._mark("-", "+"):
            result += self._product() * (1 if mark == "+" else -1)
        return result

    def _product(self) -> float:
        result = self._single()
        while self._mark("*"):
            result *= self._single()
        return result

    def _single(self) -> float:
        token = self._tokens[self._next]
        self._next += 1
        if token["number"]:
            return float(token["number"])
        if token["range"]:
            (value,) = self._book.cells(self._sheet, token["range"])
            return _number(value)
        return _CALLS[token["name"]](self)

    def _range(self) -> list[float | str | None]:
        token = self._tokens[self._next]
        self._next += 1
        return self._book.cells(self._sheet, token["range"])

    def round(self) -> float:
        value = self._sum()
        assert self._mark(",")
        places = int(self._sum())
        assert self._mark(")")
        exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return float(exact)

    def sum(self) -> float:
        values = self._range()
        assert self._mark(")")
        return sum(_number(value) for value in values)

    def sumifs(self) -> float:
        values = self._range()
        kept = [True] * len(values)
        while self._mark(","):
            tested = self._range()
            assert self._mark(",")
            (wanted,) = self._range()
            kept = [was and each == wanted for was, each in zip(kept, tested, strict=True)]
        assert self._mark(")")
        return sum(_number(value) for value, keep in zip(values, kept, strict=True) if keep)


_CALLS: dict[str, Callable[[_Formula], float]] = {
    "ROUND": _Formula.round,
    "SUM": _Formula.sum,
    "SUMIFS": _Formula.sumifs,
}


def _number(value: float | str | None) -> float:
    assert isinstance(value, float)
    return value
