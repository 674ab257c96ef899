"""Where each article of the order is kept, and which tests try it: the source of docs/law.md.

    python -m tests.articles      writes docs/law.md anew

What keeps an article is named here by hand; the tests are found by their names
(`test_article_19_…`, `test_articles_31_32_33_…`, `test_point_4_…`). tests/test_articles.py fails
where a name leads nowhere, an article has no test, or docs/law.md is not what this prints.
"""

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DOCUMENT = REPOSITORY / "docs" / "law.md"
LAST_ARTICLE = 35

_NAMED = re.compile(r"test_(article|point)s?((?:_\d+)+)(?=_)")


@dataclass(frozen=True)
class Kept:
    """One article or point: what it demands in a few words, and what keeps it."""

    title: str
    names: tuple[str, ...]
    """module:name of each function, class or table."""


ARTICLES: Mapping[int, Kept] = {
    1: Kept("目的和依据", ("law.entry:ORDER",)),
    2: Kept(
        "适用范围；法律另有规定的从其规定", ("law.order:DISTRICTS", "law.higher:HIGHER_PERIODS")
    ),
    3: Kept(
        "市统一负责，区组织实施，乡镇具体实施",
        ("case.state:State.township_unit", "case.places:poster_of"),
    ),
    4: Kept("各部门职责", ("law.order:DEPARTMENTS", "case.conduct:Suspend")),
    5: Kept("补偿和安置的途径", ("case.valuation:Choice", "case.payment:VerifyQuota")),
    6: Kept(
        "启动公告：内容、张贴、不少于10个工作日、暂停办理",
        (
            "law.rules:RULES",
            "law.order:INITIATION_NOTICE_CONTENTS",
            "law.order:FROZEN_MATTERS",
            "case.notices:DraftInitiation",
            "case.notices:NotifyDepartments",
            "case.places:places_of",
        ),
    ),
    7: Kept("土地现状调查", ("law.order:SURVEY_CONTENTS", "case.inquiry:SubmitSurvey")),
    8: Kept("社会稳定风险评估", ("case.inquiry:FileRiskAssessment",)),
    9: Kept("征地补偿安置方案的内容", ("law.order:PLAN_CONTENTS", "case.notices:DraftPlan")),
    10: Kept(
        "征地补偿安置公告：不少于30日；回执函",
        ("law.rules:RULES", "law.order:COMPENSATION_NOTICE_CONTENTS", "case.inquiry:ReturnReceipt"),
    ),
    11: Kept(
        "听证：半数以上（不含半数）；方案完善、批准、发布",
        (
            "law.conditions:hearing_is_mandatory",
            "case.inquiry:HoldHearing",
            "case.notices:FinalisePlan",
        ),
    ),
    12: Kept(
        "补偿登记；不登记的以调查结果为准",
        ("case.rights:RegisterRights", "case.rights:ServeSurveyResult"),
    ),
    13: Kept(
        "签订协议；签约比例；未签约的逐级上报",
        (
            "case.rights:RecordAgreements",
            "case.steps:ratio_shortfall",
            "case.rights:ReportUnsigned",
        ),
    ),
    14: Kept(
        "报批前费用测算、足额到位",
        (
            "case.approval:MeasureCompensation",
            "case.approval:CertifyFunds",
            "activities.measuring:Measures",
        ),
    ),
    15: Kept(
        "土地征收公告：不少于10个工作日；补偿安置决定",
        (
            "law.rules:RULES",
            "law.order:ACQUISITION_NOTICE_CONTENTS",
            "case.notices:DraftAcquisition",
            "case.settlement:DecideCompensation",
        ),
    ),
    16: Kept(
        "收到批准文件之日起30日内核定、足额支付",
        ("law.rules:RULES", "case.payment:VerifyQuota", "case.payment:ConfirmPayment"),
    ),
    17: Kept(
        "交付土地；申请强制执行", ("case.settlement:HandOver", "case.settlement:RequestEnforcement")
    ),
    18: Kept("征地补偿费的构成", ("case.compensation:statement",)),
    19: Kept(
        "区片综合地价；两类区片；三年调整",
        ("law.prices:PriceTable", "law.order:zone_of", "law.conditions:price_review_due"),
    ),
    20: Kept(
        "建设用地上房屋和其他附着物、坟墓", ("law.money:RATES", "case.compensation:statement")
    ),
    21: Kept("农用地附着物和青苗", ("law.money:RATES", "case.compensation:statement")),
    22: Kept("违法和抢种抢栽抢建的不补偿", ("case.compensation:statement",)),
    23: Kept("现场处理包干费", ("law.money:RATES",)),
    24: Kept("住宅用房安置指标；留地补助", ("law.money:RATES", "case.compensation:statement")),
    25: Kept("指标的处置方式；跨乡镇须区同意", ("case.ledger:Way",)),
    26: Kept("村级台账", ("case.ledger:balance", "activities.registry:Registry")),
    27: Kept("参保名额：每亩2.4个", ("law.money:RATES", "case.payment:VerifyQuota")),
    28: Kept("社会保障费用：7.5万元/人", ("law.money:RATES",)),
    29: Kept("年满16周岁；名额不得转让", ("law.conditions:CONDITIONS",)),
    30: Kept("促进就业（本程序不办理）", ("law.order:STEPS",)),
    31: Kept("贪污挪用（不在本程序处理，可中止）", ("case.conduct:Suspend",)),
    32: Kept("阻挠（不在本程序处理，可中止）", ("case.conduct:Suspend",)),
    33: Kept("渎职（不在本程序处理，可中止）", ("case.conduct:Suspend",)),
    34: Kept("国有农林渔场参照执行", ("case.compensation:statement",)),
    35: Kept("施行日期和有效期", ("law.rules:out_of_force", "law.rules:RuleSet")),
}

