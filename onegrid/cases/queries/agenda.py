"""The agenda of the joint conference, for those who sit in it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from onegrid.accounts.queries import AFTER_ANY_CODE
from onegrid.accounts.rules import Actor
from onegrid.accounts.rules.refusals import NotPermitted
from onegrid.cases.rules.people import CONFERENCE
from onegrid.cases.rules.refusals import NotOnAgenda
from onegrid.kernel.ids import CaseId, PostId, VersionId


class AgendaRow(NamedTuple):
    """One item: the case as it stands, why and since when it is here, what was decided."""

    id: UUID
    case_id: CaseId
    number: str
    title: str
    scenario: str
    version_id: VersionId
    class_code: str
    grid_code: str
    phase: str
    stage: str
    owner: PostId | None
    due_at: datetime | None
    returns: int
    reason: str
    since: datetime
    decided_at: datetime | None
    decided_by: str
    minutes: str
    handler: PostId | None


_ROWS = """
SELECT a.id, a.case_id, c.number, c.title, c.scenario, c.version_id, c.class_code, c.grid_code, c.phase,
       c.stage, c.owner, c.due_at, c.returns, a.reason, a.since, a.decided_at, a.decided_by, a.minutes,
       a.handler
  FROM cases_agenda a JOIN cases_case c ON c.id = a.case_id
 WHERE (a.decided_at IS NOT NULL) = %s AND (%s OR c.phase IN ('open', 'held'))
   AND EXISTS (SELECT 1 FROM unnest(%s::text[], %s::text[]) AS area (lo, hi)
                WHERE c.grid_code >= area.lo AND c.grid_code < area.hi)
 ORDER BY a.since DESC, a.id LIMIT %s
"""


def agenda(actor: Actor, *, decided: bool = False, limit: int = 200) -> list[AgendaRow]:
    """What waits for the conference in the actor's territory, or what it has decided; the newest first.

    Cases that ended before it could decide are left out. Raises NotPermitted to others than the grid office
    and county leaders."""
    areas = [one.territory for one in actor.standings if one.role in CONFERENCE]
    if not areas:
        raise NotPermitted(label="联席会议议题", permission="case.agenda")
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [decided, decided, areas, [one + AFTER_ANY_CODE for one in areas], limit])
        return [AgendaRow(*row) for row in cursor.fetchall()]


def agenda_case(item: UUID) -> CaseId:
    """The case of an item. Raises NotOnAgenda."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM cases_agenda WHERE id = %s", [item])
        row = cursor.fetchone()
    if row is None:
        raise NotOnAgenda
    return CaseId(row[0])
