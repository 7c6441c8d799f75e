"""Signing in, sessions and passwords through HTTP, by the cast."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts import actions
from onegrid.accounts.models import AuditRow, Session
from onegrid.accounts.rules import SYSTEM, AuditKind
from onegrid.accounts.tasks import forget_ended_sessions
from onegrid.accounts.tests.factories import JSON, PASSWORD, VILLAGE, FixedStandings, audited, sign_in

pytestmark = pytest.mark.django_db


def test_lin_signs_in_sees_her_post_and_signs_out(people: FixedStandings) -> None:
    client, answer = sign_in("lin")
    assert answer.status_code == 200
    me = client.get("/api/me").json()
    assert (me["name"], me["prefixes"]) == ("林小梅", [VILLAGE + "003"])
    assert me["standings"][0]["role"] == "grid-worker-2"
    assert "report.create" in me["permissions"]
    assert client.delete("/api/session").status_code == 204
    assert client.get("/api/me").status_code == 401
    assert [row[:2] for row in audited()] == [
        (AuditKind.SIGN_IN, "林小梅"),
        (AuditKind.SIGN_OUT, "林小梅"),
        (AuditKind.REFUSAL, ""),
    ]


def test_the_cookie_of_a_session_that_was_signed_out_opens_nothing(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    stolen = client.cookies["onegrid_session"].value
    client.delete("/api/session")
    thief = Client()
    thief.cookies["onegrid_session"] = stolen
    answer = thief.get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.session-over")


def test_the_session_cookie_is_out_of_reach_of_scripts_and_its_key_is_not_in_the_database(
    people: FixedStandings,
) -> None:
    client, _ = sign_in("lin")
    cookie = client.cookies["onegrid_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in set(Session.objects.values_list("session_key", flat=True))


def test_signing_in_again_gives_another_key(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    first = client.cookies["onegrid_session"].value
    client.post("/api/session", {"username": "wang", "password": PASSWORD}, **JSON)
    assert client.cookies["onegrid_session"].value != first
    assert client.get("/api/me").json()["name"] == "王国强"


def test_a_wrong_password_and_an_unknown_name_look_alike(people: FixedStandings) -> None:
    answers = [sign_in("lin", "Wrong-Pass-99")[1], sign_in("nobody", "Wrong-Pass-99")[1], sign_in("<x>")[1]]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert "锁定 15 分钟" in answers[0].json()["detail"]
    assert [row[:2] for row in audited()] == [
        (AuditKind.SIGN_IN_FAILED, "lin"),
        (AuditKind.SIGN_IN_FAILED, "nobody"),
        (AuditKind.SIGN_IN_FAILED, "<x>"),
    ]


def test_five_wrong_tries_lock_the_account_for_a_quarter_of_an_hour(
    people: FixedStandings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [sign_in("lin", f"Wrong-Pass-{i}")[1].status_code for i in range(5)]
    assert codes == [401, 401, 401, 401, 429]
    locked = sign_in("lin")[1]
    assert locked.status_code == 429
    assert "已锁定 15 分钟" in locked.json()["detail"]
    assert sign_in("wang")[1].status_code == 200  # same address, another account
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: later)
    assert sign_in("lin")[1].status_code == 200


def test_four_wrong_tries_are_forgiven_by_a_right_one(people: FixedStandings) -> None:
    for _ in range(2):
        for i in range(4):
            assert sign_in("lin", f"Wrong-Pass-{i}")[1].status_code == 401
        assert sign_in("lin")[1].status_code == 200


def test_a_new_password_from_the_administrator_lifts_the_lock(people: FixedStandings) -> None:
    for i in range(5):
        sign_in("lin", f"Wrong-Pass-{i}")
    actions.set_password("lin", "Other-Grid-27", by=SYSTEM, now=timezone.now())
    assert sign_in("lin", "Other-Grid-27")[1].status_code == 200


def test_a_closed_account_neither_signs_in_nor_keeps_its_session(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    actions.close_account("lin", by=SYSTEM, now=timezone.now())
    assert client.get("/api/me").json()["code"] == "accounts.session-over"
    assert sign_in("lin")[1].status_code == 401


def test_a_session_ends_after_half_an_hour_without_use(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=29))
    assert client.get("/api/me").status_code == 200  # and is seen again
    assert Session.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=31))
    assert client.get("/api/me").json()["code"] == "accounts.session-over"


def test_a_session_ends_after_twelve_hours_whatever_its_use(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/api/me").status_code == 401


def test_sessions_that_ended_are_removed_and_live_ones_stay(people: FixedStandings) -> None:
    for username in ("lin", "wang", "gao"):
        sign_in(username)
    Session.objects.filter(account__username="lin").update(expire_date=timezone.now())
    Session.objects.filter(account__username="wang").update(last_seen_at=timezone.now() - timedelta(hours=1))
    assert forget_ended_sessions() == 2
    assert Session.objects.get().account is not None


def test_a_write_by_cookie_needs_the_token_of_the_page(people: FixedStandings) -> None:
    client, _ = sign_in("lin", strict=True)
    change = {"old": PASSWORD, "new": "Other-Grid-27"}
    refused = client.post("/api/me/password", change, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.csrf-token-missing")
    assert "X-CSRFToken" in refused.json()["detail"]
    foreign = client.post("/api/me/password", change, headers={"Origin": "https://evil.example"}, **JSON)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "accounts.foreign-origin")
    token = client.cookies["csrftoken"].value
    assert client.post("/api/me/password", change, headers={"X-CSRFToken": token}, **JSON).status_code == 204


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_nobody_is_signed_in_by_the_page_of_another_site(
    people: FixedStandings, headers: dict[str, str]
) -> None:
    answer = Client().post("/api/session", {"username": "lin", "password": PASSWORD}, headers=headers, **JSON)
    assert answer.status_code == 403
    assert "onegrid_session" not in answer.cookies


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(people: FixedStandings) -> None:
    here, _ = sign_in("lin")
    there, _ = sign_in("lin")
    weak = here.post("/api/me/password", {"old": PASSWORD, "new": "lin-1234"}, **JSON)
    assert (weak.status_code, weak.json()["code"]) == (422, "accounts.weak-password")
    wrong = here.post("/api/me/password", {"old": "Wrong-Pass-1", "new": "Other-Grid-27"}, **JSON)
    assert wrong.status_code == 401
    assert here.post("/api/me/password", {"old": PASSWORD, "new": "Other-Grid-27"}, **JSON).status_code == 204
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401
    assert sign_in("lin", "Other-Grid-27")[1].status_code == 200


def test_who_is_not_signed_in_is_told_so(people: FixedStandings) -> None:
    answer = Client().get("/api/me")
    assert answer.status_code == 401
    assert "请先登录" in answer.json()["detail"]


def test_a_read_costs_two_statements_and_no_audit_row(
    people: FixedStandings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, _ = sign_in("lin")
    client.get("/api/me")
    before = AuditRow.objects.count()
    with django_assert_num_queries(2):  # session with account, stamps
        assert client.get("/api/me").status_code == 200
    assert AuditRow.objects.count() == before


def test_an_unchanged_answer_is_not_sent_again(people: FixedStandings) -> None:
    client, _ = sign_in("lin")
    etag = client.get("/api/me").headers["ETag"]
    assert client.get("/api/me", headers={"If-None-Match": etag}).status_code == 304


def test_behind_our_proxies_the_address_is_what_the_outermost_saw(
    people: FixedStandings, settings: LazySettings
) -> None:
    settings.ONEGRID_TRUSTED_PROXIES = 1
    forged = {"X-Forwarded-For": "6.6.6.6, 10.1.2.3"}
    Client().get("/api/me", headers=forged)
    settings.ONEGRID_TRUSTED_PROXIES = 0
    Client().get("/api/me", headers=forged)
    Client().get("/api/me", headers={"X-Forwarded-For": "nonsense"})
    assert list(AuditRow.objects.order_by("id").values_list("address", flat=True))[-3:] == [
        "10.1.2.3",
        "127.0.0.1",
        "127.0.0.1",
    ]
