"""Duties of drafting, approving and posting, and of the freeze (steps 1, 4, 7, 12)."""

from collections.abc import Iterator
from datetime import date

from case.duty import Duty
from case.notices import NotifyDepartments
from case.places import PORTAL, poster_of
from case.state import State
from case.wording import NOTICE_ARTICLES, NOTICE_STEPS, NOTICE_TITLES, Notice
from law.order import DEPARTMENTS, FROZEN_MATTERS

_DRAFTS = {
    Notice.INITIATION: ("draft_initiation", "拟定《土地征收启动公告》"),
    Notice.COMPENSATION: ("draft_plan", "编制征地补偿安置方案，拟定《征地补偿安置公告》"),
    Notice.PLAN: ("finalise_plan", "根据法律法规和听证会情况完善征地补偿安置方案"),
    Notice.ACQUISITION: ("draft_acquisition", "拟定《土地征收公告》"),
}


def notice_duties(state: State, notice: Notice, opened: date | None) -> Iterator[Duty]:
    """Draft, approve, post: the three duties of any notice."""
    if opened is None:
        return
    targets = state.brief.targets
    title, article, step = NOTICE_TITLES[notice], NOTICE_ARTICLES[notice], NOTICE_STEPS[notice]
    command, drafting = _DRAFTS[notice]
    drafted = state.day(f"draft/{notice.value}")
    yield Duty(
        id=f"draft/{notice.value}",
        step=step,
        title=drafting,
        unit="bureau",
        article="第九条、第十条" if notice is Notice.COMPENSATION else article,
        opened_on=opened,
        target=targets.finalise_plan if notice is Notice.PLAN else targets.draft,
        evidence="含法定各项内容的文稿已报市人民政府",
        command=command,
        met_on=drafted,
    )
    if drafted is None:
        return
    approved = state.day(f"approval/{notice.value}")
    yield Duty(
        id=f"approve/{notice.value}",
        step=step,
        title=f"批准《{title}》",
        unit="city",
        article=article,
        opened_on=drafted,
        target=targets.approve,
        evidence="批准文件及文号",
        command="approve",
        preset={"notice": notice.value},
        met_on=approved,
    )
    if approved is None:
        return
    by_poster: dict[str, list[str]] = {}
    for place in state.places(notice):
        by_poster.setdefault(poster_of(state.brief, place), []).append(place)
    for poster, places in by_poster.items():
        days = [state.day(f"posting/{notice.value}/{place}") for place in places]
        left = [place for place, day in zip(places, days, strict=True) if day is None]
        names = "、".join(state.unit_name(place) for place in left or places)
        yield Duty(
            id=f"post/{notice.value}/{poster}",
            step=step,
            title=f"张贴《{title}》：{names}",
            unit=poster,
            article=article,
            opened_on=approved,
            target=targets.post,
            evidence="网页截图" if places == [PORTAL] else "每处张贴照片",
            command="confirm_posting",
            preset={"notice": notice.value, "places": tuple(left or places)},
            met_on=None if left else max(day for day in days if day),
        )


def freeze_duties(state: State) -> Iterator[Duty]:
    approved = state.day("approval/initiation")
    if approved is None:
        return
    targets = state.brief.targets
    told = {name: state.day(f"freeze/{name}") for name in DEPARTMENTS}
    untold = tuple(name for name, day in told.items() if day is None)
    yield Duty(
        id="notify_departments",
        step=1,
        title=f"通知{'、'.join(untold or DEPARTMENTS)}部门暂停办理有关事项",
        unit="bureau",
        article="第六条",
        opened_on=approved,
        target=targets.notify_departments,
        evidence=f"通知文号（暂停办理{'、'.join(FROZEN_MATTERS)}）",
        command="notify_departments",
        preset={"departments": untold},
        met_on=None if untold else max(day for day in told.values() if day),
    )
    for name, day in told.items():
        if day is None:
            continue
        notice = state.one(NotifyDepartments, f"freeze/{name}")
        yield Duty(
            id=f"acknowledge_freeze/{name}",
            step=1,
            title=f"确认在征地范围内暂停办理有关事项（{notice.document_number if notice else ''}）",
            unit=f"department:{name}",
            article="第六条",
            opened_on=day,
            target=targets.acknowledge_freeze,
            evidence="暂停办理的回复",
            command="acknowledge_freeze",
            preset={"departments": (name,)},
            met_on=state.day(f"freeze-acknowledged/{name}"),
        )
