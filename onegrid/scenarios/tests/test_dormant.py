"""Dormant scenarios: they take cases only by an order with a number, until its last day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.accounts.rules import SYSTEM, Actor, NotPermitted
from onegrid.kernel import history
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions, queries
from onegrid.scenarios.models import Scenario
from onegrid.scenarios.rules import Draft, parse
from onegrid.scenarios.rules import project_refusals as no
from onegrid.scenarios.rules.refusals import ClassTaken, NoScenario, NotLive
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS
from onegrid.scenarios.tests.files import SMALL, edited

pytestmark = pytest.mark.django_db

KEY = "street-lamps"
ORDER = "南防指〔2026〕7号"
LAST_DAY = date(2026, 12, 31)
KIND = "dormant: {zh: 须有市防控指挥部的启用令。, en: By order of the county command.}\n"
DORMANT = edited(("discovery: [patrol", KIND + "discovery: [patrol"))


@pytest.fixture
def people() -> dict[str, Actor]:
    made = factories.staffed_city()
    actions.publish(DORMANT, by=SYSTEM, now=NOW)
    return made


def order(by: Actor, **change: Any) -> None:
    said = {"order_number": ORDER, "issued_by": "市防控指挥部", "ends_on": LAST_DAY, **change}
    actions.activate(KEY, **said, by=by, now=NOW)


def takes(town: str = TOWNS[0], *, days: float = 0) -> bool:
    return queries.live(NOW + timedelta(days=days)).for_class("C0103", town) is not None


def test_the_file_says_that_a_scenario_is_dormant_and_by_what_kind_of_order() -> None:
    draft = parse(DORMANT)
    assert isinstance(draft, Draft)
    assert draft.definition.dormant is not None
    assert draft.definition.dormant.en == "By order of the county command."
    small = parse(SMALL)
    assert isinstance(small, Draft)
    assert small.definition.dormant is None


def test_a_dormant_scenario_that_is_live_takes_no_case_until_its_order(people: dict[str, Actor]) -> None:
    assert not takes()
    order(people["gao"])
    assert takes()
    assert takes(TOWNS[1])


def test_it_ends_by_itself_with_the_last_day_in_the_city(people: dict[str, Actor]) -> None:
    order(people["gao"])
    assert takes(days=37.5)  # 31 December, 21:30
    assert not takes(days=37.7)  # 1 January, 02:18


def test_the_last_day_is_looked_at_without_asking_the_database(people: dict[str, Actor]) -> None:
    order(people["gao"])
    takes()
    with CaptureQueriesContext(connection) as asked:
        assert takes(days=1)
        assert not takes(days=90)
    assert len(asked) <= 2  # the stamps, which every request reads anyway


@pytest.mark.parametrize(
    ("change", "refusal", "named"),
    [
        ({"order_number": " "}, no.OrderNeeded, "文号"),
        ({"ends_on": None}, no.OrderNeeded, "截止日期"),
        ({"issued_by": ""}, no.OrderNeeded, "签发机关"),
        ({"order_number": "", "ends_on": None}, no.OrderNeeded, "启用令文号、截止日期"),
        ({"ends_on": date(2026, 11, 24)}, no.BadEndDate, "180"),
        ({"ends_on": date(2027, 5, 24)}, no.BadEndDate, "180"),
        ({"towns": []}, no.NoTowns, "镇街"),
    ],
)
def test_it_is_not_switched_on_without_a_whole_order(
    people: dict[str, Actor], change: dict[str, Any], refusal: type[Refusal], named: str
) -> None:
    with pytest.raises(refusal) as refused:
        order(people["gao"], **change)
    assert named in refused.value.message("zh")
    assert not takes()


def test_the_longest_order_is_180_days(people: dict[str, Actor]) -> None:
    order(people["gao"], ends_on=date(2027, 5, 23))
    assert takes(days=180)


def test_the_refusal_says_what_kind_of_order_it_takes(people: dict[str, Actor]) -> None:
    with pytest.raises(no.OrderNeeded) as refused:
        order(people["gao"], order_number="")
    assert "须有市防控指挥部的启用令" in refused.value.message("zh")


def test_it_is_switched_on_in_the_towns_of_the_order_only(people: dict[str, Actor]) -> None:
    order(people["gao"], towns=[TOWNS[1]])
    assert (takes(TOWNS[0]), takes(TOWNS[1])) == (False, True)


def test_an_order_does_not_reach_beyond_where_the_scenario_is_live() -> None:
    people = factories.staffed_city()
    actions.publish(DORMANT, towns=[TOWNS[0]], by=SYSTEM, now=NOW)
    with pytest.raises(no.TownsNotLive):
        order(people["gao"], towns=TOWNS)
    order(people["gao"])
    assert (takes(TOWNS[0]), takes(TOWNS[1])) == (True, False)


def test_a_new_order_renews_and_an_old_one_is_not_used_twice(people: dict[str, Actor]) -> None:
    order(people["gao"])
    with pytest.raises(no.OrderUsed):
        order(people["gao"], ends_on=date(2027, 2, 1))
    order(people["gao"], order_number="南防指〔2026〕9号", ends_on=date(2027, 2, 1))
    assert takes(days=60)
    now, before = queries.activations(KEY, actor=SYSTEM, now=NOW)
    assert (now.in_force, before.in_force, before.ended_at) == (True, False, NOW)


def test_it_is_switched_off_before_its_day_for_a_reason_and_once(people: dict[str, Actor]) -> None:
    order(people["gao"])
    with pytest.raises(no.WordsNeeded):
        actions.deactivate(KEY, reason="", by=people["gao"], now=NOW)
    actions.deactivate(KEY, reason="疫情解除", by=people["gao"], now=NOW)
    assert not takes()
    with pytest.raises(no.NotActive):
        actions.deactivate(KEY, reason="再停", by=people["gao"], now=NOW)
    steps = history.trail(Scenario.objects.get(key=KEY).id)
    assert [step.verb for step in steps] == ["published", "activated", "deactivated"]
    assert (steps[1].body["order"], steps[1].by.label) == (ORDER, "高峰")


def test_only_the_grid_office_records_orders(people: dict[str, Actor]) -> None:
    for name in ("lin", "zhao"):
        with pytest.raises(NotPermitted):
            order(people[name])


def test_a_scenario_that_is_not_dormant_not_live_or_not_there_takes_no_order(
    people: dict[str, Actor],
) -> None:
    actions.suspend(queries.latest(KEY), reason="修订", by=SYSTEM, now=NOW)
    with pytest.raises(NotLive):
        order(people["gao"])
    actions.publish(SMALL, by=SYSTEM, now=NOW)
    with pytest.raises(no.NotDormant):
        order(people["gao"])
    with pytest.raises(NoScenario):
        actions.deactivate("nothing", reason="x", by=SYSTEM, now=NOW)


def test_its_classes_and_posts_are_kept_for_it_while_it_sleeps(people: dict[str, Actor]) -> None:
    rival = edited(("key: street-lamps", "key: lamps-too"), ("prefix: LD", "prefix: LE"))
    with pytest.raises(ClassTaken):
        actions.publish(rival, by=SYSTEM, now=NOW)
    assert {one.scenario for one in queries.requirements(now=NOW)} == {KEY}


def test_a_suspended_scenario_takes_no_case_though_its_order_runs(people: dict[str, Actor]) -> None:
    order(people["gao"])
    actions.suspend(queries.latest(KEY), reason="修订", by=SYSTEM, now=NOW)
    assert not takes()
