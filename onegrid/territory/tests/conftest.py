"""What the tests of territory share."""

import pytest

from onegrid.territory.tests.factories import undivided_village


@pytest.fixture
def village(db: None) -> None:
    """A village with its first-level grid, not yet divided."""
    undivided_village()
