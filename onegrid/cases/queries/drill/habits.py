"""How the work is done here: handling times and exits from the record of past cases, else assumed."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from django.db import connection

from onegrid.cases.rules.drill.chance import Distribution, Empirical, Exponential
from onegrid.cases.rules.drill.refusals import BadHabits
from onegrid.cases.rules.drill.setting import Habits, Known, assumed_minutes, assumed_weights
from onegrid.cases.rules.state import TaskKind
from onegrid.kernel.stepping import SteppingCalendar, ticks
from onegrid.scenarios.rules import Definition

ENOUGH: Final = 30  # steps of the past, below which a figure is assumed
TOO_FAST_S: Final = 60  # half of the steps quicker than this: no person worked so, but a simulated day did
_LOOKED_AT: Final = 200_000
_QUANTILES: Final = 101
_TASK_MINUTES: Final = {
    TaskKind.COSIGN: 60.0,
    TaskKind.FOLLOW_UP: 20.0,
    TaskKind.INSTRUCTION: 30.0,
    TaskKind.CARD: 10.0,
}
_RATES_AFTER_S: Final = 86_400.0  # a reporter rates a day later on average, assumed
_GIVEN_ZH: Final = "指定"
_MOST: Final = 1_000_000  # minutes, or a weight

# Work on a step begins when the case is there, signed in, and whoever did it is done with what came before.
_STEPS: Final = """
WITH step AS (
  SELECT t.subject_id, t.seq, t.verb, t.at, coalesce(t.account_id, t.post_id) AS doer, t.body,
         max(t.at) FILTER (WHERE t.verb = 'acknowledge')
           OVER (PARTITION BY t.subject_id ORDER BY t.seq) AS signed
    FROM cases_case c JOIN kernel_trail t ON t.subject_id = c.id
   WHERE c.scenario = %s AND t.verb IN ('acknowledge', 'exit')
), done AS (
  SELECT body::json AS body, at, signed,
         lag(at) OVER (PARTITION BY doer ORDER BY at, subject_id, seq) AS before
    FROM step WHERE verb = 'exit'
)
SELECT body->>'stage', body->>'exit', greatest((body->>'entered_at')::timestamptz, signed, before), at
  FROM done WHERE body->>'lapsed' IS NULL ORDER BY at DESC LIMIT %s
