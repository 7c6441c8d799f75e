"""A made-up history replayed through the whole road, and the first days of a real one."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from onegrid.intake.rules.reports import OutcomeKind
from onegrid.kernel import history, seals
from onegrid.sample.actions.replay import Order, Replayed, recreate_database, replay
from onegrid.sample.actions.replay.database import NotAReplayDatabase
from onegrid.sample.actions.replay.files import CaseFile, ColumnsMissing, NoCases, OutOfOrder
from onegrid.sample.rules.replay.report import agreed, counted
from onegrid.sample.rules.replay.rows import COLUMNS

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).parents[4] / "shared" / "data"
ZONE = ZoneInfo("America/New_York")
START = datetime(2015, 6, 1, 9, 0, tzinfo=ZONE)
WEST, SOUTH, STEP = -71.10, 42.30, 0.01  # four precincts in a square, two wards side by side
BASE = dict.fromkeys(COLUMNS, "") | {
    "CASE_TITLE": "Sign Repair", "REASON": "Signs & Signals", "TYPE": "Sign Repair", "Department": "BTDT",
    "Source": "Citizens Connect App", "CLOSURE_REASON": "Case Closed Case Resolved", "ward": "Ward 1",
    "precinct": "101.0", "LATITUDE": "42.3050", "LONGITUDE": "-71.0950",
}  # fmt: skip


class Quiet:
    """Watches nothing but the count of lines."""

    def __init__(self) -> None:
        self.lines = 0

    def begin(self, step: str, *, lines: int | None = None) -> None:
        pass

    def seen(self, lines: int) -> None:
        self.lines += lines


def case(
    key: str, opened: float, closed: float | None = None, due: float | None = None, **given: str
) -> dict[str, str]:
    """A line of the file; times in minutes after the start, the flag as the city would set it."""
    flag = "" if closed is None or due is None else "ONTIME" if closed <= due else "OVERDUE"
    times = {"OPEN_DT": _time(opened), "CLOSED_DT": _time(closed), "TARGET_DT": _time(due)}
    return BASE | times | {"CASE_ENQUIRY_ID": key, "OnTime_Status": flag} | given


def _time(minutes: float | None) -> str:
    return "" if minutes is None else (START + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat()


def utc(minutes: float) -> datetime:
    return (START + timedelta(minutes=minutes)).astimezone(UTC)


HISTORY = [
    case("first", 0, closed=40, due=60),
    case("again", 20, closed=30, due=90, LONGITUDE="-71.0951"),
    case("backwards", 25, closed=20, due=80),
    case("unreadable", 26, LATITUDE="north"),
    case("after", 45, closed=200, due=100, LONGITUDE="-71.0951"),
    case("elsewhere", 50, closed=5000, LATITUDE="42.9"),
    case("other-department", 55, closed=70, due=65, Department="PWDx", LATITUDE="42.3150", precinct="102.0"),
    case("open", 58, LONGITUDE="-71.0850", ward="02", precinct="201.0", Source="City Worker App"),
    case("left", 59, closed=59, due=500, LONGITUDE="-71.0870", ward="2", precinct="202.0", TYPE="Rodents"),
    *(
        case(f"fallback-{n:02}", 300 + n, TYPE="Graffiti", LATITUDE="42.3111", ward="", precinct="")
        for n in range(40)
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "city", HISTORY)
    links = [
        ("again", "first", "duplicate", "1"),
        ("after", "first", "duplicate", "1"),
        ("x", "first", "mentions", "1"),
    ]
    with (tmp_path / "city" / "links_1.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("child_id", "parent_id", "relation", "parent_in_table"), *links])
    bounds = tmp_path / "boundaries"
    bounds.mkdir()
    wards = [({"WARD": w}, square(w - 1, 0, 1, 2)) for w in (1, 2)]
    precincts = [
        ({"WARD_PRECINCT": f"{w:02}{p:02}"}, square(w - 1, p - 1, 1, 1)) for w in (1, 2) for p in (1, 2)
    ]
    (bounds / "wards_wgs84.geojson").write_text(collection(wards))
    (bounds / "precincts_wgs84.geojson").write_text(collection(precincts))
    return tmp_path


def write(folder: Path, lines: list[dict[str, str]]) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "cases.csv").open("w", newline="") as stream:
        table = csv.DictWriter(stream, [*COLUMNS, "QUEUE"])
        table.writeheader()
        table.writerows(lines)


def square(east: int, north: int, wide: int, high: int) -> list[list[float]]:
    west, south = WEST + east * STEP, SOUTH + north * STEP
    corners = [
        (west, south),
        (west + wide * STEP, south),
        (west + wide * STEP, south + high * STEP),
        (west, south + high * STEP),
    ]
    return [[round(x, 6), round(y, 6)] for x, y in (*corners, corners[0])]


def collection(features: Sequence[tuple[Mapping[str, object], list[list[float]]]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for properties, ring in features
            ],
        }
    )


def run(folder: Path) -> tuple[Replayed, Quiet]:
    watch = Quiet()
    order = Order(
        folder / "city", folder / "boundaries", folder / "out" / "rejected.csv", ZONE, timedelta(minutes=60)
    )
    return replay(order, watch=watch), watch


def story(key: str) -> list[tuple[str, datetime]]:
    """The verbs and times on the record of the case that a row opened or joined."""
    return [(step.verb, step.at) for step in history.trail(case_of(key))]


def case_of(key: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM intake_report WHERE external_id = %s", [key])
        return UUID(str(cursor.fetchone()[0]))


def change_one_byte(subject: UUID, *, seq: int) -> None:
    """Change one letter of a row of the record, as only a superuser of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE kernel_trail SET body = overlay(body placing 'X' from 3 for 1)"
            " WHERE subject_id = %s AND seq = %s",
            [subject, seq],
        )
        cursor.execute("SET session_replication_role = origin")


