"""From a placed and classed report to a case: joins an open one of the same matter, or opens its own.

The one road of reports just received, of those a desk takes from the pool, and of those un-merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases import queries as case_queries
from onegrid.cases.actions import Opened
from onegrid.cases.rules.commands import Exhibit, Join
from onegrid.cases.rules.opening import First, Opening
from onegrid.cases.rules.state import Urgency
from onegrid.intake.actions.filtering import matters_of, propose_for, remember
from onegrid.intake.actions.storming import settled, storm_leads
from onegrid.intake.queries.matters import MATCHER, leads_of, running
from onegrid.intake.rules.matching import Matter
from onegrid.intake.rules.reports import JsonValue, OutcomeKind
from onegrid.intake.rules.storms import StormLead
from onegrid.kernel import bulk
from onegrid.kernel.ids import CaseId, ClassCode, GridCode, ReportId, new_ids
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import EvidenceKind, Source, VersionInfo
from onegrid.scenarios.rules.classes import ClassInfo

TITLE_LENGTH: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What filing needs of a report. `lng`, `lat` only where they may be relied on."""

    report_id: ReportId
    version: VersionInfo
    class_code: ClassCode
    grid_code: GridCode
    lng: float | None
    lat: float | None
    title: str
    description: str
    is_urgent: bool
    channel: str
    source: Source | None
    at: datetime
    place_text: str = ""
    promised_due: datetime | None = None
    reporter: int = 0
    form: Mapping[str, JsonValue] = field(default_factory=dict)
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a filing. `refusal`: why no case could be opened, so that the report waits; `storm`:
    what it joined as one of many device alarms."""

    kind: OutcomeKind
    case_id: CaseId | None = None
    case_number: str = ""
    refusal: Refusal | None = None
    due_at: datetime | None = None
    storm: StormLead | None = None


def file(filings: Sequence[Filing], *, by: Actor, now: datetime, alone: bool = False) -> list[Filed]:
    """Join each report to the open case of the same matter, or open a case for it; `alone`: always open.

    Deciding the batch gives what deciding its reports one after the other gives: an earlier report of the
    batch is a lead for the later ones."""
    if not filings:
        return []
    ids = new_ids(len(filings))
    openings = [_opening(each, CaseId(case_id)) for each, case_id in zip(filings, ids, strict=True)]
    firsts = case_queries.firsts(openings)
    storm = [None] * len(filings) if alone else storm_leads(filings, openings, firsts)
    matters = matters_of(filings, openings)
    known = [] if alone else leads_of(matters)
    leads = (
        [None] * len(filings)
        if alone
        else settled(storm, _leads_of(openings, firsts, storm, running(known)), openings)
    )
    plans = [_Plan(*plan) for plan in zip(range(len(filings)), filings, openings, firsts, leads, strict=True)]
    filed = [Filed(OutcomeKind.POOLED, refusal=plan.refusal) for plan in plans]
    _open([plan for plan in plans if plan.opens], filed, by=by, now=now)
    remember(matters, filings, filed)
    if not alone:
        propose_for(matters, filings, filed, known, now=now)
    lost = _join([plan for plan in plans if plan.lead is not None], filed, by=by, now=now)
    again = file([plan.filing for plan in lost], by=by, now=now, alone=True)
    for plan, result in zip(lost, again, strict=True):
        filed[plan.index] = result
    return [
        replace(result, storm=lead) if lead and result.kind is OutcomeKind.JOINED else result
        for result, lead in zip(filed, storm, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    index: int
    filing: Filing
    opening: Opening
    first: First | Refusal
    lead: CaseId | None

    @property
    def refusal(self) -> Refusal | None:
        return self.first if isinstance(self.first, Refusal) else None

    @property
    def opens(self) -> bool:
        return self.lead is None and self.refusal is None


def _opening(filing: Filing, case_id: CaseId) -> Opening:
    listed = scenarios.classes().get(filing.class_code)
    return Opening(
        case_id=case_id,
        version=filing.version,
        class_code=filing.class_code,
        grid_code=filing.grid_code,
        lng=filing.lng,
        lat=filing.lat,
        title=filing.title or _first_words(filing.description) or listed.name.zh,
        description=filing.description,
        urgency=Urgency.HIGH if filing.is_urgent else _urgency(listed),
        channel=filing.channel,
        opened_at=filing.at,
        responsible_unit=listed.unit,
        promised_due=filing.promised_due,
        form=filing.form,
        place_text=filing.place_text,
        source=filing.source,
        photos=filing.photos,
    )


def _urgency(listed: ClassInfo) -> Urgency:
    return Urgency[listed.urgency.name] if listed.urgency else Urgency.MEDIUM


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1] + "…"


def _leads_of(
    openings: Sequence[Opening],
    firsts: Sequence[First | Refusal],
    storm: Sequence[StormLead | None],
    known: Sequence[Matter],
) -> list[CaseId | None]:
    """The case each report joins for certain, among open cases and earlier reports of the batch."""
    matters = [
        Matter(
            each.case_id, each.class_code, each.lng, each.lat, each.opened_at,
            each.urgency == Urgency.HIGH,
            lead is None and not isinstance(first, Refusal) and each.version.definition.duplicate.joins,
        )
        for each, first, lead in zip(openings, firsts, storm, strict=True)
    ]  # fmt: skip
    proposals = MATCHER.propose(matters, known)
    return [found[0].case_id if found and found[0].certain else None for found in proposals]


def _open(plans: Sequence[_Plan], filed: list[Filed], *, by: Actor, now: datetime) -> None:
    if not plans:
        return
    firsts = [plan.first for plan in plans]
    results = cases.open_cases([plan.opening for plan in plans], by=by, now=now, firsts=firsts)
    for plan, result in zip(plans, results, strict=True):
        if isinstance(result, Opened):
            filed[plan.index] = Filed(OutcomeKind.OPENED, result.case_id, result.number, due_at=result.due_at)
        else:
            filed[plan.index] = Filed(OutcomeKind.POOLED, refusal=result)


def _join(plans: Sequence[_Plan], filed: list[Filed], *, by: Actor, now: datetime) -> list[_Plan]:
    """Join; answers the plans whose lead ended at this very moment."""
    joins = [
        Join(
            case_id=plan.lead,
            report_id=plan.filing.report_id,
            evidence=_photos(plan.filing),
            at=plan.filing.at,
        )
        for plan in plans
        if plan.lead is not None
    ]
    lost = []
    if not joins:
        return []
    bulk.flush()  # a lead may have been opened just now
    results = cases.join(joins, by=by, now=now)
    for plan, result in zip(plans, results, strict=True):
        if isinstance(result, Refusal):
            lost.append(plan)
        else:
            filed[plan.index] = Filed(OutcomeKind.JOINED, result.case_id, result.number)
    return lost


def _photos(filing: Filing) -> tuple[Exhibit, ...]:
    return tuple(Exhibit(sha, EvidenceKind.PHOTO, "before") for sha in filing.photos)
