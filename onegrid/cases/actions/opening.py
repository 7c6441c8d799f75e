"""Opening cases: a batch of reports becomes cases by one COPY each of rows, trail and events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.cases import events, queries
from onegrid.cases.actions.news import events_of
from onegrid.cases.actions.numbering import numbers
from onegrid.cases.actions.record import EVIDENCE_COLUMNS, SUBJECT, Step, by_of, record, save_tasks
from onegrid.cases.models.rows import FIXED, MOVING, answers_of, detail_of
from onegrid.cases.rules import clocks, entering
from onegrid.cases.rules.change import Change, Ground, TaskGiven
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.exhibits import distance
from onegrid.cases.rules.opening import First, Opening
from onegrid.cases.rules.repeating import came_back
from onegrid.cases.rules.state import CaseState, Task
from onegrid.kernel import bulk, history, outbox, stamps
from onegrid.kernel.calendar import Limit
from onegrid.kernel.cells import NO_CELL, cell_of
from onegrid.kernel.events import Event
from onegrid.kernel.history import GENESIS
from onegrid.kernel.ids import CaseId, PostId, new_id
from onegrid.kernel.refusals import Refusal

COLUMNS = (*FIXED, *(name for name, _ in MOVING))
OPEN = "open"  # the verb on the record


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened: its number, and who answers by when."""

    case_id: CaseId
    number: str
    stage: str
    owner_post: PostId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Begun:
    """One opening with all that is needed to write it."""

    opening: Opening
    first: First
    ground: Ground
    number: str
    limit: Limit
    due: datetime
    alarm: datetime | None
    tasks: tuple[Task, ...] = ()

    def state(self) -> CaseState:
        """The case as the rules see it."""
        clock = clocks.Clock(self.limit, self.due)
        return self.first.case._replace(number=self.number, clock=clock, alarm_at=self.alarm)


@transaction.atomic(savepoint=False)
def open_cases(
    openings: Sequence[Opening], *, by: Actor, now: datetime, firsts: Sequence[First | Refusal] | None = None
) -> list[Opened | Refusal]:
    """Open a case per report, or say why not (no start, no post, several posts); refused ones leave no trace.

    Set-based: what like reports share is decided once, clocks are reckoned together, rows, trail, tasks,
    evidence and events are written by one statement each. The clock of a case starts when it was reported.
    `firsts` is what `queries.firsts` said of these openings, for a caller that has asked already."""
    with stamps.pinned():
        firsts = queries.firsts(openings) if firsts is None else firsts
        fit = [(o, f) for o, f in zip(openings, firsts, strict=True) if not isinstance(f, Refusal)]
        begun = _begin(fit)
        _write(begun, by=by, now=now)
    done = iter(begun)
    return [f if isinstance(f, Refusal) else _opened(next(done)) for f in firsts]


def _opened(one: _Begun) -> Opened:
    return Opened(one.opening.case_id, one.number, one.first.case.stage, one.first.owner, one.due)


def _begin(fit: Sequence[tuple[Opening, First]]) -> list[_Begun]:
    """Numbers and clocks for all, reckoned together."""
    if not fit:
        return []
    openings = [opening for opening, _ in fit]
    grounds = queries.grounds_for([opening.version for opening in openings])
    limits = [_limit(opening, first) for opening, first in fit]
    calendar = next(iter(grounds.values())).calendar
    dues = calendar.due_many([opening.opened_at for opening in openings], limits)
    dues = [
        opening.promised_due if _promises(opening, first) and opening.promised_due else due
        for (opening, first), due in zip(fit, dues, strict=True)
    ]
    alarms = _alarms(fit, dues, limits, grounds[openings[0].version.version_id])
    begun = [
        _Begun(opening, first, grounds[opening.version.version_id], number, limit, due, alarm)
        for (opening, first), number, limit, due, alarm in zip(
            fit, numbers(openings), limits, dues, alarms, strict=True
        )
    ]
    return [one if one.first.plan.plain else replace(one, tasks=_tasks(one)) for one in begun]


