"""Counting many periods in one call: the working calendar as arrays.

The same index as in law.calendar, so the same answers; for a statistic over many notices or cases,
where a million periods are one question. numpy is needed here and nowhere else in this room.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from law import BadPeriod
from law.calendar import FIRST_DAY, WorkingCalendar

Days = NDArray[np.datetime64]
"""An array of dtype datetime64[D]."""

_FIRST = np.datetime64(FIRST_DAY, "D")


class _Index(NamedTuple):
    up_to: NDArray[np.int32]
    """For each day from FIRST_DAY on: how many working days there are up to it, itself included."""
    working_days: Days


def nth_working_days_after(
    calendar: WorkingCalendar, days: Days, n: int | NDArray[np.integer[Any]]
) -> Days:
    """The `n`-th working day after each of `days`, the day itself not counted.

    `days` is datetime64[D] of any shape; `n` is one length or an array of them, and the two are
    broadcast together; the answer has their common shape. Beyond the calendar's horizon it is the
    estimate. Raises BadPeriod, with the sentence that the count of one date gives, for the first
    entry that cannot be counted; TypeError for anything but whole days and whole lengths.
    """
    lengths = np.asarray(n)
    if days.dtype != np.dtype("datetime64[D]"):
        raise TypeError(f"days must be datetime64[D], not {days.dtype}")
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"n must be whole numbers, not {lengths.dtype}")
    index = _index(calendar)
    positions = (days - _FIRST).astype(np.int64)
    most = len(index.working_days)
    # A length beyond the calendar needs no exact value, and must not overflow when added; the
    # calendar's size in turn need not fit the type of short lengths.
    wide = lengths if lengths.dtype.itemsize == 8 else lengths.astype(np.int64)
    capped = np.minimum(wide, most + 1).astype(np.int64)
    countable = (positions >= 0) & (positions < len(index.up_to)) & (capped > 0)
    found = index.up_to[np.where(countable, positions, 0)] + capped - 1
    countable &= found < most
    if not countable.all():
        _refuse(calendar, days, lengths, countable)
    answer: Days = index.working_days[found]
    return answer


@lru_cache(maxsize=4)
def _index(calendar: WorkingCalendar) -> _Index:
    working_days = np.array(calendar.working_days, dtype="datetime64[D]")
    days = np.arange(_FIRST, np.datetime64(calendar.last_day, "D") + 1)
    up_to = np.searchsorted(working_days, days, side="right").astype(np.int32)
    return _Index(up_to, working_days)


def _refuse(
    calendar: WorkingCalendar,
    days: Days,
    lengths: NDArray[np.integer[Any]],
    countable: NDArray[np.bool_],
) -> None:
    """Raise what the count of one date raises for the first entry that cannot be counted."""
    first = np.unravel_index(np.argmin(countable), countable.shape)
    day = np.broadcast_to(days, countable.shape)[first]
    length = int(np.broadcast_to(lengths, countable.shape)[first])
    if np.isnat(day):
        raise BadPeriod("起算日没有填写。")
    if not np.datetime64("0001-01-01") <= day <= np.datetime64("9999-12-31"):
        raise BadPeriod(f"{day}不在日历范围内（{FIRST_DAY}至{calendar.last_day}）。")
    calendar.nth_working_day_after(day.item(), length)
