"""A small world for rule tests: a scenario with every kind of stage, posts in two villages, a calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from onegrid.accounts.rules import Actor, Standing
from onegrid.accounts.rules.roles import permissions_of
from onegrid.cases.rules import clocks, entering
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Asker, Change, Ground, StoredFile
from onegrid.cases.rules.commands import Command
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.opening import Opening, first, plan_of
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.calendar import Limit, OfficeCalendar
from onegrid.kernel.ids import AccountId, CaseId, ClassCode, GridCode, PostId, UnitId, VersionId, new_id
from onegrid.scenarios.rules import (
    Alert,
    Assigns,
    Choice,
    Definition,
    EscalationStep,
    Evidence,
    EvidenceKind,
    Exit,
    ExtensionRule,
    Field,
    FieldKind,
    FollowUp,
    Form,
    HoldRule,
    Joint,
    LimitRule,
    Message,
    Rating,
    ReturnRule,
    Stage,
    Start,
    Text,
    VersionInfo,
    Who,
)
from onegrid.scenarios.rules.conditions import Asks, Comparison
from onegrid.workforce.rules import DutyTable, PostEntry

SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in the city
COUNTY, TOWN = "350583", "350583104"
VILLAGE, OTHER_VILLAGE = "350583104201", "350583104202"
GRID, OTHER_GRID = GridCode(VILLAGE + "001"), GridCode(OTHER_VILLAGE + "001")
PLACE = (118.42, 24.71)
SHA_HERE, SHA_FAR, SHA_PAPER = "a" * 64, "b" * 64, "c" * 64
FILES = {
    SHA_HERE: StoredFile(SHA_HERE, "image/jpeg", (118.4201, 24.7101)),
    SHA_FAR: StoredFile(SHA_FAR, "image/jpeg", (118.52, 24.71)),
    SHA_PAPER: StoredFile(SHA_PAPER, "application/pdf", None),
}


def text(zh: str) -> Text:
    return Text(zh, zh)


def limit(words: str) -> LimitRule:
    return LimitRule(Limit.parse(words))


def exit_to(key: str, to: str, **more: object) -> Exit:
    return Exit(key, text(key), to, **more)  # type: ignore[arg-type]


def exits(*each: Exit) -> dict[str, Exit]:
    return {one.key: one for one in each}


AFTER = Evidence(EvidenceKind.PHOTO, "after")
OPINION = Evidence(EvidenceKind.OPINION)
UNITS = ("urban-management", "natural-resources", "agriculture")

VERIFY = Stage(
    "verify",
    text("踏勘核实"),
    Who("deputy-chief"),
    limit("24 clock hours"),
    exits(
        exit_to("confirmed", "handle", needs=(Evidence(EvidenceKind.PHOTO, "before", 2, near_m=200),)),
        exit_to("untrue", "archived", needs=(OPINION,), outcome="untrue"),
        exit_to("other-village", "verify-there", new_grid=True, assigns=Assigns(grid="right_grid")),
        exit_to("next-village", "verify", new_grid=True, assigns=Assigns(grid="right_grid")),
        exit_to("again", "verify", at_most=2, beyond="handle"),
    ),
    copy=(Who("village-centre"),),
    acknowledge=Limit.parse("4 clock hours"),
    form=Form((Field("right_grid", FieldKind.GRID, text("正确网格")),)),
)
HANDLE = Stage(
    "handle",
    text("处置"),
    Who("grid-worker-1"),
    limit("2 working days"),
    exits(
        exit_to("done", "check", needs=(AFTER,)),
        exit_to("departments", "joint", assigns=Assigns(units="units")),
    ),
    assignable=(Who("grid-head"), Who("town-enforcement")),
    form=Form((Field("units", FieldKind.UNITS, text("部门")),)),
    messages=(Message((Who("reporter"),), text("已开始处置")),),
)
JOINT = Stage(
    "joint",
    text("部门联合处置"),
    Who("town-desk"),
    limit("5 working days"),
    exits(exit_to("done", "check"), exit_to("back", "handle")),
    joint=Joint(UNITS, chosen_by="units", waits_for=("done",)),
)
CHECK = Stage(
    "check",
    text("核查"),
    Who("grid-worker-1"),
    limit("1 working day"),
    exits(exit_to("pass", "rate"), exit_to("fail", "handle", needs=(OPINION,))),
    assignable=(Who("grid-head"),),
    not_same_as=("handle",),
)
RATE = Stage(
    "rate",
    text("评价"),
    Who("village-centre"),
    limit("7 days"),
    exits(
        exit_to("satisfied", "closed", outcome="solved"),
        exit_to("unsatisfied", "handle", at_most=1, beyond="closed"),
        exit_to("silent", "closed", outcome="solved"),
    ),
    rating=Rating("satisfied", "unsatisfied"),
    lapse="silent",
    not_same_as=("handle",),
)
VERIFY_THERE = replace(VERIFY, key="verify-there", exits=exits(exit_to("confirmed", "handle")), form=Form())

FOLLOW_UP = FollowUp(
    "status-report",
    text("现状跟踪"),
    Who("grid-head-2"),
    ("handle", "joint"),
    every=limit("3 days"),
    form=Form(
        (
            Field(
                "status",
                FieldKind.CHOICE,
                text("现状"),
                choices=(Choice("stopped", text("已停工")), Choice("resumed", text("又复工"))),
            ),
        )
    ),
    alerts=(
        Alert(
            Asks("status", Comparison.IS, ("resumed",)),
            (Who("chief-head"), Who("town-desk")),
            text("又复工了"),
        ),
    ),
)
ESCALATION = (
    EscalationStep(50, remind=(Who("owner"),)),
    EscalationStep(80, remind=(Who("owner"),)),
    EscalationStep(100, tell=(Who("unit-head"), Who("grid-office")), card="yellow", raise_urgency=True),
    EscalationStep(150, tell=(Who("county-leader"),)),
)
DEFINITION = Definition(
    key="small-world",
    name=text("小世界"),
    prefix="XS",
    owner="grid-office",
    classes=("E.01",),
    discovery=(),
    starts=(Start("verify"),),
    stages={one.key: one for one in (VERIFY, VERIFY_THERE, HANDLE, JOINT, CHECK, RATE)},
    follow_ups={FOLLOW_UP.key: FOLLOW_UP},
    escalation=ESCALATION,
    extension=ExtensionRule(Who("town-desk"), Limit.parse("2 working days"), at_most=2),
    hold=HoldRule(Who("grid-office"), longest=Limit.parse("60 days")),
    return_=ReturnRule(Who("town-desk"), ruling=Who("grid-office")),
)
VERSION = VersionInfo(VersionId(uuid5(SPACE, "version")), DEFINITION.key, 1, DEFINITION, None)


def post(role: str, territory: str, unit: str = "") -> PostId:
    return PostId(uuid5(SPACE, f"{role}/{territory}/{unit}"))


def _posts() -> list[PostEntry]:
    found = []
    for village in (VILLAGE, OTHER_VILLAGE):
        for role in ("chief-head", "deputy-chief", "grid-head", "grid-worker-1", "village-centre"):
            found.append(PostEntry(post(role, village), role, village, f"village-{village}"))
        found.append(PostEntry(post("grid-head-2", village + "001"), "grid-head-2", village + "001", ""))
    for role in ("town-desk", "town-head", "town-enforcement"):
        found.append(PostEntry(post(role, TOWN), role, TOWN, f"town-{TOWN}"))
    for role in ("grid-office", "county-leader"):
        found.append(PostEntry(post(role, COUNTY), role, COUNTY, role))
    for unit in UNITS:
        for role in ("department-handler", "department-head"):
            found.append(PostEntry(post(role, COUNTY, unit), role, COUNTY, unit))
    return found


POSTS = {entry.post_id: entry for entry in _posts()}
DUTIES = DutyTable(_posts())
CALENDAR = OfficeCalendar()


def ground(definition: Definition = DEFINITION) -> Ground:
    return Ground(
        definition=definition,
        duties=DUTIES,
        calendar=CALENDAR,
        next_id=new_id,
        is_live_grid=lambda code: code in {GRID, OTHER_GRID},
        class_limit=lambda code: None,
    )


def holder(post_id: PostId, name: str = "") -> Actor:
    """A person who holds exactly this post."""
    entry = POSTS[post_id]
    standing = Standing(post_id, entry.role, UnitId(uuid5(SPACE, entry.unit)), entry.territory, entry.role)
    account = AccountId(uuid5(SPACE, f"{name}{post_id}"))
    return Actor(account, name or entry.role, "person", (standing,), permissions_of(entry.role))


def opening(*, at: datetime = MONDAY, grid: GridCode = GRID) -> Opening:
    return Opening(
        case_id=CaseId(new_id()),
        version=VERSION,
        class_code=ClassCode("E.01"),
        grid_code=grid,
        lng=PLACE[0],
        lat=PLACE[1],
        title="路边堆放建筑垃圾",
        description="",
        urgency=2,
        channel="worker",
        opened_at=at,
    )


def fresh(*, at: datetime = MONDAY, on: Ground | None = None) -> CaseState:
    """A case that has just been opened, at its first stage."""
    on = on or ground()
    report = replace(opening(at=at), version=replace(VERSION, definition=on.definition))
    plan = plan_of(report, on)
    state = first(report, plan, on).case._replace(
        number="XS2026112335058300001", version=1, clock=clocks.start(plan.limit, at=at, calendar=CALENDAR)
    )
    state, _ = entering.beside(state, state, plan.stage, Entry(), on, at=at)
    return with_alarm(state, on)


def at_stage(key: str, *, at: datetime = MONDAY, on: Ground | None = None) -> CaseState:
    """A case that has just entered this stage, given by the stage before it."""
    on = on or ground()
    case = fresh(at=at, on=on)
    state, _ = entering.enter(case, on.stage(key), Entry(), on, at=at)
    return state


def owner(case: CaseState) -> Actor:
    assert case.owner is not None
    return holder(case.owner)


def move(
    case: CaseState,
    command: Command,
    *,
    by: Actor | None = None,
    after: timedelta = timedelta(hours=1),
    on: Ground | None = None,
    others: dict[CaseId, CaseState] | None = None,
) -> Change:
    """Decide a move made by the owner (or by `by`), some time after the last one."""
    asker = Asker(by or owner(case), None, case.last_at + after, (), FILES, others or {})
    change = decide(case, command, asker, on or ground())
    return replace(change, state=change.state._replace(version=case.version + 1))
