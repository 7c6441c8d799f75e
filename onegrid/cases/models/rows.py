"""Rows to values and back: the one place that knows how a case state and its tasks lie in their tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from onegrid.cases.rules.clocks import Clock
from onegrid.cases.rules.state import (
    AgendaItem,
    AgendaReason,
    BeforeMerge,
    CaseState,
    Hand,
    Phase,
    Previous,
    Request,
    RequestKind,
    Task,
    TaskKind,
    TaskStatus,
    Urgency,
)
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import AccountId, PostId

FIXED = (
    "id", "scenario", "number", "title", "channel", "source", "opened_at", "promised_due",
    "description", "place_text", "lng", "lat", "cell", "linked_to",
)  # fmt: skip
"""Columns that no move changes, but for the version, which one move changes (`actions.record`)."""

MOVING: tuple[tuple[str, str], ...] = (
    ("trail_seq", "integer"), ("trail_digest", "bytea"), ("version_id", "uuid"), ("class_code", "text"),
    ("grid_code", "text"), ("town", "text"), ("unit", "text"), ("phase", "text"), ("stage", "text"),
    ("owner", "uuid"), ("sender", "uuid"), ("entered_at", "timestamptz"), ("entered_by", "text"),
    ("acknowledged_at", "timestamptz"), ("clock_limit", "text"), ("due_at", "timestamptz"),
    ("held_left", "double precision"), ("urgency", "smallint"), ("report_count", "integer"),
    ("returns", "smallint"), ("ruled", "boolean"), ("extensions", "smallint"), ("holds", "smallint"),
    ("reworks", "smallint"), ("late_stages", "smallint"), ("urged_at", "timestamptz"),
    ("closed_at", "timestamptz"), ("outcome", "text"), ("answer", "text"), ("rating", "text"),
    ("merged_into", "uuid"), ("repeat_of", "uuid"), ("repeated_at", "timestamptz"),
    ("approver", "uuid"), ("detail", "text"), ("answers", "text"),
    ("alarm_at", "timestamptz"), ("last_at", "timestamptz"), ("open_tasks", "smallint"),
)  # fmt: skip
"""Columns that moves change, with their SQL types."""

STATE_COLUMNS = ("id", "scenario", "number", "title", "channel", "source", "opened_at",
                 "promised_due", "place_text", "lng", "lat", "linked_to",
                 *(name for name, _ in MOVING))  # fmt: skip
TASK_COLUMNS = (
    "id", "case_id", "kind", "key", "post_id", "text", "opened_at", "opened_by", "receive_by", "received_at",
    "due_at", "status", "done_at", "result", "reports", "alarm_at",
)  # fmt: skip

_limit = lru_cache(maxsize=4096)(Limit.parse)
NO_DETAIL = "{}"


def state_of(row: Sequence[Any], tasks: tuple[Task, ...] = ()) -> CaseState:
    """The state that a row of `STATE_COLUMNS` holds."""
    (
        id_, scenario, number, title, channel, source, opened_at, promised_due, place_text, lng, lat,
        linked_to, trail_seq, _, version_id, class_code, grid_code, _, unit, phase, stage, owner, sender,
        entered_at, entered_by, acknowledged_at, clock_limit, due_at, held_left, urgency, report_count,
        returns, ruled, extensions, holds, reworks, late_stages, urged_at, closed_at, outcome, answer, rating,
        merged_into, repeat_of, repeated_at, _, detail, answers, alarm_at, last_at, open_tasks,
    ) = row  # fmt: skip
    kept = orjson.loads(detail) if detail != NO_DETAIL else {}
    return CaseState(
        id=id_, version=trail_seq, number=number, scenario=scenario, version_id=version_id,
        class_code=class_code, grid_code=grid_code, unit=unit, title=title, channel=channel, source=source,
        place_text=place_text, place=None if lng is None else (lng, lat), opened_at=opened_at,
        promised_due=promised_due, phase=Phase(phase), stage=stage, owner=owner, sender=sender,
        entered_at=entered_at, entered_by=entered_by,
        acknowledged_at=acknowledged_at, clock=Clock(_limit(clock_limit), due_at, held_left),
        urgency=Urgency(urgency), report_count=report_count, returns=returns, ruled=ruled,
        extensions=extensions, holds=holds, reworks=reworks, late_stages=late_stages, urged_at=urged_at,
        closed_at=closed_at, outcome=outcome, answer=answer, rating=rating, merged_into=merged_into,
        previous=_previous(kept.get("previous")), request=_request(kept.get("request")),
        hands={key: Hand(_post(post), AccountId(UUID(account)) if account else None)
               for key, (post, account) in kept.get("hands", {}).items()},
        taken=kept.get("taken", {}), fired=tuple(kept.get("fired", ())), alarm_at=alarm_at,
        answers=orjson.loads(answers) if answers != NO_DETAIL else {}, last_at=last_at,
        open_tasks=open_tasks, tasks=tasks, linked_to=linked_to, agenda=_agenda(kept.get("agenda")),
        salt=kept.get("salt", ""), repeat_of=repeat_of, repeated_at=repeated_at,
        raised_from=Urgency(kept["raised_from"]) if "raised_from" in kept else None,
        before_merge=_before_merge(kept.get("before_merge")),
    )  # fmt: skip


def moving_of(case: CaseState, trail_digest: bytes) -> tuple[object, ...]:
    """The values of `MOVING` for a state; `version` is the step number after the move."""
    clock = case.clock
    assert clock is not None
    return (
        case.version, trail_digest, case.version_id, case.class_code, case.grid_code, case.grid_code[:9],
        case.unit, str(case.phase), case.stage, case.owner, case.sender, case.entered_at, case.entered_by,
        case.acknowledged_at, str(clock.limit), clock.due, clock.left, int(case.urgency), case.report_count,
        case.returns, case.ruled, case.extensions, case.holds, case.reworks, case.late_stages, case.urged_at,
        case.closed_at, case.outcome, case.answer, case.rating, case.merged_into,
        case.repeat_of, case.repeated_at, case.request.approvers[0] if case.request else None,
        detail_of(case), answers_of(case.answers),
        case.alarm_at, case.last_at, case.open_tasks,
    )  # fmt: skip


def answers_of(answers: Mapping[str, object]) -> str:
    return orjson.dumps(answers, default=str).decode() if answers else NO_DETAIL


def detail_of(case: CaseState) -> str:
    """What is read with the case only: who worked which stage, the stage before, an open request, its item
    on the agenda, the salt of its digests, what it was before it was merged."""
    kept: dict[str, object] = {}
    if case.previous is not None:
        kept["previous"] = _previous_row(case.previous)
    if case.request is not None:
        kept["request"] = _request_row(case.request)
    if case.raised_from is not None:
        kept["raised_from"] = int(case.raised_from)
    if case.before_merge is not None:
        kept["before_merge"] = _before_merge_row(case.before_merge)
    if case.hands:
        kept["hands"] = {key: (hand.post_id, hand.account_id) for key, hand in case.hands.items()}
    if case.taken:
        kept["taken"] = case.taken
    if case.agenda is not None:
        kept["agenda"] = [case.agenda.id, str(case.agenda.reason), case.agenda.since]
    if case.salt:
        kept["salt"] = case.salt
    if case.fired:
        kept["fired"] = case.fired
    return orjson.dumps(kept).decode() if kept else NO_DETAIL


def _previous_row(before: Previous) -> list[object]:
    return [
        before.stage, before.post_id, str(before.clock.limit), before.clock.due, before.entered_at,
        before.entered_by, before.acknowledged_at,
    ]  # fmt: skip


def _request_row(asked: Request) -> list[object]:
    return [
        str(asked.kind), asked.asked_at, asked.asked_by, asked.asker, asked.reason, asked.approvers,
        asked.extra, asked.condition, asked.review_at, asked.interim,
    ]  # fmt: skip


def _before_merge_row(before: BeforeMerge) -> list[object]:
    return [
        str(before.phase), before.owner, before.left, before.alarm_at,
        _request_row(before.request) if before.request else None,
        _previous_row(before.previous) if before.previous else None,
        before.fired, [task_row(task) for task in before.tasks],
    ]  # fmt: skip


def _before_merge(kept: list[Any] | None) -> BeforeMerge | None:
    if kept is None:
        return None
    phase, owner, left, alarm_at, request, previous, fired, tasks = kept
    return BeforeMerge(
        phase=Phase(phase),
        owner=_post(owner),
        left=left,
        alarm_at=_time(alarm_at),
        request=_request(request),
        previous=_previous(previous),
        fired=tuple(fired),
        tasks=tuple(
            task_of([_task_value(*each) for each in zip(TASK_COLUMNS, task, strict=True)]) for task in tasks
        ),
    )


def _task_value(name: str, value: Any) -> Any:
    """A column of a task out of JSON."""
    if value is not None and name in _TASK_IDS:
        return UUID(value)
    return _time(value) if name.endswith("_at") or name == "receive_by" else value


_TASK_IDS = frozenset({"id", "case_id", "post_id", "opened_by"})


def _post(text: str) -> PostId:
    return PostId(UUID(text))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _previous(kept: list[Any] | None) -> Previous | None:
    if kept is None:
        return None
    stage, post, limit, due, entered_at, entered_by, acknowledged_at = kept
    clock = Clock(_limit(limit), _time(due))
    return Previous(
        stage, _post(post), clock, datetime.fromisoformat(entered_at), entered_by, _time(acknowledged_at)
    )


def _agenda(kept: list[Any] | None) -> AgendaItem | None:
    if kept is None:
        return None
    id_, reason, since = kept
    return AgendaItem(UUID(id_), AgendaReason(reason), datetime.fromisoformat(since))


def _request(kept: list[Any] | None) -> Request | None:
    if kept is None:
        return None
    kind, asked_at, asked_by, asker, reason, approvers, extra, condition, review_at, interim = kept
    return Request(
        kind=RequestKind(kind),
        asked_at=datetime.fromisoformat(asked_at),
        asked_by=_post(asked_by),
        asker=AccountId(UUID(asker)) if asker else None,
        reason=reason,
        approvers=tuple(map(_post, approvers)),
        extra=extra,
        condition=condition,
        review_at=_time(review_at),
        interim=interim,
    )


def task_of(row: Sequence[Any]) -> Task:
    """The task that a row of `TASK_COLUMNS` holds."""
    values = dict(zip(TASK_COLUMNS, row, strict=True))
    values["kind"], values["status"] = TaskKind(values["kind"]), TaskStatus(values["status"])
    return Task(**values)


def task_row(task: Task) -> tuple[Any, ...]:
    """The values of `TASK_COLUMNS`."""
    return tuple(str(value) if isinstance(value, TaskKind | TaskStatus) else value
                 for value in (getattr(task, name) for name in TASK_COLUMNS))  # fmt: skip
