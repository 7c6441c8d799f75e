"""Cases that have not ended, by the scenario version they stand on.

Only open and held cases are walked, through the partial index over them, not the hundred times more that
have ended."""

from collections.abc import Sequence

from django.db import connection

from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId, VersionId

_RUNNING = "FROM cases_case WHERE phase IN ('open', 'held') AND version_id"


def count_running(versions: Sequence[VersionId]) -> int:
    """How many cases that have not ended stand on these versions."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_RUNNING} = ANY(%s::uuid[])", [array(versions)])
        return int(cursor.fetchone()[0])


def running_on(version: VersionId) -> list[CaseId]:
    """The cases that have not ended and stand on this version, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id {_RUNNING} = %s ORDER BY id", [version])
        return [CaseId(row[0]) for row in cursor.fetchall()]
