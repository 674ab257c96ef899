"""A duty that nobody meets, over the National Day: who is told on which day.

All must be paid within thirty days of the approval (第十六条), and nobody pays until ten working
days after. Twice: on a real server in 2027, whose days the office has from the example paper that
it adopted (09-26, a Sunday, and 10-09, a Saturday, are worked); and in memory in 2026, whose days
the State Council has settled (09-20, a Sunday, and 10-10, a Saturday, are worked), since virtual
time never goes back behind the present.

    python -m tests.shows.holiday
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from rich.console import Console

from activities.office.calendars import keep_paper, propose, working_calendar
from activities.office.reminder_settings import reminder_settings
from activities.telling.directory import Directory
from case.brief import brief
from case.file import load
from case.ladder import LEVEL_TITLES, Level, Rung
from case.view import CaseView
from deploy.server import LocalServer, local_server
from deploy.settings import VAR
from desk.screen import print_table, screen, table
from law import SHANGHAI
from law.arrangement import WEEKDAYS, every_day
from law.calendar import WorkingCalendar
from tests.case.driver import CALENDAR, Driver
from tests.shows.mailboxes import PLACES, keep_letters
from tests.shows.printing import log_to, run, unit_names
from tests.shows.stations import furnish, readdressed, stations
from tests.workflows.playing import EXAMPLES, Stage, StepwisePlayer, current

FOLDER = VAR / "holiday"
EXAMPLE = EXAMPLES / "one-village.yaml"
PAPER = EXAMPLES / "calendars" / "2027-example.yaml"
APPROVAL = "receive_approval"
DUTY = "payment/shibuxi"
OPEN_TO_THE_END = {DUTY, "vacate/shibuxi"}
IGNORED = 10
"""Working days after the last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One rung as it was told: on which day, up to which levels, to whom."""

    day: date
    rung: str
    levels: tuple[Level, ...]
    told: tuple[tuple[str, str], ...]
    """Name of the unit and role, sorted."""

    @property
    def title(self) -> str:
        """The rung in words."""
        at = datetime.combine(self.day, time(), SHANGHAI)
        return Rung(name=self.rung, at=at, audience=self.levels).title


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A duty that nobody met, all that was told of it, and the days it was counted by."""

    last_day: date
    calendar: WorkingCalendar
    tellings: tuple[Telling, ...]
    letters: tuple[Path, ...] = ()
    """What came by e-mail, as .eml files."""

    @property
    def until(self) -> date:
        """The last day on which it was ignored."""
        return self.calendar.nth_working_day_after(self.last_day, IGNORED)


async def on_a_server(
    server: LocalServer, folder: Path, received: date, *, plain: bool = False
) -> Ignored:
    """Play a case on the server, the approval received on `received`, of a year after this one.

    `plain` keeps the number that the case's file has; see mailboxes.rehearse.
    """
    silence = (APPROVAL, "payment/*", "vacate/*", "hand_over/*")
    stage = await Stage.prepare(server, EXAMPLE.stem, folder, silence=silence)
    file = load(EXAMPLE) if plain else stage.file
    stage = replace(stage, file=readdressed(file, PLACES))
    office = stage.settings.office
    proposal = propose(office, PAPER)
    keep_paper(office, proposal.overlay, proposal.text)
    with stations(folder) as where:
        furnish(office, window_minutes=0, channels=where.channels)
        await stage.launch()
        async with stage.worker():
            found = await _ignore(stage, working_calendar(office), received)
        deliveries = stage.registry.deliveries(stage.case_id)
        letters = keep_letters(where.mail.mailbox, deliveries, folder)
    return replace(found, tellings=tuple(_tellings_of(stage)), letters=letters)


async def _ignore(stage: Stage, calendar: WorkingCalendar, received: date) -> Ignored:
    player = _player(stage, calendar)
    await player.play_until(lambda view: APPROVAL in _owed(view))
    await stage.forward(_hour(received, 10))
    await stage.say("receive_approval", "bureau", authority="国务院")
    view = await player.play_until(
        lambda view: current(view) == 13 and _owed(view) == OPEN_TO_THE_END
    )
    last_day = next(duty.last_day for duty in view.duties if duty.id == DUTY)
    found = Ignored(last_day=last_day, calendar=calendar, tellings=())
    await stage.forward(_hour(found.until, 12))
    return found