"""


def habits_of(
    definition: Definition, calendar: SteppingCalendar, *, given: Path | Mapping[str, Any] | None = None
) -> Habits:
    """As given, else from history where there are enough past steps, else assumed. Raises BadHabits."""
    return _habits(definition, calendar, assumptions(given, definition) if given is not None else {})


def _habits(definition: Definition, calendar: SteppingCalendar, given: Mapping[str, Any]) -> Habits:
    worked, left = _past(definition.key, calendar)
    handling, handling_from = _handling(definition, worked, given.get("handling", {}))
    weights, weights_from = _weights(definition, left, given.get("exits", {}))
    minutes = {kind: given.get("tasks", {}).get(str(kind), _TASK_MINUTES[kind]) for kind in TaskKind}
    tasks: dict[TaskKind, Distribution] = {kind: Exponential(each * 60) for kind, each in minutes.items()}
    return Habits(handling, tasks, weights, Exponential(_RATES_AFTER_S), handling_from, weights_from)


def _past(
    key: str, calendar: SteppingCalendar
) -> tuple[Mapping[str, list[float]], Mapping[str, Mapping[str, int]]]:
    """Seconds of office time per stage, and how often each exit was taken."""
    worked: defaultdict[str, list[float]] = defaultdict(list)
    left: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [key, _LOOKED_AT])
        for stage, exit_key, begun, ended in cursor.fetchall():
            left[stage][exit_key] += 1
            worked[stage].append(_office(calendar, begun, ended))
    return worked, left


def _office(calendar: SteppingCalendar, begun: datetime, ended: datetime) -> float:
    """Seconds of office time; work outside office hours counts as what it took."""
    inside = calendar.office(ticks(ended)) - calendar.office(ticks(begun))
    whole = ticks(ended) - ticks(begun)
    return max(1.0, (inside or min(whole, 4 * 3600 * 1_000_000)) / 1e6)


def _handling(
    definition: Definition, worked: Mapping[str, list[float]], given: Mapping[str, float]
) -> tuple[dict[str, Distribution], dict[str, Known]]:
    found: dict[str, Distribution] = {}
    known: dict[str, Known] = {}
    for stage in definition.stages.values():
        past = worked.get(stage.key, [])
        if stage.key in given:
            found[stage.key], known[stage.key] = Exponential(given[stage.key] * 60), Known(_GIVEN_ZH)
        elif len(past) >= ENOUGH and np.median(past) < TOO_FAST_S:
            found[stage.key] = Exponential(assumed_minutes(stage.who.role) * 60)
            known[stage.key] = Known(f"假定：历史用时中位数不足 {TOO_FAST_S} 秒，不是人在办理，未采用")
        elif len(past) >= ENOUGH:
            quantiles = np.quantile(past, np.linspace(0, 1, _QUANTILES)).tolist()
            found[stage.key] = Empirical(tuple(quantiles))
            known[stage.key] = Known("历史记录", len(past))
        else:
            found[stage.key] = Exponential(assumed_minutes(stage.who.role) * 60)
    return found, known


def _weights(
    definition: Definition, left: Mapping[str, Mapping[str, int]], given: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, Mapping[str, float]], dict[str, Known]]:
    found: dict[str, Mapping[str, float]] = dict(assumed_weights(definition))
    known: dict[str, Known] = {}
    for key, stage in definition.stages.items():
        past = {way: left.get(key, {}).get(way, 0) for way in stage.exits}
        if key in given:
            found[key] = {way: float(given[key].get(way, 0.0)) for way in stage.exits}
            known[key] = Known(_GIVEN_ZH)
        elif sum(past.values()) >= ENOUGH:
            found[key] = {way: float(count) for way, count in past.items()}
            known[key] = Known("历史记录", sum(past.values()))
    return found, known


def assumptions(given: Path | Mapping[str, Any], definition: Definition) -> Mapping[str, Any]:
    """Minutes of work per stage and task, weights per stage and exit, from a file or at hand.

    Raises BadHabits."""
    data = _read(given) if isinstance(given, Path) else given
    if not isinstance(data, Mapping) or not set(data) <= {"handling", "tasks", "exits"}:
        raise BadHabits(why="只能有 handling、tasks、exits 三项", why_en="they take handling, tasks, exits")
    _check_names(data, definition)
    return data


def _read(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadHabits(
            why=f"文件 {file.name} 无法读取", why_en=f"{file.name} is unreadable ({type(error).__name__})"
        ) from None


def _check_names(data: Mapping[str, Any], definition: Definition) -> None:
    numbers: list[tuple[str, object]] = []
    known = {
        "handling": set(definition.stages),
        "tasks": set(map(str, TaskKind)),
        "exits": set(definition.stages),
    }
    for part, each in data.items():
        if not isinstance(each, dict) or not set(each) <= known[part]:
            strange = sorted(map(str, set(each) - known[part])) if isinstance(each, dict) else [part]
            raise BadHabits(
                why=f"“{part}”中没有“{'、'.join(strange)}”", why_en=f"{part}: unknown {', '.join(strange)}"
            )
        if part != "exits":
            numbers += [(f"{part}.{name}", value) for name, value in each.items()]
            continue
        for stage, weights in each.items():
            exits = set(definition.stages[stage].exits)
            if not isinstance(weights, dict) or not set(weights) <= exits or not sum(_numbers(weights)):
                raise BadHabits(why=f"环节“{stage}”的出口权重不对", why_en=f"wrong weights of stage {stage}")
            numbers += [(f"exits.{stage}.{name}", value + 1e-9) for name, value in weights.items()]
    for name, value in numbers:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MOST:
            raise BadHabits(
                why=f"“{name}”应为大于 0、不超过 {_MOST} 的数",
                why_en=f"{name} must be above 0, up to {_MOST}",
            )


def _numbers(weights: Mapping[str, object]) -> list[float]:
    """The weights, or none where one of them is no number of at least 0."""
    given = list(weights.values())
    fit = [one for one in given if isinstance(one, int | float) and not isinstance(one, bool) and one >= 0]
    return [float(one) for one in fit] if len(fit) == len(given) else []
