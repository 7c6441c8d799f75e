"""One case as its page shows it: facts, owner and clock, tasks, evidence, and the trail as a story."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases.queries.evidence import EvidenceRow, evidence_for
from onegrid.cases.queries.grounds import ground_of
from onegrid.cases.queries.locking import all_tasks, states
from onegrid.cases.queries.scope import may_see
from onegrid.cases.queries.wording import offered_opinions
from onegrid.cases.rules import clocks, copying, people
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.exits import is_the_clocks
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.people import works_on
from onegrid.cases.rules.permitted import Permitted, permitted
from onegrid.cases.rules.refusals import CaseNotFound
from onegrid.cases.rules.state import LIVE, CaseState, Task
from onegrid.kernel import history
from onegrid.kernel.history import Recorded
from onegrid.kernel.ids import CaseId, PostId
from onegrid.kernel.queries import office_calendar
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Exit, Stage, VersionInfo
from onegrid.scenarios.rules.conditions import holds
from onegrid.scenarios.rules.fields import Field, visible_to
from onegrid.scenarios.rules.walking import every_field
from onegrid.workforce.queries import duty_table, posts_by_id

VERBS_ZH = {
    "open": "立案", "escalate": "催促升级", "tasks-late": "任务超期", "absorb": "并入他案",
    "agenda": "列入联席会议议题", "erase": "删除个人信息", "release": "拆出他案", "repeated": "重复投诉",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One step of the trail in words. `to_zh`: the stage that began, or the post that it was meant for;
    `took_s`: how long the stage had lasted, `late`: was it overdue."""

    seq: int
    at: datetime
    verb: str
    verb_zh: str
    by: str
    stage_zh: str
    to_zh: str
    text: str
    took_s: float | None
    late: bool


@dataclass(frozen=True, slots=True)
class Way:
    """An exit as it is offered: `asks` what has to be answered for it; opinions in words, who may get the
    case next, who may be informed besides.

    `recipients`: the usual one first; `must_pick`: the sender has to say which of them."""

    exit: Exit
    asks: tuple[Field, ...]
    opinions: list[str]
    recipients: tuple[PostId, ...]
    must_pick: bool
    may_copy: tuple[PostId, ...]


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case opened out of this one, or (`is_origin`) the one out of which this was opened."""

    id: CaseId
    number: str
    title: str
    phase: str
    is_origin: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case that this actor may see and do."""

    state: CaseState
    version: VersionInfo
    stage: Stage | None
    description: str
    answers: Mapping[str, object]
    tasks: list[Task]
    evidence: list[EvidenceRow]
    story: list[StoryLine]
    permitted: list[Permitted]
    exits: list[Way]
    linked: list[LinkedCase]

    def left_s(self, now: datetime) -> float | None:
        """Seconds left on the clock's own kind of time, negative when overdue; None after the end."""
        clock = self.state.clock
        if clock is None or self.state.phase not in LIVE:
            return None
        return clocks.left(clock, at=now, calendar=office_calendar())


def readable_file(sha: str, *, actor: Actor) -> str:
    """The type of a file that the actor uploaded or that a case of his scope shows. Raises CaseNotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.mime, f.stored_by, array(SELECT case_id FROM cases_evidence e WHERE e.sha256 = f.sha256"
            " LIMIT 50) FROM cases_stored_file f WHERE f.sha256 = %s",
            [sha],
        )
        row = cursor.fetchone()
    if row is None:
        raise CaseNotFound
    mime, stored_by, case_ids = row
    own = stored_by is not None and stored_by == actor.account_id
    if own or any(may_see(one, actor, duty_table()) for one in states(case_ids).values()):
        return str(mime)
    raise CaseNotFound


def case(case_id: CaseId, *, actor: Actor) -> CasePage:
    """The page of a case. Raises CaseNotFound outside the actor's scope, as for a case that is not there."""
    state = states([case_id]).get(case_id)
    if state is None:
        raise CaseNotFound
    version = scenarios.version(state.version_id)
    ground = ground_of(version.definition)
    if not may_see(state, actor, ground.duties):
        raise CaseNotFound
    offered = permitted(state, actor, ground)
    stage = version.definition.stages.get(state.stage)
    works = any(one.verb == "exit" for one in offered)
    roles = frozenset(standing.role for standing in actor.standings)
    return CasePage(
        state=state,
        version=version,
        stage=stage,
        description=_description(case_id),
        answers=visible_to(
            every_field(version.definition), state.answers, roles=roles, works=works_on(state, actor)
        ),
        tasks=all_tasks(case_id),
        evidence=_evidence(case_id),
        story=list(_story(history.trail(case_id))),
        permitted=offered,
        exits=list(_ways(stage, state, ground)) if stage and works else [],
        linked=_linked(state, actor, ground),
    )


