"""One modest burst in the simulated day: lamps of one quarter go out, and within two hours many tell of
it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from onegrid.cases.rules.drill.choosing import pick
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.sample.rules.day import Told, Vocabulary, point, sent, words
from onegrid.sample.rules.people import names, phone

CLASSES: Final = {"C0103": 9, "S0205": 3, "C0101": 2}
SIZE: Final = sum(CLASSES.values())
SPREAD_M: Final = 70.0
BEGINS_S: Final = 9.5 * 3600
LASTS_S: Final = 2 * 3600
_METRES_PER_DEGREE: Final = 111_000.0


def with_burst(
    told: Sequence[Told],
    vocabulary: Vocabulary,
    polygon: shapely.Polygon,
    *,
    grid: int,
    rng: np.random.Generator,
) -> list[Told]:
    """The day with a burst around one place of that grid, in order of time."""
    middle = point(polygon, rng)
    codes = [code for code, count in CLASSES.items() for _ in range(count)]
    people = names(SIZE, rng=rng)
    more = [
        _one(
            vocabulary,
            code,
            polygon,
            middle,
            grid=grid,
            rng=rng,
            name=people[k],
            number=phone(20_000_000 + k),
        )
        for k, code in enumerate(codes)
    ]
    order = sorted(
        range(len(told) + SIZE), key=lambda k: told[k].at if k < len(told) else more[k - len(told)].at
    )
    place = {before: after for after, before in enumerate(order)}
    everything = [*told, *more]
    return [
        one if one.repeats is None else replace(one, repeats=place[one.repeats])
        for one in (everything[k] for k in order)
    ]


def _one(
    vocabulary: Vocabulary,
    code: str,
    polygon: shapely.Polygon,
    middle: tuple[float, float],
    *,
    grid: int,
    rng: np.random.Generator,
    name: str,
    number: str,
) -> Told:
    topic = next(topic for topic in vocabulary.topics if topic.class_code == code)
    channel = pick(list(topic.channels), list(topic.channels.values()), rng)
    spot = pick(topic.spots, None, rng).format(n=int(rng.integers(2, 9)), m=int(rng.integers(2, 30)) * 10)
    lng, lat = _near(polygon, middle, rng)
    at = BEGINS_S + LASTS_S * float(rng.random())
    text = words(vocabulary, topic, channel, spot, rng)
    told = Told(at, channel, code, text, spot, grid, lng, lat, CoordinateSystem.WGS84, "", "")
    return sent(told, name, number)


def _near(
    polygon: shapely.Polygon, middle: tuple[float, float], rng: np.random.Generator
) -> tuple[float, float]:
    """A place near the middle, inside the grid; after twenty tries the middle itself."""
    for _ in range(20):
        east, north = (rng.normal(0, SPREAD_M, 2) / _METRES_PER_DEGREE).tolist()
        lng, lat = round(middle[0] + east, 7), round(middle[1] + north, 7)
        if shapely.contains_xy(polygon, lng, lat):
            return lng, lat
    return middle
