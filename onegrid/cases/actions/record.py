"""Writing decisions down, set-based: trail, rows, tasks and events of a whole batch in one statement each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from onegrid.accounts.rules import Actor
from onegrid.cases.actions.news import events_of
from onegrid.cases.models.rows import MOVING, TASK_COLUMNS, moving_of, task_row
from onegrid.cases.rules.change import Change, Decision, Ground
from onegrid.cases.rules.state import AgendaItem, CaseState, Task
from onegrid.kernel import bulk, history, outbox
from onegrid.kernel.history import By, Head
from onegrid.kernel.ids import CaseId, PostId, VersionId, new_id

SUBJECT = "case"  # kind of chain in the record


@dataclass(frozen=True, slots=True)
class Step:
    """One decided move: the case before it, the change, who made it."""

    before: CaseState
    change: Change
    verb: str
    by: Actor
    ground: Ground


def by_of(actor: Actor, post: PostId | None) -> By:
    """How the record names whoever did it: account, post, and a label with the post's title."""
    standing = next((one for one in actor.standings if one.post_id == post), None)
    label = f"{actor.name}（{standing.title}）" if standing else actor.name
    if standing and standing.on_behalf_of:
        label += f" 代{standing.on_behalf_of}"
    return By(actor.account_id, post, label)


def record(steps: Sequence[Step], heads: dict[CaseId, Head], *, at: datetime) -> None:
    """Append the trail, update the rows, write tasks and evidence, publish the events.

    `heads` are the trails' ends as the locked rows have them."""
    if not steps:
        return
    with bulk.together():
        _record(steps, heads, at=at)


def _record(steps: Sequence[Step], heads: dict[CaseId, Head], *, at: datetime) -> None:
    entries = [_entry(step, heads) for step in steps]
    digests = {
        CaseId(entry.subject_id): head.digest
        for entry, head in zip(entries, history.append(entries), strict=True)
    }
    last = {step.change.state.id: step.change.state for step in steps}
    _update([(case.id, *moving_of(case, digests[case.id])) for case in last.values()])
    _follow(steps)
    save_tasks(task for step in steps for task in step.change.tasks)
    save_evidence(steps)
    save_agenda(steps)
    outbox.publish([event for step in steps for event in events_of(step, _label(step))], at=at)


def _label(step: Step) -> str:
    return by_of(step.by, step.change.post).label


def _entry(step: Step, heads: dict[CaseId, Head]) -> history.Entry:
    case = step.change.state
    return history.Entry(
        SUBJECT,
        case.id,
        step.verb,
        case.last_at,
        by_of(step.by, step.change.post),
        step.change.body,
        heads[case.id],
    )


_NAMES = ("id", *(name for name, _ in MOVING))
_SETS = ", ".join(f"{name} = new.{name}" for name, _ in MOVING)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in MOVING)
# JSON is the cheapest way to hand many rows of many columns over: one text, parsed in C.
_FROM = f"FROM json_to_recordset(%s) AS new (id uuid, {_TYPED}) WHERE old.id = new.id"
_UPDATE = f"UPDATE cases_case AS old SET {_SETS} {_FROM}"  # noqa: S608 - constants only


def _update(rows: Sequence[tuple[object, ...]]) -> None:
    """Write the moving columns of all rows by one statement."""
    batch = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    bulk.run(_UPDATE, [orjson.dumps(batch, default=_bytea).decode()])


_FOLLOW = "UPDATE cases_case SET version_id = %s WHERE id = ANY(%s::uuid[])"


def _follow(steps: Sequence[Step]) -> None:
    """Write the version of cases that follow another one from now on; no other move changes it."""
    moved: dict[VersionId, list[CaseId]] = {}
    for step in steps:
        after = step.change.state
        if after.version_id != step.before.version_id:
            moved.setdefault(after.version_id, []).append(after.id)
    for version_id, ids in moved.items():
        bulk.run(_FOLLOW, [version_id, bulk.array(ids)])


def _bytea(value: object) -> str:
    assert isinstance(value, bytes)
    return "\\x" + value.hex()


_CHANGING = ("received_at", "due_at", "status", "done_at", "result", "reports", "alarm_at")
_CHANGES = ", ".join(f"{name} = EXCLUDED.{name}" for name in _CHANGING)
_INTO = f"INSERT INTO cases_task ({', '.join(TASK_COLUMNS)}) VALUES "  # noqa: S608 - constants only


def save_tasks(tasks: Iterable[Task]) -> None:
    """Write tasks new or changed; the last word on each counts.

    Ended ones first, so that a department whose task ends may get a new one in the same step."""
    last: dict[UUID, Task] = {task.id: task for task in tasks}
    if not last:
        return
    ordered = sorted(last.values(), key=lambda task: task.done_at is None)
    one = f"({', '.join(['%s'] * len(TASK_COLUMNS))})"
    bulk.run(
        _INTO + ", ".join([one] * len(ordered)) + f" ON CONFLICT (id) DO UPDATE SET {_CHANGES}",
        [value for task in ordered for value in task_row(task)],
    )


def save_agenda(steps: Sequence[Step]) -> None:
    """Put cases on the joint conference's agenda, and write down what it decided."""
    put_on = [
        (item.id, step.change.state.id, str(item.reason), item.since, "", "")
        for step in steps
        if isinstance(item := step.change.agenda, AgendaItem)
    ]
    bulk.insert("cases_agenda", ("id", "case_id", "reason", "since", "decided_by", "minutes"), put_on)
    for step in steps:
        if isinstance(decision := step.change.agenda, Decision):
            at, by = step.change.state.last_at, _label(step)
            bulk.run(_DECIDED, [at, by, decision.minutes, decision.handler, decision.item])


_DECIDED = (
    "UPDATE cases_agenda SET decided_at = %s, decided_by = %s, minutes = %s, handler = %s"
    " WHERE id = %s AND decided_at IS NULL"
)
EVIDENCE_COLUMNS = (
    "id", "case_id", "sha256", "kind", "label", "stage", "distance_m", "added_at", "added_by",
)  # fmt: skip


def save_evidence(steps: Sequence[Step]) -> None:
    """Put the evidence of the moves into their cases."""
    rows = [
        (new_id(), step.change.state.id, *one, step.change.state.last_at, _label(step))
        for step in steps
        for one in step.change.evidence
    ]
    bulk.insert("cases_evidence", EVIDENCE_COLUMNS, rows)
