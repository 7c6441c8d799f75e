"""Cases for the figures: many of one village, and whoever works them with a token of his own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from onegrid.accounts.actions import issue_token
from onegrid.accounts.queries import actors, usernames
from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases.actions import Opened, open_cases
from onegrid.cases.rules.opening import Opening
from onegrid.kernel.ids import AccountId, CaseId, ClassCode, GridCode, PostId, ids_at
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce

BATCH = 1000
CLASSES = ("E0102", "E0103", "E0104", "E0105")
SCOPES = ("case.read", "case.work", "report.create")


@dataclass(frozen=True)
class Worker:
    """Somebody who holds a post, with a token to act over HTTP."""

    actor: Actor
    token: str


def worker(post_id: PostId, *, now: datetime, scopes: tuple[str, ...] = SCOPES) -> Worker:
    """The principal holder of a post, who must have an account."""
    account = workforce.holders([post_id], now=now)[post_id][0].account_id
    assert account is not None
    name = usernames([account])[account]
    issued = issue_token(name, name="bench", scopes=scopes, days=1, by=SYSTEM, now=now)
    return Worker(actors([AccountId(account)], now=now)[account], issued.secret)


def second_level_grids() -> list[GridCode]:
    return sorted(GridCode(code) for code in territory.live_codes() if not code.endswith("000"))


def openings(count: int, *, grids: list[GridCode], start: datetime, every: timedelta) -> Iterator[Opening]:
    """Reports of sanitation matters, one after another, over the grids in turn."""
    info = scenarios.live(start).for_class(CLASSES[0], grids[0][:9])
    assert info is not None
    for number in range(count):
        grid = grids[number % len(grids)]
        at = start + number * every
        yield Opening(
            case_id=CaseId(ids_at(at, 1)[0]),
            version=info,
            class_code=ClassCode(CLASSES[number % len(CLASSES)]),
            grid_code=grid,
            lng=118.4 + (number % 997) * 1e-4,
            lat=24.9 + (number % 991) * 1e-4,
            title=f"路边堆放垃圾，影响通行（{number}）",
            description="群众反映多日无人清理，气味较大，请尽快处置。",
            urgency=1 + number % 3,
            channel=("worker", "public", "department")[number % 3],
            opened_at=at,
            responsible_unit="urban-management",
            place_text="村道旁",
        )


def opened(count: int, *, grids: list[GridCode], start: datetime, every: timedelta) -> list[Opened]:
    """Open that many cases by the road itself, in batches."""
    done: list[Opened] = []
    batch: list[Opening] = []
    for opening in openings(count, grids=grids, start=start, every=every):
        batch.append(opening)
        if len(batch) == BATCH:
            done += _open(batch)
            batch = []
    return done + _open(batch)


def _open(batch: list[Opening]) -> list[Opened]:
    found = open_cases(batch, by=SYSTEM, now=batch[-1].opened_at) if batch else []
    assert all(isinstance(one, Opened) for one in found), found[:1]
    return [one for one in found if isinstance(one, Opened)]