def _ways(stage: Stage, case: CaseState, ground: Ground) -> Iterator[Way]:
    for one in stage.exits.values():
        if _offered(one, case) and not is_the_clocks(one, stage, case):
            target = ground.definition.stages.get(one.to)
            there = case._replace(stage=one.to)
            posts = copying.candidates(target, there, ground) if target else ()
            yield Way(
                exit=one,
                asks=_asked(stage, one, case),
                opinions=offered_opinions(one.opinions, case, ground, exit_key=one.key),
                recipients=posts,
                must_pick=target is not None and target.pick and len(posts) > 1,
                may_copy=people.told(target.may_copy, there, ground)[0] if target else (),
            )


def _asked(stage: Stage, exit_: Exit, case: CaseState) -> tuple[Field, ...]:
    """The fields of the stage that have to be answered for the exit, as far as the answers so far say."""
    facts = case.facts(exit_.key)
    fields = stage.form.fields
    return tuple(one for one in fields if holds(one.required, facts) and holds(one.visible, facts))


def _linked(case: CaseState, actor: Actor, ground: Ground) -> list[LinkedCase]:
    """The cases linked to this one that the actor may see, the origin first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE linked_to = %s ORDER BY opened_at, id", [case.id])
        ids = [row[0] for row in cursor.fetchall()]
    if case.linked_to is not None:
        ids.insert(0, case.linked_to)
    known = states(ids) if ids else {}
    return [
        LinkedCase(one.id, one.number, one.title, str(one.phase), one.id == case.linked_to)
        for one in (known[id_] for id_ in ids if id_ in known)
        if may_see(one, actor, ground.duties)
    ]


def _offered(exit_: Exit, state: CaseState) -> bool:
    """Whether the exit is open as far as the answers so far say; those still to come decide the rest."""
    return holds(exit_.when, state.facts(exit_.key)) or not state.answers


def _description(case_id: CaseId) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT description FROM cases_case WHERE id = %s", [case_id])
        return str(cursor.fetchone()[0])


def _evidence(case_id: CaseId) -> list[EvidenceRow]:
    found = evidence_for([case_id]).get(case_id)
    return found.rows if found else []


def _story(trail: Sequence[Recorded]) -> Iterator[StoryLine]:
    owners = {PostId(UUID(str(step.body["owner"]))) for step in trail if _passes_on(step)}
    posts = posts_by_id(sorted(owners)) if owners else {}
    for step in trail:
        body = step.body
        to_zh = str(body.get("to_zh", ""))
        if _passes_on(step) and (post := posts.get(PostId(UUID(str(body["owner"]))))) is not None:
            to_zh = post.title_zh
        entered = body.get("entered_at")
        took = (step.at - datetime.fromisoformat(str(entered))).total_seconds() if entered else None
        said = next((body[key] for key in ("opinion", "minutes", "reason", "text") if body.get(key)), "")
        verb_zh = MOVES[step.verb].zh if step.verb in MOVES else VERBS_ZH.get(step.verb, step.verb)
        yield StoryLine(
            seq=step.seq,
            at=step.at,
            verb=step.verb,
            verb_zh=str(body.get("exit_zh") or verb_zh),
            by=step.by.label,
            stage_zh=str(body.get("stage_zh", "")),
            to_zh=to_zh,
            text=str(said),
            took_s=took,
            late=bool(body.get("late")),
        )


def _passes_on(step: Recorded) -> bool:
    """Whether it was meant for a post, with no other stage beginning."""
    return bool(step.body.get("owner")) and not step.body.get("to_zh")
