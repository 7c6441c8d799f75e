"""Rights and their scope, passwords, tokens, what is audited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.accounts import rules
from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import (
    MACHINE_SCOPES,
    PERMISSIONS,
    ROLE_PERMISSIONS,
    SYSTEM,
    AccountRole,
    AuditKind,
)
from onegrid.accounts.tests.factories import OTHER_VILLAGE, VILLAGE, actor, standing

LIN = actor(standing("grid-worker-2", VILLAGE + "003"))
WANG = actor(standing("grid-head", VILLAGE))
ZHAO = actor(standing("department-handler", "350583"))
OFFICE = actor(standing("grid-office", "350583"))
STRANGER = actor()

digits = st.text("0123", min_size=0, max_size=6)
roles = st.sampled_from(sorted(role for role in ROLE_PERMISSIONS if role not in set(AccountRole)))
actors = st.lists(st.builds(standing, roles, digits), max_size=4).map(lambda standings: actor(*standings))


@pytest.mark.parametrize(
    ("who", "permission", "place", "allowed"),
    [
        (LIN, "report.create", VILLAGE + "003", True),
        (LIN, "case.read", VILLAGE + "004", False),  # the next grid
        (LIN, "case.dispatch", VILLAGE + "003", False),
        (WANG, "case.read", VILLAGE + "004", True),  # all grids of the village
        (WANG, "case.dispatch", VILLAGE, True),
        (WANG, "case.read", OTHER_VILLAGE, False),
        (WANG, "case.read", VILLAGE[:9], False),  # the town above
        (ZHAO, "case.work", VILLAGE, True),
        (ZHAO, "case.read", VILLAGE, False),  # own cases only
        (OFFICE, "case.void", OTHER_VILLAGE, True),
        (OFFICE, "audit.read", "350583", False),  # who works does not audit
        (STRANGER, "report.create", VILLAGE, False),
        (SYSTEM, "case.void", "999999", True),
    ],
)
def test_a_right_is_a_permission_of_the_post_within_its_subtree(
    who: rules.Actor, permission: str, place: str, allowed: bool
) -> None:
    assert who.allows(permission, place) is allowed


def test_a_post_in_one_village_lends_no_right_to_a_post_in_another() -> None:
    both = actor(standing("town-desk", "350583111"), standing("grid-worker-2", OTHER_VILLAGE + "001"))
    assert both.allows("case.supervise", VILLAGE)
    assert not both.allows("case.supervise", OTHER_VILLAGE + "001")
    assert both.covers(OTHER_VILLAGE + "001")


def test_a_missing_right_is_refused_by_its_chinese_name() -> None:
    with pytest.raises(rules.NotPermitted) as refused:
        LIN.require("case.supervise")
    assert "督办" in refused.value.message("zh")
    assert refused.value.status == 403


def test_a_standing_without_territory_reaches_nothing() -> None:
    assert actor(standing("grid-office", "")).prefixes == ()
    assert not actor(standing("grid-office", "")).covers("350583")


def test_every_permission_of_the_table_is_a_known_one() -> None:
    assert frozenset().union(*ROLE_PERMISSIONS.values()) | MACHINE_SCOPES == set(PERMISSIONS)


def test_nobody_administers_and_audits_at_once() -> None:
    for role, granted in ROLE_PERMISSIONS.items():
        assert not {"account.write", "audit.read"} <= granted, role
        assert "audit.read" not in granted or granted == {"audit.read"}, role


@given(st.lists(digits), digits)
def test_minimal_prefixes_cover_the_same_and_none_lies_in_another(prefixes: list[str], code: str) -> None:
    kept = rules.minimal(prefixes)
    assert code.startswith(kept) == code.startswith(tuple(filter(None, prefixes)))
    assert not any(a != b and a.startswith(b) for a in kept for b in kept)


@given(actors, st.sampled_from(["case.read", "report.create", None]), digits)
def test_the_sql_scope_holds_exactly_the_codes_that_the_rule_allows(
    who: rules.Actor, permission: str | None, code: str
) -> None:
    condition, bounds = scope_sql(who, "c.grid_code", permission=permission)
    allowed = who.covers(code) if permission is None else who.allows(permission, code)
    pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
    assert (condition == "TRUE" or any(low <= code < high for low, high in pairs)) is allowed
    assert condition.count("%s") == len(bounds)


@given(actors, roles, digits, digits)
def test_one_more_post_takes_no_right_away(who: rules.Actor, role: str, territory: str, code: str) -> None:
    more = actor(*who.standings, standing(role, territory))
    for permission in who.permissions:
        assert more.allows(permission, code) or not who.allows(permission, code)


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Nanan-Grid-26", []),
        ("南安Grid网格26x", []),
        ("Na-26", ["short"]),
        ("nanangridgrid", ["kinds"]),
        ("Grid-lin-3505", ["name"]),
        ("LIN-Grid-3505", ["name"]),
        ("Grid-1234-nan", ["run"]),
        ("Grid-4321-nan", ["run"]),
        ("Grid-aaAa-nan", ["run"]),
        ("1234", ["short", "kinds", "run"]),
        ("Grid-26-" * 20, ["long"]),
        ("", ["short", "kinds"]),
    ],
)
def test_a_password_is_judged_by_all_its_faults(password: str, faults: list[str]) -> None:
    assert rules.password_faults(password, username="lin") == faults


def test_the_faults_of_a_password_are_said_in_both_languages() -> None:
    refusal = rules.weak(["short", "run"])
    assert refusal.message("zh") == "密码不合要求：至少 10 个字符；不得有 4 个连续或相同的字符。"
    assert "at least 10 characters; no 4 characters in a row" in refusal.message("en")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Lin", "lin"), (" ＬＩＮ ", "lin"), ("林小梅", "林小梅"), ("a.b_c@d-e", "a.b_c@d-e")],
)
def test_width_and_case_of_an_account_name_make_no_difference(typed: str, stored: str) -> None:
    assert rules.normal_username(typed) == stored


@pytest.mark.parametrize("typed", ["", "a", "a b", "a\x00b", "a" * 65, "<script>", "a;b"])
def test_a_bad_account_name_is_refused(typed: str) -> None:
    with pytest.raises(rules.BadUsername):
        rules.normal_username(typed)


def test_a_token_of_a_machine_carries_no_right_to_decide() -> None:
    assert rules.checked_scopes(["report.create", "device.push"], machine=True) == (
        "device.push",
        "report.create",
    )
    with pytest.raises(rules.BadScopes) as refused:
        rules.checked_scopes(["report.create", "case.void"], machine=True)
    assert "case.void" in refused.value.message("zh")
    with pytest.raises(rules.BadScopes):
        rules.checked_scopes([], machine=True)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_between_a_day_and_a_year(days: int) -> None:
    with pytest.raises(rules.BadLifetime):
        rules.checked_lifetime(days)


@pytest.mark.parametrize(
    ("method", "status", "kind"),
    [
        ("GET", 200, None),
        ("GET", 304, None),
        ("HEAD", 200, None),
        ("GET", 403, AuditKind.REFUSAL),
        ("GET", 404, AuditKind.REFUSAL),
        ("POST", 201, AuditKind.WRITE),
        ("DELETE", 204, AuditKind.WRITE),
        ("POST", 409, AuditKind.REFUSAL),
        ("POST", 503, AuditKind.FAILURE),
    ],
)
def test_writes_refusals_and_failures_are_audited_and_reads_are_not(
    method: str, status: int, kind: AuditKind | None
) -> None:
    assert rules.kind_of(method, status) is kind
