"""What the made-up city had in the weeks before: counts alone, so that its hot spots know what is usual."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import shapely

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions as intake
from onegrid.intake import queries as reports
from onegrid.intake.rules.reports import EarlierReport
from onegrid.sample.rules.day import HOURS, point
from onegrid.sample.rules.frame import Floats

WEEKS: Final = 8
BUSY: Final = 6.0
"""A simulated day has so many times the reports of a usual one."""


def remember(
    grids: Sequence[shapely.Polygon], *, busy: Floats, reports_a_day: int, seed: int, now: datetime
) -> int:
    """Make up the counts of eight weeks until a week ago, unless there are some; returns how many reports.

    The days are alike, the hours those of all channels together, the places as busy as on the simulated
    day."""
    until = now - timedelta(weeks=1)
    since = until - timedelta(weeks=WEEKS)
    if reports.earlier_reports(since=since, until=until):
        return 0
    rng = np.random.default_rng([seed, 8])
    hours = np.sum([np.array(each) / sum(each) for each in HOURS.values()], axis=0) / len(HOURS)
    midnight = since.replace(minute=0, second=0, microsecond=0)
    count = round(reports_a_day / BUSY * 7 * WEEKS)
    days, at = rng.integers(7 * WEEKS, size=count).tolist(), rng.choice(24, size=count, p=hours).tolist()
    where = rng.choice(len(grids), size=count, p=busy / busy.sum()).tolist()
    told = [
        EarlierReport(*point(grids[grid], rng), midnight + timedelta(days=day, hours=hour))
        for day, hour, grid in zip(days, at, where, strict=True)
    ]
    return intake.load_earlier(told, by=SYSTEM)
