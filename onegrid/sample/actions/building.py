"""Builds the sample city through the actions of the contexts, set by set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db import transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.sample import queries
from onegrid.sample.actions import peopling, settling
from onegrid.sample.rules import frame
from onegrid.sample.rules.city import SECOND_LEVEL_GRIDS, WORKERS, City, CityThere, plan_city
from onegrid.sample.rules.staffing import staffed
from onegrid.territory import queries as territory

SEED = 20260301
FOUNDED = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
"""When the sample city began to work: 1 March 2026, midnight in Shanghai."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built."""

    towns: int
    first_level: int
    second_level: int
    posts: int
    workers: int


def _silently(step: str) -> None:
    """The default listener: nobody."""


def plan(scale: float, seed: int) -> tuple[City, np.random.Generator]:
    """The territory at this scale and seed, and the generator that goes on from there."""
    outline = queries.county_outline()
    here = frame.around(outline)
    towns, units = queries.places(here)
    rng = np.random.default_rng(seed)
    return plan_city(outline, towns, units, frame=here, scale=scale, rng=rng), rng


@transaction.atomic
def build(
    *, scale: float = 1.0, seed: int = SEED, now: datetime = FOUNDED, tell: Callable[[str], None] = _silently
) -> Built:
    """Build the city at `scale` (0 < scale <= 1) in an empty database, all or nothing.

    The same scale and seed give the same codes, borders, names and ids. `tell` hears each step as it begins.
    Raises CityThere where the database already has a county."""
    if territory.divisions():
        raise CityThere
    tell("划分网格 dividing the county into grids")
    city, rng = plan(scale, seed)
    tell("载入区划与网格 loading divisions and grids")
    settling.settle(city, by=SYSTEM, now=now)
    tell("设岗定责 filling posts")
    departments, auxiliaries = peopling.prepare(city, seed=seed, by=SYSTEM, now=now)
    workers = round(WORKERS * len(city.level(2)) / SECOND_LEVEL_GRIDS)
    staff = staffed(
        city,
        county=queries.COUNTY,
        departments=departments,
        auxiliaries=auxiliaries,
        workers=workers,
        rng=rng,
    )
    peopling.people(city, staff, seed=seed, by=SYSTEM, now=now)
    tell("发布场景 publishing scenarios")
    settling.publish(by=SYSTEM, now=now)
    return Built(len(city.towns), len(city.level(1)), len(city.level(2)), len(staff.posts), len(staff.names))
