"""The duties that follow from a case's state, in the order of the fourteen steps.

Nothing is stored: who owes what is read from what stands, so that a correction, a return or a new
day cannot leave a duty behind.
"""

from dataclasses import replace
from datetime import date

from case.duty import Duty
from case.owed.days import all_townships, heard_on
from case.owed.inquiry import inquiry_duties, opinion_duties
from case.owed.notices import freeze_duties, notice_duties
from case.owed.rights import agreement_duties, registration_duties
from case.owed.settlement import (
    decision_duties,
    hand_over_duties,
    publication_duty,
    settlement_duties,
)
from case.owed.submission import submission_duties
from case.state import State
from case.wording import Notice


def duties(state: State, today: date) -> tuple[Duty, ...]:
    """Every duty that has arisen by `today`, met ones included, in the order of the steps."""
    found = (
        *notice_duties(state, Notice.INITIATION, state.launched_on),
        *freeze_duties(state),
        *inquiry_duties(state, today),
        *notice_duties(state, Notice.COMPENSATION, all_townships(state, "survey", "risk")),
        *opinion_duties(state, today),
        *notice_duties(state, Notice.PLAN, heard_on(state, today)),
        *registration_duties(state, today),
        *agreement_duties(state, today),
        *submission_duties(state, today),
        *notice_duties(state, Notice.ACQUISITION, state.day("approval-received")),
        *publication_duty(state),
        *decision_duties(state),
        *settlement_duties(state),
        *hand_over_duties(state, today),
    )
    return tuple(_again(state, duty) for duty in found)


def _again(state: State, duty: Duty) -> Duty:
    """A duty that was sent back opens anew, under a name of its own."""
    back = state.sent_back.get(duty.id.replace("submit", "submission"))
    if back is None:
        return duty
    return replace(duty, id=f"{duty.id}#{back.times + 1}", opened_on=max(back.day, duty.opened_on))
