"""Tests run on the real PostgreSQL, embedded unless DATABASE_URL names another."""

from onegrid.kernel import database


def pytest_configure() -> None:
    database.start()
