"""One row of a city's file of civic cases, with times in UTC and the city's labels as our grid codes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import Final
from zoneinfo import ZoneInfo

from onegrid.kernel.ids import GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.sample.rules.replay.places import precinct_grid, ward_grid

COLUMNS: Final = (
    "CASE_ENQUIRY_ID", "OPEN_DT", "TARGET_DT", "CLOSED_DT", "OnTime_Status", "CLOSURE_REASON", "CASE_TITLE",
    "REASON", "TYPE", "Department", "Location", "ward", "precinct", "LATITUDE", "LONGITUDE", "Source",
)  # fmt: skip
"""What is read; other columns are left alone."""

_ON_TIME: Final = {"ONTIME": True, "OVERDUE": False}
_WARD: Final = re.compile(r"(?:ward\s*)?0*([1-9]\d?)(?:\.0)?", re.IGNORECASE)
_PRECINCT: Final = re.compile(r"0*([1-9]\d?)(\d\d)(?:\.0)?")


class RowUnreadable(Refusal):
    code = "sample.row-unreadable"
    zh = "“{field}”的值“{value}”无法读取。"
    en = "{field} cannot be read: '{value}'."


class ClosedBeforeOpened(Refusal):
    code = "sample.closed-before-opened"
    zh = "办结时间（{closed}）早于受理时间（{opened}）。"
    en = "Closed ({closed}) before it was opened ({opened})."


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the city kept it. Times in UTC, coordinates in WGS-84 degrees.

    `ward` and `precinct` are the city's labels as grid codes (None: unlabelled), `on_time` is its flag."""

    line: int
    key: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    closure: str
    title: str
    reason: str
    kind: str
    department: str
    place_text: str
    ward: GridCode | None
    precinct: GridCode | None
    lng: float | None
    lat: float | None
    source: str


def read_row(cells: Mapping[str, str], *, line: int, zone: ZoneInfo) -> Row:
    """The row with this line number of the file; its times are local to `zone`. Raises RowUnreadable."""
    opened_at = _moment(cells, "OPEN_DT", zone)
    if opened_at is None:
        raise RowUnreadable(field="OPEN_DT", value="")
    lng, lat = _degrees(cells, "LONGITUDE", 180), _degrees(cells, "LATITUDE", 90)
    if (lng is None) != (lat is None):
        raise RowUnreadable(field="LATITUDE, LONGITUDE", value=f"{cells['LATITUDE']}, {cells['LONGITUDE']}")
    return Row(
        line=line,
        key=_named(cells, "CASE_ENQUIRY_ID"),
        opened_at=opened_at,
        due_at=_moment(cells, "TARGET_DT", zone),
        closed_at=_moment(cells, "CLOSED_DT", zone),
        on_time=_ON_TIME.get(cells["OnTime_Status"].strip()),
        closure=cells["CLOSURE_REASON"].strip(),
        title=cells["CASE_TITLE"].strip(),
        reason=intern(_named(cells, "REASON")),
        kind=intern(_named(cells, "TYPE")),
        department=intern(_named(cells, "Department")),
        place_text=cells["Location"].strip(),
        ward=ward_label(cells["ward"]),
        precinct=precinct_label(cells["precinct"]),
        lng=lng,
        lat=lat,
        source=intern(cells["Source"].strip()),
    )


def objection(row: Row, *, zone: ZoneInfo) -> Refusal | None:
    """Why a row that can be read is still no case that may be replayed; times are told in the city's zone."""
    if row.closed_at is None or row.closed_at >= row.opened_at:
        return None
    opened, closed = (moment.astimezone(zone) for moment in (row.opened_at, row.closed_at))
    return ClosedBeforeOpened(closed=f"{closed:%Y-%m-%d %H:%M:%S}", opened=f"{opened:%Y-%m-%d %H:%M:%S}")


def ward_label(text: str) -> GridCode | None:
    """The ward's grid code; wards are written "Ward 5", "05" or "5"."""
    found = _WARD.fullmatch(text.strip())
    return ward_grid(int(found[1])) if found else None


def precinct_label(text: str) -> GridCode | None:
    """The precinct's grid code; precinct 3 of ward 5 is written "503.0" or "0503"."""
    found = _PRECINCT.fullmatch(text.strip())
    return precinct_grid(int(found[1]), int(found[2])) if found else None


def _named(cells: Mapping[str, str], field: str) -> str:
    text = cells[field].strip()
    if not text:
        raise RowUnreadable(field=field, value="")
    return text


def _moment(cells: Mapping[str, str], field: str, zone: ZoneInfo) -> datetime | None:
    text = cells[field].strip()
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise RowUnreadable(field=field, value=text) from None
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def _degrees(cells: Mapping[str, str], field: str, limit: float) -> float | None:
    text = cells[field].strip()
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        raise RowUnreadable(field=field, value=text) from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise RowUnreadable(field=field, value=text)
    return degrees
