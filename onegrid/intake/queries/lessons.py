"""What people decided about reports, as lessons for the learned classifier, in their order of time."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from onegrid.cases import queries as cases
from onegrid.cases.queries import CaseFacts
from onegrid.cases.rules.state import Urgency
from onegrid.intake.rules.learned.samples import Lesson, Sample, Target
from onegrid.kernel.ids import CaseId
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules.classes import ClassTree

AT_ONCE: Final = 10_000

# The class a report carries counts as decided where a person decided it: at the desk, as its sender, or by
# working the case to its end. What a model or a phrase told and nobody confirmed teaches nothing.
_REPORTS: Final = """
SELECT r.id, r.title, r.description, r.channel, r.class_given, r.class_code, r.grid_code,
       CASE WHEN r.is_doubted THEN NULL ELSE r.lng END, CASE WHEN r.is_doubted THEN NULL ELSE r.lat END,
       r.place_text, r.reported_at, r.case_id,
       r.class_given = r.class_code
       OR EXISTS (SELECT 1 FROM kernel_trail t WHERE t.subject_id = r.id AND t.verb IN ('assign', 'onboard'))
  FROM intake_report r
 WHERE r.class_code <> '' AND r.kind <> 'rejected' AND (r.reported_at, r.id) > (%s, %s)
 ORDER BY r.reported_at, r.id LIMIT %s
"""


def lessons() -> list[Lesson]:
    """All lessons of this city. Only what stood in the report when it came is shown to the learner."""
    tree = scenarios.classes()
    return [lesson for page in _pages() for lesson in _lessons(page, tree)]


def _pages() -> Iterator[list[tuple[Any, ...]]]:
    after: tuple[Any, Any] = ("-infinity", "00000000-0000-0000-0000-000000000000")
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_REPORTS, [*after, AT_ONCE])
            page: list[tuple[Any, ...]] = cursor.fetchall()
        if not page:
            return
        yield page
        after = (page[-1][10], page[-1][0])


def _lessons(page: Sequence[tuple[Any, ...]], tree: ClassTree) -> Iterator[Lesson]:
    facts = cases.case_facts([CaseId(row[11]) for row in page if row[11] is not None])
    for _, title, text, channel, given, code, grid, lng, lat, place, at, case_id, decided in page:
        case = facts.get(case_id)
        if not (decided or (case is not None and case.is_closed)):
            continue
        final = case.class_code if case is not None else code
        yield Lesson(
            Sample(
                text=f"{title}\n{text}",
                named="" if given in tree else given,  # a listed class that is named needs no model
                channel=channel, town=grid[:9], grid=grid, place=place, lng=lng, lat=lat, at=at,
            ),
            _truth(final, case, tree),
        )  # fmt: skip


def _truth(code: str, case: CaseFacts | None, tree: ClassTree) -> dict[Target, str]:
    if code not in tree:
        return {}
    listed = tree.get(code)
    unit = case.unit if case is not None else listed.unit
    urgency = Urgency(case.urgency).name.lower() if case is not None else listed.urgency
    told = {Target.CLASS: code, Target.UNIT: unit, Target.URGENCY: urgency}
    return {target: str(value) for target, value in told.items() if value}
