"""Building the sample city: what a real city would have, in one go, the same for the same seed."""

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from onegrid.kernel import clock
from onegrid.sample import actions, queries
from onegrid.sample.commands import prepare, show
from onegrid.sample.rules.cast import CAST, PASSWORD
from onegrid.sample.rules.city import CityThere
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory
from onegrid.territory.rules import GridLevel
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import every_role

pytestmark = pytest.mark.django_db
SMALL = 0.01


def rows(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[actions.Built]:
    """One small city for all tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield actions.build(scale=SMALL)
        transaction.set_rollback(True)


def test_a_small_city_has_what_it_says(built: actions.Built) -> None:
    assert built.first_level == len(territory.grids(level=GridLevel.FIRST)) == 4
    assert built.second_level == len(territory.grids(level=GridLevel.SECOND))
    assert [(built.posts,)] == rows("SELECT count(*) FROM workforce_post")
    assert [(built.workers,)] == rows("SELECT count(*) FROM workforce_worker")


def test_every_role_and_every_stage_of_every_live_scenario_has_its_held_post(built: actions.Built) -> None:
    grids = territory.grids(level=GridLevel.SECOND)
    general = [grid.code for grid in grids if int(grid.code[12:]) < 600]
    exclusive = [grid.code for grid in grids if int(grid.code[12:]) >= 600]
    now = clock.now()
    assert workforce.coverage(every_role(general, exclusive), now=now) == []
    assert workforce.coverage(workforce.requirements(now=now), now=now) == []
    assert workforce.requirements(now=now)


def test_every_class_that_the_day_reports_is_in_the_dictionary(built: actions.Built) -> None:
    known = scenarios.classes()
    assert [
        topic.class_code for topic in queries.vocabulary().topics if known.get(topic.class_code) is None
    ] == []
    town = territory.grids(level=GridLevel.SECOND)[0].code[:9]
    live = [
        scenarios.live(clock.now()).for_class(topic.class_code, town) for topic in queries.vocabulary().topics
    ]
    assert {version.key for version in live if version} == {
        "environment-sanitation",
        "illegal-construction",
        "business-environment",
        "three-in-one",
    }


def test_points_are_found_in_the_grids_that_were_built(built: actions.Built) -> None:
    shapes = queries.second_level_shapes()
    inside = [polygon.representative_point() for polygon in shapes.values()]
    x, y = (np.array(values) for values in zip(*((point.x, point.y) for point in inside), strict=True))
    assert territory.locate(x, y).tolist() == list(shapes)
    assert shapely.coverage_is_valid(list(shapes.values()))


def test_only_the_cast_and_three_others_can_sign_in(built: actions.Built) -> None:
    can = {row[0] for row in rows("SELECT username FROM accounts_account WHERE password LIKE 'argon2%'")}
    assert can == {member.username for member in CAST} | {"citizen", "admin", "auditor"}


def test_a_sample_says_that_it_is_one(built: actions.Built) -> None:
    assert queries.has_city()


def test_a_second_city_is_refused(built: actions.Built) -> None:
    with pytest.raises(CityThere):
        actions.build(scale=SMALL)


def test_the_demo_says_who_can_sign_in_and_what_is_made_up(
    built: actions.Built, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(scale=SMALL, seed=1)  # the city is there: nothing is built a second time
    show("http://127.0.0.1:8000")
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in shown
    assert PASSWORD in shown
    assert all(member.username in shown for member in CAST)
    assert "虚构" in shown
    assert "made up" in shown
