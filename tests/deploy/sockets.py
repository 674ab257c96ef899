"""Which addresses the programs of a process group listen on, read from Linux's own tables."""

import contextlib
import os
import re
import select
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

LISTENING = "0A"
ENDED = "ZX"


def members(group: int) -> set[int]:
    """The processes of a process group that have not ended."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The program's name, in parentheses, may itself hold spaces.
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] not in ENDED:
                found.add(int(stat.parent.name))
    return found


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
