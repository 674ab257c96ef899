"""What must follow from what was said to a case: its last days and every reminder, by hand.

Nothing of case/ or law/ is asked here: the example's YAML, the articles, and tests' own counting.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from case.records import DutyRecord
from tests.workflows.chronicle import Entry, standing
from tests.workflows.counting import (
    half_past_eight,
    midnight_after,
    working,
    working_day_after,
    working_day_before,
)
from tests.workflows.playing import EXAMPLES

Told = tuple[str, str, str, str, datetime]
"""Duty, rung, unit, role, moment."""

HANDLER, HEAD = "经办人", "负责人"

STATUTORY_RUNGS = {-10: 1, -5: 1, -2: 1, -1: 2, 0: 2, 1: 3, 3: 4, 5: 5}
"""Working days from the last day, and how many levels are told: handler, head, district …"""
OFFICE_RUNGS = {-1: 1, 0: 1, 1: 2, 3: 3, 5: 4}

TARGETS = {
    "draft": 5,
    "draft/plan": 10,
    "approve": 5,
    "post": 3,
    "notify_departments": 2,
    "acknowledge_freeze": 5,
    "answer": 10,
    "survey": 30,
    "risk": 20,
    "receipt": 10,
    "hearing": 20,
    "serve": 10,
    "report_unsigned": 10,
    "forward_unsigned": 10,
    "measure": 20,
    "funds": 20,
    "submit": 10,
    "receive_approval": 60,
    "propose_decision": 10,
    "decide_compensation": 15,
    "hand_over": 20,
    "request_enforcement": 20,
    "apply_to_court": 20,
    "enforce": 20,
}
"""Working days of the office's own (内部时限) where an example's file sets none."""

MET_BY = {
    "approve": "approve",
    "post": "confirm_posting",
    "notify_departments": "notify_departments",
    "acknowledge_freeze": "acknowledge_freeze",
    "answer": "answer_information",
    "survey": "submit_survey",
    "risk": "file_risk_assessment",
    "receipt": "return_receipt",
    "hearing": "hold_hearing",
    "register": "register_rights",
    "serve": "serve_survey_result",
    "agreements": "record_agreements",
    "report_unsigned": "report_unsigned",
    "forward_unsigned": "forward_unsigned",
    "measure": "measure_compensation",
    "funds": "certify_funds",
    "submit": "submit_for_approval",
    "receive_approval": "receive_approval",
    "publish": "confirm_posting",
    "propose_decision": "propose_decision",
    "decide_compensation": "decide_compensation",
    "verify_quota": "verify_quota",
    "payment": "confirm_payment",
    "hand_over": "hand_over",
    "vacate": "hand_over",
    "request_enforcement": "request_enforcement",
    "apply_to_court": "apply_to_court",
    "enforce": "record_enforcement",
}
DRAFTS = {
    "initiation": "draft_initiation",
    "compensation": "draft_plan",
    "plan": "finalise_plan",
    "acquisition": "draft_acquisition",
}


class Case:
    """One example as its YAML has it, and what was said to the case."""

    def __init__(self, name: str, entries: Iterable[Entry]) -> None:
        self.file = _file(name)
        said = list(entries)
        self.entries = standing(said)
        self.corrections = [entry for entry in said if entry.name == "correct"]
        self.villages: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
            village["id"]: (village, township)
            for township in self.file["townships"]
            for village in township["villages"]
        }

    def said(self, name: str, **values: str) -> list[Entry]:
        """What was said under a command's name about these places, in order."""
        return [
            entry
            for entry in self.entries
            if entry.name == name
            and all(_names(entry.values, key, value) for key, value in values.items())
        ]

    def last_posting(self, notice: str) -> date:
        """The day it hung everywhere: portal, townships, villages, qualifying groups."""
        postings = self.said("confirm_posting", notice=notice)
        days = {place: each.day for each in postings for place in each.values["places"]}
        groups = [
            f"group:{village['id']}/{group['id']}"
            for village, _ in self.villages.values()
            for group in village.get("groups", ())
            if group["legal_personality"]
            and group["complete_organisation"]
            and group["economic_base"]
        ]
        places = {
            "portal",
            *(f"township:{township['id']}" for township in self.file["townships"]),
            *(f"village:{village}" for village in self.villages),
            *groups,
        }
        assert set(days) == places
        return max(days.values())

    def village_called(self, name: str) -> str:
        return next(id_ for id_, (found, _) in self.villages.items() if name == found["name"])

    # The statutory ends

    def period_end(self, notice: str) -> date:
        """The last day of a notice's period (第六、十、十五条)."""
        posted = self.last_posting(notice)
        if notice == "compensation":
            return posted + timedelta(days=30)
        return working_day_after(posted, 10)

    def payment_end(self) -> date:
        """第十六条：thirty days from receiving the approval."""
        return self.said("receive_approval")[0].day + timedelta(days=30)

    def publication_end(self) -> date:
        """实施条例第三十一条：fifteen working days from receiving the approval."""
        return working_day_after(self.said("receive_approval")[0].day, 15)

    def printed_end(self, field: str) -> date:
        """The last day that the plan prints, or as it was extended when it was completed."""
        extended = [each.values.get(field) for each in self.said("finalise_plan")]
        said = next(filter(None, extended), self.said("draft_plan")[0].values[field])
        return date.fromisoformat(said)

    def vacating_end(self, village: str) -> date:
        decided = self.said("decide_compensation", village=village)[0]
        return date.fromisoformat(decided.values["vacate_by"])

    def last_day(self, duty: DutyRecord) -> date:
        """The strict last day of a duty."""
        kind, _, rest = duty.duty_id.partition("/")
        match kind:
            case "register":
                return self.printed_end("registration_until")
            case "agreements":
                return self.printed_end("signing_until")
            case "publish":
                return self.publication_end()
            case "payment" | "verify_quota":
                return self.payment_end()
            case "vacate":
                return self.vacating_end(rest)
        targets = (
            TARGETS | self.file["office_targets"] if "office_targets" in self.file else TARGETS
        )
        return working_day_after(duty.opened_on, targets.get(duty.duty_id, targets[kind]))

    # When it was over

    def over_at(self, duty: DutyRecord) -> datetime:
        """When nobody owed `duty` any more: the act that met it, or the end of its time."""
        kind, _, rest = duty.duty_id.partition("/")
        place = rest.partition("/")[0]
        acts = self.said(DRAFTS[rest] if kind == "draft" else MET_BY[kind])
        if kind in {"approve", "post", "publish"}:
            acts = [act for act in acts if act.values["notice"] == place]
        if kind == "post":
            unit = rest.partition("/")[2]
            acts = [act for act in acts if act.values["by"]["unit"] == unit]
        elif place and kind not in {"draft", "approve", "publish"}:
            acts = [act for act in acts if _about(act.values, rest.split("/"))]
        if kind == "hand_over":
            return acts[0].at
        if duty.state == "met":
            return acts[-1].at
        assert duty.state == "cancelled"
        assert kind in {"register", "agreements", "vacate"}, duty
        return midnight_after(self.last_day(duty))

    # Who is told

    def rungs(self, duty: DutyRecord) -> Iterator[tuple[str, date, int]]:
        """The ladder of a duty: rung, day, number of levels told."""
        last = self.last_day(duty)
        opening = working_day_after(duty.opened_on, 1)
        found = {opening: ("open", 1)}
        for offset, levels in (STATUTORY_RUNGS if duty.statutory else OFFICE_RUNGS).items():
            if offset > 0:
                day = working_day_after(last, offset)
            elif offset < 0:
                day = working_day_before(last, -offset)
            else:
                day = last if working(last) else working_day_before(last, 1)
            if day >= opening:
                found[day] = (f"{offset:+d}" if offset else "0", levels)
        for day, (name, levels) in sorted(found.items()):
            yield f"{last}/{name}", day, levels

    def people(self, duty: DutyRecord, levels: int) -> set[tuple[str, str]]:
        """Unit and role of everybody on the first `levels` levels."""
        kind, _, place = duty.unit.partition(":")
        villages = [part for part in duty.duty_id.split("/") if part in self.villages]
        townships = {township["id"]: township for township in self.file["townships"]}
        if villages:
            districts = [self.villages[villages[0]][1]["district"]]
        elif kind == "township":
            districts = [townships[place]["district"]]
        else:
            districts = [township["district"] for township in townships.values()]
        asked = [
            [(duty.unit, HANDLER)],
            [(duty.unit, HEAD)],
            [(f"district:{district}", HANDLER) for district in districts],
            [("bureau", HEAD)],
            [("city", HANDLER)],
        ]
        there = {(person["unit"], person["role"]) for person in self.file["directory"]}
        return {
            each if each in there else (each[0], HANDLER)
            for level in asked[:levels]
            for each in level
        }

    def told_of_moved_periods(self) -> set[Told]:
        """A posting's corrected day moves its notice's period: the bureau hears so next morning."""
        return {
            (
                f"period/{notice}",
                f"{self.period_end(notice)}/moved@{entry.at.date()}",
                "bureau",
                HANDLER,
                half_past_eight(working_day_after(entry.at.date(), 1)),
            )
            for entry in self.corrections
            if (notice := entry.values["replacement"].get("notice"))
            and entry.values["replacement"]["command"] == "confirm_posting"
        }

    def told(self, duty: DutyRecord) -> set[Told]:
        """Every delivery that `duty` must have led to."""
        over = self.over_at(duty)
        return {
            (duty.duty_id, rung, unit, role, half_past_eight(day))
            for rung, day, levels in self.rungs(duty)
            if half_past_eight(day) < over
            for unit, role in self.people(duty, levels)
        }


@cache
def _file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def _names(values: dict[str, Any], key: str, value: str) -> bool:
    said = values.get(key)
    return value in said if isinstance(said, list) else value == said


def _about(values: dict[str, Any], places: list[str]) -> bool:
    named = [
        values.get("village"),
        values.get("township"),
        *values.get("villages", ()),
        *values.get("departments", ()),
    ]
    return all(place in named for place in places)
