"""One simulated day: when, where and through which channel made-up reports come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from onegrid.cases.rules.drill.choosing import pick
from onegrid.kernel.coordinates import CoordinateSystem, from_wgs84
from onegrid.sample.rules.frame import Floats
from onegrid.sample.rules.people import names, phone

HOURS: Mapping[str, tuple[float, ...]] = {
    # how busy each hour of the day is, by channel
    "worker": (0, 0, 0, 0, 0, 1, 4, 9, 14, 13, 9, 5, 2, 2, 6, 9, 8, 5, 3, 2, 1, 0, 0, 0),
    "renewal": (0, 0, 0, 0, 0, 0, 0, 1, 4, 8, 8, 4, 0, 1, 6, 8, 6, 2, 1, 1, 0, 0, 0, 0),
    "public": (1, 0, 0, 0, 0, 1, 3, 6, 7, 7, 6, 5, 4, 4, 5, 5, 5, 6, 7, 8, 8, 6, 4, 2),
    "department": (0, 0, 0, 0, 0, 0, 0, 0, 4, 9, 9, 5, 0, 0, 4, 8, 7, 3, 0, 0, 0, 0, 0, 0),
    "device": (2, 2, 2, 2, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 7, 7, 6, 5, 4, 3),
}
REPEATED = 0.12
"""Share of reports that tell again what somebody has just reported."""
_REPEAT_WITHIN_S = 6 * 3600
_REPEAT_SPREAD_M = 8.0
_METRES_PER_DEGREE = 111_000.0


@dataclass(frozen=True, slots=True)
class Topic:
    """What is reported of one matter class: how often, by which channels, in which words, and where."""

    class_code: str
    weight: float
    channels: Mapping[str, float]
    texts: tuple[str, ...]
    spots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Topics, and the words put round them."""

    topics: tuple[Topic, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One report of the day. `at`: seconds from midnight; degrees in `system`; `repeats`: the earlier one."""

    at: float
    channel: str
    class_code: str
    text: str
    place: str
    grid: int
    lng: float
    lat: float
    system: CoordinateSystem
    reporter: str
    phone: str
    repeats: int | None = None


def day(
    vocabulary: Vocabulary,
    grids: Sequence[shapely.Polygon],
    *,
    busy: Floats,
    reports: int,
    rng: np.random.Generator,
) -> list[Told]:
    """The reports of one day in order of time, inside `grids`; `busy` says how much is reported in each."""
    told = sorted(
        (_first(vocabulary, grids, busy, rng) for _ in range(reports)), key=lambda report: report.at
    )
    for k in range(reports):
        earlier = [
            j
            for j in range(max(0, k - 200), k)
            if told[j].repeats is None and told[k].at - told[j].at < _REPEAT_WITHIN_S
        ]
        if earlier and rng.random() < REPEATED:
            j = earlier[int(rng.integers(len(earlier)))]
            told[k] = _again(vocabulary, told[j], told[k], rng, repeats=j)
    reporters = names(reports, rng=rng)
    return [sent(report, reporters[k], phone(10_000_000 + k)) for k, report in enumerate(told)]


def _first(
    vocabulary: Vocabulary, grids: Sequence[shapely.Polygon], busy: Floats, rng: np.random.Generator
) -> Told:
    topic = pick(vocabulary.topics, [topic.weight for topic in vocabulary.topics], rng)
    channel = pick(list(topic.channels), list(topic.channels.values()), rng)
    grid = int(rng.choice(len(grids), p=busy / busy.sum()))
    lng, lat = point(grids[grid], rng)
    spot = _filled(pick(topic.spots, None, rng), "", rng)
    text = words(vocabulary, topic, channel, spot, rng)
    hour = int(pick(range(24), HOURS[channel], rng))
    at = 3600 * (hour + float(rng.random()))
    return Told(at, channel, topic.class_code, text, spot, grid, lng, lat, CoordinateSystem.WGS84, "", "")


def _again(
    vocabulary: Vocabulary, before: Told, now: Told, rng: np.random.Generator, *, repeats: int
) -> Told:
    """The same matter, told again in other words, through another channel, a few metres off."""
    topic = next(topic for topic in vocabulary.topics if topic.class_code == before.class_code)
    channel = pick(list(topic.channels), None, rng)
    east, north = (rng.normal(0, _REPEAT_SPREAD_M, 2) / _METRES_PER_DEGREE).tolist()
    text = words(vocabulary, topic, channel, before.place, rng)
    return replace(
        before, at=now.at, channel=channel, text=text, lng=before.lng + east, lat=before.lat + north,
        repeats=repeats,
    )  # fmt: skip


def sent(report: Told, reporter: str, number: str) -> Told:
    """As the channel sends it: residents' phones give GCJ-02 and a name; the others WGS-84 and none."""
    if report.channel != "public":
        return report
    lng, lat = from_wgs84(report.lng, report.lat, CoordinateSystem.GCJ02)
    return replace(
        report, lng=float(lng), lat=float(lat), system=CoordinateSystem.GCJ02, reporter=reporter, phone=number
    )


def words(vocabulary: Vocabulary, topic: Topic, channel: str, spot: str, rng: np.random.Generator) -> str:
    """How somebody on this channel tells of it."""
    text = _filled(pick(topic.texts, None, rng), spot, rng)
    if channel != "public":
        return text
    return pick(vocabulary.openers, None, rng) + text + pick(vocabulary.closers, None, rng)


def _filled(text: str, spot: str, rng: np.random.Generator) -> str:
    return text.format(spot=spot, n=int(rng.integers(2, 9)), m=int(rng.integers(2, 30)) * 10)


def point(polygon: shapely.Polygon, rng: np.random.Generator) -> tuple[float, float]:
    """A random place inside, as exact as a phone tells it (7 decimals)."""
    west, south, east, north = polygon.bounds
    while True:
        lng, lat = round(rng.uniform(west, east), 7), round(rng.uniform(south, north), 7)
        if shapely.contains_xy(polygon, lng, lat):
            return lng, lat
