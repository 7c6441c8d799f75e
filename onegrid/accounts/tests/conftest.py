"""What the tests of accounts share."""

from collections.abc import Iterator

import pytest

from onegrid.accounts import queries
from onegrid.accounts.tests.factories import PASSWORD, FixedStandings, cast


@pytest.fixture
def standings() -> Iterator[FixedStandings]:
    """Posts told from memory for one test."""
    before = queries._port
    fixed = FixedStandings()
    queries.set_standings(fixed)
    yield fixed
    queries.set_standings(before)


@pytest.fixture
def people(standings: FixedStandings) -> FixedStandings:
    """The cast, able to sign in."""
    cast(standings, password=PASSWORD)
    return standings
