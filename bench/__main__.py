"""`make bench`: what a case costs, as ratios within one run on a real local server.

    python -m bench                      all parts, in a few minutes
    python -m bench --only replay        one part (may be given more than once)

The table goes to the screen, the same figures to var/bench/bench.json.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.compensation import compute
from bench.counting import count
from bench.events import told
from bench.lateness import lateness
from bench.memory import weigh
from bench.playing import Bench, Played
from bench.replaying import replay_cost
from bench.table import show
from bench.throughput import compare
from bench.working import quiet
from deploy.programs import ServerUnavailableError
from deploy.server import local_server
from deploy.settings import VAR

PARTS = ("events", "replay", "memory", "throughput", "lateness", "calendar", "compensation")
SERVERLESS = frozenset({"calendar", "compensation"})
"""Parts that ask no server."""
CASES = ("one-village", "three-villages")
LONGEST_SECONDS = 1800
RESULT = VAR / "bench" / "bench.json"


async def measure(parts: tuple[str, ...], console: Console) -> dict[str, Any]:
    """The figures of every part asked for, by part and case."""
    found: dict[str, Any] = {}
    if "calendar" in parts:
        found["calendar"] = count().as_json()
    if "compensation" in parts:
        found["compensation"] = compute().as_json()
    if set(parts) <= SERVERLESS:
        return found
    async with local_server(virtual_time=True) as server:
        with tempfile.TemporaryDirectory() as folder:
            bench = await Bench.open(server.address, server.namespace, Path(folder))
            try:
                await _measure(bench, parts, console, found)
            except BaseException:
                log = bench.folder / "workers.log"
                if log.exists():
                    console.print(log.read_text(encoding="utf-8")[-2000:], markup=False)
                raise
    return found


async def _measure(
    bench: Bench, parts: tuple[str, ...], console: Console, found: dict[str, Any]
) -> None:
    cases: dict[str, Played] = {}
    if {"events", "replay"} & set(parts):
        needed: tuple[str, ...] = CASES
    else:
        needed = CASES[1:] if "memory" in parts else ()
    for name in needed:
        console.print(f"演练 {name}，再按其历史演练最小工作流……")
        cases[name] = await bench.play(name)
    if "throughput" in parts and CASES[0] not in cases:
        cases[CASES[0]] = await bench.play(CASES[0])
    if "events" in parts:
        found["events"] = {name: told(played) for name, played in cases.items()}
    if "replay" in parts:
        console.print("重放……")
        found["replay"] = {
            name: (await replay_cost(played.runs, played.minimal)).as_json()
            for name, played in cases.items()
        }
    if "memory" in parts:
        console.print("缓存中的案件……")
        found["memory"] = [weight.as_json() for weight in await weigh(bench, cases[CASES[1]])]
    if "lateness" in parts:
        console.print("提醒的迟延（两个一分钟，各一千条）……")
        found["lateness"] = await lateness(bench)
    if "throughput" in parts:
        console.print("吞吐……")
        found["throughput"] = (await compare(bench, cases[CASES[0]])).as_json()


def main() -> int:
    """Measure, print, write; 0 once done, 4 where no server can be used."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="测量一个案件的成本")
    parser.add_argument("--only", action="append", choices=PARTS, help="只测这一部分，可重复")
    parts = tuple(parser.parse_args().only or PARTS)
    console = Console()
    quiet()
    begun = time.monotonic()
    try:
        found = asyncio.run(asyncio.wait_for(measure(parts, console), LONGEST_SECONDS))
    except ServerUnavailableError as error:
        console.print(str(error))
        return 4
    found["seconds"] = round(time.monotonic() - begun, 1)
    found["processors"] = os.cpu_count()
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show(console, found)
    console.print(f"用时 {found['seconds']:.0f} 秒；数据在 {RESULT}", soft_wrap=True)
    return 0


if __name__ == "__main__":
    code = main()
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    # A process that used a client may abort at its very end, with all its work done.
    os._exit(code)
