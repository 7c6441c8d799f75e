"""A storm of device alarms: the first few open cases, all that follow join the first one's."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.queries.storms import families
from onegrid.intake.rules.storms import Alarm, StormLead, StormsUnreadable, read_families, storm_leads
from onegrid.kernel.ids import CaseId

SMOKE, HEAT, GAS = "S1201", "S0201", "E0403"
METRE = 1 / 111_195
FIRE = families().of(SMOKE)


def alarm(
    number: int, *, code: str = SMOKE, north_m: float = 0, at: float | None = None, **more: Any
) -> Alarm:
    usual = Alarm(
        code, False, "G1", 118.38, 24.95 + north_m * METRE, float(number) if at is None else at,
        CaseId(UUID(int=number)),
    )  # fmt: skip
    return usual._replace(**more)


def joined(alarms: list[Alarm], before: list[Alarm] | None = None) -> list[int | None]:
    """The number of the case that each joins, None where it goes the usual way."""
    return [lead and lead.case_id.int for lead in storm_leads(alarms, before or [], families())]


def kept(alarms: list[Alarm], leads: list[StormLead | None]) -> list[Alarm]:
    """The alarms as they are on record afterwards; those that join no storm open their own case."""
    return [
        one if lead is None else one._replace(case_id=lead.case_id, joined=True)
        for one, lead in zip(alarms, leads, strict=True)
    ]


def test_more_than_three_alarms_are_a_storm_and_the_rest_join_the_first() -> None:
    assert joined([alarm(n) for n in range(1, 7)]) == [None, None, None, 1, 1, 1]


def test_classes_of_one_device_family_are_one_storm_and_others_are_not() -> None:
    mixed = [alarm(1), alarm(2, code=HEAT), alarm(3), alarm(4, code=GAS), alarm(5, code=HEAT)]
    assert joined(mixed) == [None, None, None, None, 1]


def test_alarms_far_apart_in_space_or_time_are_no_storm() -> None:
    assert joined([alarm(n, north_m=n * 60.0) for n in range(1, 6)]) == [None] * 5
    assert joined([alarm(n, at=n * 400.0) for n in range(1, 6)]) == [None] * 5


def test_without_a_place_the_grid_decides() -> None:
    nowhere = [alarm(n, lng=None, lat=None) for n in range(1, 6)]
    assert joined(nowhere) == [None, None, None, 1, 1]
    elsewhere = [alarm(n, lng=None, lat=None, grid=f"G{n}") for n in range(1, 6)]
    assert joined(elsewhere) == [None] * 5


def test_a_danger_to_life_joins_only_other_dangers_to_life() -> None:
    assert joined([alarm(n, urgent=n == 5) for n in range(1, 7)]) == [None, None, None, 1, None, 1]


def test_in_a_storm_the_first_of_each_grid_still_alarms() -> None:
    alarms = [alarm(n, grid="G2" if n in {5, 6} else "G1") for n in range(1, 8)]
    leads = storm_leads(alarms, [], families())
    assert [lead and lead.quiet for lead in leads] == [None, None, None, True, False, True, True]


def test_a_storm_goes_on_in_the_case_of_its_first_alarm_as_long_as_alarms_come() -> None:
    alarms = [alarm(n, at=n * 120.0) for n in range(1, 60)]
    assert joined(alarms)[3:] == [1] * 56


def test_a_case_that_has_ended_is_no_lead() -> None:
    ended = [alarm(n, leads=n > 1) for n in range(1, 5)]
    assert joined([alarm(9)], ended) == [2]
    assert joined([alarm(9)], [each._replace(leads=False) for each in ended]) == [None]


def test_an_alarm_that_cannot_open_a_case_does_not_count() -> None:
    assert joined([alarm(n, leads=n != 2) for n in range(1, 6)]) == [None, None, None, None, 1]


def test_ten_thousand_alarms_at_once_are_one_incident() -> None:
    found = joined([alarm(n, at=n / 100) for n in range(1, 10_001)])
    assert found == [None] * 3 + [1] * 9_997


alarms_drawn = st.lists(
    st.tuples(
        st.sampled_from([SMOKE, HEAT, GAS, "E9999"]),
        st.booleans(),
        st.sampled_from(["G1", "G2"]),
        st.none() | st.integers(-4, 4),
        st.integers(0, 30),
    ),
    max_size=40,
)


@given(alarms_drawn, st.lists(st.integers(0, 40), max_size=3))
def test_a_batch_is_decided_as_its_parts_one_after_the_other(
    drawn: list[tuple[str, bool, str, int | None, int]], cuts: list[int]
) -> None:
    alarms = [
        alarm(number, code=code, urgent=urgent, grid=grid, at=minute * 60.0)._replace(
            lng=None if step is None else 118.38, lat=None if step is None else 24.95 + 60 * step * METRE
        )
        for number, (code, urgent, grid, step, minute) in enumerate(drawn, start=1)
    ]
    whole = storm_leads(alarms, [], families())
    ends = [*sorted(min(cut, len(alarms)) for cut in cuts), len(alarms)]
    record: list[Alarm] = []
    parts: list[StormLead | None] = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        leads = storm_leads(alarms[start:end], record, families())
        record += kept(alarms[start:end], leads)
        parts += leads
    assert parts == whole


@given(alarms_drawn)
def test_every_alarm_that_joins_has_enough_others_before_it(
    drawn: list[tuple[str, bool, str, int | None, int]],
) -> None:
    alarms = [
        alarm(n, code=code, grid=grid, at=at * 60.0) for n, (code, _, grid, _, at) in enumerate(drawn, 1)
    ]
    for index, lead in enumerate(storm_leads(alarms, [], families())):
        rule = families().of(alarms[index].class_code)
        near = [
            each
            for each in alarms[:index]
            if families().of(each.class_code) == rule
            and abs(each.at - alarms[index].at) <= 60 * rule.within_min
        ]
        assert (lead is not None) == (len(near) >= rule.more_than)
        assert lead is None or lead.case_id in {each.case_id for each in near} | {
            each.case_id for each in alarms[:index]
        }


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"default": {"within": 1, "reach": 1, "more_than": 1}},
        {"default": {"within": 1, "reach": 1}, "families": {}},
        {"default": {"within": 1, "reach": 1, "more_than": 0}, "families": {}},
        {"default": {"within": "x", "reach": 1, "more_than": 1}, "families": {}},
        {"default": {"within": 1, "reach": 1, "more_than": 1}, "families": {"fire": 3}},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(document: dict[str, dict[str, object]]) -> None:
    with pytest.raises(StormsUnreadable):
        read_families(document)


def test_the_settings_that_come_with_it_are_sound() -> None:
    assert (FIRE.within_min, FIRE.reach_m, FIRE.more_than) == (10, 150, 3)
    assert families().of("C0302").classes == ("C0302",)
