"""Small drills for tests: queues whose waiting times are known, and the small world of the rule tests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.drill.chance import Distribution, Exponential
from onegrid.cases.rules.drill.setting import Habits, Setting, assumed_weights
from onegrid.cases.rules.drill.staff import PostCard
from onegrid.cases.rules.drill.streams import EVEN, Kind, Synthetic
from onegrid.cases.rules.state import TaskKind
from onegrid.cases.tests import world as w
from onegrid.kernel.calendar import Limit, OfficeCalendar
from onegrid.kernel.office_hours import Season
from onegrid.kernel.stepping import ticks
from onegrid.scenarios.rules import Definition, LimitRule, Source, Stage, Start, Who
from onegrid.workforce.rules import PostEntry

YEARS = range(2020, 2050)
ALWAYS_OPEN = OfficeCalendar(
    days={date(2020, 1, 1) + timedelta(days=day): True for day in range(365 * len(YEARS))},
    seasons=(Season.parse(1, 1, "00:00-24:00"),),
)
START = ticks(w.MONDAY.replace(hour=16) - timedelta(days=1))  # midnight in the city
KIND = Kind("E.01", "", 2, "worker", Source.PATROL)
MINUTE = 60.0


def tasks(minutes: float = 10) -> dict[TaskKind, Distribution]:
    return {kind: Exponential(minutes * MINUTE) for kind in TaskKind}


def queue_of(stages: Mapping[str, str], *, limit: str = "2 working days") -> Definition:
    """A flow straight through these stages, each with its role, with no escalation."""
    keys = [*stages, "closed"]
    made = {
        key: Stage(
            key, w.text(key), Who(role), LimitRule(Limit.parse(limit)),
            w.exits(w.exit_to("done", keys[nth + 1], outcome="solved" if nth + 2 == len(keys) else "")),
        )
        for nth, (key, role) in enumerate(stages.items())
    }  # fmt: skip
    return replace(w.DEFINITION, stages=made, starts=(Start(keys[0]),), follow_ups={}, escalation=())


def card(entry: PostEntry, people: int = 1) -> PostCard:
    """A post of the small world with so many people of its own."""
    key = f"{entry.role}/{entry.territory}/{entry.unit}"
    names = tuple(f"{key}/{nth}" for nth in range(people))
    return PostCard(entry.post_id, key, entry.role, entry.role, entry.territory, names)


def setting(
    definition: Definition, *, per_day: float, days: int, handling: Mapping[str, float],
    people: Mapping[str, int] | None = None, calendar: OfficeCalendar = ALWAYS_OPEN, seed: int = 1,
    grids: tuple[str, ...] = (w.GRID,),
) -> Setting:  # fmt: skip
    """A drill of the small world. `handling`: minutes by stage; `people`: by role, elsewhere one."""
    ground: Ground = replace(w.ground(definition), calendar=calendar)
    cards = [card(entry, (people or {}).get(entry.role, 1)) for entry in w.POSTS.values()]
    habits = Habits(
        {key: Exponential(minutes * MINUTE) for key, minutes in handling.items()},
        tasks(), assumed_weights(definition), Exponential(86_400),
    )  # fmt: skip
    return Setting(
        version=replace(w.VERSION, definition=definition), ground=ground, cards=cards, habits=habits,
        stream=Synthetic(per_day, grids, [1.0] * len(grids), (KIND,), (1.0,), EVEN), stream_zh="模拟流量",
        grids=(w.GRID, w.OTHER_GRID), units=w.UNITS, start=START, days=days, seed=seed,
    )  # fmt: skip