POINTS: Mapping[int, Kept] = {
    1: Kept("补偿标准的衔接", ("law.transition:standard_of_compensation",)),
    2: Kept("征地程序的衔接", ("law.transition:procedure_of_acquisition",)),
    3: Kept("房屋补偿的衔接", ("law.transition:houses_on_collective_land",)),
    4: Kept("社会保障资金", ("law.transition:social_security_funds", "law.money:RATES")),
    5: Kept("缴费时间", ("law.transition:time_of_fees", "case.approval:funds_of")),
}


def place(name: str) -> str:
    """The file of `module:name`; raises AttributeError or ImportError where it leads nowhere."""
    module_name, _, attribute = name.partition(":")
    found: object = importlib.import_module(module_name)
    for part in attribute.split("."):
        found = getattr(found, part)
    defined = inspect.getmodule(found) if callable(found) else None
    module = defined or importlib.import_module(module_name)
    return Path(str(module.__file__)).relative_to(REPOSITORY).as_posix()


@cache
def tests_named() -> Mapping[tuple[str, int], tuple[str, ...]]:
    """The tests named for each article or point: ("article", 19) to file::test, sorted."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        where = path.relative_to(REPOSITORY).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if named := _NAMED.match(node.name):
                for number in re.findall(r"\d+", named[2]):
                    found[named[1], int(number)].append(f"{where}::{node.name}")
    return {key: tuple(sorted(names)) for key, names in found.items()}


def untested() -> list[str]:
    """The articles and points for which no test is named."""
    named = tests_named()
    asked = [("article", number) for number in ARTICLES] + [("point", number) for number in POINTS]
    return [f"{kind} {number}" for kind, number in asked if (kind, number) not in named]


def document() -> str:
    """docs/law.md."""
    lines = [
        "# Where the law is kept",
        "",
        "What keeps each article of 温政令〔2020〕7号 and each point of 温政发〔2020〕27号,",
        "and the tests named for it. Written by `python -m tests.articles`; a test checks it.",
        "",
        "## 温政令〔2020〕7号",
        "",
        *_table("article", "第{}条", ARTICLES),
        "",
        "## 温政发〔2020〕27号",
        "",
        *_table("point", "第{}点", POINTS),
        "",
    ]
    return "\n".join(lines)


def _table(kind: str, heading: str, kept: Mapping[int, Kept]) -> Iterator[str]:
    yield "| | what | kept by | tests |"
    yield "|---|---|---|---|"
    for number, each in kept.items():
        by = "<br>".join(f"`{place(name)}` {name.partition(':')[2]}" for name in each.names)
        tests = "<br>".join(f"`{name}`" for name in tests_named().get((kind, number), ()))
        yield f"| {heading.format(number)} | {each.title} | {by} | {tests} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
