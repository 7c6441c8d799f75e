"""Tokens for one day, issued to whoever has to act, and taken back in the evening."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from onegrid.accounts import queries as accounts
from onegrid.accounts.actions import issue_token, revoke_token
from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.ids import PostId
from onegrid.sample.rules.cast import GATEWAY
from onegrid.workforce import queries as workforce

_NAME: Final = "模拟日 simulated day"
_PERSON: Final = (
    "case.approve", "case.dispatch", "case.read", "case.supervise", "case.work", "pool.decide",
    "report.create", "scenario.read", "territory.read", "workforce.read",
)  # fmt: skip
_MACHINE: Final = ("device.push", "report.create")


class DayKeys:
    """Issues a token the first time somebody has to act; `give_back` revokes them all."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._by_account: dict[str, str] = {}
        self._by_post: dict[UUID, str | None] = {}
        self._issued: list[UUID] = []

    def of_account(self, username: str) -> str:
        """The token of an account."""
        if username not in self._by_account:
            scopes: Sequence[str] = _MACHINE if username == GATEWAY[0] else _PERSON
            issued = issue_token(username, name=_NAME, scopes=scopes, days=1, by=SYSTEM, now=self._now)
            self._issued.append(issued.token_id)
            self._by_account[username] = issued.secret
        return self._by_account[username]

    def of_post(self, post_id: UUID) -> str | None:
        """The token of the person who answers for the post."""
        if post_id not in self._by_post:
            holders = workforce.holders([PostId(post_id)], now=self._now)[PostId(post_id)]
            account = holders[0].account_id if holders else None
            names = accounts.usernames([account]) if account else {}
            self._by_post[post_id] = self.of_account(names[account]) if account else None
        return self._by_post[post_id]

    def of_grid(self, grid_code: str) -> str | None:
        """The token of the worker of a second-level grid."""
        return self.of_post(workforce.post_for("grid-worker-2", grid_code, ""))

    def give_back(self, *, now: datetime) -> None:
        """Revoke every token of the day."""
        for token_id in self._issued:
            revoke_token(token_id, by=SYSTEM, now=now)
