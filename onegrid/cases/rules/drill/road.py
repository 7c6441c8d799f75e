"""The one road of a drill: every step is decided by the case rules, once for all cases that are alike.

What the rules decided for a case is kept with its situation, without times and place; the next case in the
very same situation takes it from there, its clock reckoned anew and its posts looked up. Every so many of
these steps are decided by the rules all the same and must come out equal."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from onegrid.accounts.rules import Actor, Standing
from onegrid.accounts.rules.roles import permissions_of
from onegrid.cases.rules import clocks, entering
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Asker, Change, Ground
from onegrid.cases.rules.commands import TakeExit
from onegrid.cases.rules.drill.acting import Deed
from onegrid.cases.rules.drill.deeds import Deeds, given
from onegrid.cases.rules.drill.going import Going, Way, id_of
from onegrid.cases.rules.drill.moulds import Moulds
from onegrid.cases.rules.drill.streams import Kind
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.opening import Opening, first, plan_of
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.kernel.ids import ClassCode, GridCode, PostId, UnitId
from onegrid.kernel.stepping import SteppingCalendar, moment, ticks
from onegrid.scenarios.rules import VersionInfo

CHECKED = 499  # every so many steps taken from memory are decided again
_NO_UNIT = UnitId(UUID(int=0))


class DrillDisagrees(AssertionError):
    """A step from memory came out different from what the rules decide: a fault of the drill itself."""


@dataclass(slots=True)
class Counts:
    """How the steps were decided."""

    asked: int = 0
    remembered: int = 0
    checked: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Road:
    """Opens cases and takes exits. `ground.calendar` is a stepping one."""

    def __init__(self, version: VersionInfo, ground: Ground, deeds: Deeds) -> None:
        assert isinstance(ground.calendar, SteppingCalendar)
        self.version, self.ground, self.deeds = version, ground, deeds
        self.calendar: SteppingCalendar = ground.calendar
        self.counts = Counts()
        self.moulds = Moulds(ground, ground.calendar)
        self._unchecked = 0
        self._actors: dict[PostId, Actor] = {}

    def open(self, going: Going, kind: Kind) -> None:
        """The first stage, its one owner and its clock. Raises NoStart, NoPost, SeveralPosts, UnitNeeded."""
        place = self.moulds.place(going.grid, kind.class_code)
        root = self.moulds.roots.get((place, kind))
        if root is not None:
            self.counts.remembered += 1
            going.situation = root
            going.due = self.calendar.due_at(going.opened, root.limit)
            going.post = self.moulds.post_of(root.owner, going.grid, kind.class_code)
            return
        self.counts.asked += 1
        state = self._opened(going, kind)
        self.stand(going, state, going.opened)
        going.situation = self.moulds.situation(going, state)
        if going.situation is not None:
            going.state = None
            self.moulds.roots[place, kind] = going.situation

    def _opened(self, going: Going, kind: Kind) -> CaseState:
        opening = Opening(
            case_id=id_of(going.number), version=self.version, class_code=ClassCode(kind.class_code),
            grid_code=GridCode(going.grid), lng=None, lat=None, title="", description="",
            urgency=kind.urgency, channel=kind.channel, opened_at=moment(going.opened),
            responsible_unit=kind.unit or None, source=kind.source,
        )  # fmt: skip
        plan = plan_of(opening, self.ground)
        state = first(opening, plan, self.ground).case
        clock = clocks.start(plan.limit, at=opening.opened_at, calendar=self.calendar)
        state = state._replace(clock=clock)
        state, _ = entering.beside(state, state, plan.stage, Entry(), self.ground, at=opening.opened_at)
        return with_alarm(state, self.ground)

    def leave(self, going: Going, exit_key: str, variant: int, at: int) -> Change | Way:
        """Take an exit at a moment; the case stands in its next stage or has ended afterwards.

        Raises whatever the rules refuse, and Impossible where nobody finds answers that the exit takes."""
        situation = going.situation
        way = situation.ways.get((exit_key, variant)) if situation is not None else None
        if way is None:
            return self._decided(going, exit_key, variant, at)
        self.counts.remembered += 1
        self._unchecked += 1
        if self._unchecked >= CHECKED:
            self._unchecked = 0
            self._check(going, exit_key, variant, way, at)
        self._follow(going, way, at)
        return way

    def command(self, going: Going, exit_key: str, variant: int, at: int) -> tuple[TakeExit, Deed]:
        """The exit as its post asks for it, with answers and papers. Raises Impossible."""
        case = self.whole(going)
        deed = self.deeds.of(case, self.ground.stage(case.stage), exit_key, variant, moment(at))
        command = TakeExit(case_id=id_of(going.number), exit=exit_key, opinion=deed.opinion, form=deed.form)
        return command, deed

    def whole(self, going: Going) -> CaseState:
        """The case as the rules see it."""
        return self.moulds.whole(going)

    def asker(self, post_id: PostId, at: datetime, deed: Deed | None = None) -> Asker:
        """Whoever holds the post, with the papers of a deed at hand."""
        return Asker(self._holder(post_id), None, at, given(deed.evidence) if deed else ())

    def stand(self, going: Going, state: CaseState, at: int) -> None:
        """Let the case stand where a change has put it."""
        going.last = at
        if state.phase is not Phase.OPEN:
            going.situation, going.state = None, state
            return
        assert state.clock is not None and state.clock.due is not None
        going.entered = ticks(state.entered_at)
        going.acknowledged = None if state.acknowledged_at is None else ticks(state.acknowledged_at)
        going.late, going.due = state.late_stages, ticks(state.clock.due)
        going.post, going.place = state.owner, str(state.grid_code)
        going.situation, going.state = None, state

    def _decided(self, going: Going, exit_key: str, variant: int, at: int) -> Change:
        before = going.situation
        command, deed = self.command(going, exit_key, variant, at)
        owner, stage, here = going.owner, going.stage, going.place
        self.counts.asked += 1
        change = decide(self.whole(going), command, self.asker(owner, moment(at), deed), self.ground)
        state, stays = change.state, change.state.entered_at != moment(at)
        passes = state.stage != stage
        self.stand(going, state, at)
        going.since = at
        to = self.moulds.situation(going, state) if state.phase is Phase.OPEN else None
        if to is not None:
            going.situation, going.state = to, None
        plain = not self.ground.stage(stage).exits[exit_key].assigns.grid and not change.tasks
        plain = plain and here == going.place and not self.deeds.dated(deed, exit_key)
        if before is not None and plain and (to is not None or state.phase is not Phase.OPEN):
            before.ways[exit_key, variant] = Way(to, stays=stays, passes=passes, outcome=state.outcome)
        return change

    def _follow(self, going: Going, way: Way, at: int) -> None:
        going.late += at > going.due and way.passes
        if way.stays:
            going.acknowledged = at if going.acknowledged is None else going.acknowledged
        else:
            going.entered, going.acknowledged = at, None
        going.last = going.since = at
        going.situation = way.to
        if way.to is not None:
            going.due = self.calendar.due_at(at, way.to.limit)
            going.post = self.moulds.post_of(way.to.owner, going.place, way.to.mould.class_code)

    def _check(self, going: Going, exit_key: str, variant: int, way: Way, at: int) -> None:
        """Decide a remembered step by the rules and compare. Raises DrillDisagrees."""
        self.counts.checked += 1
        command, deed = self.command(going, exit_key, variant, at)
        asker = self.asker(going.owner, moment(at), deed)
        decided = decide(self.whole(going), command, asker, self.ground).state
        ahead = Going(going.number, going.key, going.grid, going.opened)
        for name in ("entered", "acknowledged", "due", "late", "situation", "last", "place", "post"):
            setattr(ahead, name, getattr(going, name))
        self._follow(ahead, way, at)
        if way.to is None:
            same = decided.phase is not Phase.OPEN and decided.outcome == way.outcome
        else:
            same = self.whole(ahead) == decided._replace(previous=None)
        if not same:
            raise DrillDisagrees(f"{going.number}: {going.stage}/{exit_key}")

    def _holder(self, post_id: PostId) -> Actor:
        found = self._actors.get(post_id)
        if found is None:
            entry = self.ground.duties.posts[post_id]
            standing = Standing(post_id, entry.role, _NO_UNIT, entry.territory, entry.role)
            found = Actor(None, entry.role, "person", (standing,), permissions_of(entry.role))
            self._actors[post_id] = found
        return found
