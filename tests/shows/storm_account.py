"""The storm as it was forecast and as it was: what does not hold, and all of it as a table."""

from dataclasses import dataclass

from rich.console import Console

from desk.screen import print_table, table
from tests.shows.storm_tally import Copy, Due, Fate, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How hard it blows."""

    cases: int = 500
    kills: int = 10
    seed: int = 0
    each_second: float = 8.0
    """Cases whose morning comes, a second."""
    outage_seconds: float = 12.0
    """How long the mail server refuses, and then how long there is none."""
    longest_seconds: float = 1800
    """After which it is given up: a storm that does not end is a fault too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the storm left."""

    tally: Tally
    due: tuple[Due, ...]
    received: tuple[Copy, ...]
    deaths: int
    refused: int
    dropped: int
    seconds: float
    """From the first morning to the last message."""


def faults(left: Aftermath, forecast: Forecast) -> tuple[str, ...]:
    """Everything that does not hold, in Chinese; also a storm that was none."""
    found = list(left.tally.faults)
    if (known := sum(left.tally.fates.values())) != len(left.due):
        found.append(f"应发 {len(left.due)} 次，只交代了 {known} 次")
    if left.deaths != forecast.kills:
        found.append(f"执行进程应当被杀死 {forecast.kills} 次，实际 {left.deaths} 次")
    if not left.refused or not left.dropped:
        found.append("邮件服务器没有拒收过，或者没有断过线，不成其为风暴")
    return tuple(found)


def show(console: Console, left: Aftermath) -> None:
    """Print the account as a table."""
    count = left.tally
    made = table("去向", "次数", "说明")
    made.add_row("应发提醒", str(len(left.due)), "每项责任当日早晨的一次提醒，告知一人")
    notes = {
        Fate.CHANNEL: f"服务器停用或者邮箱不存在；与下两行合计，"
        f"注明可能重复的 {count.marked_elsewhere} 次",
        Fate.MET: f"发送前一刻撤回 {count.withdrawn} 次；"
        f"登记簿仍记待发 {count.standing_claims} 次；其余没有轮到发送",
        Fate.LOST: "必须为 0",
    }
    for fate in Fate:
        made.add_row(fate.value, str(count.fates[fate]), notes.get(fate, ""))
    made.add_section()
    made.add_row("办结以后才开始发送", str(count.begun_for_met), "必须为 0；按登记簿提交的先后")
    made.add_row(
        "服务器收到",
        str(count.letters + count.short_messages),
        f"邮件 {count.letters} 封，短信 {count.short_messages} 条；"
        f"收到不止一次的消息 {count.arrived_twice} 个，后到的都注明可能重复",
    )
    tries = "、".join(f"{state} {number}" for state, number in sorted(count.attempts.items()))
    made.add_row("发送", str(sum(count.attempts.values())), tries)
    made.add_row(
        "执行进程被杀死", str(left.deaths), f"留下没有下文的发送 {count.begun_by_the_dead} 次"
    )
    made.add_row(
        "邮件服务器拒收（421）", str(left.refused), f"另有收信以后断线或者不回答 {left.dropped} 次"
    )
    made.add_row("历时（秒）", f"{left.seconds:.0f}", "从第一个早晨到最后一条消息")
    print_table(console, "风暴之后", made)
