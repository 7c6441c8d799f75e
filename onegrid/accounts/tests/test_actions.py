"""Accounts, tokens and the audit log on the real database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts import actions, queries, rules
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.models import Account, AuditRow, Token
from onegrid.accounts.rules import SYSTEM, AccountRole, AuditEntry, AuditKind
from onegrid.accounts.tests.factories import (
    NOW,
    PASSWORD,
    VILLAGE,
    FixedStandings,
    account,
    actor,
    cast,
    machine,
    standing,
)
from onegrid.kernel import stamps
from onegrid.kernel.ids import AccountId
from onegrid.kernel.refusals import NotFound

pytestmark = pytest.mark.django_db


def issued(username: str = "hotline-12345", *scopes: str) -> actions.Issued:
    return actions.issue_token(
        username, name="export host", scopes=scopes or ["report.create"], days=30, by=SYSTEM, now=NOW
    )


def test_a_batch_of_accounts_is_created_in_order_with_hashed_passwords() -> None:
    ids = actions.create_accounts(
        [NewAccount("Lin", "林小梅", password=PASSWORD), NewAccount("wang", "王国强")], by=SYSTEM, now=NOW
    )
    lin, wang = (Account.objects.get(pk=each) for each in ids)
    assert (lin.username, wang.username) == ("lin", "wang")
    assert lin.password.startswith("argon2$argon2id$")
    assert lin.check_password(PASSWORD)
    assert not wang.has_usable_password()


def test_a_thousand_accounts_cost_as_many_statements_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = [NewAccount(f"worker{i:04}", "员") for i in range(1000)]
    with django_assert_max_num_queries(5):
        assert len(set(actions.create_accounts(batch, by=SYSTEM, now=NOW))) == 1000


def test_taken_names_are_refused_and_nothing_is_created() -> None:
    account("lin")
    with pytest.raises(rules.UsernameTaken) as refused:
        actions.create_accounts([NewAccount("new", "新"), NewAccount("LIN", "林")], by=SYSTEM, now=NOW)
    assert "lin" in refused.value.message("zh")
    with pytest.raises(rules.UsernameTaken):
        actions.create_accounts([NewAccount("a1", "甲"), NewAccount("A1", "乙")], by=SYSTEM, now=NOW)
    assert Account.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "Password123", "Grid-1234-nan"])
def test_weak_and_common_passwords_are_refused(password: str) -> None:
    with pytest.raises(rules.WeakPassword):
        account("lin", password=password)


@pytest.mark.parametrize(
    "new",
    [
        NewAccount("m1", "机", kind="machine", password=PASSWORD),
        NewAccount("m2", "机", kind="machine", role=AccountRole.SYSTEM_ADMIN),
        NewAccount("p2", "人", territory="350583"),
    ],
)
def test_machines_have_no_password_and_people_no_territory(new: NewAccount) -> None:
    with pytest.raises(rules.BadAccount):
        actions.create_accounts([new], by=SYSTEM, now=NOW)


def test_accounts_are_found_by_their_names_in_one_go(standings: FixedStandings) -> None:
    ids = cast(standings)
    machine("hotline")
    found = queries.accounts_by_username(["lin", "wang", "hotline", "nobody"])
    assert found == {"lin": ids["lin"], "wang": ids["wang"]}
    assert queries.usernames([ids["wang"], AccountId(uuid4())]) == {ids["wang"]: "wang"}


def test_only_who_may_write_accounts_creates_one() -> None:
    with pytest.raises(rules.NotPermitted):
        actions.create_accounts([NewAccount("x1", "x")], by=actor(standing("grid-office", "350583")), now=NOW)


def test_a_person_acts_with_the_posts_held_now_and_the_role_of_the_account(standings: FixedStandings) -> None:
    ids = cast(standings)
    auditor = account("auditor", role=AccountRole.AUDIT_ADMIN)
    known = queries.actors([*ids.values(), auditor], now=NOW)
    assert known[ids["lin"]].prefixes == (VILLAGE + "003",)
    assert known[ids["song"]].permissions == frozenset()
    assert known[auditor].permissions == {"audit.read"}


def test_standings_are_asked_again_when_the_workforce_changed_or_a_day_passed(
    standings: FixedStandings,
) -> None:
    ids = cast(standings)
    for _ in range(3):
        queries.actors([ids["lin"]], now=NOW)
    assert standings.asked == 1
    standings.posts[ids["lin"]] = (standing("grid-head", VILLAGE),)
    stamps.bump("workforce")
    assert queries.actors([ids["lin"]], now=NOW)[ids["lin"]].prefixes == (VILLAGE,)
    queries.actors([ids["lin"]], now=NOW + timedelta(days=1))
    assert standings.asked == 3


def test_a_token_acts_for_its_machine_within_scopes_and_territory() -> None:
    machine(territory="350583111")
    known = queries.actor_by_token(issued("hotline-12345", "report.create", "case.read").secret, now=NOW)
    assert known is not None
    assert known.actor.kind == "machine"
    assert known.actor.allows("report.create", VILLAGE)
    assert not known.actor.allows("report.create", "350583112")
    assert not known.actor.allows("pool.decide")


def test_a_token_of_a_person_gives_no_more_than_the_person_has(standings: FixedStandings) -> None:
    ids = cast(standings)
    known = queries.actor_by_token(issued("lin", "report.create", "case.void").secret, now=NOW)
    assert known is not None
    assert known.actor.account_id == ids["lin"]
    assert known.actor.permissions == {"report.create"}


def test_a_token_ends_by_time_by_revoking_and_with_its_account() -> None:
    machine()
    one, two = issued(), issued()
    assert queries.actor_by_token(one.secret, now=NOW + timedelta(days=30)) is None
    actions.revoke_token(one.token_id, by=SYSTEM, now=NOW)
    assert queries.actor_by_token(one.secret, now=NOW) is None
    assert queries.actor_by_token(two.secret, now=NOW) is not None
    actions.close_account("hotline-12345", by=SYSTEM, now=NOW)
    assert queries.actor_by_token(two.secret, now=NOW) is None


def test_revoking_twice_keeps_the_first_time_and_an_unknown_token_is_refused() -> None:
    machine()
    token = issued()
    actions.revoke_token(token.token_id, by=SYSTEM, now=NOW)
    actions.revoke_token(token.token_id, by=SYSTEM, now=NOW + timedelta(hours=1))
    assert Token.objects.get(pk=token.token_id).revoked_at == NOW
    with pytest.raises(NotFound):
        actions.revoke_token(uuid4(), by=SYSTEM, now=NOW)


def test_the_secret_of_a_token_is_stored_nowhere() -> None:
    machine()
    secret = issued().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_token t UNION ALL SELECT a::text FROM accounts_audit a")
        rows = cursor.fetchall()
    assert len(rows) == 3
    assert not any(secret in row[0] for row in rows)


def test_every_deed_with_accounts_is_audited() -> None:
    machine()
    token = issued()
    actions.revoke_token(token.token_id, by=SYSTEM, now=NOW)
    account("lin")
    actions.set_password("lin", PASSWORD, by=SYSTEM, now=NOW)
    kinds = list(AuditRow.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        AuditKind.ACCOUNTS_CREATED,
        AuditKind.TOKEN_ISSUED,
        AuditKind.TOKEN_REVOKED,
        AuditKind.ACCOUNTS_CREATED,
        AuditKind.PASSWORD_CHANGED,
    ]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_audit SET name = 'x'", "DELETE FROM accounts_audit", "TRUNCATE accounts_audit"],
)
def test_the_audit_log_cannot_be_changed_even_by_the_owner_of_the_database(statement: str) -> None:
    account("lin")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditRow.objects.count() == 1


def test_the_audit_log_is_paged_newest_first_and_filtered() -> None:
    someone = AccountId(uuid4())
    actions.audit(
        [
            AuditEntry(AuditKind.WRITE, NOW + timedelta(seconds=i), someone if i % 2 else None, f"第{i}行")
            for i in range(30)
        ]
    )
    auditor = rules.Actor(None, "审计", "person", permissions=frozenset({"audit.read"}))
    seen, cursor = [], ""
    while True:
        page = queries.audit_page(auditor, queries.AuditFilter(), cursor=cursor, limit=7)
        seen += [item.name for item in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == [f"第{i}行" for i in reversed(range(30))]
    mine = queries.AuditFilter(account_id=someone, since=NOW + timedelta(seconds=10), kind=AuditKind.WRITE)
    assert len(queries.audit_page(auditor, mine).items) == 10


def test_nobody_reads_the_audit_log_without_the_office() -> None:
    with pytest.raises(rules.NotPermitted):
        queries.audit_page(actor(standing("grid-office", "350583")), queries.AuditFilter())


def test_a_forged_text_with_nul_is_still_logged() -> None:
    actions.audit([AuditEntry(AuditKind.REFUSAL, NOW, None, "a\x00b", path="/api/\x00")])
    assert AuditRow.objects.get().name == "a␀b"
