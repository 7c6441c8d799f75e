"""Feeds a history through the road on a virtual clock: taken in, dispatched, closed as it happened."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases.rules import commands as do
from onegrid.intake import actions as intake
from onegrid.intake.rules.reasons import PlaceRepeated
from onegrid.intake.rules.reports import Outcome, OutcomeKind
from onegrid.kernel import outbox
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal
from onegrid.sample.actions.replay.files import CaseFile, Rejections
from onegrid.sample.actions.replay.founding import Founded
from onegrid.sample.rules.replay.mapping import NO_REMARK, exit_of, report_of
from onegrid.sample.rules.replay.rows import Row
from onegrid.sample.rules.replay.schedule import Agenda, Closing, Window, windows

MOST: Final = 1_000  # rows or closings of one batch
TOLD_AT: Final = 500  # moves after which the outbox is emptied
HANDED_OVER: Final = "按城市记录的实际承办部门改派"
REPEATED: Final = "sample.repeated"


@dataclass(slots=True)
class Fed:
    """What was done besides taking reports in."""

    moves: Counter[str] = field(default_factory=Counter)
    escalations: int = 0
    told: int = 0
    windows: int = 0
    refusals: list[str] = field(default_factory=list)  # moves that the rules refused: none is expected


def feed(
    source: CaseFile, city: Founded, *, span: timedelta, rejected: Rejections, seen: Callable[[int], None]
) -> Fed:
    """Feed all lines of the file in order; `seen` hears how many lines were dealt with.

    Every window (see `schedule.windows`) is three transactions or more, as it would be in a running city:
    the reports, the moves of desk and departments, the worker's round. The data knows neither when a case
    was handed over nor when its department signed in: both stand at the window's end, or at the closing where
    that is earlier. Cases that the city left open stay open."""
    road = _Road(city, rejected)
    for window in windows(_rows(source, rejected, seen), road.agenda, span=span, at_most=MOST):
        road.go(window)
        seen(len(window.rows))
    road.finish()
    return road.fed


def _rows(source: CaseFile, rejected: Rejections, seen: Callable[[int], None]) -> Iterator[Row]:
    """The rows that are cases; the others go into the file of rejected ones."""
    for line in source.lines():
        if line.refusal is not None:
            rejected.refuse(line.number, line.key, line.refusal)
            seen(1)
        elif line.row is not None:
            yield line.row


class _Road:
    """A history on its way; `agenda` holds the closings that lie ahead."""

    def __init__(self, city: Founded, rejected: Rejections) -> None:
        self.city, self.rejected = city, rejected
        self.fallbacks: set[tuple[float | None, float | None]] = set()
        self.agenda, self.fed = Agenda(fallbacks=self.fallbacks), Fed()
        self.now = city.founded_at
        self._untold = 0

    def go(self, window: Window) -> None:
        opened = self._receive(window)
        for row, case_id in opened:
            self.agenda.add(row, case_id)
        closings = self.agenda.due(window.until, at_most=MOST)
        self._move([*self._dispatch(opened, closings, window.until), *self._closed(closings)], window.until)
        while closings := self.agenda.due(window.until, at_most=MOST):
            self._move(list(self._closed(closings)), window.until)
        self._round(window.until)
        self.now = window.until
        self.fed.windows += 1

    def finish(self) -> None:
        """Go on until the last closing."""
        while closings := self.agenda.due(
            datetime.max.replace(tzinfo=self.city.founded_at.tzinfo), at_most=MOST
        ):
            until = closings[-1].row.closed_at
            assert until is not None
            self._move(list(self._closed(closings)), until)
            self._round(until)
            self.now = until
        self._tell(self.now)

    def _receive(self, window: Window) -> list[tuple[Row, CaseId]]:
        reports = [report_of(row, self.city.classes) for row in window.rows]
        outcomes = intake.receive(reports, by=self.city.gateway, now=window.until)
        opened = []
        for row, outcome in zip(window.rows, outcomes, strict=True):
            self._learn((row.lng, row.lat), is_fallback=outcome.reason == PlaceRepeated.code)
            if outcome.kind is OutcomeKind.OPENED and outcome.case_id is not None:
                opened.append((row, outcome.case_id))
            elif outcome.kind in (OutcomeKind.REJECTED, OutcomeKind.REPEATED):
                self._reject(row, outcome)
        return opened

    def _learn(self, point: tuple[float | None, float | None], *, is_fallback: bool) -> None:
        """Keep in mind which coordinates intake takes for fallback points at present."""
        if is_fallback:
            self.fallbacks.add(point)
        else:
            self.fallbacks.discard(point)

    def _reject(self, row: Row, outcome: Outcome) -> None:
        if outcome.kind is OutcomeKind.REPEATED:
            zh, en = "同一编号的行已回放过。", "A row of this number was replayed already."
            self.rejected.add(row.line, row.key, code=REPEATED, zh=zh, en=en)
        else:
            self.rejected.add(
                row.line, row.key, code=outcome.reason, zh=outcome.reason_zh, en=outcome.reason_en
            )

    def _dispatch(
        self, opened: Sequence[tuple[Row, CaseId]], closings: Sequence[Closing], until: datetime
    ) -> Iterator[tuple[do.Command, Actor]]:
        """The desk hands over where another department had it in truth; the department signs in."""
        ending = {closing.case_id for closing in closings}
        for row, case_id in opened:
            unit = self.city.classes.units[row.department]
            handler, at = self.city.handlers[unit], min(row.closed_at or until, until)
            if unit != self.city.classes.minors[row.kind].unit:
                move = do.HandOver(case_id=case_id, to=handler.post_id, reason=HANDED_OVER, at=at)
                yield move, self.city.desk
            if case_id not in ending:
                yield do.Acknowledge(case_id=case_id, at=at), handler.actor

    def _closed(self, closings: Sequence[Closing]) -> Iterator[tuple[do.Command, Actor]]:
        """The department takes the exit that the city's closing remark tells, at that very moment."""
        for row, case_id in closings:
            handler = self.city.handlers[self.city.classes.units[row.department]]
            exit_key, opinion = exit_of(row.closure), row.closure or NO_REMARK
            move = do.TakeExit(case_id=case_id, exit=exit_key, opinion=opinion, at=row.closed_at)
            yield move, handler.actor

    def _move(self, moves: Sequence[tuple[do.Command, Actor]], until: datetime) -> None:
        if not moves:
            return
        commands, actors = zip(*moves, strict=True)
        for command, result in zip(commands, cases.perform(commands, by=actors, now=until), strict=True):
            if isinstance(result, Refusal):
                self.fed.refusals.append(f"{command.verb} {command.case_id}: {result}")
            else:
                self.fed.moves[command.verb] += 1
        self._untold += len(moves)

    def _round(self, until: datetime) -> None:
        """What the worker does by itself: deadlines that have passed, news to those concerned."""
        self.fed.escalations += cases.escalate_due(until)
        if self._untold >= TOLD_AT:
            self._tell(until)

    def _tell(self, until: datetime) -> None:
        while told := outbox.drain(now=until):
            self.fed.told += told
        self._untold = 0
