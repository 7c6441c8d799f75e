"""The office calendar is data that a site changes by command."""

from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from onegrid.kernel import clock
from onegrid.kernel.calendar import Limit
from onegrid.kernel.commands import app
from onegrid.kernel.office_hours import BadOfficeHours
from onegrid.kernel.queries import office_calendar

pytestmark = pytest.mark.django_db
FRIDAY_15_30 = datetime(2026, 7, 3, 7, 30, tzinfo=UTC)


def run(*arguments: str) -> None:
    CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_summer_hours_move_the_limits_that_run_on_office_hours() -> None:
    limit = Limit.parse("2.5 office hours")
    before = office_calendar().due(FRIDAY_15_30, limit)
    run("calendar", "hours", "06-01 08:00-12:00,15:00-18:00", "10-01 08:00-12:00,14:30-17:30")
    after = office_calendar().due(FRIDAY_15_30, limit)
    assert before == datetime(2026, 7, 6, 0, 30, tzinfo=UTC)  # Monday 08:30: the office closed at 17:30
    assert after == datetime(2026, 7, 3, 10, 0, tzinfo=UTC)  # still Friday, 18:00


def test_a_day_off_and_a_make_up_day_are_data() -> None:
    assert office_calendar().is_working(date(2028, 1, 3))
    run("calendar", "day", "2028-01-03", "--off")
    run("calendar", "day", "2028-01-08", "--working")
    assert not office_calendar().is_working(date(2028, 1, 3))
    assert office_calendar().is_working(date(2028, 1, 8))


def test_hours_that_cannot_be_read_are_refused_and_change_nothing() -> None:
    with pytest.raises(BadOfficeHours):
        run("calendar", "hours", "summer")
    assert office_calendar().is_working(date(2026, 7, 3))


def test_the_record_is_checked_in_words_of_both_languages() -> None:
    said = CliRunner().invoke(app, ["audit", "verify"]).output
    assert "0 处损坏" in said
    assert "0 broken" in said
    assert "接收方" in CliRunner().invoke(app, ["outbox", "dead"], env={"COLUMNS": "200"}).output


def test_a_moment_is_shown_as_the_citys_clocks_have_it() -> None:
    assert f"{clock.city_time(FRIDAY_15_30):%H:%M}" == "15:30"
