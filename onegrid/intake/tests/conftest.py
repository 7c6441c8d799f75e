"""The small county, made once per test that asks for it."""

import pytest

from onegrid.intake.tests.factories import World
from onegrid.intake.tests.factories import world as make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
