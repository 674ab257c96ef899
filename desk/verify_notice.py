"""`verify-notice`: whether the periods of published notices satisfy the order."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import click
from rich.table import Table

from deploy.settings import load
from desk.cases import office_calendar
from desk.clauses import in_clauses
from desk.errors import BadInput
from desk.notice_file import Named, examine_file, examine_texts
from desk.screen import print_table, screen, table
from law.calendar import WorkingCalendar
from law.deadline import weekday
from law.published import KINDS, Finding


@click.command(
    "verify-notice",
    help="""核对已经发布的公告，期限够不够、按哪种算法够、短几天。

\b
示例：
  starter.py verify-notice --kind initiation --posted 2024-09-20 --start 2024-09-23 --end 2024-10-10
  starter.py verify-notice --csv examples/notices.csv           一次核对一批，附汇总
  starter.py verify-notice --csv examples/notices.csv --json    供程序读取

\b
怎样算：
  启动公告 initiation、征收公告 acquisition 不少于10个工作日（第六条、第十五条）；
  补偿安置公告 compensation 不少于30日（第十条）。张贴当日不计入，次日起算。
  不计首日  依法的算法，够不够以它为准：从张贴次日数到载明的截止日；
            载明的起始日更晚的，从起始日数起；没有写张贴日的，以起始日为张贴日。
  连首日    从载明的起始日数起，起始日算第一日；只供对照。
  张贴晚于载明的起始日的，从张贴次日数起；晚于载明的截止日的，一日也不计。
  截止日落在放假安排尚未公布的日子，工作日数是暂定的，写明最少、最多；
  够不够要等安排公布的，结论写“未定”，汇总里既不算足够，也不算不够。

\b
CSV：列 id,kind,posted,start,end，用逗号分隔；posted 可以空着；UTF-8 或者 GBK。
  编号 id 不能重复。
  各处张贴日不同的，posted 写最后张贴日。

\b
JSON：一列对象，各有 id、counted_excluding_first_day、counted_including_first_day、
  sufficient、undecided、short_by、reason 等；天数的单位见 unit。
  undecided 为 true 的，sufficient、short_by 还会变。

