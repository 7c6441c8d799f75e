"""From what the rules say happened to the events that others hear."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from onegrid.cases import events
from onegrid.cases.queries import filled
from onegrid.cases.rules import change as said
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.state import PHASE_ZH, CaseState
from onegrid.kernel.events import Event
from onegrid.scenarios.rules import Text

if TYPE_CHECKING:
    from onegrid.cases.actions.record import Step


def events_of(step: "Step", label: str) -> Iterator[Event]:
    """The events of one decided move, in order."""
    case = step.change.state
    facts = facts_of(case, stage_zh=stage_name(case, step), by=label)
    for news in step.change.news:
        yield _event(news, step, facts)


def stage_name(case: CaseState, step: "Step") -> str:
    """The stage as people call it; an end is called by its phase."""
    stage = step.ground.definition.stages.get(case.stage)
    return stage.name.zh if stage else PHASE_ZH[case.phase]


def facts_of(case: CaseState, *, stage_zh: str, by: str) -> dict[str, Any]:
    """What every event of a case says."""
    return {
        "case_id": case.id,
        "number": case.number,
        "title": case.title,
        "scenario": case.scenario,
        "grid_code": case.grid_code,
        "stage": case.stage,
        "stage_zh": stage_zh,
        "owner": case.owner,
        "due_at": case.clock.due if case.clock else None,
        "by": by,
        "at": case.last_at,
    }


def _event(news: said.News, step: "Step", facts: dict[str, Any]) -> Event:
    case = step.change.state
    match news:
        case said.Moved(copies, exit_, words):
            return events.CaseMoved(
                **facts,
                verb=step.verb,
                verb_zh=MOVES[step.verb].zh if step.verb in MOVES else step.verb,
                exit=exit_,
                sender=step.before.owner,
                copies=copies,
                zh=_filled(words, step)[0],
                en=_filled(words, step)[1],
            )
        case said.Told(posts, text, reporters, urgent):
            zh, en = _filled(text, step)
            return events.CaseTold(**facts, posts=posts, reporters=reporters, urgent=urgent, zh=zh, en=en)
        case said.Closed():
            return events.CaseClosed(**facts, **end_of(case))
        case said.Merged(into):
            return events.CaseMerged(**facts, into=into)
        case said.Urged(text_):
            return events.CaseUrged(**facts, text=text_)
        case said.Asked(kind, approver, reason):
            return events.CaseAsked(**facts, kind=kind, approver=approver, reason=reason)
        case said.Decided(kind, granted, reason):
            return events.CaseDecided(**facts, kind=kind, granted=granted, reason=reason)
        case said.Rated(satisfied, reason):
            return events.CaseRated(**facts, satisfied=satisfied, reason=reason)
        case said.Joined(report_id, away):
            count = case.report_count
            return events.CaseJoined(**facts, report_id=report_id, report_count=count, away=away)
        case said.Erased(fields):
            return events.CaseErased(**facts, fields=fields)
        case said.Escalated(percent, posts, sentence, missing):
            zh, en = _filled(sentence, step)
            return events.CaseEscalated(**facts, percent=percent, posts=posts, missing=missing, zh=zh, en=en)
        case _:
            return _task_event(news, facts)


def _task_event(news: said.TaskGiven | said.TaskEnded | said.TaskLate, facts: dict[str, Any]) -> Event:
    task = news.task
    values = {
        **facts,
        "task_id": task.id,
        "kind": str(task.kind),
        "key": task.key,
        "post": task.post_id,
        "text": task.text,
        "task_due_at": task.due_at,
    }
    match news:
        case said.TaskGiven():
            return events.TaskGiven(**values)
        case said.TaskEnded():
            return events.TaskEnded(**values, result=task.result, watcher=news.watcher)
        case said.TaskLate():
            return events.TaskLate(**values, watcher=news.watcher)


def _filled(text: Text | None, step: "Step") -> tuple[str, str]:
    if text is None:
        return "", ""
    return filled(text, step.change.state, step.ground, body=step.change.body)


def end_of(case: CaseState) -> dict[str, Any]:
    """How a case ended, and whether it kept its promise (where none was given: all its stages' limits)."""
    assert case.closed_at is not None
    promised = case.promised_due
    return {
        "phase": str(case.phase),
        "outcome": case.outcome,
        "answer": case.answer,
        "on_time": case.closed_at <= promised if promised else case.late_stages == 0,
        "closed_at": case.closed_at,
    }
