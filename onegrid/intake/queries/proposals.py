"""Proposals as a desk sees them, both matters side by side; locked for a decision; and as training data."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from onegrid.accounts.queries import AFTER_ANY_CODE, scope_sql
from onegrid.accounts.rules import Actor
from onegrid.cases import queries as cases
from onegrid.cases.queries import Brief
from onegrid.intake.queries.desk import PERMISSION
from onegrid.intake.rules.pool import ReportNotFound
from onegrid.intake.rules.proposals import ProposalState
from onegrid.intake.rules.reasoning import Reason, stored
from onegrid.intake.rules.reports import Channel, OutcomeKind
from onegrid.kernel import stamps
from onegrid.kernel.bulk import array
from onegrid.kernel.coordinates import distance_m
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.ids import CaseId, ReportId

_PROPOSAL = (
    "p.id, p.case_id, p.rank, p.score, p.reasons, p.model, p.state, p.made_at, p.decided_at,"
    " p.decided_by_name"
)
_REPORT = (
    "r.id, r.kind, r.case_id, r.case_number, r.channel, r.class_code, r.grid_code, r.area_code, r.urgent,"
    " r.title, r.description, r.place_text, r.lng, r.lat, r.is_doubted, r.reported_at, r.photos"
)
_FROM = f"SELECT {_PROPOSAL}, {_REPORT} FROM intake_proposal p JOIN intake_report r ON r.id = p.report_id"  # noqa: S608


class ReportSide(NamedTuple):
    """The later matter: a report, and the case it has become, if any. Without its reporter."""

    id: ReportId
    kind: OutcomeKind
    case_id: CaseId | None
    case_number: str
    channel: Channel
    class_code: str
    grid_code: str
    area_code: str
    is_urgent: bool
    title: str
    description: str
    place_text: str
    lng: float | None
    lat: float | None
    is_doubted: bool
    reported_at: datetime
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `earlier`: the case it may belong to; `own`: the case that the report has become.

    `distance_m`: None where one of the two has no place."""

    id: UUID
    case_id: CaseId
    rank: int
    score: float
    reasons: tuple[Reason, ...]
    model: str
    state: ProposalState
    made_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    report: ReportSide
    earlier: Brief | None
    own: Brief | None

    @property
    def distance_m(self) -> float | None:
        here, there = self.report, self.earlier
        if there is None or here.lng is None or here.lat is None or there.lng is None or there.lat is None:
            return None
        if here.is_doubted:
            return None
        return round(float(distance_m(here.lng, here.lat, there.lng, there.lat)), 1)


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A page; `next_cursor` is the mark of the page after it, "" on the last."""

    items: list[Proposal]
    next_cursor: str


def proposals(
    actor: Actor,
    *,
    area: str = "",
    class_code: str = "",
    state: ProposalState = ProposalState.OPEN,
    cursor: str = "",
    limit: int = 50,
) -> ProposalPage:
    """What may be the same matter in the actor's area: urgent ones first, then the most probable.

    Raises NotPermitted."""
    actor.require(PERMISSION)
    scope, params = scope_sql(actor, "r.area_code", permission=PERMISSION)
    conditions, values = [f"p.state = '{state.value}'", scope], list[Any](params)
    for column, prefix in (("r.area_code", area), ("r.class_code", class_code)):
        if prefix:
            conditions.append(f"{column} >= %s AND {column} < %s")
            values += [prefix, prefix + AFTER_ANY_CODE]
    if cursor:
        conditions.append("(r.urgent, p.score, p.id) < (%s, %s::real, %s::uuid)")
        values += decode_cursor(cursor, 3)
    where = " AND ".join(conditions)
    sql = f"{_FROM} WHERE {where} ORDER BY r.urgent DESC, p.score DESC, p.id DESC LIMIT %s"
    found = _read(sql, [*values, limit + 1], actor=actor)
    last = found[limit - 1] if len(found) > limit else None
    mark = encode_cursor(last.report.is_urgent, last.score, last.id) if last else ""
    return ProposalPage(found[:limit], mark)


def proposals_of(report_id: ReportId, *, actor: Actor) -> list[Proposal]:
    """All proposals of one report, the best first, for the desk of its place. Raises ReportNotFound."""
    scope, params = scope_sql(actor, "r.area_code", permission=PERMISSION)
    found = _read(f"{_FROM} WHERE r.id = %s AND {scope} ORDER BY p.rank", [report_id, *params], actor=actor)
    if not found and not _is_at_desk(report_id, actor):
        raise ReportNotFound
    return found


def _is_at_desk(report_id: ReportId, actor: Actor) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT area_code FROM intake_report WHERE id = %s", [report_id])
        row = cursor.fetchone()
    return row is not None and actor.allows(PERMISSION, row[0])


def _read(sql: str, values: Sequence[Any], *, actor: Actor) -> list[Proposal]:
    with stamps.pinned():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        sides = [_side(row[_WIDTH:]) for row in rows]
        ids = [CaseId(row[1]) for row in rows] + [side.case_id for side in sides if side.case_id]
        known = cases.briefs(ids, actor=actor)
        return [_proposal(row[:_WIDTH], side, known) for row, side in zip(rows, sides, strict=True)]


_WIDTH = _PROPOSAL.count(",") + 1


def _side(row: Sequence[Any]) -> ReportSide:
    side = ReportSide(*row)
    return side._replace(
        kind=OutcomeKind(side.kind), channel=Channel(side.channel), photos=tuple(side.photos)
    )


def _proposal(row: Sequence[Any], side: ReportSide, known: Mapping[CaseId, Brief]) -> Proposal:
    id_, case_id, rank, score, reasons, model, state, made_at, decided_at, by_name = row
    return Proposal(
        id=id_,
        case_id=case_id,
        rank=rank,
        score=score,
        reasons=stored(reasons),
        model=model,
        state=ProposalState(state),
        made_at=made_at,
        decided_at=decided_at,
        decided_by_name=by_name,
        report=side,
        earlier=known.get(case_id),
        own=known.get(side.case_id) if side.case_id else None,
    )


class HeldProposal(NamedTuple):
    """A proposal whose row is locked for a decision."""

    id: UUID
    report_id: ReportId
    case_id: CaseId
    state: ProposalState
    reasons: tuple[Reason, ...]
    decided_at: datetime | None
    decided_by_name: str


def reports_proposed(ids: Sequence[UUID]) -> list[ReportId]:
    """The reports that these proposals are about."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT report_id FROM intake_proposal WHERE id = ANY(%s::uuid[])", [array(ids)])
        return [row[0] for row in cursor.fetchall()]


