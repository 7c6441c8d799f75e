"""What the made-up officials of a drill answer and hand in: kept for cases in which the same is asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zlib import crc32

import numpy as np

from onegrid.cases.rules.drill.acting import Deed, deed, shown
from onegrid.cases.rules.drill.filling import Surroundings, filled
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Definition, EvidenceKind, Form, Given, Need, Stage
from onegrid.scenarios.rules.conditions import asked
from onegrid.scenarios.rules.walking import conditions

VARIANTS = 3  # different answers to one form, where the answers decide anything
_MOST = 20_000  # deeds kept


class Impossible(Refusal):
    """No answers were found with which this exit could be taken."""

    code = "cases.drill-exit-impossible"
    zh = "环节“{stage}”的出口“{exit}”在此情况下无法填报，演练改走其他出口。"
    en = "No answers were found for the exit '{exit}' of stage '{stage}' here; the drill takes another one."


class Deeds:
    """Answers and papers per stage, exit and variant. `grids`: those that may be chosen."""

    def __init__(
        self,
        definition: Definition,
        *,
        grids: Sequence[str],
        units: tuple[str, ...],
        seed: int,
    ) -> None:
        self._definition, self._grids, self._units, self._seed = definition, _by_town(grids), units, seed
        self._asked = sorted({one.field for _, rule, _, _ in conditions(definition) for one in asked(rule)})
        self._kept: dict[tuple[object, ...], Deed | None] = {}
        names = deciding(definition)
        self._variants = {stage.key: _variants(stage, names) for stage in definition.stages.values()}

    def variants(self, stage: str, exit_key: str) -> int:
        """In how many ways this exit's form is answered."""
        return self._variants[stage].get(exit_key, 1)

    def dated(self, made: Deed, exit_key: str) -> bool:
        """Whether the answers name a due time, so that they suit no other case."""
        ways = [way for stage in self._definition.stages.values() for way in stage.exits.values()]
        return any(way.key == exit_key and way.assigns.due in made.form for way in ways if way.assigns.due)

    def of(self, case: CaseState, stage: Stage, exit_key: str, variant: int, now: datetime) -> Deed:
        """Answers and papers with which the exit can be taken now. Raises Impossible."""
        facts = case.facts(exit_key)
        place = case.grid_code[:9] if stage.exits[exit_key].assigns.grid else ""
        asked_now = repr([facts.get(name) for name in self._asked])
        due = now if stage.exits[exit_key].assigns.due else None
        key = (stage.key, exit_key, variant, place, due, tuple(case.answers), asked_now)
        if key not in self._kept:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = deed(
                self._definition, stage, [exit_key], known=facts, around=self._around(case, now),
                rng=self._rng(stage.key, exit_key, variant),
            )  # fmt: skip
        found = self._kept[key]
        if found is None:
            raise Impossible(stage=stage.name.zh, exit=stage.exits[exit_key].label.zh)
        return found

    def report(
        self, form: Form, needs: Sequence[Need], case: CaseState, *, nth: int, now: datetime
    ) -> tuple[dict[str, object], tuple[tuple[str, str], ...]]:
        """Answers and papers of a task beside the flow."""
        rng = self._rng("task", case.stage, nth % VARIANTS)
        values = filled(form, known=case.facts(), around=self._around(case, now), rng=rng)
        return values, tuple(item for need in needs for item in shown(need))

    def _around(self, case: CaseState, now: datetime) -> Surroundings:
        grids = self._grids.get(case.grid_code[:9]) or (str(case.grid_code),)
        return Surroundings((0.0, 0.0), grids, self._units, now)

    def _rng(self, *what: object) -> np.random.Generator:
        return np.random.default_rng([self._seed, crc32(repr(what).encode())])


def given(evidence: Sequence[tuple[str, str]]) -> tuple[Given, ...]:
    """The papers as the rules count them, all made on the spot."""
    return tuple(Given(EvidenceKind(kind), label, distance_m=0.0) for kind, label in evidence)


def deciding(definition: Definition) -> set[str]:
    """The answers that decide anything later: a limit, or whether an exit is open."""
    rules = (rule for path, rule, _, _ in conditions(definition) if "when" in path)
    return {one.field for rule in rules for one in asked(rule)}


def _variants(stage: Stage, names: set[str]) -> dict[str, int]:
    """An exit has several variants where an answer given with it decides something or changes the case."""
    fields = {*stage.form.keys(), *stage.edits} & names
    return {way.key: VARIANTS if fields or way.assigns.fields() else 1 for way in stage.exits.values()}


def _by_town(grids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The grids of each town, by its nine digits."""
    found: dict[str, list[str]] = {}
    for grid in grids:
        found.setdefault(grid[:9], []).append(grid)
    return {town: tuple(each) for town, each in found.items()}
