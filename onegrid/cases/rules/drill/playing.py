"""The drill itself: cases come in, wait at their posts, are worked, and the case rules decide every step.

People work in office hours, one thing after the other, the longest waiting first; a post signs a case in by
working on it. Left out is what people decide beyond the flow: extensions, holds, returns, instructions."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Final
from uuid import UUID

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import clocks
from onegrid.cases.rules.alarms import LAPSE, alarms
from onegrid.cases.rules.change import Asker, Change
from onegrid.cases.rules.clocks import Clock
from onegrid.cases.rules.commands import Rate, TakeExit
from onegrid.cases.rules.drill.beside import Beside
from onegrid.cases.rules.drill.book import Book, StageBook
from onegrid.cases.rules.drill.chance import draw, key_of
from onegrid.cases.rules.drill.clockwork import Alarm, Clockwork, Done, Rated
from onegrid.cases.rules.drill.deeds import Deeds
from onegrid.cases.rules.drill.going import Going, Way, id_of
from onegrid.cases.rules.drill.keeping import Keeper, Spell, spell_of
from onegrid.cases.rules.drill.offers import Offers
from onegrid.cases.rules.drill.road import Road
from onegrid.cases.rules.drill.setting import Setting
from onegrid.cases.rules.drill.staff import Job, Staff
from onegrid.cases.rules.drill.streams import DAY, Arrival
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.rules.exits import check_tasks
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.refusals import TasksOpen
from onegrid.cases.rules.state import Phase, TaskKind
from onegrid.kernel.refusals import Refusal
from onegrid.kernel.stepping import SteppingCalendar, moment, ticks
from onegrid.scenarios.rules import Stage

_DRAWS: Final = 16  # numbers kept for each step of a case
_EXIT, _VARIANT, _WORK, _RATES = range(4)  # the rest: exits tried after a refused one


class Drill:
    """One run of one setting; `play` it once. `on_day` is told how many days are over, as each one ends."""

    def __init__(self, setting: Setting, *, on_day: Callable[[int], None] = lambda day: None) -> None:
        self.setting, self._on_day = setting, on_day
        ids = count(1)
        self.calendar = SteppingCalendar.of(setting.ground.calendar)
        self.ground = replace(setting.ground, calendar=self.calendar, next_id=lambda: UUID(int=next(ids)))
        definition = setting.ground.definition
        self.end = setting.start + setting.days * DAY
        self.book = Book({key: StageBook() for key in definition.stages})
        self.staff = Staff(setting.cards)
        self.works = Clockwork(self.calendar, self.staff, end=self.end)
        deeds = Deeds(definition, grids=setting.grids, units=setting.units, seed=setting.seed)
        self.road = Road(setting.version, self.ground, deeds)
        self.beside = Beside(self.works, self.road, deeds, setting.habits, self.book)
        self.offers = Offers(setting.habits.weights, deeds)
        self.keeper = Keeper(self.book, self.calendar, start=setting.start, end=self.end)
        self.live: dict[int, Going] = {}
        self._flowing = [s.at_percent for s in definition.escalation if s.card or s.raise_urgency]

    def play(self) -> Book:
        """Play all days; the book says what happened. Raises DrillDisagrees."""
        setting, works = self.setting, self.works
        arrivals = setting.stream.arrivals(start=setting.start, days=setting.days, seed=setting.seed)
        coming = next(arrivals, None)
        while True:
            now = min(coming.at if coming is not None else self.end, works.next_at)
            self._pass_days(now)
            if now >= self.end or self.book.given_up_on_day is not None:
                break
            self.book.events += 1
            if coming is not None and coming.at <= works.next_at:
                self._arrive(coming)
                coming = next(arrivals, None)
            else:
                self._happen()
        self._take_stock()
        return self.book

    def _pass_days(self, now: int) -> None:
        """Count the open cases as each day ends; give up when they are too many to go on."""
        book = self.book
        while len(book.open_by_day) < (min(now, self.end) - self.setting.start) // DAY:
            book.open_by_day.append(len(self.live))
            self._on_day(len(book.open_by_day))
        if len(self.live) > book.open_most:
            book.open_most = len(self.live)
            if book.open_most > self.setting.most_open:
                book.given_up_on_day = len(book.open_by_day) + 1

    def _happen(self) -> None:
        now, what = self.works.take()
        match what:
            case Done(person):
                job = self.works.finish(person, now)
                if not job.gone:
                    self._done(job, now)
            case Alarm(going, stamp):
                if stamp == going.stamp and going.number in self.live:
                    self._ring(going, now)
            case Rated(going, stamp):
                if stamp == going.stamp and going.number in self.live:
                    self._rate(going, now)
            case _:
                if what.going.number in self.live:
                    self.beside.wanted(what, now)

    def _arrive(self, arrival: Arrival) -> None:
        book = self.book
        book.arrived += 1
        number = book.arrived
        going = Going(number, key_of(self.setting.seed, number), arrival.grid, arrival.at)
        try:
            self.road.open(going, arrival.kind)
        except Refusal as refusal:
            book.refused[refusal.code] += 1
            return
        book.opened += 1
        book.grid(arrival.grid).cases += 1
        self.live[number] = going
        if going.state is not None:
            self.beside.touched(going, going.state.tasks, arrival.at)
        self._enter(going, arrival.at)

    def _enter(self, going: Going, now: int) -> None:
        """A stage begins: its alarm is set, its exit drawn, its work given to the owner."""
        stage = self.ground.stage(going.stage)
        self.book.stages[stage.key].entered += 1
        going.stamp += 1
        going.draws += _DRAWS
        going.tried, going.cosigning, going.job = (), 0, None
        self._watch(going, now)
        going.work = self._work(going, stage.key)
        if self._choose(going, stage):
            self._set_to_work(going, stage, now)

    def _work(self, going: Going, stage: str) -> int:
        seconds = self.setting.habits.handling[stage].at(draw(going.key, going.draws + _WORK))
        return max(1, int(seconds * 1e6))

    def _choose(self, going: Going, stage: Stage) -> bool:
        """Draw an exit that was not refused before; without any the case is stuck and leaves the drill."""
        shift = 4 + len(going.tried) if going.tried else 0
        chosen = self.offers.pick(going, stage, draw(going.key, going.draws + shift))
        if chosen is None:
            self.book.stuck[stage.key] += 1
            self._drop(going)
            return False
        going.exit = chosen
        variants = self.offers.variants(stage.key, chosen)
        going.variant = int(draw(going.key, going.draws + _VARIANT) * variants) if variants > 1 else 0
        return True

    def _set_to_work(self, going: Going, stage: Stage, now: int) -> None:
        rating = stage.rating
        if rating is not None and going.exit in {rating.satisfied, rating.unsatisfied}:
            after = self.setting.habits.rating.at(draw(going.key, going.draws + _RATES))
            self.works.put(now + max(1, int(after * 1e6)), Rated(going, going.stamp))
        elif going.exit != stage.lapse and not self._waits(going, stage):
            job = Job(self.staff.desks[going.owner], going, None, going.work)
            going.job = job
            self.works.queue(job, now)

    def _waits(self, going: Going, stage: Stage) -> bool:
        """Whether the exit waits for departments that have not co-signed."""
        if stage.joint is None or going.state is None:
            return False
        try:
            leave = TakeExit(case_id=id_of(going.number), exit=going.exit)
            check_tasks(going.state, stage, stage.exits[going.exit], leave)
        except TasksOpen:
            return True
        return False

    def _done(self, job: Job, now: int) -> None:
        going = job.going
        if job.task is None:
            self._leave(going, now, job)
            return
        task = self.beside.done(job, now)
        if task is None or task.kind is not TaskKind.COSIGN or going.job is not None:
            return
        stage = self.ground.stage(going.stage)
        if not self._waits(going, stage):
            going.cosigning = self.calendar.office(now) - self.calendar.office(going.since)
            self._set_to_work(going, stage, now)

    def _leave(self, going: Going, now: int, job: Job | None) -> None:
        """Take the drawn exit; where the rules refuse it, another one."""
        stage, spell = self.ground.stage(going.stage), spell_of(going)
        while True:
            try:
                result = self.road.leave(going, going.exit, going.variant, now)
                break
            except Refusal as refusal:
                self.road.counts.refused[refusal.code] += 1
                going.tried = (*going.tried, going.exit)
                if not self._choose(going, stage):
                    return
        self.keeper.passed(going, spell, now, job)
        self._went(going, result, now)

    def _went(self, going: Going, result: Change | Way, now: int) -> None:
        """After a step: its tasks begin or end, and the case enters its next stage or is over."""
        if isinstance(result, Change):
            self.beside.touched(going, result.tasks, now)
            ended = result.state.phase is not Phase.OPEN
            late, outcome = result.state.late_stages, result.state.outcome
        else:
            ended, late, outcome = result.to is None, going.late, result.outcome
        if not ended:
            going.since = now
            self._enter(going, now)
            return
        self.keeper.ended(going, outcome, late=late, now=now)
        self._drop(going)

    def _drop(self, going: Going) -> None:
        going.stamp += 1
        for job in (going.job, *going.tasks.values()):
            if job is not None and job.begun < 0:
                self.staff.drop(job)
        del self.live[going.number]

    def _watch(self, going: Going, now: int) -> None:
        """Set the next alarm that changes anything: a card, a higher urgency, the stage's own lapse."""
        if going.state is not None:
            names = {*map(str, self._flowing), LAPSE}
            ahead = [ticks(at) for name, at in alarms(going.state, self.ground).items() if name in names]
        else:
            assert going.situation is not None
            ahead = [going.due] if going.situation.stage.lapse is not None else []
            if self._flowing:
                clock = Clock(going.situation.limit, moment(going.due))
                found = clocks.moments(clock, [min(self._flowing)], calendar=self.calendar)
                ahead += map(ticks, found)
        at = min((at for at in ahead if at > now), default=None)
        if at is not None:
            self.works.put(at, Alarm(going, going.stamp))

    def _ring(self, going: Going, now: int) -> None:
        """What the worker does by itself when time has passed: cards, urgency, lapse."""
        self.book.alarms += 1
        stage, spell = self.ground.stage(going.stage), spell_of(going)
        asker = Asker(SYSTEM, going.owner, moment(now))
        for _, change in escalations(self.road.whole(going), asker, self.ground):
            gone = change.state.stage != stage.key or change.state.phase is not Phase.OPEN
            self.road.stand(going, change.state, now)
            if gone:
                self._lapsed(going, spell, change, now)
                return
            self.beside.touched(going, change.tasks, now)
        self._watch(going, now)
        if going.exit == stage.lapse and going.state is not None and LAPSE in going.state.fired:
            going.tried = (*going.tried, going.exit)
            if self._choose(going, stage):
                self._set_to_work(going, stage, now)

    def _lapsed(self, going: Going, spell: Spell, change: Change, now: int) -> None:
        lapse = self.ground.stage(spell.stage).lapse
        assert lapse is not None
        if going.job is not None:
            self.staff.drop(going.job)
        self.book.stages[spell.stage].lapsed += 1
        going.exit = lapse
        self.keeper.passed(going, spell, now, None)
        self._went(going, change, now)

    def _rate(self, going: Going, now: int) -> None:
        """The reporter rates, by word only; the rules take the exit that is meant for it."""
        stage, spell = self.ground.stage(going.stage), spell_of(going)
        assert stage.rating is not None
        satisfied = going.exit == stage.rating.satisfied
        command = Rate(case_id=id_of(going.number), satisfied=satisfied, reason="" if satisfied else "未解决")
        try:
            asker = Asker(SYSTEM, None, moment(now))
            self.road.counts.asked += 1
            change = decide(self.road.whole(going), command, asker, self.ground)
        except Refusal as refusal:
            self.road.counts.refused[refusal.code] += 1
            going.tried = (*going.tried, going.exit)
            if self._choose(going, stage):
                self._set_to_work(going, stage, now)
            return
        self.road.stand(going, change.state, now)
        self.keeper.passed(going, spell, now, None)
        self._went(going, change, now)

    def _take_stock(self) -> None:
        """What is still open at the end, and what of it is overdue."""
        for going in self.live.values():
            self.keeper.still_open(going)
