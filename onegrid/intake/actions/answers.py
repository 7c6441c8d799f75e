"""Whoever reported hears what became of it; and duty rooms hear of a danger to life at once.

Listeners of events, called by the outbox; each may be called again with the same events."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from onegrid.cases import queries as cases
from onegrid.cases.events import CaseClosed, CaseErased, CaseTold
from onegrid.intake.events import LifeThreatReported, ReportRejected, ReportTakenUp
from onegrid.intake.rules.threats import Threat
from onegrid.kernel import bulk
from onegrid.kernel.ids import AccountId, CaseId, PostId
from onegrid.notices import actions as notices
from onegrid.notices.rules import Telling, Value
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import PostRequest

DUTY_ROOMS: Final = ("village-centre", "town-desk", "grid-office")
_LISTENING: Final = "SELECT id, case_id, answer_to, contact IS NOT NULL FROM intake_report WHERE "
_ANSWER: Final = """
UPDATE intake_report r SET answered_at = e.at, answer = e.answer
  FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS e (case_id, answer, at)
 WHERE r.case_id = e.case_id AND (r.answered_at IS NULL OR r.answered_at < e.at)
"""


_FORGET: Final = """
UPDATE intake_report r SET form = r.form - e.keys
  FROM (SELECT case_id, array_agg(key) AS keys FROM unnest(%s::uuid[], %s::text[]) AS each (case_id, key)
         GROUP BY case_id) AS e
 WHERE r.case_id = e.case_id AND r.form ?| e.keys
"""


def mark_answered(closed: Sequence[CaseClosed]) -> None:
    """Every report of an ended case carries its answer, and its reporter is told: the first as well as those
    that joined. A case that ends a second time (after rework) answers a second time."""
    last = {event.case_id: event for event in sorted(closed, key=lambda event: event.closed_at)}
    columns = [
        bulk.array(last),
        bulk.array(_answer(event) for event in last.values()),
        bulk.array(event.closed_at for event in last.values()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, columns)
    tellings: list[Telling] = []
    for one in _listening("case_id = ANY(%s)", list(last)):
        event = last[one.case_id]
        words = {"number": event.number, "answer": _answer(event)}
        tellings += _to_reporter(one, "reporter-answer", words, event.event_id)
    notices.tell(tellings, at=max(event.closed_at for event in closed))


def _answer(event: CaseClosed) -> str:
    return event.answer or event.outcome


def forget_answers(erased: Sequence[CaseErased]) -> None:
    """The reports of a case whose personal answers were deleted forget them too."""
    keys = [(event.case_id, key) for event in erased for key in event.fields]
    columns = [bulk.array(case_id for case_id, _ in keys), bulk.array(key for _, key in keys)]
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, columns)


def tell_reporters(told: Sequence[CaseTold]) -> None:
    """Pass on what a scenario wants told to everyone who reported the matter, in merged cases too."""
    by_case: dict[UUID, list[CaseTold]] = {}
    for event in told:
        if event.reporters:
            by_case.setdefault(event.case_id, []).append(event)
    if not by_case:
        return
    under = cases.merged_under([CaseId(case_id) for case_id in by_case])
    tellings: list[Telling] = []
    for one in _listening("case_id = ANY(%s)", [*by_case, *under]):
        for event in by_case[under.get(CaseId(one.case_id), one.case_id)]:
            words: dict[str, Value] = {"number": event.number, "text": {"zh": event.zh, "en": event.en}}
            tellings += _to_reporter(one, "reporter-told", words, event.event_id)
    notices.tell(tellings, at=max(event.at for event in told))


def tell_taken_up(taken: Sequence[ReportTakenUp]) -> None:
    """Tell the reporter that a desk has taken his report up: it opened a case or joined one."""
    events = {event.report_id: event for event in taken}
    tellings: list[Telling] = []
    for one in _listening("id = ANY(%s)", list(events)):
        event = events[one.report_id]
        template = "reporter-joined" if event.joined else "reporter-received"
        words = {"number": event.case_number, "place": _place(event.grid_code), "due": event.due_at}
        tellings += _to_reporter(one, template, words, event.event_id)
    notices.tell(tellings, at=max(event.taken_up_at for event in taken))


def tell_rejected(rejected: Sequence[ReportRejected]) -> None:
    """Tell the reporter that a desk has not taken his report up, and why."""
    events = {event.report_id: event for event in rejected}
    tellings: list[Telling] = []
    for one in _listening("id = ANY(%s)", list(events)):
        event = events[one.report_id]
        tellings += _to_reporter(one, "reporter-rejected", {"reason": event.reason}, event.event_id)
    notices.tell(tellings, at=max(event.rejected_at for event in rejected))


class _Listening(NamedTuple):
    """One report whose reporter wants to hear, and on which ways."""

    report_id: UUID
    case_id: UUID
    answer_to: UUID | None
    has_contact: bool


def _listening(condition: str, ids: list[UUID]) -> list[_Listening]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{_LISTENING}{condition} AND (answer_to IS NOT NULL OR contact IS NOT NULL)", [ids])
        return [_Listening(*row) for row in cursor.fetchall()]


def _to_reporter(
    one: _Listening, template: str, params: Mapping[str, Value], event_id: UUID | None
) -> Iterator[Telling]:
    """One telling per way: the account he reported with, and the contact he left."""
    key = f"{template}:{event_id}:{one.report_id}"
    if one.answer_to:
        account = AccountId(one.answer_to)
        yield Telling(f"{key}:account", template, params, to_account=account, subject_id=one.report_id)
    if one.has_contact:
        report = str(one.report_id)
        yield Telling(f"{key}:contact", template, params, to_reporter=report, subject_id=one.report_id)


def alert_duty_rooms(threats: Sequence[LifeThreatReported]) -> None:
    """Tell village, town and county duty rooms of a danger to life at the same moment, at any hour.

    Where the place is unknown only the county's duty room is reached; one that has no post is left out."""
    asked = [(event, role) for event in threats for role in DUTY_ROOMS]
    posts = workforce.posts_for([PostRequest(role, event.area_code, "") for event, role in asked])
    notices.tell(
        [
            _alarm(event, PostId(post))
            for (event, _), post in zip(asked, posts, strict=True)
            if isinstance(post, UUID)
        ],
        at=max(event.reported_at for event in threats),
    )


def _alarm(event: LifeThreatReported, post: PostId) -> Telling:
    kinds = "、".join(Threat(each).zh for each in event.threats)
    words = event.text.split("\n", 1)[0] or kinds
    return Telling(
        f"life-threat:{event.event_id}:{post}",
        "case-emergency",
        {
            "number": event.case_number or "待核实",
            "place": event.place_text or _place(event.area_code),
            "title": f"{kinds}：{words}" if kinds else words,
        },
        to_post=post,
        subject_id=event.case_id or event.report_id,
        urgent=True,
    )


def _place(code: str) -> str:
    return territory.paths([code]).get(code, code)