def named_faults() -> set[tuple[UUID, int, str]]:
    return {(fault.subject_id, fault.seq, fault.problem) for fault in seals.faults()}


class TestMadeUpHistory:
    def test_every_row_is_in_exactly_one_count(self, folder: Path) -> None:
        replayed, watch = run(folder)
        kinds = replayed.measures.kinds
        assert replayed.measures.total == watch.lines == len(HISTORY)
        assert kinds[OutcomeKind.REJECTED] == 2
        assert kinds[OutcomeKind.POOLED] == 1 + 10  # one outside every grid, ten on the fallback point
        assert kinds[OutcomeKind.JOINED] == 1 + 29
        assert kinds[OutcomeKind.OPENED] == len(HISTORY) - 2 - 11 - 30
        assert replayed.fed.refusals == []

    def test_rejected_rows_are_in_a_file_with_reasons(self, folder: Path) -> None:
        run(folder)
        with (folder / "out" / "rejected.csv").open(encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
        assert [(row["id"], row["reason"]) for row in rows] == [
            ("backwards", "sample.closed-before-opened"),
            ("unreadable", "sample.row-unreadable"),
        ]
        assert all(row["原因"] and row["explanation"] for row in rows)

    def test_a_case_is_joined_worked_and_closed_at_the_times_the_city_did_it(self, folder: Path) -> None:
        run(folder)
        assert case_of("again") == case_of("first")
        verbs = story("first")
        assert verbs[0] == ("open", utc(0))
        assert ("join", utc(20)) in verbs
        assert verbs[-1] == ("exit", utc(40))

    def test_a_report_after_the_closing_opens_its_own_case_within_the_same_hour(self, folder: Path) -> None:
        run(folder)
        assert case_of("after") != case_of("first")

    def test_the_desk_hands_over_what_another_department_had(self, folder: Path) -> None:
        replayed, _ = run(folder)
        assert replayed.fed.moves["hand-over"] == 1
        assert [verb for verb, _ in story("other-department")][1] == "hand-over"
        assert replayed.measures.department.of - replayed.measures.department.same == 1

    def test_what_the_city_left_open_stays_open_and_signed_in(self, folder: Path) -> None:
        run(folder)
        assert [verb for verb, _ in story("open")] == ["open", "acknowledge"]

    def test_places_flags_and_links_are_compared_with_the_city(self, folder: Path) -> None:
        found = run(folder)[0].measures
        assert found.on_time == (6, 6)  # four closed cases, one joined, one rejected
        assert found.links == (1, 2)
        assert found.precinct.of - found.precinct.same == 2  # one outside, one labelled with the neighbour
        assert found.ward.of - found.ward.same == 1
        assert len([*counted(found), *agreed(found)]) == 11

    def test_the_record_is_whole_and_one_changed_byte_is_found_and_named(self, folder: Path) -> None:
        replayed, _ = run(folder)
        assert replayed.faults == 0
        subject = case_of("first")
        change_one_byte(subject, seq=2)
        assert named_faults() == {(subject, 2, "changed")}


class TestRefusals:
    def test_only_a_database_made_for_replays_is_emptied(self) -> None:
        with pytest.raises(NotAReplayDatabase):
            recreate_database()

    def test_a_folder_without_cases_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NoCases):
            CaseFile.in_folder(tmp_path, zone=ZONE)

    def test_a_file_that_is_not_in_order_of_time_is_refused_with_the_line(self, tmp_path: Path) -> None:
        write(tmp_path, [case("b", 10), case("a", 0)])
        with pytest.raises(OutOfOrder) as refused:
            CaseFile.in_folder(tmp_path, zone=ZONE).survey()
        assert refused.value.params["line"] == 3

    def test_a_file_without_the_columns_is_refused_with_their_names(self, tmp_path: Path) -> None:
        (tmp_path / "cases.csv").write_text("CASE_ENQUIRY_ID,OPEN_DT\n1,2015-01-01T00:00:00\n")
        with pytest.raises(ColumnsMissing) as refused:
            CaseFile.in_folder(tmp_path, zone=ZONE).survey()
        assert "TARGET_DT" in refused.value.message("en")


@pytest.fixture
def boston() -> Iterator[Path]:
    city = SHARED / "boston311"
    if not city.is_dir():
        pytest.skip(f"the real cases are not here: {city}")
    yield city


class TestFirstDaysOfARealYear:
    def test_the_first_thousand_rows_agree_with_the_city(self, boston: Path, tmp_path: Path) -> None:
        order = Order(
            boston,
            boston.parent / "boston_boundaries",
            tmp_path / "rejected.csv",
            ZONE,
            timedelta(minutes=60),
            1_000,
        )
        replayed = replay(order, watch=Quiet())
        figures = replayed.measures.figures()
        assert figures["in"] == 1_000
        assert figures["opened"] + figures["joined"] + figures["pool"] + figures["rejected"] == 1_000
        assert figures["on_time_agreement"] == 1
        assert figures["precinct_agreement"] > 0.9
        assert figures["ward_agreement"] > 0.97
        assert replayed.fed.refusals == []
        assert replayed.repaired > 0
        assert replayed.faults == 0
        subject = case_of("101001240735")
        change_one_byte(subject, seq=1)
        assert named_faults() == {(subject, 1, "changed")}
