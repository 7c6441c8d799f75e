"""Cases as the rules see them, with or without their rows locked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from onegrid.cases.models.rows import STATE_COLUMNS, TASK_COLUMNS, state_of, task_of
from onegrid.cases.queries.evidence import FILES, files_of
from onegrid.cases.rules.change import StoredFile
from onegrid.cases.rules.state import CaseState, Task
from onegrid.kernel.bulk import array
from onegrid.kernel.history import Head
from onegrid.kernel.ids import CaseId

_STATE = f"SELECT {', '.join(STATE_COLUMNS)} FROM cases_case"  # noqa: S608 - constants only
_TASKS = f"SELECT {', '.join(TASK_COLUMNS)} FROM cases_task"  # noqa: S608 - constants only
_SEQ, _DIGEST = STATE_COLUMNS.index("trail_seq"), STATE_COLUMNS.index("trail_digest")


@dataclass(frozen=True, slots=True)
class Locked:
    """Case states, the heads of their trails, and the files asked for along with them."""

    cases: Mapping[CaseId, CaseState]
    heads: dict[CaseId, Head]
    files: Mapping[str, StoredFile] = field(default_factory=dict)


def lock(case_ids: Sequence[CaseId], *, files: Sequence[str] = (), with_leads: bool = False) -> Locked:
    """The cases with their rows locked in the order of their ids until the transaction ends.

    `files`: hashes of files that a move brings, read along in the same round trip. `with_leads`: the
    cases into which these were merged, too, and those into which those were."""
    return _lock_up(case_ids, files) if with_leads else _load(case_ids, " FOR UPDATE", files)


def _lock_up(case_ids: Sequence[CaseId], files: Sequence[str]) -> Locked:
    """Where a case above was merged further while we waited for its row, let all go and lock anew: rows are
    only ever locked in one go, in the order of their ids, so that nobody waits in a circle."""
    while True:
        mark = transaction.savepoint()
        locked = _load(_with_leads(case_ids), " FOR UPDATE", files)
        above = {case.merged_into for case in locked.cases.values()} - {None}
        if above <= locked.cases.keys():
            transaction.savepoint_commit(mark)
            return locked
        transaction.savepoint_rollback(mark)


def _with_leads(case_ids: Sequence[CaseId]) -> list[CaseId]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up (id, lead) AS ("
            " SELECT id, merged_into FROM cases_case WHERE id = ANY(%s::uuid[])"
            " UNION SELECT c.id, c.merged_into FROM cases_case c JOIN up ON c.id = up.lead)"
            " SELECT id FROM up",
            [array(dict.fromkeys(case_ids))],
        )
        return [row[0] for row in cursor.fetchall()]


def merged_under(case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseId]:
    """Every case that was merged into one of these, however far below, with that one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE under (id, lead) AS ("
            " SELECT id, merged_into FROM cases_case WHERE merged_into = ANY(%s::uuid[])"
            " UNION SELECT c.id, under.lead FROM cases_case c JOIN under ON c.merged_into = under.id)"
            " SELECT id, lead FROM under",
            [array(dict.fromkeys(case_ids))],
        )
        return dict(cursor.fetchall())


def linked_ids(case_ids: Sequence[CaseId]) -> list[CaseId]:
    """The cases that were opened out of these."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE linked_to = ANY(%s::uuid[])", [array(case_ids)])
        return [row[0] for row in cursor.fetchall()]


def states(case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseState]:
    """The cases as they are now, without a lock; unknown ids are left out."""
    return _load(case_ids, "").cases


def _load(case_ids: Sequence[CaseId], locking: str, files: Sequence[str] = ()) -> Locked:
    text, values = (
        f"{_STATE} WHERE id = ANY(%s::uuid[]) ORDER BY id{locking}",
        [array(dict.fromkeys(case_ids))],
    )
    if files:
        text, values = f"{text}; {FILES}", [*values, array(files)]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows: list[Sequence[Any]] = cursor.fetchall()
        stored = files_of(cursor.fetchall()) if files and cursor.nextset() else {}
    tasks = open_tasks([row[0] for row in rows if row[-1]])
    cases = {row[0]: state_of(row, tasks.get(row[0], ())) for row in rows}
    heads = {row[0]: Head(row[_SEQ], bytes(row[_DIGEST])) for row in rows}
    return Locked(cases, heads, stored)


def open_tasks(case_ids: Sequence[CaseId]) -> Mapping[CaseId, tuple[Task, ...]]:
    """The open tasks beside the flow of each case, oldest first."""
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_TASKS} WHERE case_id = ANY(%s::uuid[]) AND status = 'open' ORDER BY opened_at, id",
            [array(case_ids)],
        )
        found: defaultdict[CaseId, list[Task]] = defaultdict(list)
        for row in cursor.fetchall():
            task = task_of(row)
            found[task.case_id].append(task)
    return {case_id: tuple(each) for case_id, each in found.items()}


def all_tasks(case_id: CaseId) -> list[Task]:
    """Every task that ever stood beside the case, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_TASKS} WHERE case_id = %s ORDER BY opened_at, id", [case_id])
        return [task_of(row) for row in cursor.fetchall()]
