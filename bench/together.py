"""Doing many things with no more than some of them under way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def some_together(
    start: Callable[[int], Awaitable[None]], numbers: Iterable[int], most: int
) -> None:
    """`start` every number, at most `most` at the same time."""
    turns = asyncio.Semaphore(most)

    async def in_turn(number: int) -> None:
        async with turns:
            await start(number)

    await asyncio.gather(*(in_turn(number) for number in numbers))
