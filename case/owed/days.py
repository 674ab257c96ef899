"""Days on which facts of a case happened, as duties open and close by them."""

from datetime import date

from case.state import State


def all_townships(state: State, *facts: str) -> date | None:
    """The day on which every township had done all of `facts`."""
    days = [
        state.day(f"{fact}/{township.id}") for fact in facts for township in state.brief.townships
    ]
    known = [day for day in days if day]
    return max(known) if len(known) == len(days) else None


def heard_on(state: State, today: date) -> date | None:
    """The day on which receipts and hearings were complete (steps 5 and 6)."""
    if state.first_incomplete(6, today):
        return None
    return state.last("receipt/", "hearing/")
