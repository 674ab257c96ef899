"""The sheets of a statement's workbook beside the money: what is granted in kind, and sources."""

from case.statement import Due, Statement
from desk.paper import HEAD, Paper, cell
from law.order import ZONE_TITLES

DUES = {
    Due.AFTER_APPROVAL: "批复后30日内",
    Due.BEFORE_SUBMISSION: "报批前缴纳",
    Due.BY_AGREEMENT: "产权调换，按协议结算",
    Due.UNNAMED: "办法未写明",
}
"""When a line is due, short enough for a column; the sources sheet has it in full."""


def write_grants(paper: Paper, found: Statement) -> None:
    """The housing quota and the insurance places, each a formula of its area."""
    widths = (28, 24, 12, 12, 6, 7, 11, 14, 12, 9, 40)
    sheet = paper.sheet("指标和名额", widths)
    paper.title(sheet, "核给的指标和名额", "不计入金额；第十六条核定", len(widths))
    heads = ("农村集体经济组织", "项目", "依据", "数量", "单位", "标准", "标准单位")
    paper.heads(sheet, HEAD, (*heads, "计算数", "核给数", "单位", "说明"))
    row = HEAD
    for row, grant in enumerate(found.grants, HEAD + 1):
        texts = {
            0: grant.collective,
            1: grant.item,
            2: grant.article,
            4: grant.unit,
            6: grant.rate_unit,
            9: grant.granted_unit,
            10: "；".join(part for part in (grant.rule, grant.note) if part),
        }
        paper.row(sheet, row, texts, widths)
        sheet.write_number(row, 3, float(grant.base), paper.number(grant.base))
        sheet.write_number(row, 5, float(grant.rate), paper.number(grant.rate))
        product = f"=ROUND({cell(row, 3)}*{cell(row, 5)},10)"
        sheet.write_formula(row, 7, product, paper.number(grant.exact), float(grant.exact))
        sheet.write_number(row, 8, float(grant.granted), paper.number(grant.granted))
    sheet.print_area(0, 0, row, len(widths) - 1)


def write_sources(paper: Paper, found: Statement) -> None:
    """Prices with their instruments, how it was computed, and what the office should check."""
    widths = (11, 30, 12, 12, 12, 19, 25, 40)
    sheet = paper.sheet("出处", widths)
    paper.title(sheet, "出处和说明", "价格单位：万元/亩", len(widths))
    heads = ("区片", "地类", "土地补偿费", "安置补助费", "综合地价", "文号", "施行", "说明")
    paper.heads(sheet, HEAD, heads)
    row = HEAD
    for row, price in enumerate(found.prices, HEAD + 1):
        end = price.in_force_to or "今"
        notes = [price.source, price.note, "办公室录入" if price.by_office else ""]
        texts = {
            0: ZONE_TITLES[price.zone],
            1: price.grouped,
            5: price.instrument,
            6: f"{price.in_force_from}至{end}",
            7: "；".join(note for note in notes if note),
        }
        paper.row(sheet, row, texts, widths)
        for column, value in enumerate((price.land, price.resettlement, price.composite), 2):
            if value is not None:
                sheet.write_number(row, column, float(value), paper.number(value))
    says = [
        "标准依据：每行的“依据”是条款，“出处”是文件；"
        "27号是温政发〔2020〕27号《关于新老政策衔接的意见》。",
        "计算：金额＝数量×标准，四舍五入到元；合计是各行金额之和。"
        "同一价格的各地类先合计面积再计价。",
        *(f"付款时点“{short}”：{due}。" for due, short in DUES.items()),
        *(f"请核对：{flag}。" for flag in found.flags),
    ]
    row += 1
    for say in says:
        row += 1
        paper.across(sheet, row, len(widths), say)
    sheet.print_area(0, 0, row, len(widths) - 1)
