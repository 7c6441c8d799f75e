"""Hot spots on the whole road: found, carried on, told, ended; seen in one's territory; no reporter shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from typer.testing import CliRunner

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.intake import actions, events, queries
from onegrid.intake.actions.hotspots import Round
from onegrid.intake.commands import app
from onegrid.intake.models import EarlierCount, Hotspot, HotspotMember, Report
from onegrid.intake.queries import bursts
from onegrid.intake.rules.hotspots import square_of
from onegrid.intake.rules.reports import Channel, EarlierReport, Reporter, ReportIn
from onegrid.intake.tests.factories import (
    GRID,
    NEXT_GRID,
    NOW,
    OTHER_GRID,
    RUBBISH,
    STALL,
    Staff,
    citizen,
    middle,
    receive,
    report,
)
from onegrid.intake.tests.test_api import client_of
from onegrid.kernel import outbox

WEEK = timedelta(weeks=1)
SPREAD = 0.004  # degrees


@pytest.fixture(autouse=True)
def history(world: Staff) -> None:
    """Ten weeks in which each grid had some five reports a week, spread over its ground and its days."""
    rng = np.random.default_rng(1)
    earlier = []
    for grid in (GRID, NEXT_GRID, OTHER_GRID):
        lng, lat = middle(grid)
        for _ in range(50):
            east, north = rng.uniform(-SPREAD, SPREAD, 2).tolist()
            at = NOW - WEEK - timedelta(hours=float(rng.uniform(1, 1600)))
            earlier.append(EarlierReport(lng + east, lat + north, at))
    assert actions.load_earlier(earlier, by=SYSTEM) == 150


def burst(count: int, *, grid: str = GRID, start: datetime = NOW, **fields: Any) -> list[ReportIn]:
    """So many reports around one place within half an hour before `start`."""
    lng, lat = middle(grid)
    return [
        replace(
            report(reported_at=start - timedelta(minutes=30 - number % 30)),
            **{"lng": lng + 0.0005 * (number % 3), "lat": lat + 0.0005 * (number // 3 % 3), **fields},
        )
        for number in range(count)
    ]


def look(after: timedelta = timedelta()) -> Round:
    return actions.watch(now=NOW + after)


def topics() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic FROM kernel_outbox WHERE topic LIKE 'intake.hotspot-%' ORDER BY id")
        return [row[0].removeprefix("intake.hotspot-") for row in cursor.fetchall()]


def test_a_burst_becomes_a_hot_spot_with_its_reports() -> None:
    outcomes = receive([*burst(14), report(grid=OTHER_GRID, reported_at=NOW)])
    done = look()
    assert (done.begun, done.running, done.known) == (1, 1, True)
    (found,) = Hotspot.objects.all()
    members = set(HotspotMember.objects.values_list("report_id", flat=True))
    assert members == {one.report_id for one in outcomes[:14]}
    assert found.name_zh == "水头镇甲村 · 暴露垃圾 14 件"
    assert (found.observed, found.reports, found.grid_code) == (14, 14, GRID)
    assert found.expected < 2
    assert abs(found.lng - middle(GRID)[0]) < 0.002
    assert topics() == ["began"]


def test_reports_of_several_classes_are_one_hot_spot() -> None:
    receive(burst(8) + burst(6, class_code=STALL))
    look()
    (found,) = Hotspot.objects.all()
    assert found.classes == {RUBBISH: 8, STALL: 6}
    assert found.name_zh.endswith("暴露垃圾等 14 件")


def test_what_is_usual_is_no_hot_spot() -> None:
    receive([each for grid in (GRID, NEXT_GRID, OTHER_GRID) for each in burst(2, grid=grid)])
    assert look().begun == 0


def test_a_hot_spot_that_grows_is_updated_and_told_at_twice_its_size() -> None:
    receive(burst(10))
    look()
    receive(burst(4, start=NOW + timedelta(minutes=10)), now=NOW + timedelta(minutes=10))
    look(timedelta(minutes=10))
    assert topics() == ["began"]
    receive(burst(8, start=NOW + timedelta(minutes=20)), now=NOW + timedelta(minutes=20))
    look(timedelta(minutes=20))
    assert topics() == ["began", "grew"]
    (found,) = Hotspot.objects.all()
    assert (found.reports, found.told) == (22, 22)


def test_looking_again_changes_nothing() -> None:
    receive(burst(12))
    look()
    first = Hotspot.objects.values().get()
    look()
    assert Hotspot.objects.values().get() == first
    assert topics() == ["began"]


def test_a_hot_spot_ends_when_the_burst_is_over() -> None:
    receive(burst(12))
    look()
    later = look(timedelta(days=8))
    assert (later.ended, later.running) == (1, 0)
    found = Hotspot.objects.get()
    assert (found.is_active, found.ended_at) == (False, NOW + timedelta(days=8))
    assert topics() == ["began", "ended"]


def test_doubted_rejected_and_placeless_reports_do_not_count() -> None:
    receive(burst(12))
    Report.objects.update(is_doubted=True)
    receive(burst(12, lng=None, lat=None, system=None, grid_code=GRID))
    assert look().begun == 0


def test_a_storm_of_device_alarms_counts_as_its_cases() -> None:
    receive(burst(60, channel=Channel.DEVICE))
    assert Report.objects.filter(kind="joined").count() > 50
    assert look().begun == 0


def test_residents_reports_that_wait_for_a_desk_count_too() -> None:
    receive(burst(12, channel=Channel.PUBLIC, reporter=Reporter("张三", "13800000000")), by=citizen())
    assert look().begun == 1


def test_nothing_is_said_before_enough_is_known() -> None:
    EarlierCount.objects.all().delete()
    receive(burst(14))
    assert look() == Round(reports=0, known=False)
    assert not Hotspot.objects.exists()


def test_the_threshold_is_reckoned_once_a_day() -> None:
    receive(burst(12))
    look()
    first = bursts.level()
    assert first is not None
    look(timedelta(minutes=5))
    assert bursts.level() == first
    look(timedelta(days=1))
    assert (again := bursts.level()) is not None
    assert again.day != first.day


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The listener of hot spots, and nobody else."""
    monkeypatch.setattr(outbox, "_routes", {})
    for event in (events.HotspotBegan, events.HotspotGrew, events.HotspotEnded):
        outbox.route(event, actions.tell_of_hotspots)


