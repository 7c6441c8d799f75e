"""The road of every move: lock the cases of a batch, decide in pure rules, write everything set-based."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases import events, queries
from onegrid.cases.actions.linking import with_linked
from onegrid.cases.actions.news import end_of, facts_of
from onegrid.cases.actions.record import Step, record
from onegrid.cases.queries.evidence import CaseEvidence
from onegrid.cases.queries.locking import Locked
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import exhibits, linking
from onegrid.cases.rules.change import Asker, Change, Ground, Shown, StoredFile, Target
from onegrid.cases.rules.moves import MOVES, asks_for_more, decide
from onegrid.cases.rules.people import Doer
from onegrid.cases.rules.refusals import CaseNotFound
from onegrid.cases.rules.state import LIVE, PHASE_ZH, CaseState, Phase
from onegrid.kernel import bulk, outbox, stamps
from onegrid.kernel.ids import CaseId, PostId, VersionId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Given
from onegrid.workforce import queries as workforce


@dataclass(frozen=True, slots=True)
class Performed:
    """Where a case stands after a move."""

    case_id: CaseId
    number: str
    verb: str
    version: int
    phase: str
    stage: str
    stage_zh: str
    owner: PostId | None
    due_at: datetime | None
    report_count: int


@transaction.atomic(savepoint=False)
def perform(
    commands: Sequence[do.Command], *, by: Actor | Sequence[Actor], now: datetime
) -> list[Performed | Refusal]:
    """Make the moves in the order given; each is made or refused by itself. `by`: one for all, or one each.

    A case that several commands name goes through them one after another. Who may not know of a case is told
    that there is none. One transaction: rows locked in the order of their ids, decided, written together."""
    with stamps.pinned():
        brought = [one.sha for command in commands for one in command.evidence]
        locked = queries.lock(_touched(commands), files=brought, with_leads=_counted_above(commands))
        versions = [*_versions(locked), *_versions_named(commands)]
        batch = Batch(locked, queries.grounds_of(versions, vacant=_vacant(commands, now)), now)
        batch.fetch(commands)
        makers = [by] * len(commands) if isinstance(by, Actor) else by
        results = [batch.make(command, maker) for command, maker in zip(commands, makers, strict=True)]
        batch.steps = with_linked(batch.steps, now=now)
        record(batch.steps, locked.heads, at=now)
        close_children(batch.steps, at=now)
    return results


def _touched(commands: Sequence[do.Command]) -> list[CaseId]:
    others = (_named(command) for command in commands)
    recalled = [command.case_id for command in commands if isinstance(command, do.Recall)]
    linked = queries.linked_ids(recalled) if recalled else []
    return [*(command.case_id for command in commands), *(one for one in others if one is not None), *linked]


def _named(command: do.Command) -> CaseId | None:
    """The other case that a move names: the one it merges into, the one whose matter came back."""
    if isinstance(command, do.Merge):
        return command.into
    return command.of if isinstance(command, do.MarkRepeat) else None


def _counted_above(commands: Sequence[do.Command]) -> bool:
    """Whether a move takes reports away, which every case above then counts no more."""
    return any(isinstance(command, do.Unmerge | do.Unjoin) for command in commands)


def _versions(locked: Locked) -> list[VersionId]:
    return [case.version_id for case in locked.cases.values()]


def _versions_named(commands: Sequence[do.Command]) -> list[VersionId]:
    """Those that cases are to be moved to, if there are such. Raises NoVersion."""
    return [command.to for command in commands if isinstance(command, do.MoveVersion)]


def _vacant(commands: Sequence[do.Command], now: datetime) -> frozenset[PostId]:
    """Posts without a holder, among those that a move names as the next owner."""
    giving = (c for c in commands if isinstance(c, do.HandOver | do.TakeExit | do.DecideAgenda))
    named = [c.to for c in giving if c.to is not None]
    return workforce.vacant(named, now=now) if named else frozenset()


class Batch:
    """The cases of one batch while its moves are decided one after another."""

    def __init__(self, locked: Locked, grounds: Mapping[VersionId, Ground], now: datetime) -> None:
        self.cases: dict[CaseId, CaseState] = dict(locked.cases)
        self.grounds, self.now = grounds, now
        self.given: Mapping[CaseId, CaseEvidence] = {}
        self.files: Mapping[str, StoredFile] = locked.files
        self.shown: dict[CaseId, tuple[Shown, ...]] = {}
        self.steps: list[Step] = []

    def fetch(self, commands: Sequence[do.Command]) -> None:
        """Read the evidence that moves may count besides what they bring; no query where none is asked."""
        named = Counter(command.case_id for command in commands)
        asking = [
            command.case_id
            for command in commands
            if command.case_id in self.cases and (named[command.case_id] > 1 or self._asks(command))
        ]
        self.given = queries.evidence_for(list(dict.fromkeys(asking)))

    def _asks(self, command: do.Command) -> bool:
        case = self.cases[command.case_id]
        asker = Asker(SYSTEM, None, self.now, files=self.files)
        return asks_for_more(case, command, asker, self.grounds[case.version_id])

    def make(self, command: do.Command, by: Actor) -> Performed | Refusal:
        """Decide one move and keep its steps; the refusal is the answer when a rule says no."""
        try:
            return self._made(command, by)
        except Refusal as refusal:
            return refusal

    def _made(self, command: do.Command, by: Actor) -> Performed:
        case = self.cases.get(command.case_id)
        if case is None:
            raise CaseNotFound
        ground = self.grounds[case.version_id]
        if MOVES[command.verb].doer is not Doer.ANYONE and not queries.may_see(case, by, ground.duties):
            raise CaseNotFound
        others, target = self._others(command, by), self._target(case, command)
        asker = Asker(by, None, self.now, self._counted(case), self.files, others, target)
        change = decide(case, command, asker, ground)
        ground = self.grounds[change.state.version_id]
        if isinstance(command, do.Recall):
            self._recall(case, change, command, ground, by)
        else:
            self.keep(case, change, command.verb, ground, by)
        return performed(self.cases[case.id], command.verb, ground)

    def _recall(self, case: CaseState, change: Change, command: do.Recall, ground: Ground, by: Actor) -> None:
        """Keep a recall; what the exit opened goes with it. Raises LinkedCaseWorked."""
        gone = linking.taken_back(case, self.cases.values())
        named = [{"case": one.id, "number": one.number} for one in gone]
        body = {**change.body, "voided": named} if named else change.body
        self._unopen(case.id)
        self.keep(case, replace(change, body=body), command.verb, ground, by)
        for one in gone:
            why = do.Void(case_id=one.id, reason=linking.why_void(case, command.reason))
            there = self.grounds[one.version_id]
            void = decide(one, why, Asker(SYSTEM, None, self.now), there)
            self.keep(one, replace(void, post=change.post), why.verb, there, by)

    def _unopen(self, case_id: CaseId) -> None:
        """An exit of this very batch that is taken back opens nothing any more."""
        for index in reversed(range(len(self.steps))):
            step = self.steps[index]
            if step.change.state.id == case_id and "exit" in step.change.body:
                self.steps[index] = replace(step, change=replace(step.change, opens=()))
                return

    def _target(self, case: CaseState, command: do.Command) -> Target | None:
        """The version that the case is to follow."""
        if not isinstance(command, do.MoveVersion):
            return None
        before = scenarios.version(case.version_id)
        return Target(scenarios.version(command.to), self.grounds[command.to], before.number)

    def _counted(self, case: CaseState) -> tuple[Given, ...]:
        """The evidence that counts at the present stage: the case's, and what this batch brought before."""
        kept = self.given.get(case.id)
        fresh = tuple(one for one in self.shown.get(case.id, ()) if one.stage in {"", case.stage})
        return (*(kept.at_stage(case) if kept else ()), *exhibits.given(fresh))

    def _others(self, command: do.Command, by: Actor) -> Mapping[CaseId, CaseState]:
        """The case that the move names, where the actor may know of it; all that count its reports, where it
        takes some away."""
        if isinstance(command, do.Unmerge | do.Unjoin):
            return self.cases
        named = _named(command)
        other = self.cases.get(named) if named else None
        if other is None or not queries.may_see(other, by, self.grounds[other.version_id].duties):
            return {}
        return {other.id: other}

    def keep(self, before: CaseState, change: Change, verb: str, ground: Ground, by: Actor) -> None:
        """Count the step on the case's trail, and those in other cases."""
        after = change.state._replace(version=before.version + 1)
        self.cases[after.id] = after
        if change.evidence:
            self.shown[after.id] = (*self.shown.get(after.id, ()), *change.evidence)
        self.steps.append(Step(before, replace(change, state=after), verb, by, ground))
        for other in change.also:
            lead = self.cases[other.state.id]
            at = max(change.state.last_at, lead.last_at)
            grown = replace(other, state=other.state._replace(last_at=at))
            self.keep(lead, grown, other.verb, self.grounds[lead.version_id], by)


