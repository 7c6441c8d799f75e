"""Tests run on the real PostgreSQL, embedded unless DATABASE_URL names another."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from onegrid.kernel import database


def pytest_configure() -> None:
    database.start()


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_the_append_only_triggers() -> Iterator[None]:
    """Tests that commit empty all tables afterwards; the trail and the audit log refuse that, so the flush
    runs as a superuser with triggers off. The tests themselves run with them on."""
    flush: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        flush(case)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush
