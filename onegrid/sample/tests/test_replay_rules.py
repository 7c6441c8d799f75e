"""What the replay decides by itself: reading rows, mapping words, the order of feeding, the figures."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.reports import Channel, OutcomeKind
from onegrid.kernel.calendar import OfficeCalendar
from onegrid.kernel.ids import CaseId, new_id
from onegrid.sample.rules.replay.mapping import Subject, exit_of, mapped, report_of
from onegrid.sample.rules.replay.measures import Kept, Measures, RowsLost, is_on_time
from onegrid.sample.rules.replay.places import PrecinctUnreadable, split_precinct
from onegrid.sample.rules.replay.rows import (
    COLUMNS,
    ClosedBeforeOpened,
    Row,
    RowUnreadable,
    objection,
    precinct_label,
    read_row,
    ward_label,
)
from onegrid.sample.rules.replay.schedule import Agenda, windows

BOSTON = ZoneInfo("America/New_York")
START = datetime(2015, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def cells(**given: str) -> dict[str, str]:
    plain = dict.fromkeys(COLUMNS, "") | {
        "CASE_ENQUIRY_ID": "101", "OPEN_DT": "2015-01-01T00:25:23", "TARGET_DT": "2015-01-16T08:30:00",
        "CLOSED_DT": "2015-01-02T16:17:43", "OnTime_Status": "ONTIME",
        "CLOSURE_REASON": "Case Closed Case Noted",
        "CASE_TITLE": "PRINTED", "REASON": "Street Lights", "TYPE": "Street Light Outages",
        "Department": "PWDx", "Location": "145-151 Ipswich St", "ward": "Ward 5",
        "precinct": "502.0", "LATITUDE": "42.3474",
        "LONGITUDE": "-71.0944", "Source": "Citizens Connect App",
    }  # fmt: skip
    return plain | given


def row(line: int = 1, **given: str) -> Row:
    return read_row(cells(**given), line=line, zone=BOSTON)


def at(
    minutes: float,
    *,
    closed: float | None = None,
    kind: str = "Graffiti",
    lng: str = "-71.0600",
    line: int = 1,
) -> Row:
    """A row opened and closed so many minutes after the start."""
    opened = START + timedelta(minutes=minutes)
    ended = "" if closed is None else (START + timedelta(minutes=closed)).isoformat()
    return row(line, CASE_ENQUIRY_ID=f"r{line}", OPEN_DT=opened.isoformat(), TARGET_DT="", CLOSED_DT=ended,
               TYPE=kind, LONGITUDE=lng)  # fmt: skip


class TestReading:
    def test_times_are_local_to_the_city_and_stored_in_utc_on_both_sides_of_daylight_saving(self) -> None:
        assert row(OPEN_DT="2015-03-08T01:59:59").opened_at == datetime(2015, 3, 8, 6, 59, 59, tzinfo=UTC)
        assert row(OPEN_DT="2015-03-08T03:00:00").opened_at == datetime(2015, 3, 8, 7, tzinfo=UTC)
        assert row(OPEN_DT="2015-07-01T12:00:00").opened_at == datetime(2015, 7, 1, 16, tzinfo=UTC)

    @pytest.mark.parametrize("label", ["Ward 5", "05", "5", " ward 5 ", "5.0"])
    def test_the_ward_is_found_in_each_way_the_city_writes_it(self, label: str) -> None:
        assert ward_label(label) == "990250001005000"

    @pytest.mark.parametrize("label", ["503.0", "503", "0503"])
    def test_the_precinct_is_found_in_each_way_the_city_writes_it(self, label: str) -> None:
        assert precinct_label(label) == "990250001005003"

    def test_a_precinct_with_two_digit_ward_is_not_cut_in_the_wrong_place(self) -> None:
        assert precinct_label("2010.0") == "990250001020010"

    def test_a_precinct_that_was_split_off_has_a_number_of_its_own(self) -> None:
        assert split_precinct("0502") == (5, 2)
        assert split_precinct("0502A") == (5, 102)
        with pytest.raises(PrecinctUnreadable):
            split_precinct("five")

    @pytest.mark.parametrize("label", ["", "0", "Ward", "n/a"])
    def test_a_label_that_names_no_ward_is_no_label(self, label: str) -> None:
        assert ward_label(label) is None
        assert precinct_label(label) is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [("OPEN_DT", ""), ("OPEN_DT", "yesterday"), ("CLOSED_DT", "2015-13-01T00:00:00"),
         ("LATITUDE", "north"), ("LATITUDE", "nan"), ("LATITUDE", ""), ("LONGITUDE", "-271"),
         ("CASE_ENQUIRY_ID", " "), ("TYPE", "")],
    )  # fmt: skip
    def test_a_row_that_cannot_be_read_is_refused_with_its_field(self, field: str, value: str) -> None:
        with pytest.raises(RowUnreadable) as refused:
            read_row(cells(**{field: value}), line=1, zone=BOSTON)
        assert field in refused.value.message("zh")

    def test_a_row_without_any_coordinate_is_read(self) -> None:
        assert row(LATITUDE="", LONGITUDE="").lng is None

    def test_a_row_may_close_at_once_but_not_before_it_opens(self) -> None:
        refused = objection(row(CLOSED_DT="2015-01-01T00:25:22"), zone=BOSTON)
        assert isinstance(refused, ClosedBeforeOpened)
        assert "2015-01-01 00:25:22" in refused.message("zh")
        assert objection(row(CLOSED_DT="2015-01-01T00:25:23"), zone=BOSTON) is None
        assert objection(row(CLOSED_DT=""), zone=BOSTON) is None


class TestMapping:
    SUBJECTS: ClassVar = {
        Subject("Sign Repair", "Signs & Signals", "BTDT"): 5,
        Subject("Sign Repair", "Signs & Signals", "PWDx"): 3,
        Subject("Rodents", "Housing", "ISD"): 1,
        Subject("Rodents", "Environment", "ISD"): 2,
        Subject("Graffiti", "Housing", "No Q"): 1,
    }

    def test_the_department_is_the_one_a_type_came_under_most_often(self) -> None:
        classes = mapped(self.SUBJECTS)
        assert classes.minors["Sign Repair"].unit == classes.units["BTDT"] == "btdt"

    def test_a_type_belongs_to_the_reason_it_came_under_most_often(self) -> None:
        found = {major.name: [minor.name for minor in major.minors] for major in mapped(self.SUBJECTS).majors}
        expected = {"Environment": ["Rodents"], "Housing": ["Graffiti"], "Signs & Signals": ["Sign Repair"]}
        assert found == expected

    def test_codes_do_not_depend_on_the_order_of_the_rows(self) -> None:
        assert mapped(self.SUBJECTS) == mapped(dict(reversed(self.SUBJECTS.items())))

    def test_departments_written_alike_get_keys_of_their_own(self) -> None:
        subjects = {Subject("A", "R", "HS_O"): 1, Subject("B", "R", "HS-O"): 1, Subject("C", "R", "__"): 1}
        keys = list(mapped(subjects).units.values())
        assert len(set(keys)) == 3

    @pytest.mark.parametrize(
        ("closure", "exit_key"),
        [("Case Closed Duplicate of Existing Case duplicate of existing w/o", "duplicate"),
         ("Case Closed. Closed date : 2015-05-06 07:34:36.887 Case Resolved Marked completed", "done"),
         ("Case Closed. Closed date : 2015-05-06 07:34:36.887 Case Noted", "noted"),
         ("Case Closed NOVIO: No violation", "no-violation"), ("Case Closed Case Invalid spam", "invalid"),
         ("Case Closed ROA: Refer to other agency", "referred"), ("", "done"),
         ("Case Closed Case Resolved it was a duplicate of another", "done")],
    )  # fmt: skip
    def test_the_exit_is_told_from_the_closing_remark(self, closure: str, exit_key: str) -> None:
        assert exit_of(closure) == exit_key

    def test_a_report_says_only_what_was_known_when_it_came_in(self) -> None:
        given = row()
        report = report_of(given, mapped({Subject(given.kind, given.reason, given.department): 1}))
        assert report.channel is Channel.PUBLIC
        assert report.reported_at == given.opened_at
        assert report.promised_due == given.due_at
        assert given.closure not in f"{report}"
        assert given.department not in f"{report}"
        assert report.grid_code is None


class TestOrder:
    def cut(self, rows: list[Row], *, known: list[Row] | None = None) -> list[list[str]]:
        agenda = Agenda()
        for one in known or []:
            agenda.add(one, CaseId(new_id()))
        return [[one.key for one in window.rows] for window in windows(rows, agenda, span=HOUR, at_most=1000)]

    def test_reports_of_one_hour_go_together(self) -> None:
        rows = [at(0, line=1), at(59, line=2), at(60, line=3), at(200, line=4)]
        assert self.cut(rows) == [["r1", "r2"], ["r3"], ["r4"]]

    def test_a_window_ends_where_a_report_follows_a_closing_of_its_kind_nearby(self) -> None:
        first, again = at(0, closed=10, line=1), at(20, line=2)
        assert self.cut([first, again]) == [["r1"], ["r2"]]

    def test_a_closing_elsewhere_or_of_another_kind_or_later_cuts_nothing(self) -> None:
        first = at(0, closed=10, line=1)
        for other in (
            at(20, line=2, lng="-71.0500"),
            at(20, line=2, kind="Rodents"),
            at(5, line=2),
        ):
            assert self.cut([first, other]) == [["r1", "r2"]]

    def test_a_closing_that_lay_ahead_before_the_window_cuts_it_too(self) -> None:
        earlier = at(-600, closed=30, line=1)
        assert self.cut([at(0, line=2), at(40, line=3)], known=[earlier]) == [["r2"], ["r3"]]

    def test_what_lies_on_a_fallback_point_meets_nothing(self) -> None:
        first, again = at(0, closed=10, line=1), at(20, line=2)
        agenda = Agenda(fallbacks={(first.lng, first.lat)})
        assert len(list(windows([first, again], agenda, span=HOUR, at_most=1000))) == 1

    def test_closings_come_due_in_order_and_once(self) -> None:
        agenda = Agenda()
        for line, closed in ((1, 30), (2, 10), (3, 50)):
            agenda.add(at(0, closed=closed, line=line), CaseId(new_id()))
        due = agenda.due(START + timedelta(minutes=30), at_most=10)
        assert [closing.row.key for closing in due] == ["r2", "r1"]
        assert len(agenda) == 1
        assert not agenda.meets(at(40, line=4))
        assert agenda.meets(at(50, line=4))

    @given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 120), st.sampled_from("AB")), max_size=40))
    def test_no_report_of_a_window_follows_a_closing_that_could_concern_it(
        self, drawn: list[tuple[int, int, str]]
    ) -> None:
        rows = [
            at(opened, closed=opened + open_for, kind=kind, line=line)
            for line, (opened, open_for, kind) in enumerate(sorted(drawn), 1)
        ]
        agenda, fed = Agenda(), list[Row]()
        for window in windows(rows, agenda, span=HOUR, at_most=1000):
            assert window.rows[-1].opened_at - window.rows[0].opened_at < HOUR
            assert window.until >= window.rows[-1].opened_at
            for one in window.rows:
                assert not agenda.meets(one)
                ended = [o for o in window.rows if o.kind == one.kind and o.closed_at <= one.opened_at]  # type: ignore[operator]
                assert all(other.line >= one.line for other in ended)
            for one in window.rows:
                agenda.add(one, CaseId(new_id()))
            agenda.due(window.until, at_most=1000)
            fed += window.rows
        assert fed == rows


class TestFigures:
    CALENDAR = OfficeCalendar(zone="America/New_York")

    def kept(self, given: Row, **changed: Any) -> Kept:
        plain = Kept(
            OutcomeKind.OPENED, CaseId(new_id()), given.precinct or "", given.ward or "",
            doubted=False, unit="pwdx", due_at=given.due_at, ended_at=given.closed_at,
        )  # fmt: skip
        return plain._replace(**changed)

    def count(self, *pairs: tuple[Row, Kept]) -> Measures:
        measures = Measures()
        for one, kept in pairs:
            measures.count(one, kept, unit="pwdx", calendar=self.CALENDAR)
        return measures

    def test_a_row_that_agrees_in_everything_counts_everywhere(self) -> None:
        found = self.count((row(), self.kept(row())))
        assert [found.precinct, found.ward, found.department, found.on_time] == [(1, 1)] * 4

    def test_the_neighbouring_precinct_of_the_same_ward_agrees_in_the_ward_only(self) -> None:
        found = self.count((row(), self.kept(row(), grid_code="990250001005001")))
        assert (found.precinct, found.ward, found.nested) == ((0, 1), (1, 1), (1, 1))

    def test_a_labelled_place_outside_every_grid_disagrees(self) -> None:
        found = self.count((row(), self.kept(row(), kind=OutcomeKind.POOLED, grid_code="", ward_code="")))
        assert (found.precinct, found.ward) == ((0, 1), (0, 1))

    def test_a_fallback_coordinate_is_not_compared(self) -> None:
        found = self.count((row(), self.kept(row(), kind=OutcomeKind.POOLED, grid_code="", doubted=True)))
        assert (found.precinct.of, found.ward.of, found.fallback) == (0, 0, 1)

    def test_a_case_left_open_that_the_city_closed_disagrees(self) -> None:
        assert self.count((row(), self.kept(row(), ended_at=None))).on_time == (0, 1)

    def test_a_row_without_a_flag_is_counted_apart(self) -> None:
        unflagged = row(OnTime_Status="")
        found = self.count((unflagged, self.kept(unflagged)))
        assert (found.on_time.of, found.unflagged) == (0, 1)

    def test_rows_without_both_times_are_not_compared(self) -> None:
        for one in (row(TARGET_DT=""), row(CLOSED_DT="")):
            assert self.count((one, self.kept(one))).on_time.of == 0

    def test_a_matter_that_ends_at_its_due_time_is_on_time_and_a_second_later_is_not(self) -> None:
        assert is_on_time(START, START, self.CALENDAR)
        assert not is_on_time(START, START + timedelta(seconds=1), self.CALENDAR)

    def test_a_link_is_found_when_both_ends_are_in_one_case(self) -> None:
        one, two = CaseId(new_id()), CaseId(new_id())
        found = Measures()
        cases = {"a": one, "b": one, "c": two, "pooled": None, "also-pooled": None}
        found.count_links([("a", "b"), ("a", "c"), ("pooled", "also-pooled"), ("a", "unread")], cases)
        assert found.links == (1, 3)

    def test_a_lost_row_is_refused(self) -> None:
        found = self.count((row(), self.kept(row())))
        found.count_unreadable()
        found.check(read=2)
        with pytest.raises(RowsLost):
            found.check(read=3)
