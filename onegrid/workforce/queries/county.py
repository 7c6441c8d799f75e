"""What the county has, as a roster needs to know it."""

from collections.abc import Mapping

from django.db import connection

from onegrid.kernel.ids import AccountId
from onegrid.workforce.queries.units import categories
from onegrid.workforce.rules import Period, Tenure
from onegrid.workforce.rules.roster import County, PlannedPost, PlannedWorker


def county(*, accounts: Mapping[str, AccountId]) -> County:
    """All units, posts, workers and appointments, with the accounts that the roster names."""
    labels = [(label, category.key) for category in categories() for label in (category.zh, category.key)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM workforce_unit")
        found = County(frozenset(row[0] for row in cursor.fetchall()), dict(labels), accounts)
        cursor.execute(
            "SELECT p.id, p.key, p.role, p.territory, u.key, p.title_zh, FALSE, p.closed_on IS NOT NULL"
            " FROM workforce_post p JOIN workforce_unit u ON u.id = p.unit_id"
        )
        found.posts.update((row[1], PlannedPost(*row)) for row in cursor.fetchall())
        cursor.execute("SELECT id, staff_no, name, category_id, account_id, FALSE FROM workforce_worker")
        found.workers.update((row[1], PlannedWorker(*row)) for row in cursor.fetchall())
        cursor.execute(
            "SELECT post_id, worker_id, starts_on, ends_before, principal FROM workforce_appointment"
        )
        for post_id, worker_id, starts_on, ends_before, principal in cursor.fetchall():
            tenure = Tenure(post_id, worker_id, Period(starts_on, ends_before), principal)
            found.tenures.setdefault(post_id, []).append(tenure)
    found.taken.update(worker.account_id for worker in found.workers.values() if worker.account_id)
    return found
