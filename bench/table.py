"""The bench's figures as a table: what was measured, the aim, and whether it is reached."""

from typing import Any

from rich.console import Console
from rich.table import Table

KIBI = 1024
_NAMES = {"one-village": "一村", "three-villages": "三村"}
_STAGES = {
    "launch": "刚启动",
    "morning": "启动后办理{commands}项命令",
    "posted": "征地补偿安置公告张贴后",
    "minimal": "最小工作流，输入{taken}字节",
}


def show(console: Console, found: dict[str, Any]) -> None:
    """Print one row a figure."""
    table = Table(title="案件成本（同一次运行内的比值）")
    for heading in ("项目", "结果", "目标", "达到"):
        table.add_column(heading, overflow="fold")
    for part, rows in (
        ("events", _events),
        ("replay", _replay),
        ("memory", _memory),
        ("throughput", _throughput),
        ("lateness", _lateness),
        ("calendar", _calendar),
        ("compensation", _compensation),
    ):
        if part in found:
            rows(table, found[part])
            table.add_section()
    console.print(table)


def _row(table: Table, what: str, result: str, aim: str = "", reached: bool | None = None) -> None:
    table.add_row(what, result, aim, "" if reached is None else "是" if reached else "否")


def _events(table: Table, found: dict[str, Any]) -> None:
    for case, figures in found.items():
        name = _NAMES[case]
        runs = [run["events"] for run in figures["runs"]]
        sizes = "、".join(f"{run['bytes'] / KIBI:.0f}" for run in figures["runs"])
        _row(table, f"{name}：全部历史", f"{figures['events']} 个事件，{figures['bytes']} 字节")
        listed = "、".join(map(str, runs))
        longest = max(run["with_virtual_time"] for run in figures["runs"])
        aim = f"{name}：各次运行的事件（KiB）"
        _row(table, aim, f"{listed}（{sizes}）", "每次 ≤ 500", longest <= 500)
        each = figures["per_command"]
        count = figures["commands"]
        _row(table, f"{name}：每项命令的事件", f"{each:.2f}（{count} 项）", "≤ 8", each <= 8)
        rung, rungs = figures["per_rung"], figures["rungs"]
        _row(table, f"{name}：每次提醒的事件", f"{rung:.2f}（{rungs} 次）", "≤ 10", rung <= 10)
        _row(
            table,
            f"{name}：每批提醒、每条送达的事件",
            f"{figures['per_telling']:.2f}（{figures['tellings']} 批）、"
            f"{figures['per_message']:.2f}（{figures['messages']} 条）",
        )
        causes = "、".join(f"{cause} {number}" for cause, number in figures["by_cause"].items())
        _row(table, f"{name}：事件由来", causes)
        differing = figures["minimal"]["differing"]
        told = "、".join(f"{kind} {number:+d}" for kind, number in differing.items()) or "无"
        _row(table, f"{name}：最小工作流的事件之差", told)


def _replay(table: Table, found: dict[str, Any]) -> None:
    for case, figures in found.items():
        _row(
            table,
            f"{_NAMES[case]}：重放每个事件的 CPU ÷ 最小工作流",
            f"{figures['ratio']:.2f}（{figures['least']:.2f} 至 {figures['most']:.2f}）；"
            f"{figures['case']['median']:.0f} ÷ {figures['minimal']['median']:.0f} 微秒",
            "≤ 1.5",
            figures["ratio"] <= 1.5,
        )


def _memory(table: Table, found: list[dict[str, Any]]) -> None:
    for figures in found:
        each = figures["each"] / KIBI
        aimed = figures["stage"] != "minimal"
        _row(
            table,
            f"缓存中每件：{_STAGES[figures['stage']].format(**figures)}"
            f"（{figures['few']} 至 {figures['many']} 件）",
            f"{each:.0f} KiB",
            "≤ 64 KiB" if aimed else "",
            each <= 64 if aimed else None,
        )


def _throughput(table: Table, found: dict[str, Any]) -> None:
    _row(
        table,
        f"一村：每秒办完的案件 ÷ 最小工作流（{found['at_once']} 件同时）",
        f"{found['ratio']:.2f}（{found['least']:.2f} 至 {found['most']:.2f}）；"
        f"{found['case']['lives']:.3f} ÷ {found['minimal']['lives']:.3f}",
        "≥ 0.8",
        found["ratio"] >= 0.8,
    )
    _row(
        table,
        "一村：执行进程每件的 CPU 秒",
        f"{found['case']['cpu']:.2f}，最小工作流 {found['minimal']['cpu']:.2f}",
    )


def _lateness(table: Table, found: dict[str, Any] | None) -> None:
    if found is None:
        _row(table, "提醒的迟延", "今天不是工作日，不发提醒，没有测")
        return
    for which, title in (("reminders", "提醒送达"), ("timers", "单独一个定时器")):
        figures = found[which]
        _row(
            table,
            f"{title}：一分钟内到期 {found['many']} 个，迟延 p50 / p99 / 最大",
            f"{figures['p50']:.3f} / {figures['p99']:.3f} / {figures['max']:.3f} 秒",
        )
    _row(
        table,
        "提醒 ÷ 定时器：p50、p99",
        f"{found['p50_ratio']:.1f}、{found['p99_ratio']:.1f}",
    )


def _calendar(table: Table, found: dict[str, Any]) -> None:
    _row(
        table,
        "加10个工作日：find_workday ÷ 本项目",
        f"{_spread(found['find_workday_ratio'])}；{found['theirs']:.0f} ÷ {found['ours']:.2f} 微秒",
        "≥ 500",
        found["find_workday_ratio"]["median"] >= 500,
    )
    _row(
        table,
        "加10个工作日：numpy busday_offset ÷ 本项目",
        f"{_spread(found['numpy_ratio'])}；{found['numpy']:.2f} ÷ {found['ours']:.2f} 微秒",
        "> 1",
        found["numpy_ratio"]["median"] > 1,
    )
    _row(
        table,
        "完整期限（含日历标记和理由）：find_workday ÷ 本项目",
        f"{_spread(found['deadline_ratio'])}；{found['theirs']:.0f} ÷ {found['deadline']:.2f} 微秒",
        "≥ 50",
        found["deadline_ratio"]["median"] >= 50,
    )
    many = found["many"]
    _row(
        table,
        f"一次算 {many['periods']} 个期限",
        f"{many['seconds']['median']:.3f} 秒（{many['seconds']['least']:.3f} 至 "
        f"{many['seconds']['most']:.3f}），每个 {many['nanoseconds']:.0f} 纳秒；"
        f"逐个算所用时间为其 {_spread(many['ratio'])}",
    )
    _row(
        table,
        "find_workday 的答案",
        f"{found['starts']} 个起算日中有 {found['differing']} 个多算一天",
    )


def _compensation(table: Table, found: dict[str, Any]) -> None:
    for houses, figures in found["milliseconds"].items():
        _row(
            table,
            f"补偿测算：{houses} 幢房屋",
            f"{figures['median']:.1f} 毫秒（{figures['least']:.1f} 至 {figures['most']:.1f}），"
            f"每幢 {figures['median'] / int(houses) * 1e3:.1f} 微秒",
        )
    _row(
        table,
        "补偿测算：时间随房屋数增长的指数",
        f"{found['exponent']:.2f}；核对 3000 幢的录入另需 {found['checking']:.0f} 毫秒",
        "≤ 1.15",
        found["exponent"] <= 1.15,
    )


def _spread(figures: dict[str, float]) -> str:
    """A ratio: the median of the rounds, and the extremes."""
    digits = 0 if figures["median"] >= 100 else 1
    least, most = figures["least"], figures["most"]
    return f"{figures['median']:.{digits}f} 倍（{least:.{digits}f} 至 {most:.{digits}f}）"
