"""Turns the name of a period (`last-x-days`, `this-month`) into the moments between which it lies. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable

Period = tuple[dt.datetime | None, dt.datetime | None]
"""From the first moment, before the second; None: without end on that side."""

_MAX_NUMBER = 10_000
_FIRST, _LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _days(moment: dt.datetime, number: int) -> dt.datetime:
    try:
        return moment + dt.timedelta(days=number)
    except OverflowError:
        return _LAST if number > 0 else _FIRST


def _months(moment: dt.datetime, number: int) -> dt.datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + number, 12)
    if not 1 <= year <= 9999:
        return _LAST if number > 0 else _FIRST
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _week(moment: dt.datetime) -> dt.datetime:
    # A week begins on Sunday unless the organization says otherwise.
    return _days(moment, -((moment.weekday() + 1) % 7))


_STEPS: dict[str, Callable[[dt.datetime, int], dt.datetime]] = {
    "minutes": lambda moment, number: moment + dt.timedelta(minutes=number),
    "hours": lambda moment, number: moment + dt.timedelta(hours=number),
    "days": _days,
    "weeks": lambda moment, number: _days(moment, 7 * number),
    "months": _months,
    "years": lambda moment, number: _months(moment, 12 * number),
}
_BEGINNINGS: dict[str, tuple[Callable[[dt.datetime], dt.datetime], str]] = {
    "week": (_week, "weeks"),
    "month": (lambda moment: moment.replace(day=1), "months"),
    "year": (lambda moment: moment.replace(month=1, day=1), "years"),
}
_NAMED = {"yesterday": (-1, 0), "today": (0, 1), "tomorrow": (1, 2), "last-seven-days": (-7, 1), "next-seven-days": (0, 8)}
_WHICH = {"last": -1, "this": 0, "next": 1}

PLAIN = frozenset({*_NAMED, *(f"{which}-{unit}" for which in _WHICH for unit in _BEGINNINGS)})
"""Periods that need no number."""

COUNTED = frozenset(
    {f"{way}-x-{unit}" for way in ("last", "next") for unit in _STEPS if unit != "minutes"} | {f"olderthan-x-{unit}" for unit in _STEPS}
)
"""Periods of a number of units. They begin or end at midnight (those of hours at a full hour), and at the present."""


def plain_period(name: str, now: dt.datetime) -> Period:
    """A period of `PLAIN`, in UTC."""
    midnight = _midnight(now)
    if name in _NAMED:
        first, last = _NAMED[name]
        return _days(midnight, first), _days(midnight, last)
    which, unit = name.split("-")
    begins, step = _BEGINNINGS[unit]
    first_of_this = begins(midnight)
    return _STEPS[step](first_of_this, _WHICH[which]), _STEPS[step](first_of_this, _WHICH[which] + 1)


def counted_period(name: str, number: int, now: dt.datetime) -> Period:
    """A period of `COUNTED`, in UTC. ValueError for a number that is not positive or absurdly large."""
    if not 0 < number <= _MAX_NUMBER:
        raise ValueError(f"{number} is not between 1 and {_MAX_NUMBER:,}")
    way, unit = name.split("-x-")
    if way == "olderthan":
        return None, _STEPS[unit](now, -number)
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    if way == "last":
        return _STEPS[unit](hour if unit == "hours" else _midnight(now), -number), now
    return now, _STEPS[unit](hour + dt.timedelta(hours=1) if unit == "hours" else _days(_midnight(now), 1), number)


def day_of(moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The day that a moment lies in, in UTC."""
    return _midnight(moment), _days(_midnight(moment), 1)
