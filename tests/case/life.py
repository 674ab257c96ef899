"""Whether a case that came to hand-over kept the order: asked of its entries alone.

Nothing here uses what the core decides by (`case.steps`, `case.rights`, the deadlines reckoned):
the days are counted again, one by one, and every demand of the order is looked up in the entries.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from case.state import State
from law import order
from tests.case.driver import CALENDAR


def working_days_after(day: date, count: int) -> date:
    """The last of `count` working days after `day`, counted one by one."""
    while count:
        day += timedelta(days=1)
        count -= CALENDAR.is_working(day)
    return day


def breaches(state: State) -> Iterator[str]:
    """What of the order was not kept before what stands; nothing for a lawful case."""
    seen = _Entries(state)
    yield from _before_the_plan(state, seen)
    yield from _before_submission(state, seen)
    yield from _before_hand_over(state, seen)


class _Entries:
    def __init__(self, state: State) -> None:
        self.acts: dict[str, Any] = dict(state.standing)
        groups = [f"group:{v.id}/{g.id}" for v in state.brief.villages for g in v.groups]
        self.everywhere = [
            "portal",
            *(f"township:{t.id}" for t in state.brief.townships),
            *(f"village:{v.id}" for v in state.brief.villages),
            *groups,
        ]

    def day(self, key: str) -> date | None:
        return self.acts[key].occurred_on if key in self.acts else None

    def days(self, *prefixes: str) -> list[date]:
        return [act.occurred_on for key, act in self.acts.items() if key.startswith(prefixes)]

    def count(self, prefix: str, field: str) -> int:
        return sum(getattr(act, field) for key, act in self.acts.items() if key.startswith(prefix))

    def hung(self, notice: str, places: list[str]) -> date | None:
        """The day the last place was reached, the notice approved; None where one is missing."""
        days = [self.day(f"posting/{notice}/{place}") for place in places]
        approved = self.day(f"approval/{notice}")
        if approved is None or any(day is None or day < approved for day in days):
            return None
        return max(day for day in days if day)


def _late(first: date | None, later: list[date], what: str) -> Iterator[str]:
    if later and (first is None or min(later) <= first):
        yield f"{what}: {min(later)} is not after {first}"


def _before_the_plan(state: State, seen: _Entries) -> Iterator[str]:
    hung = seen.hung("initiation", seen.everywhere)
    ended = working_days_after(hung, 10) if hung else None
    yield from _late(ended, seen.days("survey/", "draft/compensation"), "ten working days")
    drafted = seen.day("draft/compensation")
    if drafted:
        townships = [t.id for t in state.brief.townships]
        needed = [f"{what}/{t}" for what in ("survey", "risk") for t in townships]
        needed += [f"freeze/{name}" for name in order.DEPARTMENTS]
        for key in needed:
            day = seen.day(key)
            if day is None or day > drafted:
                yield f"drafted without {key}"
    hung = seen.hung("compensation", seen.everywhere)
    ended = hung + timedelta(days=30) if hung else None
    yield from _late(ended, seen.days("receipt/", "hearing/", "draft/plan"), "thirty days")
    finalised = seen.day("draft/plan")
    for found in state.brief.villages if finalised else ():
        receipt = seen.acts.get(f"receipt/{found.id}")
        if receipt is None:
            yield f"finalised without the receipt of {found.id}"
            continue
        noted = seen.acts.get(f"objections/{found.id}")
        objecting = max(receipt.objecting_members, noted.objecting_members if noted else 0)
        wanted = objecting > found.members / 2 or f"hearing-ordered/{found.id}" in seen.acts
        if wanted and f"hearing/{found.id}" not in seen.acts:
            yield f"finalised without the hearing of {found.id}"


def _before_submission(state: State, seen: _Entries) -> Iterator[str]:
    submitted = seen.day("submission")
    if submitted is None:
        return
    revised = seen.acts["draft/plan"].revised if "draft/plan" in seen.acts else True
    published = seen.hung("plan", seen.everywhere if revised else ["portal"])
    if published is None or published > submitted:
        yield "submitted before the plan was published"
    funds = {"land", "houses", "attachments", "insurance", "reclamation", "replacement"}
    funds |= {"subsidy", "risk"} if any(v.zone == 1 for v in state.brief.villages) else set()
    for fund in funds:
        act = seen.acts.get(f"fund/{fund}")
        if act is None or act.in_place < act.measured or act.occurred_on > submitted:
            yield f"submitted without {fund}"
    for kind, total, share in _kinds(state):
        signed = sum(
            act.signed
            for key, act in seen.acts.items()
            if key.startswith("agreement/")
            and key.split("/")[2] == kind
            and act.occurred_on <= submitted
        )
        if signed < share * total:
            yield f"submitted with {signed} of {total} {kind} signed"
    for found in state.brief.villages:
        total = 1 + found.contractors + found.houses
        told = seen.count(f"registration/{found.id}/", "holders")
        told += seen.count(f"served/{found.id}/", "holders")
        if told != total:
            yield f"submitted with {told} of {total} on record in {found.id}"


def _kinds(state: State) -> Iterator[tuple[str, int, Any]]:
    brief = state.brief
    yield "collective", len(brief.villages), brief.ratio_collectives
    yield "contractor", sum(v.contractors for v in brief.villages), brief.ratio_contractors
    yield "house", sum(v.houses for v in brief.villages), brief.ratio_houses


def _before_hand_over(state: State, seen: _Entries) -> Iterator[str]:
    approved = seen.day("approval-received")
    submitted = seen.day("submission")
    if approved and (submitted is None or submitted > approved):
        yield "approved before it was submitted"
    hung = seen.hung("acquisition", seen.everywhere)
    ended = working_days_after(hung, 10) if hung else None
    for found in state.brief.villages:
        given = seen.days(f"handover/{found.id}/") + [
            act.occurred_on for key, act in seen.acts.items() if key == f"enforced/{found.id}"
        ]
        yield from _late(ended, given, f"acquisition notice before {found.id}")
        if not given:
            continue
        paid = seen.acts.get(f"payment/{found.id}")
        if paid is None or paid.paid < paid.payable or paid.occurred_on > min(given):
            yield f"{found.id} handed over before it was paid"
        if paid and (approved is None or paid.occurred_on < approved):
            yield f"{found.id} paid before the approval"
        if f"quota/{found.id}" not in seen.acts:
            yield f"{found.id} handed over without its quota"
        for each in state.brief.villages:
            total = 1 + each.contractors + each.houses
            signed = seen.count(f"agreement/{each.id}/", "signed")
            unsigned = total - signed
            needs = (f"unsigned/{each.id}", f"unsigned-forwarded/{each.id}", f"decision/{each.id}")
            for key in needs if unsigned else ():
                if key not in seen.acts:
                    yield f"{found.id} handed over, {unsigned} of {each.id} unsigned, no {key}"
    for found in state.brief.villages:
        court = seen.day(f"court/{found.id}")
        asked = seen.acts.get(f"enforcement-request/{found.id}")
        decision = seen.acts.get(f"decision/{found.id}")
        if asked and (decision is None or asked.occurred_on <= decision.vacate_by):
            yield f"enforcement asked for {found.id} before its time"
        if court and (asked is None or asked.occurred_on > court):
            yield f"court before the request for {found.id}"