def performed(case: CaseState, verb: str, ground: Ground) -> Performed:
    """The answer to a move."""
    stage = ground.definition.stages.get(case.stage)
    return Performed(
        case_id=case.id,
        number=case.number,
        verb=verb,
        version=case.version,
        phase=str(case.phase),
        stage=case.stage,
        stage_zh=stage.name.zh if stage else PHASE_ZH[case.phase],
        owner=case.owner,
        due_at=case.clock.due if case.clock and case.phase is Phase.OPEN else None,
        report_count=case.report_count,
    )


def close_children(steps: Iterable[Step], *, at: datetime) -> None:
    """Cases merged into one that just ended end with its outcome and answer: each reporter hears of it."""
    ended = {
        step.change.state.id: step
        for step in steps
        if step.change.state.phase in {Phase.CLOSED, Phase.VOID}
        and step.before.phase in LIVE
        and step.change.state.report_count > 1
    }
    if not ended:
        return
    bulk.flush()  # a case merged in this very batch is a child too
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE child (id, number, title, lead) AS ("
            " SELECT id, number, title, merged_into FROM cases_case WHERE merged_into = ANY(%s)"
            " UNION ALL SELECT c.id, c.number, c.title, child.lead"
            " FROM cases_case c JOIN child ON c.merged_into = child.id) SELECT * FROM child",
            [list(ended)],
        )
        children = cursor.fetchall()
    told = []
    for child, number, title, lead in children:
        state = ended[lead].change.state
        facts = facts_of(state, stage_zh=PHASE_ZH[state.phase], by="")
        facts |= {"case_id": child, "number": number, "title": title}
        told.append(events.CaseClosed(**facts, **end_of(state), lead=lead))
    outbox.publish(told, at=at)


def join(joins: Sequence[do.Join], *, by: Actor, now: datetime) -> list[Performed | Refusal]:
    """Count further reports of the same matter; the third one raises the urgency, no due time moves later."""
    return perform(joins, by=by, now=now)


def unjoin(unjoins: Sequence[do.Unjoin], *, by: Actor, now: datetime) -> list[Performed | Refusal]:
    """Take reports away again that joined by mistake."""
    return perform(unjoins, by=by, now=now)
