"""A long Chinese sentence in lines that end with a clause, not in the middle of a day."""

import re

from rich.cells import cell_len
from rich.console import Console

_CLAUSE = re.compile(r"[^，；：。]*[，；：。）]*")
_BESIDE = 24
"""Columns left to what stands beside the sentence."""


def in_clauses(text: str, console: Console) -> str:
    """`text` broken after clauses, so that each line fits the screen beside a label."""
    lines = [""]
    for clause in _CLAUSE.findall(text):
        if lines[-1] and cell_len(lines[-1] + clause) > console.width - _BESIDE:
            lines.append("")
        lines[-1] += clause
    return "\n".join(lines)
