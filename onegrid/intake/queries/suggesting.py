"""What a report would be taken for, asked before it is sent and shown beside it on the desk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from onegrid.intake.queries.classing import Asked, told
from onegrid.intake.rules.learned.model import Guess
from onegrid.intake.rules.learned.samples import Target
from onegrid.intake.rules.reports import ReportIn
from onegrid.intake.rules.suggestions import Suggestion
from onegrid.intake.rules.threats import threats_in
from onegrid.kernel.coordinates import to_wgs84
from onegrid.kernel.ids import ClassCode
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce


@dataclass(frozen=True, slots=True)
class Likely:
    """One likely class, unit or urgency. `probability` 1: told by the sender or by the words, not learned.

    `scenario`: key of the live scenario that would take a class in that town, "" for none and for others."""

    key: str
    name_zh: str
    name_en: str
    probability: float
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """The likely values of each target, the likeliest first. `model`: its version, "" if it was not asked."""

    model: str
    classes: tuple[Likely, ...]
    units: tuple[Likely, ...]
    urgencies: tuple[Likely, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a report would be taken for. `class_code`: filed as that at once; None: a person would choose.

    `threats`: dangers to life in its words, by rule."""

    class_code: ClassCode | None
    threats: tuple[str, ...]
    proposal: Suggested


URGENCY_NAMES: Final = {"high": "紧急", "medium": "一般", "low": "较缓"}


def preview(report: ReportIn, *, now: datetime) -> Preview:
    """What this report would be taken for if it were sent now; nothing is kept."""
    lng, lat = report.lng, report.lat
    if lng is not None and lat is not None and report.system is not None:
        lng, lat = (float(each) for each in to_wgs84(lng, lat, report.system))
    grid = report.grid_code or _grid_at(lng, lat)
    (found,) = told([Asked(report, grid, lng, lat, now)])
    code = found.classed.code
    said = found.suggestion or _by_rule(code)
    (proposal,) = suggested([said], towns=[grid[:9]], now=now)
    return Preview(code, tuple(sorted(threats_in(report.text))), proposal)


def _grid_at(lng: float | None, lat: float | None) -> str:
    if lng is None or lat is None:
        return ""
    return str(territory.locator().locate_codes(np.array([lng]), np.array([lat]))[0])


def _by_rule(code: ClassCode | None) -> Suggestion:
    """What the dictionary says of a class that the sender or the words named."""
    return Suggestion("", {Target.CLASS: (Guess(code, 1.0),)} if code is not None else {})


def suggested(said: Sequence[Suggestion], *, towns: Sequence[str], now: datetime) -> list[Suggested]:
    """Suggestions with the names of what they speak of, and the scenario of each class in its town.

    Where the model learned no unit or urgency, those of the likely classes stand in."""
    tree, live = scenarios.classes(), scenarios.live(now)
    guesses = [_completed(each, tree) for each in said]
    keys = {guess.label for each in guesses for guess in each[Target.UNIT]}
    units = workforce.units_by_key(sorted(keys)) if keys else {}
    made = []
    for each, best, town in zip(said, guesses, towns, strict=True):
        classes = []
        for guess in best[Target.CLASS]:
            name, version = tree.get(guess.label).name, live.for_class(guess.label, town)
            key = version.key if version is not None else ""
            classes.append(Likely(guess.label, name.zh, name.en, guess.probability, key))
        told_units = tuple(
            Likely(guess.label, units[guess.label].name_zh, units[guess.label].name_en, guess.probability)
            for guess in best[Target.UNIT]
            if guess.label in units
        )
        urgencies = tuple(
            Likely(guess.label, URGENCY_NAMES[guess.label], guess.label, guess.probability)
            for guess in best[Target.URGENCY]
            if guess.label in URGENCY_NAMES
        )
        made.append(Suggested(each.model, tuple(classes), told_units, urgencies))
    return made


def _completed(said: Suggestion, tree: ClassTree) -> dict[Target, tuple[Guess, ...]]:
    classes = tuple(guess for guess in said.best.get(Target.CLASS, ()) if guess.label in tree)
    units: dict[str, float] = defaultdict(float)
    urgencies: dict[str, float] = defaultdict(float)
    for guess in classes:
        listed = tree.get(guess.label)
        units[listed.unit or ""] += guess.probability
        urgencies[listed.urgency or ""] += guess.probability
    return {
        Target.CLASS: classes,
        Target.UNIT: said.best.get(Target.UNIT) or _ranked(units),
        Target.URGENCY: said.best.get(Target.URGENCY) or _ranked(urgencies),
    }


def _ranked(chances: Mapping[str, float]) -> tuple[Guess, ...]:
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Guess(str(key), float(chance)) for key, chance in ranked if key)
