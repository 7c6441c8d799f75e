"""Made-up reports for the figures: all over the sample city, an eighth of them reported before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.reports import Channel, Reporter, ReportIn
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.sample import queries as sample
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Source
from onegrid.territory import queries as territory

SENDERS: Final = (
    (Channel.WORKER, Source.PATROL),
    (Channel.WORKER, Source.PATROL),
    (Channel.RENEWAL, Source.RENEWAL),
    (Channel.DEPARTMENT, Source.HOTLINE),
    (Channel.DEVICE, Source.CAMERA),
)
REPEATED: Final = 0.12
SPREAD_M: Final = 8.0
METRES_PER_DEGREE: Final = 111_000.0


def reports(count: int, *, start: datetime, seed: int = 7) -> Iterator[ReportIn]:
    """Reports one second apart with text, place, coordinate and class; every third names its reporter."""
    rng = np.random.default_rng(seed)
    texts = _texts(start)
    codes = sorted(texts)
    lng, lat, code = _matters(rng, count, codes)
    for number in range(count):
        channel, source = SENDERS[number % len(SENDERS)]
        words = texts[codes[code[number]]]
        yield ReportIn(
            channel=channel,
            external_id=f"bench-{seed}-{number}",
            source=source,
            class_code=codes[code[number]],
            description=words[number % len(words)],
            lng=float(lng[number]),
            lat=float(lat[number]),
            system=CoordinateSystem.WGS84,
            accuracy_m=8.0,
            place_text="村道旁",
            reported_at=start + timedelta(seconds=number),
            reporter=Reporter("张三", f"138{number % 10**8:08d}") if number % 3 == 0 else None,
        )


def batches(count: int, size: int, *, start: datetime, seed: int = 7) -> Iterator[list[ReportIn]]:
    """The same reports, `size` at a time."""
    stream = reports(count, start=start, seed=seed)
    while batch := list(islice(stream, size)):
        yield batch


def _texts(at: datetime) -> dict[str, list[str]]:
    """What is said of each class that a live scenario takes; placeholders filled."""
    live = scenarios.live(at)
    town = min(territory.live_codes())[:9]
    return {
        topic.class_code: [text.format(spot="村口", n=3, m=40) for text in topic.texts]
        for topic in sample.vocabulary().topics
        if live.for_class(topic.class_code, town) is not None
    }


def _matters(
    rng: np.random.Generator, count: int, codes: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Places within the grids and what is reported there; repeated ones lie a few metres from the first."""
    lng, lat = _places(rng, count)
    code = rng.integers(len(codes), size=count)
    again = np.flatnonzero(rng.random(count) < REPEATED)
    again = again[again > 0]
    earlier = again - rng.integers(1, np.minimum(again, 2000) + 1)
    lng[again] = lng[earlier] + rng.normal(0, SPREAD_M / METRES_PER_DEGREE, len(again))
    lat[again] = lat[earlier] + rng.normal(0, SPREAD_M / METRES_PER_DEGREE, len(again))
    code[again] = code[earlier]
    return lng.round(7), lat.round(7), code


def _places(rng: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    (bounds,), locator = territory.county_bounds().values(), territory.locator()
    found: list[NDArray[np.float64]] = []
    while sum(len(each) for each in found) < count:
        points = rng.uniform((bounds.west, bounds.south), (bounds.east, bounds.north), (2 * count, 2))
        found.append(points[locator.locate(points[:, 0], points[:, 1]) >= 0])
    places = np.concatenate(found)[:count]
    return places[:, 0].copy(), places[:, 1].copy()
