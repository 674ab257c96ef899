"""Golden histories: recorded once, never changed, replayed by every later version of the code.

A folder is one recording: every run of both examples, one compressed JSON file each.
"""

import gzip
import json
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

FOLDER = Path(__file__).parent / "histories"
ENDING = ".json.gz"
NOBODY = "worker"


def recordings() -> list[Path]:
    """The folders of all recordings, oldest first."""
    return sorted(path for path in FOLDER.iterdir() if path.is_dir()) if FOLDER.is_dir() else []


def names(recording: Path) -> list[str]:
    """The examples in a recording."""
    files = recording.glob(f"*{ENDING}")
    return sorted({file.name.removesuffix(ENDING).rpartition("-")[0] for file in files})


def read(recording: Path, name: str) -> tuple[WorkflowHistory, ...]:
    """Every run of one example in a recording, first to last."""
    files = sorted(
        recording.glob(f"{name}-*{ENDING}"),
        key=lambda file: int(file.name.removesuffix(ENDING).rpartition("-")[2]),
    )
    return tuple(
        WorkflowHistory.from_json(file.name, gzip.decompress(file.read_bytes()).decode())
        for file in files
    )


def write(recording: Path, name: str, histories: tuple[WorkflowHistory, ...]) -> None:
    """Write the runs of one example; which process on which machine ran it is left out."""
    recording.mkdir(parents=True, exist_ok=True)
    for number, history in enumerate(histories, start=1):
        text = json.dumps(_anonymous(json.loads(history.to_json())), ensure_ascii=False)
        path = recording / f"{name}-{number}{ENDING}"
        with path.open("xb") as file:
            file.write(gzip.compress(text.encode(), mtime=0))


def _anonymous(value: Any) -> Any:
    if isinstance(value, list):
        return [_anonymous(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "normalName" in value or value.get("kind") == "TASK_QUEUE_KIND_STICKY":
        value = {**value, "name": NOBODY}
    return {key: NOBODY if key == "identity" else _anonymous(each) for key, each in value.items()}
