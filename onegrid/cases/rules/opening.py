"""Opening cases: the first stage, its post and its clock, decided once for all reports that are alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onegrid.cases.rules import answering, clocks, entering, exits
from onegrid.cases.rules.alarms import must_sign_in
from onegrid.cases.rules.change import Ground, News
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.people import told
from onegrid.cases.rules.refusals import NoStart
from onegrid.cases.rules.state import CaseState, Phase, Urgency
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import CaseId, ClassCode, GridCode, PostId
from onegrid.scenarios.rules import Source, Stage, Text, VersionInfo
from onegrid.scenarios.rules.standing_in import area_of


@dataclass(frozen=True, slots=True)
class Opening:
    """A report that is to become a case. Coordinates in WGS-84 degrees; `photos` are hashes of stored files.

    `opened_at` starts the clock; `promised_due` is the time the channel promised to the reporter."""

    case_id: CaseId
    version: VersionInfo
    class_code: ClassCode
    grid_code: GridCode
    lng: float | None
    lat: float | None
    title: str
    description: str
    urgency: int
    channel: str
    opened_at: datetime
    responsible_unit: str | None = None
    promised_due: datetime | None = None
    form: Mapping[str, object] = field(default_factory=dict)
    place_text: str = ""
    source: Source | None = None
    photos: tuple[str, ...] = ()
    linked_to: CaseId | None = None  # the case out of which it is opened
    repeat_of: CaseId | None = None  # 重复投诉: the ended case whose matter comes back with it

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are known."""
        return None if self.lng is None or self.lat is None else (self.lng, self.lat)


@dataclass(frozen=True, slots=True)
class Plan:
    """How cases of one kind begin, whatever the grid: stage, limit, what goes off first."""

    stage: Stage
    limit: Limit
    keeps_promise: bool  # the clock is the promised time, where the report brought one
    first_percent: int | None  # the earliest escalation step
    plain: bool  # no tasks begin with this stage
    agenda: Limit | None  # not signed in for so long, it goes before the joint conference
    agenda_after: timedelta = timedelta()  # … never earlier than this


@dataclass(frozen=True, slots=True)
class First:
    """How one case begins: its plan, its state with the one post that answers, who else hears of it."""

    plan: Plan
    case: CaseState
    owner: PostId
    copies: tuple[PostId, ...] = ()
    words: Text | None = None
    news: tuple[News, ...] = ()


def kind_of(opening: Opening) -> tuple[object, ...]:
    """Openings of the same kind have the same plan; one with answers of its own is a kind by itself."""
    if opening.form:
        return (opening.case_id,)
    version, area = opening.version.version_id, area_of(opening.grid_code)
    return version, opening.class_code, opening.channel, opening.source, area, opening.urgency


def plan_of(opening: Opening, ground: Ground) -> Plan:
    """The first stage and its limit. Raises NoStart."""
    definition = ground.definition
    facts = seed(opening).facts()
    try:
        stage = definition.first_stage(
            channel=opening.channel, source=opening.source, area=area_of(opening.grid_code), answers=facts
        )
    except LookupError:
        raise NoStart(scenario=definition.name.zh, channel=opening.channel) from None
    limits, class_limit = stage.limit, ground.class_limit(opening.class_code)
    begins = any(stage.key in rule.while_ and not rule.by_exit for rule in definition.follow_ups.values())
    return Plan(
        stage=stage,
        limit=limits.for_(opening.class_code, answers=facts, class_limit=class_limit),
        keeps_promise=limits.from_report,
        first_percent=min((step.at_percent for step in definition.escalation), default=None),
        plain=stage.joint is None and not begins,
        agenda=definition.agenda.unacknowledged if must_sign_in(stage) else None,
        agenda_after=clocks.at_least(definition.agenda.unacknowledged),
    )


def first(opening: Opening, plan: Plan, ground: Ground) -> First:
    """The one post that answers, and who else hears of it. Raises NoPost, SeveralPosts, UnitNeeded."""
    case, stage = seed(opening, stage=plan.stage.key), plan.stage
    if opening.form:
        case = answering.salted(case, ground)
    owner = entering.owner_of(stage, case, Entry(), ground)
    case = case._replace(owner=owner)
    if not stage.copy and not stage.messages:
        return First(plan, case, owner)
    copies, _, _ = told(stage.copy, case, ground)
    words, news = exits.messages_told(stage.messages, case, ground)
    return First(plan, case, owner, copies, words, news)


def seed(opening: Opening, *, stage: str = "") -> CaseState:
    """The state of a case that has just come in; number, owner and clock are still to be set."""
    return CaseState(
        id=opening.case_id,
        version=0,
        number="",
        scenario=opening.version.key,
        version_id=opening.version.version_id,
        class_code=opening.class_code,
        grid_code=opening.grid_code,
        unit=opening.responsible_unit or "",
        title=opening.title,
        channel=opening.channel,
        source=str(opening.source or ""),
        place_text=opening.place_text,
        place=opening.place,
        opened_at=opening.opened_at,
        promised_due=opening.promised_due,
        phase=Phase.OPEN,
        stage=stage,
        owner=None,
        sender=None,
        entered_at=opening.opened_at,
        entered_by="",
        acknowledged_at=None,
        clock=None,
        urgency=Urgency(opening.urgency),
        report_count=1,
        returns=0,
        ruled=False,
        extensions=0,
        holds=0,
        reworks=0,
        late_stages=0,
        urged_at=None,
        closed_at=None,
        outcome="",
        answer="",
        rating="",
        merged_into=None,
        previous=None,
        request=None,
        hands={},
        taken={},
        fired=(),
        alarm_at=None,
        answers=_answers(opening),
        linked_to=opening.linked_to,
        repeat_of=opening.repeat_of,
        last_at=opening.opened_at,
    )


def _answers(opening: Opening) -> Mapping[str, object]:
    """The answers given at registration and what is reckoned from them."""
    if not opening.form:
        return opening.form
    return answering.with_computed(opening.version.definition.form, opening.form)


def case_number(prefix: str, *, day: str, county: str, count: int) -> str:
    """Prefix, yyyymmdd, the county's six digits, the day's count in at least five: HJ2026112435058300042."""
    return f"{prefix}{day}{county}{count:05d}"
