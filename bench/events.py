"""The events and bytes of a whole case's history, as figures."""

from itertools import chain as joined
from typing import Any

from bench.attribution import attribute
from bench.history import kinds, size
from bench.playing import Played


def told(played: Played) -> dict[str, Any]:
    """Events and bytes run by run, what they came from, and how the minimal workflow's differ."""
    attributed = attribute(played.runs)
    mine = kinds(joined.from_iterable(run.real for run in played.runs))
    theirs = kinds(joined.from_iterable(run.real for run in played.minimal))
    return {
        "runs": [
            {"events": len(run.real), "with_virtual_time": len(run.events), "bytes": size(run.real)}
            for run in played.runs
        ],
        "events": mine.total(),
        "bytes": sum(size(run.real) for run in played.runs),
        "by_kind": dict(mine),
        "by_cause": {cause.value: number for cause, number in attributed.events.items()},
        "commands": attributed.commands,
        "tellings": attributed.tellings,
        "rungs": attributed.rungs,
        "messages": played.messages,
        "per_command": attributed.per_command,
        "per_rung": attributed.per_rung,
        "per_telling": attributed.per_telling,
        "per_message": attributed.per_message(played.messages),
        "all_per_command": mine.total() / attributed.commands,
        "minimal": {
            "events": theirs.total(),
            "bytes": sum(size(run.real) for run in played.minimal),
            "differing": {
                kind: theirs[kind] - mine[kind]
                for kind in mine | theirs
                if theirs[kind] != mine[kind]
            },
        },
    }