def _tasks(one: _Begun) -> tuple[Task, ...]:
    """The tasks beside the flow that begin with the first stage."""
    state = one.state()
    return entering.beside(state, state, one.first.plan.stage, Entry(), one.ground, at=one.opening.opened_at)[
        1
    ]


def _promises(opening: Opening, first: First) -> bool:
    return first.plan.keeps_promise and opening.promised_due is not None


def _limit(opening: Opening, first: First) -> Limit:
    if first.plan.keeps_promise and opening.promised_due is not None:
        return clocks.promised_limit(opening.promised_due - opening.opened_at)
    return first.plan.limit


def _alarms(
    fit: Sequence[tuple[Opening, First]], dues: list[datetime], limits: list[Limit], ground: Ground
) -> list[datetime | None]:
    """The first alarm of each: an escalation step, a missed sign-in, the conference's agenda or the lapse,
    whichever comes first."""
    ahead: list[list[datetime]] = [[] for _ in fit]
    steps = [i for i, (_, first) in enumerate(fit) if first.plan.first_percent is not None]
    shares = [(fit[i][1].plan.first_percent or 0) / 100 for i in steps]
    found = ground.calendar.threshold_many([dues[i] for i in steps], [limits[i] for i in steps], shares)
    for i, moment in zip(steps, found, strict=True):
        ahead[i].append(moment)
    signing = [i for i, (_, first) in enumerate(fit) if first.plan.stage.acknowledge is not None]
    wanted = [limit for i in signing if (limit := fit[i][1].plan.stage.acknowledge) is not None]
    for i, moment in zip(
        signing, ground.calendar.due_many([fit[i][0].opened_at for i in signing], wanted), strict=True
    ):
        ahead[i].append(moment)
    for i, (_, first) in enumerate(fit):
        if first.plan.stage.lapse is not None:
            ahead[i].append(dues[i])
    for i, moment in _before_the_conference(fit, ahead, ground):
        ahead[i].append(moment)
    return [min(each, default=None) for each in ahead]


def _before_the_conference(
    fit: Sequence[tuple[Opening, First]], ahead: Sequence[Sequence[datetime]], ground: Ground
) -> Iterator[tuple[int, datetime]]:
    """When a case that nobody signs in goes on the agenda, where no other alarm surely goes off before."""
    late = [
        (i, wait)
        for i, (opening, first) in enumerate(fit)
        if (wait := first.plan.agenda) is not None
        and not (ahead[i] and min(ahead[i]) <= opening.opened_at + first.plan.agenda_after)
    ]
    moments = ground.calendar.due_many([fit[i][0].opened_at for i, _ in late], [wait for _, wait in late])
    return zip((i for i, _ in late), moments, strict=True)


def _write(begun: list[_Begun], *, by: Actor, now: datetime) -> None:
    if not begun:
        return
    with bulk.together():
        _write_together(begun, by=by, now=now)
        _came_back(begun, by=by, now=now)


def _came_back(begun: Sequence[_Begun], *, by: Actor, now: datetime) -> None:
    """Mark the ended cases whose matter came back, each on its own trail; an unknown one is left out."""
    repeats = {one.opening.repeat_of: one for one in begun if one.opening.repeat_of is not None}
    if not repeats:
        return
    locked = queries.lock([earlier for earlier in repeats if earlier is not None])
    grounds = queries.grounds_of([case.version_id for case in locked.cases.values()])
    steps = []
    for earlier in locked.cases.values():
        one = repeats[earlier.id]
        change = came_back(earlier, one.opening.case_id, one.number, at=one.opening.opened_at)
        after = change.state._replace(version=earlier.version + 1, last_at=max(now, earlier.last_at))
        step = Step(earlier, replace(change, state=after), change.verb, by, grounds[earlier.version_id])
        steps.append(step)
    record(steps, locked.heads, at=now)


