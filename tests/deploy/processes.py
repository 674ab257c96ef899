"""Which processes belong together and where they listen, read from Linux's own tables."""

import contextlib
import os
import re
import select
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest

LISTENING = "0A"
ENDED = "ZX"
needs_proc = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")


def _fields(stat: Path) -> list[str]:
    """State, parent, process group and so on; empty once the process has gone."""
    with contextlib.suppress(OSError):
        # The program's name, in parentheses, may itself hold spaces.
        return stat.read_text().rpartition(")")[2].split()
    return []


def _processes(position: int, wanted: int) -> set[int]:
    return {
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if (fields := _fields(stat)) and int(fields[position]) == wanted and fields[0] not in ENDED
    }


def members(group: int) -> set[int]:
    """The processes of a process group that have not ended."""
    return _processes(2, group)


def children(process: int) -> set[int]:
    """The processes that a process started and that have not ended."""
    return _processes(1, process)


def group_of(process: int) -> int:
    """The process group of a running process."""
    return int(_fields(Path(f"/proc/{process}/stat"))[2])


def ended(group: int, seconds: float = 20.0) -> bool:
    """Wait until every process of the group has ended; False when some has not in time."""
    for process in members(group):
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process)
            try:
                if not select.select([descriptor], [], [], seconds)[0]:
                    return False
            finally:
                os.close(descriptor)
    return members(group) == set()


def arguments_of(process: int) -> list[str]:
    """The command line of a running process; empty once it has gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return []


def _held_sockets(process: int) -> set[str]:
    held = set()
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                found = re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink()))
                if found is not None:
                    held.add(found[1])
    return held


def _address(text: str) -> IPv4Address | IPv6Address:
    raw = bytes.fromhex(text)
    # Each word of four bytes is written in the machine's own order.
    words = b"".join(raw[place : place + 4][::-1] for place in range(0, len(raw), 4))
    return IPv4Address(words) if len(words) == 4 else IPv6Address(words)


def listening(group: int) -> list[tuple[IPv4Address | IPv6Address, int]]:
    """Address and port of every TCP socket on which the group accepts connections."""
    held = set().union(*(_held_sockets(process) for process in members(group)))
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[9] in held:
                    address, port = fields[1].split(":")
                    found.append((_address(address), int(port, 16)))
    return found
