"""What the simulated day needs from outside: an API to call, keys to act with, and a clock to follow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API answered: the HTTP status and the JSON, if there was any."""

    status: int
    data: Any

    @property
    def refused(self) -> bool:
        """Whether the API did not do what was asked."""
        return self.status >= 400

    @property
    def code(self) -> str:
        """The stable code of a refusal, "" where there is none."""
        return str(self.data.get("code", "")) if self.refused and isinstance(self.data, dict) else ""


class Api(Protocol):
    """OneGrid's HTTP API. `path` begins after /api; `file` is uploaded as a form field of that name."""

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        body: object = None,
        file: tuple[str, bytes] | None = None,
    ) -> Reply: ...


class Keys(Protocol):
    """Tokens to act with, as the person who answers for a post, as a cast member, or as the gateway."""

    def of_post(self, post_id: UUID) -> str | None:
        """None where nobody holds the post, or the holder has no account."""
        ...

    def of_grid(self, grid_code: str) -> str | None:
        """The worker of a second-level grid."""
        ...

    def of_account(self, username: str) -> str: ...


class Pace(Protocol):
    """Follows the simulated time."""

    def until(self, second: float) -> datetime:
        """Wait until that second of the day has come; returns the present moment."""
        ...
