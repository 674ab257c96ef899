"""A statement of compensation as a workbook (.xlsx) whose formulas recompute it.

A sheet for each collective, a summary that refers to them, the grants, and the sources. Every
amount is a formula with its value beside it, so that the sheet reads right before anything has
recalculated it. No person is named.
"""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from case.statement import Due, Line, Payer, Statement, VillageStatement
from case.wording import FUND_TITLES, Fund
from desk.paper import HEAD, Paper, cell, span
from desk.sheet_names import sheet_names
from desk.workbook_notes import DUES, write_grants, write_sources
from law.order import ZONE_TITLES

RETAINED = "留地补助"
SUMMARY_WIDTH = 36
"""Of the summary's first column, in characters."""
_COLUMNS = (
    ("序号", 5),
    ("项目", 30),
    ("依据", 20),
    ("数量", 12),
    ("单位", 5),
    ("标准", 8),
    ("标准单位", 11),
    ("金额（元）", 16),
    ("付款人", 11),
    ("资金", 28),
    ("付款时点", 16),
    ("出处", 18),
    ("说明", 50),
)
_WIDTHS = tuple(width for _, width in _COLUMNS)
_BASE, _RATE, _AMOUNT, _PAYER, _FUND, _DUE = 3, 5, 7, 8, 9, 10


