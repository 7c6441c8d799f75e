"""The inbox through HTTP, by the cast."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import FixedStandings, cast
from onegrid.kernel import clock
from onegrid.kernel.ids import AccountId
from onegrid.notices import actions
from onegrid.notices.tests.factories import telling

pytestmark = pytest.mark.django_db
JSON: Any = {"content_type": "application/json"}


@pytest.fixture
def people(standings: FixedStandings) -> dict[str, AccountId]:
    return cast(standings)


def client(username: str) -> Client:
    """A client that acts for one of the cast."""
    scopes = ["report.create"]
    token = accounts.issue_token(username, name="t", scopes=scopes, days=1, by=SYSTEM, now=clock.now())
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def tell_post_of(who: AccountId, standings: FixedStandings) -> None:
    """Something urgent, so that it shows at whatever hour the test runs."""
    actions.tell([telling(to_post=standings.posts[who][0].post_id, urgent=True)], at=clock.now())


def test_wang_reads_his_task_and_chen_and_the_stranger_do_not(
    people: dict[str, AccountId], standings: FixedStandings
) -> None:
    tell_post_of(people["wang"], standings)
    wang, chen, song = client("wang"), client("chen"), client("song")
    assert wang.get("/api/notices/unread").json() == {"count": 1, "more": False}
    notice = wang.get("/api/notices").json()["items"][0]
    assert notice["title"] == "新任务：HJ202611243505830001 处置"
    assert notice["read_at"] is None
    for other in (chen, song):
        assert other.get("/api/notices").json() == {"items": [], "next_cursor": ""}
        refused = other.post(f"/api/notices/{notice['id']}/read")
        assert (refused.status_code, refused.json()["code"]) == (404, "kernel.not-found")
    assert wang.post(f"/api/notices/{notice['id']}/read").status_code == 204
    assert wang.get("/api/notices/unread").json()["count"] == 0
    assert wang.get("/api/notices?unread=true").json()["items"] == []


def test_several_or_all_are_marked_by_one_request(
    people: dict[str, AccountId], standings: FixedStandings
) -> None:
    for _ in range(3):
        tell_post_of(people["lin"], standings)
    lin = client("lin")
    ids = [item["id"] for item in lin.get("/api/notices?lang=en").json()["items"]]
    assert lin.post("/api/notices/read", {"ids": ids[:2]}, **JSON).status_code == 204
    assert lin.post("/api/notices/read", {"ids": [ids[2], str(uuid4())]}, **JSON).status_code == 404
    assert lin.get("/api/notices/unread").json()["count"] == 1
    assert lin.post("/api/notices/read-all").status_code == 204
    assert lin.get("/api/notices/unread").json()["count"] == 0


def test_the_inbox_is_paged(people: dict[str, AccountId], standings: FixedStandings) -> None:
    for _ in range(3):
        tell_post_of(people["lin"], standings)
    lin = client("lin")
    first = lin.get("/api/notices?limit=2").json()
    second = lin.get("/api/notices", {"limit": 2, "cursor": first["next_cursor"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, "")
    assert lin.get("/api/notices?cursor=@@").json()["code"] == "kernel.bad-cursor"
    assert lin.get("/api/notices?limit=0").status_code == 422


def test_a_phone_that_asks_again_is_told_that_nothing_changed(
    people: dict[str, AccountId], standings: FixedStandings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lin = client("lin")
    etag = lin.get("/api/notices/unread").headers["ETag"]
    with django_assert_num_queries(2):  # token with stamps, count
        unchanged = lin.get("/api/notices/unread", headers={"If-None-Match": etag})
    assert unchanged.status_code == 304
    tell_post_of(people["lin"], standings)
    assert lin.get("/api/notices/unread", headers={"If-None-Match": etag}).status_code == 200


def test_nobody_reads_an_inbox_without_signing_in() -> None:
    assert Client().get("/api/notices").status_code == 401
