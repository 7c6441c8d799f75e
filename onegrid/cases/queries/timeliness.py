"""Whose steps were late: finished stages by person and post, and what is overdue on their desks now."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases.queries.scope import Branch, territory_branch
from onegrid.kernel.ids import PostId


class Timeliness(NamedTuple):
    """One person in one post. `late_hours`: by how much the late steps missed their time, round the clock.

    `overdue_now` belongs to the post: it is in the line of whoever last finished a step from it, or in a line
    without a name."""

    account_id: UUID | None
    post_id: PostId | None
    name: str
    finished: int
    late: int
    late_hours: float
    overdue_now: int


# A step is recorded when or after it was made: the index on recorded_at bounds the scan from below.
_FINISHED = """
SELECT t.account_id, t.post_id, max(t.by_label), count(*), count(*) FILTER (WHERE said.late),
       coalesce(sum(extract(epoch FROM t.at - said.due_at)) FILTER (WHERE said.late), 0) / 3600
  FROM kernel_trail t
 CROSS JOIN LATERAL (SELECT (t.body::jsonb ->> 'late') = 'true' AS late,
                            (t.body::jsonb ->> 'due_at')::timestamptz AS due_at) said
 WHERE t.subject_kind = 'case' AND t.verb = 'exit' AND t.recorded_at >= %s AND t.at >= %s AND t.at < %s
   AND EXISTS (SELECT 1 FROM cases_case WHERE id = t.subject_id AND {scope})
 GROUP BY t.account_id, t.post_id ORDER BY 5 DESC, 6 DESC, 4 DESC, 3, 2 LIMIT %s
"""
_OVERDUE = (
    "SELECT owner, count(*) FROM cases_case WHERE phase = 'open' AND due_at < %s AND {scope} GROUP BY owner"
)


def overdue_steps(
    actor: Actor, *, since: datetime, until: datetime, now: datetime, limit: int = 500
) -> list[Timeliness]:
    """Stages finished between these moments where the actor supervises, the latest people first.

    Raises NotPermitted to whoever supervises nowhere."""
    actor.require("case.supervise")
    scope = territory_branch(actor.prefixes_for("case.supervise"))
    finished = _rows(_FINISHED, scope, (since, since, until), (limit,))
    waiting = dict(_rows(_OVERDUE, scope, (now,), ()))
    lines = []
    for account, post, name, steps, late, hours in finished:
        lines.append(Timeliness(account, post, name, steps, late, float(hours), waiting.pop(post, 0)))
    rest = sorted(waiting.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [*lines, *(Timeliness(None, post, "", 0, 0, 0.0, count) for post, count in rest)]


def _rows(
    statement: str, scope: Branch, before: tuple[Any, ...], after: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(scope=scope.sql), [*before, *scope.params, *after])
        return list(cursor.fetchall())
