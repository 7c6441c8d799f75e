"""Limits as ISO 8601 durations and back. Other engines know no office calendar: they count clock time."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from onegrid.kernel.calendar import ClockKind, Limit

_HOURS: Final = frozenset({ClockKind.CLOCK_HOURS, ClockKind.OFFICE_HOURS})
_ISO: Final = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?"
)


def duration(limit: Limit) -> str:
    """`4 office hours` → PT4H, `2 working days` → P2D, `1.5 days` → PT36H; in whole minutes at least one."""
    amount = Decimal(limit.value)
    if limit.clock not in _HOURS:
        if amount == int(amount):
            return f"P{int(amount)}D"
        amount *= 24
    if amount == int(amount):
        return f"PT{int(amount)}H"
    return f"PT{max(1, round(amount * 60))}M"


def limit_of(text: str) -> str | None:
    """The limit that an ISO 8601 duration means, spelled as in a definition; None where it means none."""
    found = _ISO.fullmatch(text.strip().strip("\"'"))
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    days += 7 * weeks
    rest = hours + Decimal(minutes) / 60 + Decimal(seconds) / 3600
    if days and not rest:
        return f"{days} day{'s' if days != 1 else ''}"
    total = Decimal(24 * days) + rest
    return f"{total.quantize(Decimal('0.01')).normalize():f} clock hours" if total else None
