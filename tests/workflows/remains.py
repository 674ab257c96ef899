"""What a play leaves behind, without what is its own or the wall clock's: for comparing two."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from law.deadline import SHANGHAI
from tests.workflows.playing import Played

WALL_CLOCK = {
    *("message_id", "sent_at", "updated_at", "admitted_at", "accepted_at", "registered_at"),
    "digest",
}
"""Columns that hold the machine's own time, or a digest over the case's own number."""


def remains(played: Played) -> dict[str, Any]:
    """Every row of the registry and every letter of the outbox, by table."""
    stage = played.stage
    registry, case_id = stage.registry, stage.case_id
    rows: dict[str, Sequence[Any]] = {
        "case": [registry.case(case_id)],
        "entries": registry.entries(case_id),
        "duties": registry.duties(case_id),
        "notices": registry.notices(case_id),
        "notices taken out": registry.notices(case_id, current=False),
        "postings": registry.postings(case_id),
        "postings taken out": registry.postings(case_id, current=False),
        "deliveries": registry.deliveries(case_id),
        "ledger": registry.ledger(),
    }
    found: dict[str, Any] = {
        table: sorted(str(_plain(played, asdict(row))) for row in each)
        for table, each in rows.items()
    }
    days = [entry.accepted_at.astimezone(SHANGHAI).date() for entry in registry.entries(case_id)]
    found["days accepted"] = [str(day) for day in days]
    found["letters"] = sorted(
        _own(played, re.sub("[0-9a-f]{12}[.]txt", "", file.name) + file.read_text("utf-8"))
        # A worker process sends the morning digest too, should its hour strike meanwhile.
        for file in stage.settings.outbox.glob(f"*_{stage.case_id}_*.txt")
    )
    found["steps"] = [_own(played, str(step)) for step in played.view.steps]
    found["outcome"] = _own(played, str(played.outcome))
    return found


def _plain(played: Played, row: dict[str, Any]) -> dict[str, str]:
    return {
        column: _own(played, str(value))
        for column, value in sorted(row.items())
        if column not in WALL_CLOCK
    }


def _own(played: Played, text: str) -> str:
    """Without the case's own number, and without the sheet's digest, which holds the number too."""
    stage = played.stage
    text = text.replace(stage.case_id, "CASE")
    sheet = stage.registry.newest_sheet(stage.case_id)
    return text.replace(sheet[0], "SHEET") if sheet else text
