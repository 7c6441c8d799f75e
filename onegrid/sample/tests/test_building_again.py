"""Building the sample city twice from one seed, each time in an empty database."""

from collections.abc import Callable

import pytest
from django.db import transaction

from onegrid.sample import actions, queries
from onegrid.sample.tests.test_building import SMALL, rows

pytestmark = pytest.mark.django_db


def after_building(look: Callable[[], object], *, seed: int) -> object:
    """What `look` sees in a city that is taken back afterwards."""
    with transaction.atomic():
        actions.build(scale=SMALL, seed=seed)
        seen = look()
        transaction.set_rollback(True)
    return seen


def test_the_same_seed_builds_the_same_city_to_the_last_id() -> None:
    def look() -> object:
        return [
            rows("SELECT code, name, boundary::text FROM territory_grid ORDER BY 1"),
            rows("SELECT id, key, title_zh FROM workforce_post ORDER BY 1"),
            rows("SELECT id, staff_no, name FROM workforce_worker ORDER BY 1"),
            rows("SELECT post_id, worker_id, principal FROM workforce_appointment ORDER BY 1, 2"),
        ]

    assert not queries.has_city()
    assert after_building(look, seed=3) == after_building(look, seed=3)
    assert not queries.has_city()
