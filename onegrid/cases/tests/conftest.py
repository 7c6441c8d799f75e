"""Fixtures: the small city in the database."""

import pytest

from onegrid.cases.tests import factories
from onegrid.cases.tests.factories import City


@pytest.fixture
def city(db: None) -> City:
    return factories.city()
