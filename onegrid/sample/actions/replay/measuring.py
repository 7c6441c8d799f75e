"""Compares what the database says of every row with what the city said."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np

from onegrid.cases import queries as cases
from onegrid.intake import queries as intake
from onegrid.intake.rules.reports import OutcomeKind
from onegrid.kernel.ids import CaseId
from onegrid.kernel.queries import office_calendar
from onegrid.sample.actions.replay.files import CaseFile, Line, Rejections
from onegrid.sample.actions.replay.founding import Founded
from onegrid.sample.rules.replay.mapping import report_of
from onegrid.sample.rules.replay.measures import Kept, Measures
from onegrid.sample.rules.replay.rows import Row
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory
from onegrid.territory.rules.codes import GridLevel, level_of
from onegrid.territory.rules.locator import Locator

PAGE: Final = 5_000  # rows


def measure(
    source: CaseFile, city: Founded, *, rejected: Rejections, links: Sequence[tuple[str, str]], read: int
) -> Measures:
    """Read the file once more, page by page, beside our reports and cases. Raises RowsLost."""
    measures, calendar = Measures(), office_calendar()
    ends = {key for link in links for key in link}
    linked: dict[str, CaseId | None] = {}
    wards = _wards()
    for lines in _pages(source.lines()):
        for line, kept in zip(lines, _kept(lines, city, wards, rejected), strict=True):
            if line.row is None or kept is None:
                measures.count_unreadable()
                continue
            unit = city.classes.units[line.row.department]
            measures.count(line.row, kept, unit=unit, calendar=calendar)
            if line.key in ends:
                linked[line.key] = kept.case_id
    measures.count_links(links, linked)
    measures.check(read=read)
    return measures


def _wards() -> Locator:
    """Finds first-level grids by their own boundaries; cases are placed by the second level."""
    first = [code for code in territory.live_codes() if level_of(code) is GridLevel.FIRST]
    shapes = territory.shapes(first)
    return Locator(list(shapes), list(shapes.values()))


def _pages(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while page := list(islice(lines, PAGE)):
        yield page


def _kept(lines: Sequence[Line], city: Founded, wards: Locator, rejected: Rejections) -> list[Kept | None]:
    taken = [line.row for line in lines if line.row is not None and line.number not in rejected.lines]
    found = iter(_stored(taken, city, wards))
    return [
        None if line.row is None
        else _turned_away(line.row, city) if line.number in rejected.lines
        else next(found)
        for line in lines
    ]  # fmt: skip


def _turned_away(row: Row, city: Founded) -> Kept:
    """A rejected row: the department its TYPE names, and the times as the city gave them."""
    unit = city.classes.minors[row.kind].unit
    return Kept(OutcomeKind.REJECTED, None, "", "", False, unit, row.due_at, row.closed_at)


def _stored(rows: Sequence[Row], city: Founded, wards: Locator) -> list[Kept]:
    """What is stored of rows that were taken in; the unit is what the class names, before any hand-over."""
    reports = intake.settled([report_of(row, city.classes).key for row in rows])
    classes = scenarios.classes()
    opened = [each.case_id for each in reports if each is not None and each.kind is OutcomeKind.OPENED]
    states = cases.states([CaseId(case_id) for case_id in opened if case_id])
    places = np.array([(row.lng, row.lat) for row in rows], dtype=np.float64).reshape(-1, 2)
    ward_codes = wards.locate_codes(places[:, 0], places[:, 1]).tolist()
    kept = []
    for row, report, ward_code in zip(rows, reports, ward_codes, strict=True):
        assert report is not None, "a row that was not rejected is kept"
        unit = classes.get(report.class_code).unit or ""
        if report.kind is OutcomeKind.OPENED and report.case_id is not None:
            case = states[report.case_id]
            due_at, ended_at = (case.clock.due if case.clock else None), case.closed_at
        else:
            due_at, ended_at = report.promised_due, row.closed_at
        kept.append(
            Kept(
                report.kind,
                report.case_id,
                report.grid_code,
                ward_code,
                report.is_doubted,
                unit,
                due_at,
                ended_at,
            )
        )
    return kept
