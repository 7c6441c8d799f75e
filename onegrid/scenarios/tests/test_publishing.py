"""Publishing: only what is sound and answered for goes live; what is published never changes."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from onegrid.accounts.rules import SYSTEM, Actor, NotPermitted
from onegrid.accounts.tests.factories import actor, standing
from onegrid.kernel import history
from onegrid.kernel.ids import VersionId, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions, queries
from onegrid.scenarios.models import Scenario, Version
from onegrid.scenarios.rules.project_refusals import InstallationOnly, NoProject, NotPossible
from onegrid.scenarios.rules.refusals import (
    ClassTaken,
    NoGrids,
    NotSound,
    NoVersion,
    PrefixTaken,
)
from onegrid.scenarios.rules.words import Text
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS, VILLAGES
from onegrid.scenarios.tests.files import SCENARIOS, SMALL, edited
from onegrid.workforce import actions as workforce
from onegrid.workforce import queries as workforce_queries
from onegrid.workforce.actions import NewPost

pytestmark = pytest.mark.django_db


def publish(text: str = SMALL, *, towns: list[str] | None = None) -> int:
    return actions.publish(text, towns=towns, by=SYSTEM, now=NOW).number


def faults(refusal: Refusal) -> list[dict[str, Any]]:
    """What the refusal tells an editor."""
    found = refusal.params["findings"]
    assert isinstance(found, list)
    return found


def test_the_whole_library_goes_live_and_loading_it_again_changes_nothing() -> None:
    first = factories.library()
    assert {one.key: one.number for one in first} == {file.stem: 1 for file in SCENARIOS}
    assert len(first) == 22
    again = actions.load_library(by=SYSTEM, now=NOW)
    assert [one.version_id for one in again] == [one.version_id for one in first]
    taker = queries.live(NOW).for_class("E0102", TOWNS[0])
    assert taker is not None
    assert taker.key == "environment-sanitation"
    assert taker.definition.prefix == "HJ"


def test_a_live_library_leaves_no_hole_in_the_duty_list() -> None:
    factories.library()
    assert len(queries.requirements(now=NOW)) > 50
    assert workforce_queries.coverage(queries.requirements(now=NOW)) == []


def test_a_grid_without_a_post_is_refused_with_stage_grid_and_post() -> None:
    factories.territory()
    factories.posts(without=[("grid-head", VILLAGES[0])])
    factories.classes()
    with pytest.raises(NotSound) as refused:
        publish()
    (found,) = faults(refused.value)
    assert (found["code"], found["stage"], found["post"]) == ("scenarios.no-post", "check", "grid-head")
    assert found["grids"] == [f"{VILLAGES[0]}001", f"{VILLAGES[0]}002", f"{VILLAGES[0]}650"]
    assert "who: grid-head" in SMALL.splitlines()[found["line"] - 1]
    assert "grid-head" in refused.value.message("en")
    assert not Version.objects.exists()
    assert publish(towns=[TOWNS[1]]) == 1  # the other town has its grid head


def test_two_posts_for_one_stage_are_refused_as_well() -> None:
    factories.city()
    factories.classes()
    workforce.create_posts([NewPost("grid-head", VILLAGES[0], key="second-head")], by=SYSTEM, now=NOW)
    with pytest.raises(NotSound) as refused:
        publish()
    (found,) = faults(refused.value)
    assert (found["code"], found["grid_count"]) == ("scenarios.several-posts", 3)


def test_a_unit_that_may_be_chosen_at_an_exit_must_have_its_handler() -> None:
    factories.city()
    factories.classes()
    text = edited(
        ("who: {role: department-handler, unit: housing}", "who: responsible"),
        ("      bad: {to: repair,", "      bad: {to: repair, assigns: {unit: other},"),
        (
            "    not_same_as: [repair]\n",
            "    form:\n      - {key: other, kind: unit, label: 部门, required: {exit: bad},"
            " choices: [{key: water, label: 水利局}, {key: grid-office, label: 网格办}]}\n",
        ),
    )
    with pytest.raises(NotSound) as refused:
        publish(text)
    places = [(one["stage"], one["exit"], one["post"]) for one in faults(refused.value)]
    assert ("check", "bad", "department-handler@grid-office") in places


def test_an_unsound_file_is_refused_with_every_fault() -> None:
    factories.city()
    factories.classes()
    with pytest.raises(NotSound) as refused:
        publish(edited(("to: check", "to: chekc"), ("edits: [lamp_no]", "edits: [lamp]")))
    assert refused.value.params["count"] == 2
    assert "lamp_no" in refused.value.message("zh")  # the first one, with a hint


def test_a_new_version_leaves_the_old_one_as_it_was_for_running_cases() -> None:
    factories.city()
    factories.classes()
    old = actions.publish(SMALL, by=SYSTEM, now=NOW)
    new = actions.publish(edited(("limit: 1 working day", "limit: 2 working days")), by=SYSTEM, now=NOW)
    assert (old.number, new.number) == (1, 2)
    taker = queries.live(NOW).for_class("C0103", TOWNS[0])
    assert taker is not None
    assert taker.version_id == new.version_id
    kept = queries.version(old.version_id)
    assert str(kept.definition.stages["check"].limit.default) == "1 working day"
    assert queries.version(old.version_id) is kept


def test_comments_and_layout_make_no_new_version() -> None:
    factories.city()
    factories.classes()
    assert publish() == publish("# 说明\n" + SMALL) == 1


def test_a_trial_runs_in_its_towns_only() -> None:
    factories.city()
    factories.classes()
    assert publish() == 1
    assert publish(edited(("limit: 1 working day", "limit: 2 working days")), towns=[TOWNS[1]]) == 2
    numbers = [found.number for town in TOWNS if (found := queries.live(NOW).for_class("C0103", town))]
    assert numbers == [1, 2]
    assert publish(edited(("limit: 1 working day", "limit: 3 working days"))) == 3  # now everywhere
    numbers = [found.number for town in TOWNS if (found := queries.live(NOW).for_class("C0103", town))]
    assert numbers == [3, 3]


def test_postgresql_refuses_to_change_or_delete_a_published_version() -> None:
    factories.city()
    factories.classes()
    publish()
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE scenarios_version SET number = 7",
        "DELETE FROM scenarios_version",
        "TRUNCATE scenarios_version CASCADE",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_class_or_a_prefix_belongs_to_one_scenario() -> None:
    factories.city()
    factories.classes()
    publish()
    with pytest.raises(ClassTaken, match="C0103"):
        publish(edited(("key: street-lamps", "key: lamps-too"), ("prefix: LD", "prefix: LE")))
    with pytest.raises(PrefixTaken, match="LD"):
        publish(edited(("key: street-lamps", "key: lamps-too"), ("[C0103]", "[C0104]")))
    assert Scenario.objects.count() == 1


def test_a_town_without_grids_is_refused() -> None:
    factories.city()
    factories.classes()
    with pytest.raises(NoGrids, match="350583199"):
        publish(towns=["350583199"])


def test_a_suspended_scenario_takes_no_new_case_and_keeps_its_versions() -> None:
    factories.city()
    factories.classes()
    version = actions.publish(SMALL, by=SYSTEM, now=NOW)
    project = queries.latest("street-lamps")
    actions.suspend(project, reason="联席会议决定", by=SYSTEM, now=NOW)
    assert queries.live(NOW).for_class("C0103", TOWNS[0]) is None
    assert queries.version(version.version_id).number == 1
    with pytest.raises(NotPossible, match="resume"):
        actions.suspend(project, reason="再停", by=SYSTEM, now=NOW)
    with pytest.raises(NoProject):
        queries.latest("nothing")
    assert publish() == 1  # live again, the same version


def test_every_publication_is_on_the_record() -> None:
    factories.city()
    factories.classes()
    publish()
    actions.suspend(queries.latest("street-lamps"), reason="联席会议决定", by=SYSTEM, now=NOW)
    steps = history.trail(Scenario.objects.get(key="street-lamps").id)
    assert [step.verb for step in steps] == ["published", "suspended"]
    assert steps[0].body["number"] == 1
    assert steps[1].body["reason"] == "联席会议决定"


def test_who_may_not_write_scenarios_cannot_publish() -> None:
    nobody = Actor(None, "林小梅", "person")
    with pytest.raises(NotPermitted):
        actions.publish(SMALL, by=nobody, now=NOW)
    gao = actor(standing("grid-office", "350583"))
    with pytest.raises(InstallationOnly):
        actions.publish(SMALL, by=gao, now=NOW)
    with pytest.raises(NotPermitted):
        actions.import_classes([], by=nobody, now=NOW)


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(NoVersion):
        queries.version(VersionId(new_id()))


CIVIC = """\
key: civic-service
name: Civic service
prefix: CS
owner: housing
classes: [C03]
discovery: [patrol, public, department, device]
start: handle
stages:
  handle:
    name: Handle
    who: responsible
    limit: {default: 30 days, from: report}
    form:
      - {key: other_unit, kind: unit, label: Department, required: {exit: hand-on}, choices: [{key: housing, label: Housing}, {key: water, label: Water}]}
    exits:
      done: {to: closed, label: Done, outcome: done}
      duplicate: {to: closed, label: Duplicate}
      refused: {to: closed, label: Refused, needs: [opinion]}
      back-to-desk: {to: desk, label: Back to the desk, needs: [opinion], tell_from: 3, tell: [county-leader]}
      hand-on: {to: handle, label: Other department, assigns: {unit: other_unit}, tell_from: 3, tell: [grid-office]}
  desk:
    name: Dispatch
    who: grid-office
    limit: 1 working day
    form:
      - {key: other_unit, kind: unit, label: Department, required: {exit: sent}, choices: [{key: housing, label: Housing}, {key: water, label: Water}]}
    exits:
      sent: {to: handle, label: Send, assigns: {unit: other_unit}}
      closed: {to: closed, label: Close, needs: [opinion]}
"""  # noqa: E501


def test_a_city_that_only_dispatches_by_class_and_promises_a_time_is_data_too() -> None:
    factories.city()
    factories.classes()
    version = actions.publish(CIVIC, by=SYSTEM, now=NOW)
    handle = version.definition.stages["handle"]
    assert version.definition.first_stage(channel="public") is handle
    assert handle.limit.from_report
    assert handle.who.is_responsible
    assert version.definition.name == Text("Civic service", "Civic service")
