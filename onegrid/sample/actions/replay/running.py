"""One replay from the first line of the file to the last check of the record."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from onegrid.kernel import seals
from onegrid.sample.actions.replay.feeding import Fed, feed
from onegrid.sample.actions.replay.files import CaseFile, Rejections, read_links
from onegrid.sample.actions.replay.founding import found
from onegrid.sample.actions.replay.measuring import measure
from onegrid.sample.rules.replay.mapping import mapped
from onegrid.sample.rules.replay.measures import Measures


@dataclass(frozen=True, slots=True)
class Order:
    """What to replay. `span` is the longest portion of history that is taken at once."""

    city: Path
    boundaries: Path
    rejected: Path
    zone: ZoneInfo
    span: timedelta
    limit: int | None = None


class Watch(Protocol):
    """Whoever watches a replay going on."""

    def begin(self, step: str, *, lines: int | None = None) -> None: ...

    def seen(self, lines: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay has shown. `seconds`: of feeding alone. `faults`: broken rows of the record."""

    measures: Measures
    fed: Fed
    repaired: int
    seconds: float
    record_rows: int
    record_chains: int
    faults: int


def replay(order: Order, *, watch: Watch) -> Replayed:
    """Found the city in the empty database, feed its cases, compare with what the city did, check the record.

    Raises NoCases, ColumnsMissing, OutOfOrder, RowsLost, and what territory refuses of the boundaries."""
    source = CaseFile.in_folder(order.city, zone=order.zone, limit=order.limit)
    watch.begin("读取文件 reading the file")
    survey = source.survey()
    watch.begin("建立城市 founding the city")
    city = found(mapped(survey.subjects), order.boundaries, first=survey.first)
    rejected = Rejections(order.rejected)
    watch.begin("回放 replaying", lines=survey.lines)
    begun = time.monotonic()
    fed = feed(source, city, span=order.span, rejected=rejected, seen=watch.seen)
    seconds = time.monotonic() - begun
    watch.begin("比对 comparing")
    links = read_links(order.city)
    measures = measure(source, city, rejected=rejected, links=links, read=survey.lines)
    watch.begin("核验留痕 checking the record")
    faults = sum(1 for _ in seals.faults())
    rows, chains, _ = seals.extent()
    return Replayed(measures, fed, city.repaired, seconds, rows, chains, faults)
