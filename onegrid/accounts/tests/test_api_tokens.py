"""Tokens of machines and the audit log through HTTP, by the cast."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts import actions
from onegrid.accounts.rules import SYSTEM, AccountRole, AuditKind
from onegrid.accounts.tests.factories import (
    JSON,
    PASSWORD,
    FixedStandings,
    account,
    audited,
    machine,
    sign_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(people: FixedStandings) -> Client:
    account("admin-li", password=PASSWORD, role=AccountRole.SYSTEM_ADMIN)
    return sign_in("admin-li")[0]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_the_administrator_issues_lists_and_revokes_the_token_of_the_hotline(administrator: Client) -> None:
    machine()
    body = {"username": "hotline-12345", "name": "12345 export", "scopes": ["report.create"], "days": 30}
    issued = administrator.post("/api/tokens", body, **JSON)
    assert issued.status_code == 201
    secret = issued.json()["secret"]
    me = Client().get("/api/me", headers=bearer(secret)).json()
    assert (me["kind"], me["permissions"], me["prefixes"]) == ("machine", ["report.create"], ["350583"])
    listed = administrator.get("/api/tokens").json()
    assert [(row["username"], secret.startswith(row["shown"])) for row in listed] == [("hotline-12345", True)]
    assert listed[0]["last_used_at"] is not None
    assert administrator.delete(f"/api/tokens/{issued.json()['token_id']}").status_code == 204
    refused = Client().get("/api/me", headers=bearer(secret))
    assert (refused.status_code, refused.json()["code"]) == (401, "accounts.bad-token")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scopes": ["case.void"]}, "accounts.bad-scopes"),
        ({"scopes": []}, "accounts.bad-scopes"),
        ({"days": 0}, "accounts.bad-lifetime"),
        ({"days": 4000}, "accounts.bad-lifetime"),
        ({"username": "nobody"}, "kernel.not-found"),
        ({"username": "<>"}, "accounts.bad-username"),
        ({"name": ""}, "kernel.invalid-fields"),
    ],
)
def test_a_token_that_should_not_be_is_refused_by_name(administrator: Client, body: Any, code: str) -> None:
    machine()
    good = {"username": "hotline-12345", "name": "x", "scopes": ["report.create"], "days": 30}
    assert administrator.post("/api/tokens", {**good, **body}, **JSON).json()["code"] == code


@pytest.mark.parametrize("username", ["lin", "wang", "chen", "zhao", "gao", "song"])
def test_nobody_with_a_post_or_none_reads_the_audit_or_issues_tokens(
    people: FixedStandings, username: str
) -> None:
    client, _ = sign_in(username)
    tries: list[Callable[[], Any]] = [
        lambda: client.get("/api/audit"),
        lambda: client.get("/api/tokens"),
        lambda: client.delete(f"/api/tokens/{uuid4()}"),
    ]
    answers = [each() for each in tries]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(403, "accounts.not-permitted")}
    assert [(row[0], row[3], row[4]) for row in audited()][1:] == [
        (AuditKind.REFUSAL, 403, "accounts.not-permitted")
    ] * 3


def test_the_auditor_reads_who_did_what_and_nothing_else(administrator: Client) -> None:
    account("audit-wu", password=PASSWORD, role=AccountRole.AUDIT_ADMIN)
    sign_in("zhao", "Wrong-Pass-1")
    client, _ = sign_in("audit-wu")
    page = client.get("/api/audit?limit=2").json()
    assert [(item["kind"], item["name"]) for item in page["items"]] == [
        ("sign-in", "Audit-Wu"),
        ("sign-in-failed", "zhao"),
    ]
    assert page["items"][1]["address"] == "127.0.0.1"
    older = client.get("/api/audit", {"limit": 200, "cursor": page["next_cursor"]}).json()
    assert older["next_cursor"] == ""
    assert client.get("/api/audit?kind=sign-in-failed").json()["items"] == page["items"][1:]
    assert client.get("/api/audit?cursor=nonsense").status_code == 400
    assert client.get("/api/tokens").status_code == 403


def test_a_machine_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    machine()
    token = actions.issue_token(
        "hotline-12345", name="x", scopes=["case.read"], days=1, by=SYSTEM, now=timezone.now()
    )
    client = Client(headers=bearer(token.secret))
    client.get("/api/me")
    with django_assert_num_queries(1):
        assert client.get("/api/me").status_code == 200