退出码：0 已经核对（不够的写在结果里）；2 输入有误，一次列出全部，一件也不核对。
""",
)
@click.option("--kind", metavar="种类", help="initiation、compensation 或者 acquisition。")
@click.option("--posted", metavar="日期", help="张贴日；各处不同的，写最后张贴日。可以不写。")
@click.option("--start", metavar="日期", help="载明的起始日。")
@click.option("--end", metavar="日期", help="载明的截止日。")
@click.option("--id", "notice_id", metavar="编号", help="公告的编号，写在结果里。可以不写。")
@click.option("--csv", "file", metavar="文件", help="一批公告；与上面各项只用一种。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify_notice(
    *,
    kind: str | None,
    posted: str | None,
    start: str | None,
    end: str | None,
    notice_id: str | None,
    file: str | None,
    as_json: bool,
) -> None:
    """Examine one notice or a file of them; faults end with exit code 2, all of them at once."""
    calendar = office_calendar(load())
    written = {"kind": kind, "posted": posted, "start": start, "end": end}
    if file is not None:
        if not file.strip():
            raise BadInput("--csv 没有写明文件，例如 --csv examples/notices.csv。")
        given = {**written, "id": notice_id}
        if used := [f"--{name}" for name, text in given.items() if text is not None]:
            raise BadInput(f"--csv 与 {'、'.join(used)} 只用一种。")
        found = examine_file(Path(file), calendar)
    else:
        found = (_one(notice_id, written, calendar),)
    if as_json:
        answer = [_as_json(each) for each in found]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
    elif file is not None:
        _show_all(found)
    else:
        _show(found[0])


def _one(notice_id: str | None, written: dict[str, str | None], calendar: WorkingCalendar) -> Named:
    if not any(written.values()):
        raise BadInput(
            "请写明一件公告，如 --kind initiation --start 2024-10-24 --end 2024-11-06，"
            "或者用 --csv 写明一批公告的文件。"
        )
    texts = {name: (text or "").strip() for name, text in written.items()}
    finding, faults = examine_texts(texts, calendar)
    if finding is None:
        raise BadInput.listing(faults)
    return Named(notice_id, finding)


def _as_json(named: Named) -> dict[str, object]:
    finding, notice = named.finding, named.finding.notice
    return {
        "id": named.id,
        "kind": notice.kind,
        "posted": notice.posted,
        "start": notice.start,
        "end": notice.end,
        "required": finding.required,
        "unit": finding.unit,
        "counted_excluding_first_day": finding.counted_excluding_first_day,
        "counted_including_first_day": finding.counted_including_first_day,
        "sufficient": finding.sufficient,
        "undecided": finding.undecided,
        "short_by": finding.short_by,
        "lawful_end": finding.deadline.last_day,
        "provisional": finding.provisional,
        "fewest": finding.fewest,
        "most": finding.most,
        "order_in_force": finding.order_in_force,
        "reason": finding.reason,
    }


def _conclusion(finding: Finding) -> str:
    said = "足够" if finding.sufficient else f"短{finding.short_amount}"
    return f"未定，{said}（暂定）" if finding.undecided else said


def _satisfied_under(finding: Finding) -> str:
    if finding.undecided:
        return "要等放假安排公布"
    if finding.sufficient:
        return "不计首日、连首日都够"
    if finding.only_with_first_day:
        return "连首日才够，依法不够"
    if finding.notice.posted_after_end:
        return "晚于载明的截止日张贴，依法不够"
    if finding.notice.posted_late and finding.counted_including_first_day >= finding.required:
        return "晚于载明的起始日张贴，依法不够"
    return "不计首日、连首日都不够"


def _show(named: Named) -> None:
    finding, notice = named.finding, named.finding.notice
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    if named.id:
        shown.add_row("编号", named.id)
    shown.add_row("公告", KINDS[notice.kind])
    posted = f"{notice.posted} {weekday(notice.posted)}" if notice.posted else "未写"
    shown.add_row("张贴日", posted)
    shown.add_row(
        "载明期间",
        f"{notice.start} {weekday(notice.start)} 至 {notice.end} {weekday(notice.end)}",
    )
    shown.add_row("应有", finding.deadline.counting.phrase(finding.required))
    shown.add_row("不计首日（依法）", f"{finding.counted_excluding_first_day}{_settled(finding)}")
    shown.add_row("连首日", str(finding.counted_including_first_day))
    shown.add_row("结论", f"{_conclusion(finding)}：{_satisfied_under(finding)}")
    unsettled = "（暂定）" if finding.deadline.provisional else ""
    shown.add_row("依法应至", f"{finding.deadline.last_day}{unsettled}")
    console = screen()
    shown.add_row("理由", in_clauses(finding.reason, console))
    console.print(shown)


def _settled(finding: Finding) -> str:
    return f"（暂定，{finding.fewest} 至 {finding.most}）" if finding.provisional else ""


def _show_all(found: Sequence[Named]) -> None:
    console = screen()
    print_table(console, f"公告 {len(found)} 件", _listed(found))
    told = [each for each in found if _needs_telling(each.finding)]
    if told:
        print_table(console, "不够的、暂定的、不在办法施行期内的", _reasons(told))
    print_table(console, "汇总", _summary(found))


def _listed(found: Sequence[Named]) -> Table:
    days = ("张贴日", "起始日", "截止日")
    made = table("编号", "公告", *days, "应有", "不计首日", "连首日", "结论")
    for each in found:
        finding, notice = each.finding, each.finding.notice
        made.add_row(
            each.id,
            KINDS[notice.kind],
            str(notice.posted or "未写"),
            str(notice.start),
            str(notice.end),
            finding.deadline.counting.phrase(finding.required),
            f"{finding.counted_excluding_first_day}{_settled(finding)}",
            str(finding.counted_including_first_day),
            _conclusion(finding),
        )
    return made


def _needs_telling(finding: Finding) -> bool:
    return not finding.sufficient or finding.provisional or not finding.order_in_force


def _reasons(told: Sequence[Named]) -> Table:
    made = table("编号", "按哪种算法够", "理由")
    for each in told:
        made.add_row(each.id, _satisfied_under(each.finding), each.finding.reason)
    return made


_NUMBERS: Mapping[str, Callable[[Finding], bool]] = MappingProxyType(
    {
        "件数": lambda finding: True,
        "足够": lambda finding: finding.sufficient and not finding.undecided,
        "不够": lambda finding: not finding.sufficient and not finding.undecided,
        "未定": lambda finding: finding.undecided,
        "连首日才够": lambda finding: finding.only_with_first_day and not finding.undecided,
        "天数暂定": lambda finding: finding.provisional,
    }
)
"""What the summary counts: 足够, 不够 and 未定 make up 件数, as the conclusions say; 连首日才够 are
among 不够; a count may be provisional (天数暂定) whose conclusion is not."""


def _summary(found: Sequence[Named]) -> Table:
    made = table("公告", *_NUMBERS)
    findings = [each.finding for each in found]
    for kind, title in KINDS.items():
        if of_kind := [each for each in findings if each.notice.kind == kind]:
            made.add_row(title, *_counted(of_kind))
    made.add_row("合计", *_counted(findings))
    return made


def _counted(findings: Sequence[Finding]) -> Iterable[str]:
    return (str(sum(map(holds, findings))) for holds in _NUMBERS.values())
