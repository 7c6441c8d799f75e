"""Matters for tests of the redundancy filter."""

from math import cos, inf, nan, radians
from uuid import UUID

from onegrid.intake.rules.filter.matters import Matter
from onegrid.intake.rules.filter.words import words_of
from onegrid.kernel.coordinates import EARTH_RADIUS_M

HOUR = 3600.0
DAY = 86400.0
NOW = 1000 * DAY


def matter(
    number: int,
    east: float | None = 0.0,
    north: float = 0.0,
    *,
    at: float = NOW,
    lat: float = 24.9,
    code: str = "A1",
    ended: float = inf,
    due: float = nan,
    address: int = 0,
    reporter: int = 0,
    channel: str = "worker",
    photos: tuple[int, ...] = (),
    title: str = "",
    text: str = "",
) -> Matter:
    """A matter so many metres from one point; `east` None: without a place. Its family: the first letter."""
    degree = radians(1) * EARTH_RADIUS_M
    placed = east is not None
    return Matter(
        case_id=UUID(int=number + 1), class_code=code, family=code[:1],
        lng=118.4 + (east or 0) / degree / cos(radians(lat)) if placed else nan,
        lat=lat + north / degree if placed else nan,
        at=at, due=due, ended=ended, address=address, reporter=reporter, channel=channel, photos=photos,
        head=words_of(title), words=words_of(f"{title}\n{text}"),
    )  # fmt: skip
