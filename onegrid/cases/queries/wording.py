"""The scenario's sentences with the facts of a case put in: messages, opinion templates, titles."""

from collections.abc import Callable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.moves import PHASE_ZH
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import Opinion, Stage, Text
from onegrid.scenarios.rules.conditions import asked, holds, is_empty
from onegrid.scenarios.rules.spoken import NOTHING, spoken
from onegrid.scenarios.rules.walking import every_field
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import ROLES

NO_BODY: Final[Mapping[str, object]] = {}


class _Words(dict[str, str]):
    """Words are looked up only when a sentence asks for them; one that nobody knows stays readable."""

    def __init__(self, find: Callable[[str], str | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: str) -> str:
        found = self._find(key)
        return f"{{{key}}}" if found is None else found


def filled(
    text: Text, case: CaseState, ground: Ground, *, body: Mapping[str, object] = NO_BODY
) -> tuple[str, str]:
    """A sentence of the scenario in both languages; `body` is what the move put on record."""

    def words(lang: str) -> _Words:
        def find(name: str) -> str | None:
            found = _word(name, case, ground, body)
            return None if found is None else str(getattr(found, lang))

        return _Words(find)

    return text.zh.format_map(words("zh")), text.en.format_map(words("en"))


def _word(name: str, case: CaseState, ground: Ground, body: Mapping[str, object]) -> Text | None:
    known = _FACTS.get(name)
    if known is not None:
        return known(case, ground)
    if name in _SAID:
        return _same(body.get(name, ""))
    field = every_field(ground.definition).get(name)
    if field is None:
        return None
    return spoken(field, case.answers.get(name), zone=ground.calendar.zone)


def _same(value: object) -> Text:
    return Text(str(value), str(value))


def _due(case: CaseState, ground: Ground) -> Text:
    due = case.clock.due if case.clock else None
    return _same(f"{due.astimezone(ZoneInfo(ground.calendar.zone)):%Y-%m-%d %H:%M}") if due else NOTHING


def _stage(case: CaseState, ground: Ground) -> Text:
    stage: Stage | None = ground.definition.stages.get(case.stage)
    return stage.name if stage else Text(PHASE_ZH[case.phase], str(case.phase))


def _owner(case: CaseState, ground: Ground) -> Text:
    entry = ground.duties.posts.get(case.owner) if case.owner else None
    role = ROLES.get(entry.role) if entry else None
    return Text(role.zh, role.en) if role else NOTHING


def _unit(case: CaseState, ground: Ground) -> Text:
    """The department that answers for the case, else the unit of its owner."""
    owner: PostId | None = case.owner
    entry = ground.duties.posts.get(owner) if owner else None
    key = case.unit or (entry.unit if entry else "")
    unit = workforce.units_by_key([key]).get(key) if key else None
    return Text(unit.name_zh, unit.name_en or unit.name_zh) if unit else NOTHING


_FACTS: Final[Mapping[str, Callable[[CaseState, Ground], Text]]] = {
    "number": lambda case, _: _same(case.number),
    "title": lambda case, _: _same(case.title),
    "place": lambda case, _: _same(case.place_text or _path(case)),
    "grid": lambda case, _: _same(_path(case)),
    "stage": _stage,
    "due": _due,
    "owner": _owner,
    "unit": _unit,
    "scenario": lambda _, ground: ground.definition.name,
    "count": lambda case, _: _same(case.report_count),
}
_SAID: Final = frozenset({"opinion", "reason", "minutes"})
"""What whoever made the move has written."""


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
