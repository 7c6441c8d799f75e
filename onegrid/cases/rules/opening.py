"""Opening cases: the first stage, its post and its clock, decided once for all reports that are alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onegrid.cases.rules import entering, exits
from onegrid.cases.rules.change import Ground, News
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.people import told
from onegrid.cases.rules.refusals import NoStart
from onegrid.cases.rules.state import CaseState, Phase, Urgency
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import CaseId, ClassCode, GridCode, PostId
from onegrid.scenarios.rules import AreaLevel, Source, Stage, VersionInfo


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

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are known."""
        return None if self.lng is None or self.lat is None else (self.lng, self.lat)


@dataclass(frozen=True, slots=True)
class First:
    """How a case begins: what all openings of one kind have in common."""

    stage: Stage
    owner: PostId
    limit: Limit
    keeps_promise: bool  # the clock is the promised time, where the report brought one
    acknowledge: Limit | None
    first_percent: int | None  # the earliest escalation step
    copies: tuple[PostId, ...]
    news: tuple[News, ...]
    plain: bool  # no tasks begin with this stage


def area_of(grid_code: str) -> AreaLevel:
    """How precisely the place is known: a second-level grid, a village (…000 or 12 digits) or only a town."""
    if len(grid_code) == 15:
        return AreaLevel.VILLAGE if grid_code.endswith("000") else AreaLevel.GRID
    return AreaLevel.VILLAGE if len(grid_code) == 12 else AreaLevel.TOWN


def kind_of(opening: Opening) -> tuple[object, ...]:
    """Openings with the same kind begin alike; one with answers of its own is a kind by itself."""
    if opening.form:
        return (opening.case_id,)
    return (
        opening.version.version_id,
        opening.class_code,
        opening.grid_code,
        opening.channel,
        opening.source,
        opening.responsible_unit,
        opening.urgency,
    )


def first(opening: Opening, ground: Ground) -> First:
    """The first stage and its one post. Raises NoStart, NoPost, SeveralPosts, UnitNeeded."""
    definition = ground.definition
    case = seed(opening, number="")
    try:
        stage = definition.first_stage(
            channel=opening.channel,
            source=opening.source,
            area=area_of(opening.grid_code),
            answers=case.facts(),
        )
    except LookupError:
        raise NoStart(scenario=definition.name.zh, channel=opening.channel) from None
    owner = entering.owner_of(stage, case, Entry(), ground)
    case = seed(opening, number="", stage=stage.key, owner=owner)
    limits = stage.limit
    limit = limits.for_(
        opening.class_code, answers=case.facts(), class_limit=ground.class_limit(opening.class_code)
    )
    copies, _, _ = told(stage.copy, case, ground)
    begins = any(stage.key in rule.while_ and not rule.by_exit for rule in definition.follow_ups.values())
    return First(
        stage=stage,
        owner=owner,
        limit=limit,
        keeps_promise=limits.from_report,
        acknowledge=stage.acknowledge,
        first_percent=min((step.at_percent for step in definition.escalation), default=None),
        copies=copies,
        news=tuple(exits.messages_told(list(stage.messages), case, ground)),
        plain=stage.joint is None and not begins,
    )


def seed(opening: Opening, *, number: str, stage: str = "", owner: PostId | None = None) -> CaseState:
    """The state of a case that has just come in; its clock is still to be set."""
    return CaseState(
        id=opening.case_id,
        version=0,
        number=number,
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
        owner=owner,
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
        answers=opening.form,
        last_at=opening.opened_at,
    )


def case_number(prefix: str, *, day: str, county: str, count: int) -> str:
    """Prefix, yyyymmdd, the county's six digits, the day's count in at least five: HJ2026112435058300042."""
    return f"{prefix}{day}{county}{count:05d}"