def write_workbook(found: Statement, path: Path) -> None:
    """Write the workbook. Raises OSError where the file cannot be written."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": f"{found.project}征地补偿测算", "subject": found.case_id})
    _Writer(Paper(book, found.case_id), found).write()
    book.close()
    path.write_bytes(content.getvalue())


class _Writer:
    """Lays one statement out in one workbook."""

    def __init__(self, paper: Paper, found: Statement) -> None:
        self._paper, self._found = paper, found
        names = sheet_names(village.name for village in found.villages)
        self._sheets = dict(
            zip((village.village for village in found.villages), names, strict=True)
        )
        self._rows: dict[str, int] = {}
        """Where each village's total stands; its lines lie between the head and that row."""
        funds = [FUND_TITLES[fund] for fund in Fund if fund in found.funds]
        retained = any(line.fund is None for line in found.lines)
        self._labels = [*funds, *([RETAINED] if retained else [])]

    def write(self) -> None:
        """Write every sheet; the summary stands first and is filled in last."""
        count = max(len(self._labels), len(self._found.payments)) + 2
        summary = self._paper.sheet("汇总", (SUMMARY_WIDTH, *(17 for _ in range(count - 1))))
        for village in self._found.villages:
            self._village(village)
        self._summary(summary)
        write_grants(self._paper, self._found)
        write_sources(self._paper, self._found)

    def _village(self, village: VillageStatement) -> None:
        paper = self._paper
        sheet = paper.sheet(self._sheets[village.village], _WIDTHS)
        title = f"{village.collective}征地补偿测算表"
        place = f"{village.district}{village.township}{village.name}　{ZONE_TITLES[village.zone]}"
        day = f"方案批准之日（价格和评估时点）：{self._found.plan_approved_on}"
        paper.title(sheet, title, f"{place}　{day}", len(_COLUMNS))
        paper.heads(sheet, HEAD, tuple(head for head, _ in _COLUMNS))
        sheet.repeat_rows(HEAD)
        sheet.freeze_panes(HEAD + 1, 2)
        row = HEAD
        for number, line in enumerate(self._found.of(village.village), 1):
            row += 1
            self._line(sheet, row, number, line)
        last, row = row, row + 1
        self._rows[village.village] = row
        for column in range(len(_COLUMNS)):
            sheet.write_blank(row, column, None, self._paper.total)
        sheet.write_string(row, 1, "小计", self._paper.total)
        amounts = span(HEAD + 1, last, _AMOUNT)
        sheet.write_formula(
            row, _AMOUNT, f"=SUM({amounts})", self._paper.total, float(village.subtotal)
        )
        sheet.print_area(0, 0, row, len(_COLUMNS) - 1)

    def _line(self, sheet: Worksheet, row: int, number: int, line: Line) -> None:
        base, rate = cell(row, _BASE), cell(row, _RATE)
        # To six decimals first: in binary a product ending in half a yuan may miss it by a hair.
        product = f"{base}*{rate}*10000" if line.in_wan else f"{base}*{rate}"
        formula = f"=ROUND(ROUND({product},6),0)"
        texts = {
            1: line.item,
            2: line.article,
            4: line.unit,
            6: line.rate_unit,
            _PAYER: line.payer,
            _FUND: _fund_title(line.fund),
            _DUE: DUES[line.due],
            11: line.source,
            12: line.note,
        }
        sheet.write_number(row, 0, number, self._paper.centred)
        self._paper.row(sheet, row, texts, _WIDTHS)
        sheet.write_number(row, _BASE, float(line.base), self._paper.number(line.base))
        sheet.write_number(row, _RATE, float(line.rate), self._paper.number(line.rate))
        sheet.write_formula(row, _AMOUNT, formula, self._paper.yuan, float(line.amount))

    def _summary(self, sheet: Worksheet) -> None:
        found, paper, labels = self._found, self._paper, self._labels
        columns = 1 + len(labels) + 1
        subtitle = (
            f"{found.case_id}　方案批准之日（价格和评估时点）：{found.plan_approved_on}　"
            "金额单位：元，逐项四舍五入到元"
        )
        paper.title(sheet, f"{found.project}征地补偿测算汇总表", subtitle, columns)
        paper.heads(sheet, HEAD, ("农村集体经济组织", *labels, "小计"))

        def by_fund(line: Line, label: str) -> bool:
            return _fund_title(line.fund) == label

        row = self._matrix(sheet, HEAD, labels, (_FUND,), by_fund)
        grand = cell(row, columns - 1)
        row += 2
        pairs = list(found.payments)
        sheet.write_string(row, 0, "按付款人和付款时点", self._paper.format(bold=True))
        for column, (payer, due) in enumerate(pairs, 1):
            sheet.write_string(row + 1, column, payer, self._paper.head)
            sheet.write_string(row + 2, column, DUES[due], self._paper.head)
        sheet.merge_range(row + 1, 0, row + 2, 0, "", self._paper.head)
        sheet.write_string(row + 1, 0, "农村集体经济组织", self._paper.head)
        sheet.merge_range(row + 1, len(pairs) + 1, row + 2, len(pairs) + 1, "", self._paper.head)
        sheet.write_string(row + 1, len(pairs) + 1, "小计", self._paper.head)

        def by_payment(line: Line, pair: tuple[Payer, Due]) -> bool:
            return (line.payer, line.due) == pair

        row = self._matrix(sheet, row + 2, pairs, (_PAYER, _DUE), by_payment)
        check = cell(row, len(pairs) + 1)
        row += 2
        sheet.write_string(row, 0, "校核：两表合计之差（应为 0）", self._paper.text)
        sheet.write_formula(row, 1, f"={grand}-{check}", self._paper.yuan, 0)
        for fund in found.unmeasured:
            row += 1
            sheet.write_string(row, 0, FUND_TITLES[fund], self._paper.text)
            sheet.write_string(row, 1, "另行测算", self._paper.text)
        sheet.print_area(0, 0, row, columns - 1)

    def _matrix(
        self,
        sheet: Worksheet,
        head: int,
        keys: list[Any],
        by: tuple[int, ...],
        belongs: Callable[[Line, Any], bool],
    ) -> int:
        """A row a collective, a column a key, summed from its sheet; returns the row of totals.

        The head's last rows hold, one above the other, what the columns `by` of the sheets must be.
        """
        first = row = head + 1
        for village in self._found.villages:
            own = self._found.of(village.village)
            self._paper.row(sheet, row, {0: village.collective}, (SUMMARY_WIDTH,))
            for column, key in enumerate(keys, 1):
                amounts = self._column(village, _AMOUNT)
                conditions = ",".join(
                    f"{self._column(village, each)},{cell(head - len(by) + 1 + n, column)}"
                    for n, each in enumerate(by)
                )
                value = sum((line.amount for line in own if belongs(line, key)), Decimal(0))
                formula = f"=SUMIFS({amounts},{conditions})"
                sheet.write_formula(row, column, formula, self._paper.part, float(value))
            last = len(keys)
            across = f"{cell(row, 1)}:{cell(row, last)}"
            sheet.write_formula(
                row, last + 1, f"=SUM({across})", self._paper.total, float(village.subtotal)
            )
            row += 1
        sheet.write_string(row, 0, "合计", self._paper.total)
        for column, key in enumerate([*keys, None], 1):
            value = sum(
                (line.amount for line in self._found.lines if key is None or belongs(line, key)),
                Decimal(0),
            )
            formula = f"=SUM({span(first, row - 1, column)})"
            sheet.write_formula(row, column, formula, self._paper.total, float(value))
        return row

    def _column(self, village: VillageStatement, column: int) -> str:
        name = self._sheets[village.village].replace("'", "''")
        cells = span(HEAD + 1, self._rows[village.village] - 1, column, fixed=True)
        return f"'{name}'!{cells}"


def _fund_title(fund: Fund | None) -> str:
    return RETAINED if fund is None else FUND_TITLES[fund]
