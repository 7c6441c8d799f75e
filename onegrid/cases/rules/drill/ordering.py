"""A drill ordered on the desk: what may be asked for, and where it stands until its report is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from onegrid.cases.rules.drill.refusals import NoSuchPerson, TooManyCases, VersionOrDraft
from onegrid.cases.rules.drill.setting import other_definition
from onegrid.cases.rules.drill.what_if import OneMore, OtherLimit, WhatIf, one_more, other_limit
from onegrid.scenarios.rules import Definition
from onegrid.workforce.rules import DutyTable

MOST_CASES: Final = 1_000_000  # of one drill; so many take a quarter of an hour
MOST_WAITING: Final = 20
MOST_BEGUN: Final = 3  # a drill whose process ended so often is not begun again


class DrillState(StrEnum):
    """Where an ordered drill stands."""

    WAITING = "waiting"  # not begun
    RUNNING = "running"  # begun; begun anew if its process dies
    DONE = "done"  # its report is there
    FAILED = "failed"  # refused, or given up

    @property
    def zh(self) -> str:
        return _STATES[self]


_STATES: Final = {
    DrillState.WAITING: "排队中",
    DrillState.RUNNING: "演练中",
    DrillState.DONE: "已完成",
    DrillState.FAILED: "未完成",
}
LIVE: Final = (DrillState.WAITING, DrillState.RUNNING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. Without `number` and `source` the live version; `start` None: today.

    `limits`: (stage, "3 working days"); `people`: (role, code of a territory or "")."""

    number: int | None = None
    source: str = ""
    stream: str = "synthetic"
    days: int = 30
    per_day: float | None = None
    start: date | None = None
    seed: int = 1
    assumptions: Mapping[str, Any] | None = None
    limits: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    record: bool = True

    def what_ifs(self) -> tuple[WhatIf, ...]:
        """The changes to be tried. Raises BadWhatIf."""
        return what_ifs(self.limits, self.people)

    def asked(self, *, start: datetime, towns: tuple[str, ...] | None) -> dict[str, Any]:
        """As JSON, with what was settled when it was ordered: first day, where the version is live."""
        return {
            "stream": self.stream,
            "days": self.days,
            "per_day": self.per_day,
            "start": start.isoformat(),
            "seed": self.seed,
            "assumptions": self.assumptions,
            "limits": [{"stage": stage, "limit": limit} for stage, limit in self.limits],
            "people": [{"role": role, "area": code} for role, code in self.people],
            "towns": None if towns is None else list(towns),
        }

    def check(self) -> None:
        """Raises VersionOrDraft, TooManyCases."""
        if self.source and self.number is not None:
            raise VersionOrDraft
        cases = round((self.per_day or 0) * self.days)
        if self.stream == "synthetic" and cases > MOST_CASES:
            raise TooManyCases(days=self.days, cases=cases, most=MOST_CASES)


def what_ifs(limits: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]]) -> tuple[WhatIf, ...]:
    """Other limits and more people as changes of a drill. Raises BadWhatIf."""
    more = [one_more(f"{role}@{code}" if code else role) for role, code in people]
    return (*(other_limit(f"{stage}={limit}") for stage, limit in limits), *more)


def what_ifs_of(asked: Mapping[str, Any]) -> tuple[WhatIf, ...]:
    """The changes of an order that was taken down."""
    limits = [(one["stage"], one["limit"]) for one in asked["limits"]]
    return what_ifs(limits, [(one["role"], one["area"]) for one in asked["people"]])


def check_what_ifs(what_ifs: tuple[WhatIf, ...], definition: Definition, duties: DutyTable) -> None:
    """Raises NoSuchStage, NoSuchPerson."""
    for one in what_ifs:
        match one:
            case OtherLimit(stage, limit):
                other_definition(definition, stage, limit)
            case OneMore(role, code):
                _check_person(role, code, duties)


def _check_person(role: str, code: str, duties: DutyTable) -> None:
    posts = duties.posts.values()
    if not any(entry.role == role and entry.territory.startswith(code) for entry in posts):
        roles = "、".join(sorted({entry.role for entry in posts}))
        raise NoSuchPerson(role=role, code=code or "全市", roles=roles)