def in_memory(received: date) -> Ignored:
    """The same without a server or a clock: the case's pure functions, morning after morning."""
    file = load(EXAMPLE)
    case = brief(file)
    districts = tuple(dict.fromkeys(each.district for each in case.townships))
    directory = Directory(file.model_dump_json(), districts)
    driver = Driver(case).play(until=APPROVAL)
    driver.go(to=received)
    driver.do(APPROVAL)
    last_day = driver.last_day(DUTY)
    found = Ignored(last_day=last_day, calendar=CALENDAR, tellings=())
    tellings = []
    for day in every_day(received + timedelta(days=1), found.until):
        driver.go(to=day)
        for reminder in driver.tell(driver.morning()):
            if reminder.duty_id == DUTY:
                told = {(each.unit_name, each.role) for each in directory.recipients(reminder)}
                tellings.append(
                    Telling(
                        day=day,
                        rung=reminder.rung.partition("/")[2],
                        levels=tuple(map(Level, reminder.audience)),
                        told=tuple(sorted(told)),
                    )
                )
    return replace(found, tellings=tuple(tellings))


def _player(stage: Stage, calendar: WorkingCalendar) -> StepwisePlayer:
    return StepwisePlayer(
        stage.handle,
        stage.skipper,
        cast=stage.cast,
        file=stage.file,
        calendar=calendar,
        proofs=stage.folder / "proofs",
        registry=stage.registry,
    )


def _owed(view: CaseView) -> set[str]:
    return {duty.id for duty in view.duties}


def _hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def _tellings_of(stage: Stage) -> Iterator[Telling]:
    names = unit_names(stage)
    ladder = reminder_settings(stage.settings.office).ladders.statutory
    deliveries = stage.registry.deliveries(stage.case_id, DUTY)
    for (day, rung), each in groupby(
        deliveries, lambda sent: (sent.at.astimezone(SHANGHAI).date(), sent.rung.partition("/")[2])
    ):
        yield Telling(
            day=day,
            rung=rung,
            levels=ladder.get(int(rung), ()) if rung.lstrip("+-").isdigit() else (Level.HANDLER,),
            told=tuple(sorted((names[sent.unit], sent.role) for sent in each)),
        )


def show(found: Ignored, console: Console, title: str) -> None:
    """Print day by day what kind of day it was and who was told."""
    by_day = {telling.day: telling for telling in found.tellings}
    first = min(day for day, telling in by_day.items() if telling.rung != "open")
    made = table("日期", "星期", "日子", "提醒", "告知到", "收件人")
    for day in every_day(first, found.until):
        telling = by_day.get(day)
        made.add_row(
            str(day),
            WEEKDAYS[day.weekday()],
            found.calendar.describe(day),
            telling.title if telling else "",
            LEVEL_TITLES[telling.levels[-1]] if telling else "",
            "、".join(_person(*each) for each in telling.told) if telling else "",
        )
    console.print()
    print_table(console, f"{title}：截止{found.last_day}，此后{IGNORED}个工作日无人办理", made)


def _person(unit: str, role: str) -> str:
    return f"{unit.partition('（')[0]}{role}"


def on_rest_days(found: Ignored) -> tuple[Telling, ...]:
    """What was told on days on which nobody works; there should be none."""
    return tuple(each for each in found.tellings if not found.calendar.is_working(each.day))


async def main(console: Console) -> int:
    """Play and print both years; 1 where somebody was told on a rest day."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    log_to(FOLDER / "worker.log")
    console.print("正在演练：付款期限跨国庆节……")
    async with local_server(virtual_time=True) as server:
        later = await on_a_server(
            server, FOLDER, date(2027, 8, 30), plain=server.running is not None
        )
    show(later, console, "2027年（服务器上的案件，放假安排为示例文件）")
    earlier = (in_memory(date(2026, 8, 31)), in_memory(date(2026, 8, 29)))
    for each in earlier:
        show(each, console, "2026年（不经服务器推算，放假安排为国务院办公厅通知）")
    wrong = [telling for each in (later, *earlier) for telling in on_rest_days(each)]
    console.print(
        f"休息日和放假期间发出的提醒：{len(wrong)}条。", style="bold red" if wrong else "bold"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    run(main(screen()))
