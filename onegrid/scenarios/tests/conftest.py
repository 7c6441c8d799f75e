"""What the tests of scenarios share."""

from onegrid.accounts.tests.conftest import standings

__all__ = ["standings"]