def test_grid_head_village_and_town_are_told_once(world: Staff, listening: None) -> None:
    said = events.HotspotBegan(
        event_id=None, hotspot_id=UUID(int=7), name_zh="水头镇甲村 · 暴露垃圾 14 件", name_en="…",
        grids=(GRID, NEXT_GRID), reports=14, expected=1.2, at=NOW,
    )  # fmt: skip
    actions.tell_of_hotspots([said])
    actions.tell_of_hotspots([said])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.role FROM notices_notice n JOIN workforce_post p ON p.id = n.recipient"
            " WHERE n.template = 'hotspot-began' ORDER BY p.role"
        )
        roles = [row[0] for row in cursor.fetchall()]
    assert roles == ["grid-head-2", "grid-head-2", "town-desk", "village-centre"]


def test_every_kind_of_news_has_its_words(listening: None) -> None:
    receive(burst(12))
    look()
    outbox.drain(now=NOW)
    look(timedelta(days=8))
    outbox.drain(now=NOW + timedelta(days=8))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT template FROM notices_notice WHERE template LIKE 'hotspot-%'")
        assert {row[0] for row in cursor.fetchall()} == {"hotspot-began", "hotspot-ended"}
    assert not [letter for letter in outbox.dead_letters() if "hotspot" in letter.topic]


def test_the_api_shows_hot_spots_of_ones_own_territory_without_reporters(world: Staff) -> None:
    receive(burst(14, channel=Channel.PUBLIC, reporter=Reporter("张三", "13800000000")), by=citizen())
    look()
    lin = client_of("lin", ["case.read"])
    page = lin.get("/api/hotspots").json()
    (found,) = page["items"]
    assert (found["observed"], found["reports"], page["next_cursor"]) == (14, 14, "")
    assert found["ratio"] > 5
    whole = lin.get(f"/api/hotspots/{found['id']}")
    assert len(whole.json()["members"]) == 14
    assert "13800000000" not in whole.content.decode()
    assert not {"contact", "reporter", "received_by"} & whole.json()["members"][0].keys()
    chen = client_of("chen", ["case.read"])
    assert chen.get("/api/hotspots").json()["items"] == []
    assert chen.get(f"/api/hotspots/{found['id']}").status_code == 404
    assert lin.get("/api/hotspots?state=ended").json()["items"] == []
    assert lin.get(f"/api/hotspots?area={OTHER_GRID}").json()["items"] == []


def test_hot_spots_are_paged() -> None:
    receive([each for grid in (GRID, OTHER_GRID) for each in burst(14, grid=grid)])
    assert look().begun == 2
    first = queries.hotspots(SYSTEM, limit=1)
    second = queries.hotspots(SYSTEM, limit=1, cursor=first.next_cursor)
    assert (len(first.items), len(second.items), second.next_cursor) == (1, 1, "")
    assert first.items[0].id != second.items[0].id
    with pytest.raises(NotPermitted):
        queries.hotspots(citizen())


def test_the_database_finds_the_square_that_the_rules_find() -> None:
    receive(burst(9))
    found = bursts.earlier(now=NOW + timedelta(days=7, hours=1), window=WEEK)
    reports = bursts.lately(now=NOW, window=WEEK)
    squares = square_of(np.array([each.lng for each in reports]), np.array([each.lat for each in reports]))
    assert set(squares.tolist()) <= set(found.squares.tolist())
    assert found.counts.sum() == 150 + 9
    assert sum(hours.sum() for hours in found.hours.values()) == 159


def test_earlier_counts_loaded_twice_are_counted_once() -> None:
    lng, lat = middle(GRID)
    again = [EarlierReport(lng, lat, NOW - WEEK * 30)] * 3 + [EarlierReport(0.0, 0.0, NOW - WEEK * 30)]
    assert [actions.load_earlier(again, by=SYSTEM) for _ in range(2)] == [3, 3]
    assert EarlierCount.objects.filter(slot__lt=NOW - WEEK * 29).get().count == 3
    with pytest.raises(NotPermitted):
        actions.load_earlier(again, by=citizen())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("COLUMNS", "200")
    yield CliRunner()


def test_the_command_line_loads_history_looks_and_lists(terminal: CliRunner, tmp_path: Path) -> None:
    lng, lat = middle(GRID)
    table = tmp_path / "earlier.csv"
    table.write_text(f"reported_at,lng,lat\n2025-03-01 08:30,{lng},{lat}\n2025-03-01 08:40,0,0\n")
    loaded = terminal.invoke(app, ["hotspot", "history", str(table), "--system", "WGS84"])
    assert "读取 2 件，其中落入网格 1 件" in loaded.output
    receive(burst(14))
    look()
    listed = terminal.invoke(app, ["hotspot", "list"])
    assert "水头镇甲村 · 暴露垃圾 14 件" in listed.output
    watched = terminal.invoke(app, ["hotspot", "watch"])
    assert watched.exit_code == 0
    table.write_text("reported_at,lng,lat\nyesterday,1,2\n")
    assert "第 2 行" in terminal.invoke(app, ["hotspot", "history", str(table), "--system", "WGS84"]).output
