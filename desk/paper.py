"""The paper a statement's workbook is written on: one look for every sheet, ready to print."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

import xlsxwriter
from rich.cells import cell_len
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
HEAD = 3
"""The row, from 0, of the head of a table: below its title, its subtitle and a blank row."""
_A4 = 9
_LINE, _PADDING = 13, 4
"""Points: the height of a line of text, and what a row has beyond its lines."""
_NARROW = 13
"""A column up to this width holds a word or two, which stand in its middle."""
_YUAN = "#,##0;[Red]-#,##0"


class Paper:
    """Sheets of one workbook, A4 across, as wide as the page, with the formats they share."""

    def __init__(self, book: xlsxwriter.Workbook, footer: str) -> None:
        self._book, self._footer = book, footer
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def sheet(self, name: str, widths: tuple[int, ...]) -> Worksheet:
        """A new sheet, its columns as wide as given (in characters, a Chinese one takes two)."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L{self._footer}&C&A&R第 &P 页，共 &N 页")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def title(self, sheet: Worksheet, title: str, subtitle: str, columns: int) -> None:
        """The two first rows, across the table."""
        large = self.format(font_size=15, bold=True, align="center")
        sheet.set_row(0, 28)
        self.across(sheet, 0, columns, title, large)
        self.across(sheet, 1, columns, subtitle, self.format(align="left"))

    def across(
        self, sheet: Worksheet, row: int, columns: int, text: str, look: Format | None = None
    ) -> None:
        """A text over several columns."""
        look = look or self.format(text_wrap=True)
        sheet.merge_range(row, 0, row, columns - 1, "", look)
        sheet.write_string(row, 0, text, look)

    def row(
        self, sheet: Worksheet, row: int, texts: Mapping[int, str], widths: Sequence[int]
    ) -> None:
        """A row's texts, in bordered cells, and the row as high as the longest of them needs.

        Programs differ in whether they fit a row to wrapped text by themselves, so none is asked.
        """
        lines = 1
        for column, text in texts.items():
            narrow = widths[column] <= _NARROW
            sheet.write_string(row, column, text, self.centred if narrow else self.text)
            lines = max(lines, ceil(cell_len(text) / (widths[column] - 1)))
        sheet.set_row(row, _PADDING + lines * _LINE)

    def heads(self, sheet: Worksheet, row: int, heads: tuple[str, ...]) -> None:
        """The head of a table."""
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self.head)
        sheet.set_row(row, _PADDING + 2 * _LINE)

    def format(self, **wanted: Any) -> Format:
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self._book.add_format(base | wanted)
        return self._formats[key]

    @property
    def text(self) -> Format:
        """A cell of text."""
        return self.format(border=1, text_wrap=True)

    @property
    def centred(self) -> Format:
        """A cell of a word or two, such as a unit."""
        return self.format(border=1, text_wrap=True, align="center")

    @property
    def head(self) -> Format:
        """A cell of a table's head."""
        return self.format(border=1, text_wrap=True, bold=True, align="center", bg_color="#DDE7F0")

    @property
    def yuan(self) -> Format:
        """An amount in whole yuan."""
        return self.format(border=1, num_format=_YUAN)

    @property
    def part(self) -> Format:
        """An amount in a table of parts, where none is a dash."""
        return self.format(border=1, num_format=_YUAN + ";–")

    @property
    def total(self) -> Format:
        """A total in whole yuan, or a cell in its row."""
        return self.format(border=1, num_format=_YUAN, bold=True, bg_color="#F2F2F2")

    def number(self, value: Decimal) -> Format:
        """As many decimals as the number has, so that what is shown is what is computed with."""
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        return self.format(
            border=1, num_format="#,##0" + ("." + "0" * decimals if decimals else "")
        )


def cell(row: int, column: int) -> str:
    """A cell's name, from its row and column counted from 0: "B4"."""
    return str(xl_rowcol_to_cell(row, column))


def span(first: int, last: int, column: int, *, fixed: bool = False) -> str:
    """The name of a piece of a column: "H5:H20"."""
    return (
        f"{xl_rowcol_to_cell(first, column, fixed, fixed)}:"
        f"{xl_rowcol_to_cell(last, column, fixed, fixed)}"
    )
