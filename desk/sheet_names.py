"""Names of a workbook's sheets: what people call a place, as far as a sheet may be called that."""

import re
from collections.abc import Iterable

LONGEST = 31
TAKEN = ("汇总", "指标和名额", "出处", "history")
"""Names of the sheets beside the collectives', and the one that Excel keeps for itself."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """A name for each, in order: at most 31 characters, none forbidden, no two alike.

    Two names are alike where they differ in small and capital letters only.
    """
    taken = {name.casefold() for name in TAKEN}
    found: list[str] = []
    for name in wanted:
        plain = _FORBIDDEN.sub("_", name).strip("' ")[:LONGEST].strip("' ") or "村"
        chosen, number = plain, 1
        while chosen.casefold() in taken:
            number += 1
            ending = f"({number})"
            chosen = plain[: LONGEST - len(ending)] + ending
        taken.add(chosen.casefold())
        found.append(chosen)
    return tuple(found)
