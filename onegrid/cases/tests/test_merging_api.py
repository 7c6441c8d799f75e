"""Merging, un-merging and repeated complaints over HTTP."""

from uuid import UUID

import pytest
from django.test import Client

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions
from onegrid.cases.rules.commands import Void
from onegrid.cases.tests.factories import City, opened, report
from onegrid.cases.tests.test_api import a_case, move, signed_in
from onegrid.kernel import clock
from onegrid.kernel.ids import CaseId

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(city: City) -> Client:
    return signed_in("mei")


def test_a_desk_merges_and_un_merges_and_the_page_offers_it(city: City, mei: Client) -> None:
    case, lead = a_case(city), a_case(city)
    merged = move(mei, case, "merge", {"version": 1, "into": lead, "reason": "同一堆"})
    assert (merged.status_code, merged.json()["phase"]) == (200, "merged")
    page = mei.get(f"/api/cases/{case}").json()
    assert "unmerge" in [one["verb"] for one in page["permitted"]]
    assert page["merged_into"] == lead
    body = {"version": page["version"], "reason": "两处"}
    back = move(mei, case, "unmerge", body, key="once")
    assert (back.status_code, back.json()["phase"], back.json()["stage"]) == (200, "open", "grid-handle")
    assert back.json()["owner"] and back.json()["due_at"]
    assert move(mei, case, "unmerge", body, key="once").json() == back.json()
    assert mei.get(f"/api/cases/{lead}").json()["report_count"] == 1


def test_who_merges_second_is_answered_409(city: City, mei: Client) -> None:
    case, lead = a_case(city), a_case(city)
    move(mei, case, "merge", {"version": 1, "into": lead, "reason": "同一堆"})
    other = signed_in("gao")
    back = move(other, lead, "merge", {"version": 1, "into": case, "reason": "同一堆"})
    assert (back.status_code, back.json()["code"]) == (409, "cases.stale")
    third = a_case(city)
    late = move(other, third, "merge", {"version": 1, "into": case, "reason": "同一堆"})
    assert (late.status_code, late.json()["code"]) == (409, "cases.lead-ended")


def test_only_who_may_dispatch_here_or_had_it_takes_a_case_out(city: City, mei: Client) -> None:
    case, lead = a_case(city), a_case(city)
    move(mei, case, "merge", {"version": 1, "into": lead, "reason": "同一堆"})
    body = {"version": 2, "reason": "两处"}
    cast = ("lin", "chen", "zhao")
    answers = {name: move(signed_in(name), case, "unmerge", body).status_code for name in cast}
    assert answers == {"lin": 403, "chen": 404, "zhao": 404}
    assert move(signed_in("wang"), case, "unmerge", body).status_code == 200


def test_repeated_complaints_are_marked_listed_and_counted(city: City, mei: Client) -> None:
    now = clock.now()
    earlier = a_case(city)
    actions.perform([Void(case_id=CaseId(UUID(earlier)), reason="误报")], by=SYSTEM, now=now)
    again, other = a_case(city), a_case(city)
    marked = move(mei, again, "mark-repeat", {"version": 1, "of": earlier})
    assert marked.status_code == 200, marked.json()
    (found,) = mei.get("/api/cases", {"repeated": "true"}).json()["items"]
    assert (found["id"], found["repeat_of"]) == (again, earlier)
    assert mei.get("/api/cases/count", {"repeated": "true"}).json() == {"count": 1, "more": False}
    assert mei.get(f"/api/cases/{earlier}").json()["repeated_at"]
    assert mei.get(f"/api/cases/{other}").json()["repeat_of"] is None
    running = move(mei, other, "mark-repeat", {"version": 1, "of": again})
    assert (running.status_code, running.json()["code"]) == (422, "cases.not-a-repeat")
    (opened_,) = opened([report(city, at=now, repeat_of=CaseId(UUID(earlier)))], now=now)
    assert mei.get(f"/api/cases/{opened_.case_id}").json()["repeat_of"] == earlier
