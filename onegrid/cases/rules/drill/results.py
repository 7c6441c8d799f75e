"""What a drill found, as data: posts, stages, grids, assumptions. The same seed gives the same bytes."""

from dataclasses import dataclass
from typing import Any

from onegrid.cases.rules.drill.book import GridBook, StageBook
from onegrid.cases.rules.drill.chance import Distribution
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.rules.drill.setting import ASIDE, BACK, FORWARD, Known, steps_left, steps_passed
from onegrid.cases.rules.drill.staff import Desk
from onegrid.cases.rules.drill.tallies import HOUR, Tally
from onegrid.cases.rules.state import TaskKind
from onegrid.kernel.stepping import moment

Found = dict[str, Any]  # JSON, as the report gives it
_US_H = HOUR * 1e6
WORST = 10
POSTS = 30  # the busiest, listed; the rest in sums per role
FEWEST = 10  # stages that a grid must have seen to be compared
TASK_ZH = {
    TaskKind.COSIGN: "部门会签",
    TaskKind.FOLLOW_UP: "跟踪上报",
    TaskKind.INSTRUCTION: "批示反馈",
    TaskKind.CARD: "督办回复",
}


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a post was. Shares of the office time of its people; `everywhere`: at all their posts."""

    desk: Desk
    own: float
    everywhere: float


def result_of(drill: Drill) -> Found:
    """The whole report of one drill that has been played."""
    loads, book = _loads(drill), drill.book
    return {
        "scenario": _scenario(drill),
        "cases": _cases(drill),
        "stages": [_stage(drill, key, book.stages[key]) for key in _in_order(drill)],
        "tasks": [_task(kind, *counted) for kind, counted in sorted(book.tasks.items())],
        "posts": [_post(load) for load in loads[:POSTS]],
        "roles": _roles(loads),
        "vacant": [_name(load.desk) for load in loads if not load.desk.people],
        "worst_grids": _worst(book.grids),
        "assumptions": _assumptions(drill),
        "steps": _steps(drill),
        "given_up_on_day": book.given_up_on_day,
    }


def _cases(drill: Drill) -> Found:
    book = drill.book
    return {
        "arrived": book.arrived,
        "opened": book.opened,
        "refused": dict(sorted(book.refused.items())),
        "closed": book.closed,
        "closed_on_time": book.closed_on_time,
        "outcomes": dict(sorted(book.outcomes.items())),
        "open_at_end": len(drill.live),
        "open_overdue_at_end": book.open_late,
        "open_most": book.open_most,
        "open_by_day": book.open_by_day,
        "stuck": dict(sorted(book.stuck.items())),
        "lead": book.lead.as_hours(),
    }


def _task(kind: TaskKind, waited: Tally, counts: list[int]) -> Found:
    done, late = counts
    return {"kind": str(kind), "zh": TASK_ZH[kind], "done": done, "late": late, "waited": waited.as_hours()}


def _steps(drill: Drill) -> Found:
    counts = drill.road.counts
    return {
        "events": drill.book.events,
        "alarms": drill.book.alarms,
        "decided_by_rules": counts.asked,
        "taken_from_memory": counts.remembered,
        "checked_again": counts.checked,
        "refused": dict(sorted(counts.refused.items())),
    }


def _scenario(drill: Drill) -> Found:
    setting, definition = drill.setting, drill.ground.definition
    return {
        "key": definition.key,
        "zh": definition.name.zh,
        "version": setting.version.number,
        "start": moment(setting.start).isoformat(),
        "days": setting.days,
        "seed": setting.seed,
        "stream": setting.stream_zh,
    }


def _in_order(drill: Drill) -> list[str]:
    """Stages as a case passes them."""
    passed, left = steps_passed(drill.ground.definition), steps_left(drill.ground.definition)
    return sorted(passed, key=lambda key: (passed[key], -left[key], key))


def _stage(drill: Drill, key: str, book: StageBook) -> Found:
    stage = drill.ground.stage(key)
    return {
        "stage": key,
        "zh": stage.name.zh,
        "role": stage.who.role,
        "limit_zh": stage.limit.default.zh,
        "entered": book.entered,
        "left": book.left,
        "lapsed": book.lapsed,
        "waited": book.waited.as_hours(),
        "work": book.work.as_hours(),
        "sojourn": book.sojourn.as_hours(),
        "overdue": book.late,
        "overdue_rate": _share(book.late, book.counted),
        "causes": {str(cause): count for cause, count in sorted(book.causes.items())},
        "causes_zh": {cause.zh: count for cause, count in sorted(book.causes.items())},
        "exits": dict(sorted(book.exits.items())),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _loads(drill: Drill) -> list[Load]:
    """Posts that had work, the busiest first; a vacant one with work comes before all."""
    hours = drill.calendar.office(drill.end) - drill.calendar.office(drill.setting.start)
    found = []
    for desk in drill.staff.desks.values():
        if _asked(desk):
            capacity = hours * len(desk.people)
            everywhere = sum(person.busy for person in desk.people)
            own, total = (desk.busy / capacity, everywhere / capacity) if capacity else (1.0, 1.0)
            found.append(Load(desk, own, total))
    return sorted(
        found, key=lambda one: (bool(one.desk.people), -one.everywhere, -one.desk.waited, one.desk.card.key)
    )


def _asked(desk: Desk) -> bool:
    return bool(desk.done or desk.most)


def _name(desk: Desk) -> Found:
    return {"key": desk.card.key, "zh": desk.card.title, "role": desk.card.role, "waiting": desk.waiting}


def _post(load: Load) -> Found:
    desk = load.desk
    return {
        **_name(desk),
        "people": len(desk.people),
        "done": desk.done,
        "utilisation": round(load.own, 4),
        "utilisation_all_posts": round(load.everywhere, 4),
        "waited_mean_h": round(desk.waited / desk.done / _US_H, 4) if desk.done else 0.0,
        "waited_max_h": round(desk.longest / _US_H, 4),
        "queue_most": desk.most,
    }


def _roles(loads: list[Load]) -> list[Found]:
    """The same for all posts of a role together."""
    by_role: dict[str, list[Load]] = {}
    for load in loads:
        by_role.setdefault(load.desk.card.role, []).append(load)
    return [_role(role, each) for role, each in sorted(by_role.items())]


def _role(role: str, loads: list[Load]) -> Found:
    done = sum(load.desk.done for load in loads)
    waited = sum(load.desk.waited for load in loads)
    return {
        "role": role,
        "posts": len(loads),
        "people": sum(len(load.desk.people) for load in loads),
        "done": done,
        "utilisation_mean": round(sum(load.own for load in loads) / len(loads), 4),
        "utilisation_max": round(max(load.own for load in loads), 4),
        "waited_mean_h": round(waited / done / _US_H, 4) if done else 0.0,
        "waiting_at_end": sum(load.desk.waiting for load in loads),
    }


def _worst(grids: dict[str, GridBook]) -> list[Found]:
    """The grids in which most stages were overdue, among those with enough of them to tell."""
    seen = [(code, one) for code, one in grids.items() if one.stages >= FEWEST]
    ranked = sorted(seen, key=lambda pair: (-pair[1].late / pair[1].stages, -pair[1].late, pair[0]))
    return [
        {
            "grid": code,
            "cases": one.cases,
            "closed": one.closed,
            "stages": one.stages,
            "overdue": one.late,
            "overdue_rate": _share(one.late, one.stages),
            "waited_mean_h": round(one.waited / one.stages / _US_H, 4),
        }
        for code, one in ranked[:WORST]
    ]


def _assumptions(drill: Drill) -> Found:
    """Every figure that the drill rests on, and whether history tells it or it is assumed."""
    habits = drill.setting.habits
    named = [(key, drill.ground.stage(key).name.zh) for key in _in_order(drill)]
    return {
        "handling": [
            {"stage": key, "zh": zh, "mean_min": _minutes(habits.handling[key])}
            | _origin(habits.handling_from.get(key))
            for key, zh in named
        ],
        "tasks": [
            {"kind": str(kind), "zh": TASK_ZH[kind], "mean_min": _minutes(each), "from": _ASSUMED}
            for kind, each in sorted(habits.tasks.items())
        ],
        "exits": [
            {"stage": key, "zh": zh, "weights": dict(habits.weights[key])}
            | _origin(habits.weights_from.get(key))
            for key, zh in named
        ],
        "people": _PEOPLE,
        "exits_assumed": f"假定出口权重：趋近结案 {FORWARD:g}，平级转办 {ASIDE:g}，退后 {BACK:g}",
        "left_out": "未模拟延期、挂账、退回、转派、批示等流程外的人为决定",
    }


_ASSUMED = "假定"
_PEOPLE = (
    "每人按市办公时间工作，全部时间用于本场景，一次办一件，先到先办（督办回复优先）；"
    "一人任多岗的，各岗合并排队"
)


def _minutes(length: Distribution) -> float:
    return round(length.mean / 60, 2)


def _origin(known: Known | None) -> Found:
    return {"from": known.said_zh, "samples": known.samples} if known else {"from": _ASSUMED, "samples": 0}


def summary(result: Found) -> Found:
    """The few figures of a drill that a scenario project keeps on record."""
    cases, stages = result["cases"], result["stages"]
    overdue = sum(one["overdue"] for one in stages)
    return {
        "days": result["scenario"]["days"],
        "seed": result["scenario"]["seed"],
        "stream": result["scenario"]["stream"],
        "cases": cases["opened"],
        "closed": cases["closed"],
        "open_at_end": cases["open_at_end"],
        "on_time_rate": _share(cases["closed_on_time"], cases["closed"]) if cases["closed"] else None,
        "stages_overdue": overdue,
        "busiest_post": result["posts"][0]["zh"] if result["posts"] else "",
        "findings": result["findings"],
    }
