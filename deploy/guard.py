"""Keeps child processes no longer than the process that asked for them, however that one ends.

`python guard.py SECONDS DISCARD ...` (standard library only) reads one JSON list of commands from
its standard input, starts them in its own process group, and waits. When its standard input
closes, because the owner closed it, was interrupted, terminated or killed, every child is asked
to stop, killed SECONDS later, and the folders named DISCARD are deleted. When one child ends by
itself the others are stopped too, and the folders are left to the owner.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence


def _wait(children: Sequence["subprocess.Popen[bytes]"], until: float) -> bool:
    while any(child.poll() is None for child in children):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def _stop(children: Sequence["subprocess.Popen[bytes]"], seconds: float) -> None:
    if seconds > 0:
        for child in children:
            if child.poll() is None:
                child.terminate()
        _wait(children, time.monotonic() + seconds)
    for child in children:
        if child.poll() is None:
            child.kill()
        child.wait()
    # What the children themselves started is in this process group; the guard outlives it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(0, signal.SIGTERM)


def _owner_left_or_child_ended(
    owner: int, children: Sequence["subprocess.Popen[bytes]"]
) -> int | None:
    """Return None once the owner has gone, else the exit code of the child that ended."""
    wake, notify = os.pipe()
    os.set_blocking(notify, False)
    signal.set_wakeup_fd(notify)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with selectors.DefaultSelector() as events:
        events.register(owner, selectors.EVENT_READ)
        events.register(wake, selectors.EVENT_READ)
        while True:
            for child in children:
                if (code := child.poll()) is not None:
                    return code
            for key, _ in events.select():
                if not os.read(key.fd, 4096) and key.fd == owner:
                    return None


def main(seconds: float, discard: Sequence[str]) -> int:
    # The owner alone decides when to stop. Not SIG_IGN, which the children would inherit.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    owner = sys.stdin.fileno()
    request = b""
    while not request.endswith(b"\n"):
        piece = os.read(owner, 65536)
        if not piece:
            return 0
        request += piece
    children: list[subprocess.Popen[bytes]] = []
    code: int | None = 1
    try:
        for command in json.loads(request):
            children.append(
                subprocess.Popen(
                    command["arguments"],
                    cwd=command["folder"],
                    env={**os.environ, **command["environment"]},
                    stdin=subprocess.DEVNULL,
                )
            )
        code = _owner_left_or_child_ended(owner, children)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        _stop(children, seconds)
        # After a failure the owner still wants to read what was written there.
        for folder in discard if code is None else ():
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if code is None else code or 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
