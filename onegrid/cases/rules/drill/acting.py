"""What a made-up official does with a case: an exit, with a form and evidence that this exit accepts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onegrid.cases.rules.drill.choosing import pick
from onegrid.cases.rules.drill.filling import Surroundings, filled
from onegrid.scenarios.rules import (
    Definition,
    EvidenceKind,
    Exit,
    Form,
    Given,
    Need,
    OneOf,
    Stage,
    check_form,
)
from onegrid.scenarios.rules.conditions import is_empty

FIRST_EXIT = 6.0
"""The first exit of a stage is this many times as likely as any other."""
_TRIES = 25
OPINIONS = ("已现场处置完毕，情况属实。", "已按职责办理，请核查。", "现场核实，已处理到位。")
NOTES = ("已联系当事人，约定今日处理。", "已到现场查看，正在组织清理。", "已告知周边住户，持续跟进。")


@dataclass(frozen=True, slots=True)
class Deed:
    """An exit to take. `evidence` are kinds and labels of files to hand in."""

    exit: str
    opinion: str
    form: Mapping[str, object]
    evidence: tuple[tuple[str, str], ...]


def deed(
    definition: Definition,
    stage: Stage,
    open_exits: Sequence[str],
    *,
    known: Mapping[str, object],
    around: Surroundings,
    rng: np.random.Generator,
) -> Deed | None:
    """An exit that can be taken, the first one most often; None where none is found in a few tries.

    `open_exits` are the exits that may be taken now, `known` the answers the case already has."""
    ways = [way for way in stage.exits.values() if way.key in open_exits]
    asked = _asked(definition, stage, known)
    while ways:
        way = pick(ways, [FIRST_EXIT, *(1.0 for _ in ways[1:])], rng)
        for _ in range(_TRIES):
            values = filled(asked, known={**known, "exit": way.key}, around=around, rng=rng)
            if way.new_grid and way.assigns.grid is not None:
                values.setdefault(way.assigns.grid, pick(around.grids, None, rng))
            found = _made(stage, way, values, rng)
            if not _faulty(definition, stage, way, found, known):
                return found
        ways.remove(way)
    return None


def _asked(definition: Definition, stage: Stage, known: Mapping[str, object]) -> Form:
    """The stage's form, and the base facts that may be corrected here and that nobody has given yet."""
    base = (field for field in definition.form.fields if field.key in stage.edits)
    return Form((*(field for field in base if is_empty(known.get(field.key))), *stage.form.fields))


def _made(stage: Stage, way: Exit, values: Mapping[str, object], rng: np.random.Generator) -> Deed:
    opinion = way.opinions[0].zh if way.opinions else pick(OPINIONS, None, rng)
    needs = (*stage.evidence, *way.needs)
    return Deed(way.key, opinion, values, tuple(item for need in needs for item in shown(need)))


def _faulty(definition: Definition, stage: Stage, way: Exit, made: Deed, known: Mapping[str, object]) -> bool:
    given = [Given(EvidenceKind(kind), label, distance_m=0) for kind, label in made.evidence]
    return bool(
        check_form(
            stage, way, values=made.form, evidence=given, opinion=made.opinion, answers=known,
            base=definition.form,
        )
    )  # fmt: skip


def shown(need: Need) -> list[tuple[str, str]]:
    """Kinds and labels of the files that meet a need; an opinion is written, not handed in."""
    one = need.of[0] if isinstance(need, OneOf) else need
    return [] if one.kind is EvidenceKind.OPINION else [(one.kind.value, one.label)] * one.at_least
