"""receive(batch) gives what receive of its parts in order gives, on the real database."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.intake.rules.reports import Channel, Outcome, ReportIn
from onegrid.intake.tests.factories import LAMP, NEXT_GRID, RUBBISH, STALL, Staff, receive, report

CHANNELS = [Channel.WORKER, Channel.DEPARTMENT, Channel.DEVICE, Channel.PUBLIC]

reports = st.builds(
    lambda n, place, code, key, channel, text, grid: (place, code, key, channel, text, grid),
    st.integers(),
    st.sampled_from([-120.0, -70.0, -30.0, 0.0, 0.0, 0.0, 30.0, 70.0, 600.0]),
    st.sampled_from([RUBBISH, RUBBISH, STALL, LAMP, None, "X99"]),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from(CHANNELS),
    st.sampled_from(["垃圾成堆", "垃圾成堆", "垃圾堆着火了", "", "无"]),
    st.sampled_from([None, None, None, NEXT_GRID, "9"]),
)


def made(rows: list[tuple[Any, ...]]) -> list[ReportIn]:
    return [
        report(
            north_m=place, class_code=code, external_id=f"k-{key}" if key is not None else f"n-{i}",
            channel=channel, description=text, grid_code=grid,
        )
        for i, (place, code, key, channel, text, grid) in enumerate(rows)
    ]  # fmt: skip


def undone(work: Callable[[], list[Outcome]]) -> list[Outcome]:
    """The outcomes of work that leaves no trace in the database."""
    with transaction.atomic():
        outcomes = work()
        transaction.set_rollback(True)
    return outcomes


def plain(outcomes: list[Outcome]) -> list[tuple[object, ...]]:
    """Outcomes without the ids and numbers that are new every time: cases and reports by first appearance."""
    cases: dict[object, int] = {}
    ids: dict[object, int] = {}
    return [
        (
            each.kind, each.first, each.reason, cases.setdefault(each.case_id, len(cases)),
            ids.setdefault(each.report_id, len(ids)),
        )
        for each in outcomes
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(reports, min_size=1, max_size=14), cuts=st.sets(st.integers(1, 13), max_size=3))
def test_a_batch_is_its_parts_in_order(world: Staff, rows: list[tuple[Any, ...]], cuts: set[int]) -> None:
    batch = made(rows)
    edges = [0, *sorted(cut for cut in cuts if cut < len(batch)), len(batch)]
    parts = [batch[start:end] for start, end in pairwise(edges)]
    whole = undone(lambda: receive(batch))
    pieces = undone(lambda: [outcome for part in parts for outcome in receive(part)])
    assert plain(whole) == plain(pieces)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 69))
def test_a_fallback_point_is_found_out_at_the_same_report(world: Staff, cut: int) -> None:
    batch = [report(class_code=(RUBBISH, STALL)[i % 2]) for i in range(70)]
    whole = undone(lambda: receive(batch))
    pieces = undone(lambda: receive(batch[:cut]) + receive(batch[cut:]))
    assert plain(whole) == plain(pieces)
