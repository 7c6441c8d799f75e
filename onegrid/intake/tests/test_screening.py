"""What is refused at the door, and in which words."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onegrid.intake.rules.plausible import implausible, without_implausible
from onegrid.intake.rules.reports import Channel, Reporter, ReportIn, clean, fingerprint, rejected_id
from onegrid.intake.rules.screening import objection
from onegrid.kernel.coordinates import CoordinateSystem

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
GOOD = ReportIn(
    channel=Channel.WORKER,
    external_id="a-1",
    description="路边有垃圾",
    lng=118.38,
    lat=24.96,
    system=CoordinateSystem.WGS84,
    reported_at=NOON,
)


def test_a_complete_report_meets_no_objection() -> None:
    assert objection(GOOD) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_id": ""}, "intake.key-missing"),
        ({"external_id": "x" * 201}, "intake.key-missing"),
        ({"description": ""}, "intake.nothing-said"),
        ({"description": "字" * 20_001}, "intake.too-long"),
        ({"title": "字" * 201}, "intake.too-long"),
        ({"lat": None}, "intake.half-coordinate"),
        ({"lng": math.nan}, "intake.not-a-coordinate"),
        ({"lat": math.inf}, "intake.not-a-coordinate"),
        ({"lng": 400.0}, "intake.not-a-coordinate"),
        ({"lng": 24.96, "lat": 118.38}, "intake.swapped-coordinate"),
        ({"system": None}, "intake.system-missing"),
        ({"happened_at": datetime(2026, 11, 24)}, "intake.zone-missing"),  # noqa: DTZ001
        ({"photos": ("x",) * 21}, "intake.too-long"),
        ({"form": {"note": "a\0b"}}, "intake.unstorable"),
        ({"form": {"note": "\ud800"}}, "intake.unstorable"),
        ({"source_detail": {"blob": "x" * 100_001}}, "intake.too-long"),
    ],
)
def test_what_nobody_could_act_on_is_refused_by_name(change: dict[str, object], code: str) -> None:
    refusal = objection(replace(GOOD, **change))  # type: ignore[arg-type]
    assert refusal is not None
    assert refusal.code == code
    assert "{" not in refusal.message("zh") + refusal.message("en")


def test_a_place_may_be_missing_and_a_class_alone_is_enough() -> None:
    bare = ReportIn(channel=Channel.DEVICE, external_id="d-1", class_code="0102")
    assert objection(bare) is None


def test_characters_that_cannot_be_stored_are_taken_out() -> None:
    dirty = replace(GOOD, description=" 垃圾\0成堆\ud800\n第二行 ", external_id=" a-1 ")
    tidy = clean(dirty)
    assert (tidy.description, tidy.external_id) == ("垃圾成堆?\n第二行", "a-1")
    assert clean(tidy) is tidy


def test_another_body_has_another_fingerprint_and_the_same_body_the_same() -> None:
    assert fingerprint(GOOD) == fingerprint(replace(GOOD))
    assert fingerprint(GOOD) != fingerprint(replace(GOOD, lat=24.97))
    assert fingerprint(GOOD) != fingerprint(replace(GOOD, form={"depth": 1}))


def test_rejecting_the_same_sending_again_gives_the_same_record() -> None:
    mark = fingerprint(GOOD)
    assert rejected_id(GOOD, mark) == rejected_id(replace(GOOD), mark)
    assert rejected_id(GOOD, mark) != rejected_id(GOOD, fingerprint(replace(GOOD, lat=0.0)))


NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"happened_at": datetime(2030, 1, 1, tzinfo=UTC)}, "intake.happened-in-the-future"),
        ({"happened_at": NOW + timedelta(hours=2)}, "intake.happened-in-the-future"),
        ({"reporter": Reporter("张三", "abc")}, "intake.no-telephone"),
    ],
)
def test_what_cannot_be_so_is_refused_by_name_and_left_out_where_life_is_in_danger(
    change: dict[str, object], code: str
) -> None:
    report = replace(GOOD, **change)  # type: ignore[arg-type]
    refusal = implausible(report, now=NOW)
    assert refusal is not None
    assert refusal.code == code
    assert implausible(without_implausible(report, now=NOW), now=NOW) is None


@pytest.mark.parametrize("phone", ["", "13800000000", "138****1234", "110", "0595-86380000 转 2"])
def test_a_number_that_can_be_called_and_a_clock_a_little_fast_are_no_fault(phone: str) -> None:
    report = replace(GOOD, reporter=Reporter("张三", phone), happened_at=NOW + timedelta(minutes=5))
    assert implausible(report, now=NOW) is None
