"""Everybody whom an example names: what may be in the registry and the outbox, and nowhere else."""

from collections.abc import Iterable
from typing import Any

import yaml

from tests.workflows.playing import EXAMPLES

NO_TITLE = "无证，以现状调查认定为准"


def people(name: str) -> set[str]:
    """Everybody whom the example names, and where they are reached."""
    file: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    villages = [village for township in file["townships"] for village in township["villages"]]
    return {
        *(person["name"] for person in file["directory"]),
        *(person["channel"]["address"] for person in file["directory"]),
        *(house["owner"] for village in villages for house in village.get("houses", ())),
        *(house["title"] for village in villages for house in village.get("houses", ())),
        *(each["name"] for village in villages for each in village.get("contractors", ())),
    } - {NO_TITLE}


def named(texts: Iterable[str], people: Iterable[str]) -> set[str]:
    """Those of `people` whose names stand in `texts`."""
    whole = "\n".join(texts)
    return {person for person in people if person in whole}
