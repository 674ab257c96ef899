"""Record new golden histories: `python -m tests.workflows.record NAME`.

Plays both examples on a server of its own and keeps every run under histories/DAY-NAME/. What was
recorded before stays as it is: a golden history is worth what nobody rewrites.
"""

import asyncio
import shutil
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from deploy.server import local_server
from law.deadline import SHANGHAI
from tests.workflows.golden import FOLDER, write
from tests.workflows.playing import play

EXAMPLES = ("one-village", "three-villages")


async def record(recording: Path) -> None:
    """Play both examples and keep their histories in a folder that is not there yet."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft"
        async with local_server(virtual_time=True) as server:
            for name in EXAMPLES:
                played = await play(server, name, Path(folder))
                write(draft, name, played.histories)
        # Whole or not at all: a play that fails leaves nothing behind.
        shutil.copytree(draft, recording)


def main(arguments: list[str], day: date) -> int:
    """0 once recorded; 2 where no name is given or the folder is there already."""
    if len(arguments) != 1:
        print("usage: python -m tests.workflows.record NAME", file=sys.stderr)
        return 2
    recording = FOLDER / f"{day}-{arguments[0]}"
    if recording.exists():
        print(f"{recording} is there already; recordings are never overwritten", file=sys.stderr)
        return 2
    asyncio.run(record(recording))
    print(recording)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(SHANGHAI).date()))
