"""What the tests of notices share."""

from onegrid.accounts.tests.conftest import standings

__all__ = ["standings"]
