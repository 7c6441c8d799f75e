"""The scenario's sentences with the facts of a case put in: messages, opinion templates, titles."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.state import PHASE_ZH, CaseState
from onegrid.scenarios.rules import Opinion, Text
from onegrid.scenarios.rules.conditions import asked, holds, is_empty
from onegrid.scenarios.rules.spoken import NOTHING, spoken
from onegrid.scenarios.rules.walking import every_field
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import ROLES

NO_BODY: Final[Mapping[str, object]] = {}
_ROLES: Final = {key: Text(role.zh, role.en) for key, role in ROLES.items()}
_ZONE: Final = ZoneInfo(settings.CITY_TIME_ZONE)


class _Words(dict[str, str]):
    """The usual words at once; the rest only when a sentence asks. One that nobody knows stays readable."""

    case: CaseState
    ground: Ground
    en = False

    def __missing__(self, key: str) -> str:
        found = _rare(key, self.case, self.ground)
        if found is None:
            return f"{{{key}}}"
        return found.en if self.en else found.zh


def filled(
    text: Text, case: CaseState, ground: Ground, *, body: Mapping[str, object] = NO_BODY
) -> tuple[str, str]:
    """A sentence of the scenario in both languages; `body` is what the move put on record."""

    stage, owner = _stage(case, ground), _owner(case, ground)
    words = _Words(
        number=case.number,
        title=case.title,
        place=case.place_text or _path(case),
        due=_moment(case.clock.due if case.clock else None),
        stage=stage.zh,
        owner=owner.zh,
        opinion=str(body.get("opinion", "")),
        reason=str(body.get("reason", "")),
        minutes=str(body.get("minutes", "")),
    )
    words.case, words.ground = case, ground
    zh = text.zh.format_map(words)
    words["stage"], words["owner"], words.en = stage.en, owner.en, True
    return zh, text.en.format_map(words)


def _rare(name: str, case: CaseState, ground: Ground) -> Text | None:
    known = _RARE.get(name)
    if known is not None:
        return known(case, ground)
    field = every_field(ground.definition).get(name)
    return None if field is None else spoken(field, case.answers.get(name), zone=settings.CITY_TIME_ZONE)


def _moment(due: datetime | None) -> str:
    return f"{due.astimezone(_ZONE):%Y-%m-%d %H:%M}" if due else NOTHING.zh


def _stage(case: CaseState, ground: Ground) -> Text:
    stage = ground.definition.stages.get(case.stage)
    return stage.name if stage else Text(PHASE_ZH[case.phase], str(case.phase))


def _owner(case: CaseState, ground: Ground) -> Text:
    entry = ground.duties.posts.get(case.owner) if case.owner else None
    return _ROLES.get(entry.role, NOTHING) if entry else NOTHING


def _unit(case: CaseState, ground: Ground) -> Text:
    """The department that answers for the case, else the unit of its owner."""
    entry = ground.duties.posts.get(case.owner) if case.owner else None
    key = case.unit or (entry.unit if entry else "")
    unit = workforce.units_by_key([key]).get(key) if key else None
    return Text(unit.name_zh, unit.name_en or unit.name_zh) if unit else NOTHING


def _same(value: object) -> Text:
    return Text(str(value), str(value))


_RARE: Final[Mapping[str, Callable[[CaseState, Ground], Text]]] = {
    "grid": lambda case, _: _same(_path(case)),
    "unit": _unit,
    "scenario": lambda _, ground: ground.definition.name,
    "count": lambda case, _: _same(case.report_count),
}


def _path(case: CaseState) -> str:
    return territory.paths([case.grid_code]).get(case.grid_code, case.grid_code)


def offered_opinions(
    opinions: tuple[Opinion, ...], case: CaseState, ground: Ground, *, exit_key: str
) -> list[str]:
    """The templates for a written opinion, in Chinese, filled in; those that answers still to come may rule
    out are among them."""
    facts = case.facts(exit_key)
    return [
        filled(one, case, ground)[0]
        for one in opinions
        if holds(one.when, facts) or any(is_empty(facts.get(test.field)) for test in asked(one.when))
    ]
