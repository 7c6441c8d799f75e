"""The cast and their accounts, made through the actions of accounts.

Lin is a worker of a second-level grid, Wang the head of Lin's village, Chen the head of a village
in another town, Zhao a clerk of a county department, Gao of the county grid office; Song is a stranger
without a post."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.test import Client

from onegrid.accounts import actions
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.models import AuditRow
from onegrid.accounts.rules import SYSTEM, AccountRole, Actor, AuditKind, Standing, permissions_of
from onegrid.kernel.ids import AccountId, PostId, UnitId, new_id

NOW: Final = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # 09:30 in Nan'an
PASSWORD: Final = "Nanan-Grid-26"
JSON: Final[Any] = {"content_type": "application/json"}
VILLAGE: Final = "350583111201"  # in the town 350583111
OTHER_VILLAGE: Final = "350583112205"

PEOPLE: Final = {
    "lin": ("林小梅", "grid-worker-2", VILLAGE + "003"),
    "wang": ("王国强", "grid-head", VILLAGE),
    "chen": ("陈志明", "grid-head", OTHER_VILLAGE),
    "zhao": ("赵敏", "department-handler", "350583"),
    "gao": ("高峰", "grid-office", "350583"),
    "song": ("宋佳", "", ""),
}


def standing(role: str, territory: str) -> Standing:
    """A post of its own in a unit of its own."""
    return Standing(PostId(new_id()), role, UnitId(new_id()), territory, title=f"{territory} {role}")


def actor(*standings: Standing, name: str = "测试员") -> Actor:
    """A person with these posts, without an account row."""
    granted = frozenset[str]().union(*(permissions_of(each.role) for each in standings))
    return Actor(AccountId(new_id()), name, "person", standings, granted)


class FixedStandings:
    """The port `Standings` answered from memory."""

    def __init__(self) -> None:
        self.posts: dict[AccountId, tuple[Standing, ...]] = {}
        self.asked = 0

    def __call__(
        self, account_ids: Sequence[AccountId], *, now: datetime
    ) -> Mapping[AccountId, tuple[Standing, ...]]:
        self.asked += 1
        return {each: self.posts[each] for each in account_ids if each in self.posts}


def account(username: str, *, password: str | None = None, role: AccountRole = AccountRole.NONE) -> AccountId:
    """A person's account; without a password nobody signs in to it."""
    new = NewAccount(username, username.title(), password=password, role=role)
    return actions.create_accounts([new], by=SYSTEM, now=NOW)[0]


def machine(username: str = "hotline-12345", *, territory: str = "350583") -> AccountId:
    """A machine's account."""
    new = NewAccount(username, "12345 热线", kind="machine", territory=territory)
    return actions.create_accounts([new], by=SYSTEM, now=NOW)[0]


def cast(standings: FixedStandings, *, password: str | None = None) -> dict[str, AccountId]:
    """The accounts of the cast by user name, their posts put into `standings`."""
    batch = [NewAccount(username, name, password=password) for username, (name, _, _) in PEOPLE.items()]
    ids = dict(zip(PEOPLE, actions.create_accounts(batch, by=SYSTEM, now=NOW), strict=True))
    for username, (_, role, territory) in PEOPLE.items():
        if role:
            standings.posts[ids[username]] = (standing(role, territory),)
    return ids


def sign_in(username: str, password: str = PASSWORD, *, strict: bool = False) -> tuple[Client, Any]:
    """A browser that tries to sign in, and the answer; `strict` makes it need the CSRF token."""
    client = Client(enforce_csrf_checks=strict)
    return client, client.post("/api/session", {"username": username, "password": password}, **JSON)


def audited() -> list[tuple[str, str, str, int | None, str]]:
    """What is on the audit log besides created accounts, oldest first."""
    rows = AuditRow.objects.exclude(kind=AuditKind.ACCOUNTS_CREATED).order_by("id")
    return list(rows.values_list("kind", "name", "path", "status", "code"))