def _write_together(begun: list[_Begun], *, by: Actor, now: datetime) -> None:
    who = by_of(by, None)
    heads = history.append([_entry(one, who) for one in begun])
    cells = _cells(begun)
    rows = [_row(one, head.digest, cell) for one, head, cell in zip(begun, heads, cells, strict=True)]
    bulk.insert("cases_case", COLUMNS, rows)
    _attach(begun, by=who.label)
    save_tasks(task for one in begun for task in one.tasks)
    told: list[Event] = []
    for one in begun:
        told += _told(one, by, who.label)
    outbox.publish(told, at=now)


def _entry(one: _Begun, who: history.By) -> history.Entry:
    opening = one.opening
    body = {
        "number": one.number,
        "scenario": opening.version.key,
        "scenario_version": opening.version.number,
        "class": opening.class_code,
        "grid": opening.grid_code,
        "channel": opening.channel,
        "to": one.first.case.stage,
        "to_zh": one.first.plan.stage.name.zh,
        "owner": one.first.owner,
        "due": one.due,
    }
    if opening.linked_to is not None:
        body["linked_to"] = opening.linked_to
    if opening.repeat_of is not None:
        body["repeat_of"] = opening.repeat_of
    return history.Entry(SUBJECT, opening.case_id, OPEN, opening.opened_at, who, body, GENESIS)


def _cells(begun: Sequence[_Begun]) -> list[int | None]:
    nowhere = float("nan")
    lng = np.array([nowhere if one.opening.lng is None else one.opening.lng for one in begun])
    lat = np.array([nowhere if one.opening.lat is None else one.opening.lat for one in begun])
    return [None if cell == NO_CELL else cell for cell in cell_of(lng, lat).tolist()]


def _row(one: _Begun, digest: bytes, cell: int | None) -> tuple[object, ...]:
    """The row of a new case: the fixed columns, then those that moves change."""
    o, first, at = one.opening, one.first, one.opening.opened_at
    return (
        o.case_id, o.version.key, one.number, o.title, o.channel, str(o.source or ""),
        at, o.promised_due, o.description, o.place_text, o.lng, o.lat, cell, o.linked_to,
        1, digest, o.version.version_id, o.class_code, o.grid_code, o.grid_code[:9],
        o.responsible_unit or "", OPEN,
        first.case.stage, first.owner, None, at, "", None, str(one.limit), one.due, None, o.urgency, 1, 0,
        False, 0, 0, 0, 0, None, None, "", "", "", None, o.repeat_of, None, None, detail_of(first.case),
        answers_of(first.case.answers), one.alarm, at, len(one.tasks),
    )  # fmt: skip


def _attach(begun: Iterable[_Begun], *, by: str) -> None:
    """The report's photos, as those of the state before handling."""
    shas = [sha for one in begun for sha in one.opening.photos]
    files = queries.stored_files(shas)
    rows = [
        (new_id(), one.opening.case_id, sha, "photo", "before", "", distance(one.opening.place, files[sha]),
         one.opening.opened_at, by)
        for one in begun for sha in dict.fromkeys(one.opening.photos) if sha in files
    ]  # fmt: skip
    bulk.insert("cases_evidence", EVIDENCE_COLUMNS, rows)


def _told(one: _Begun, by: Actor, label: str) -> list[Event]:
    """That the case was opened, and what its first stage tells and starts."""
    o, first, stage = one.opening, one.first, one.first.plan.stage
    case = one.state()
    zh, en = queries.filled(first.words, case, one.ground) if first.words else ("", "")
    opened = events.CaseOpened(
        case_id=o.case_id,
        number=one.number,
        title=o.title,
        scenario=o.version.key,
        grid_code=o.grid_code,
        stage=stage.key,
        stage_zh=stage.name.zh,
        owner=first.owner,
        due_at=one.due,
        by=label,
        at=o.opened_at,
        class_code=o.class_code,
        channel=o.channel,
        urgency=o.urgency,
        copies=first.copies,
        zh=zh,
        en=en,
    )
    news = (*first.news, *(TaskGiven(task) for task in one.tasks))
    if not news:
        return [opened]
    return [opened, *events_of(Step(case, Change(case, news=news), OPEN, by, one.ground), label)]
