"""Opening the cases that follow from a move, by the road that every case takes, in the same transaction.

A move never fails for them: where none can be opened, the record of the move says why and the grid office
is told. While a linked case of the class is live, the same case opens no second one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases import queries
from onegrid.cases.actions.opening import Opened, open_cases
from onegrid.cases.actions.record import Step
from onegrid.cases.rules import linking
from onegrid.cases.rules.change import Told
from onegrid.cases.rules.opening import Opening
from onegrid.cases.rules.people import told
from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Opens, Text, Who


@dataclass(slots=True)
class _Wanted:
    """One linked case that a step asks for, and what became of it."""

    index: int  # of the step
    opens: Opens
    title: str
    opening: Opening | None = None
    number: str = ""
    case_id: CaseId | None = None
    why: Text | None = None

    def on_record(self) -> Mapping[str, object]:
        if self.why is not None:
            return linking.on_record(self.opens.class_code, title=self.title, refused=self.why.zh)
        return linking.on_record(self.opens.class_code, number=self.number, case=self.case_id)


def with_linked(steps: Sequence[Step], *, now: datetime) -> list[Step]:
    """Open what the steps ask for; the steps come back with the numbers, or the reasons, on record.

    Nothing is read or written where no step asks."""
    wanted = [
        _Wanted(
            index,
            opens,
            queries.filled(opens.title, step.change.state, step.ground, body=step.change.body)[0],
        )
        for index, step in enumerate(steps)
        for opens in step.change.opens
    ]
    if not wanted:
        return list(steps)
    _prepare(wanted, steps, now=now)
    _open(wanted, steps, now=now)
    return [
        _told_of(step, [one for one in wanted if one.index == index]) if step.change.opens else step
        for index, step in enumerate(steps)
    ]


def _prepare(wanted: Sequence[_Wanted], steps: Sequence[Step], *, now: datetime) -> None:
    """Find out which of them exist already, and by which scenario the others begin."""
    live = _live_ones([steps[one.index].change.state.id for one in wanted])
    asked: dict[tuple[CaseId, str], _Wanted] = {}
    for one in wanted:
        step, code = steps[one.index], one.opens.class_code
        case = step.change.state
        found = live.get((case.id, code))
        if found is not None:
            one.case_id, one.number = found
            continue
        version = scenarios.live(now).for_class(code, case.grid_code[:9])
        listed = scenarios.classes().get(code)
        if version is None or listed is None:
            one.why = linking.NOT_LIVE
        elif asked.setdefault((case.id, code), one) is one:
            why = str(step.change.body.get("opinion", ""))
            one.opening = linking.linked(
                case, version, listed, case_id=CaseId(new_id()), title=one.title, why=why, at=case.last_at
            )


def _live_ones(case_ids: Sequence[CaseId]) -> Mapping[tuple[CaseId, str], tuple[CaseId, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT linked_to, class_code, id, number FROM cases_case"
            " WHERE linked_to = ANY(%s::uuid[]) AND phase IN ('open', 'held') ORDER BY opened_at DESC",
            [array(dict.fromkeys(case_ids))],
        )
        return {(lead, code): (id_, number) for lead, code, id_, number in cursor.fetchall()}


def _open(wanted: Sequence[_Wanted], steps: Sequence[Step], *, now: datetime) -> None:
    by_actor: dict[Actor, list[_Wanted]] = {}
    for one in wanted:
        if one.opening is not None:
            by_actor.setdefault(steps[one.index].by, []).append(one)
    for by, each in by_actor.items():
        openings = [one.opening for one in each if one.opening is not None]
        for one, result in zip(each, open_cases(openings, by=by, now=now), strict=True):
            if isinstance(result, Opened):
                one.number, one.case_id = result.number, result.case_id
            else:
                one.why = _said(result)
    _share(wanted, steps)


def _share(wanted: Sequence[_Wanted], steps: Sequence[Step]) -> None:
    """Two steps of one batch that ask for the same linked case share it."""
    first: dict[tuple[CaseId, str], _Wanted] = {}
    for one in wanted:
        made = first.setdefault((steps[one.index].change.state.id, one.opens.class_code), one)
        if made is not one:
            one.number, one.case_id, one.why = made.number, made.case_id, made.why


def _said(refusal: Refusal) -> Text:
    return Text(refusal.message("zh").rstrip("。"), refusal.message("en").rstrip("."))


def _told_of(step: Step, wanted: Sequence[_Wanted]) -> Step:
    """The step with its linked cases on record; the grid office hears of those that could not be opened."""
    case = step.change.state
    office, _, _ = told((Who("grid-office"),), case, step.ground)
    news = tuple(
        Told(office, linking.unopened(one.title, one.opens.class_code, one.why), urgent=True)
        for one in wanted
        if one.why is not None
    )
    body = {**step.change.body, "opened": [one.on_record() for one in wanted]}
    return replace(step, change=replace(step.change, body=body, news=(*step.change.news, *news)))