def lock_proposals(report_ids: Sequence[ReportId]) -> dict[UUID, HeldProposal]:
    """All proposals of these reports, with their rows locked in the order of their ids until the transaction
    ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, report_id, case_id, state, reasons, decided_at, decided_by_name"
            " FROM intake_proposal WHERE report_id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE",
            [array(report_ids)],
        )
        held = starmap(HeldProposal, cursor.fetchall())
        return {
            one.id: one._replace(state=ProposalState(one.state), reasons=stored(one.reasons))  # type: ignore[arg-type]
            for one in held
        }


class Judged(NamedTuple):
    """A proposal that somebody decided: what the filter is trained on."""

    report_id: ReportId
    case_id: CaseId
    is_same: bool
    score: float
    facts: tuple[float, ...]
    model: str
    made_at: datetime
    decided_at: datetime


def judged(*, since: datetime | None = None) -> Iterator[Judged]:
    """Every confirmed and refused proposal decided from `since` on, in the order of decision, in bounded
    memory."""
    sql = (
        "SELECT report_id, case_id, state = 'confirmed', score, facts, model, made_at, decided_at"
        " FROM intake_proposal WHERE state IN ('confirmed', 'refused')"
        " AND (%s::timestamptz IS NULL OR decided_at >= %s) ORDER BY decided_at, id"
    )
    with transaction.atomic(), closing(connection.chunked_cursor()) as cursor:
        cursor.execute(sql, [since, since])
        for row in cursor:
            yield Judged(*row)._replace(facts=tuple(row[4]))
