"""Everything that a scenario file may name in this city, for an editor's lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from onegrid.accounts.rules import Actor
from onegrid.scenarios.queries.live import classes
from onegrid.scenarios.rules import vocabulary as words
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import ROLES, UnitKind

TOWN = 9
Key = TypeVar("Key", bound=str)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the file with its label; `kind` sorts roles by level and sources by channel."""

    key: str
    zh: str
    en: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Lists by what they are used for."""

    roles: list[Word]
    relatives: list[Word]
    units: list[Word]
    classes: list[Word]
    sources: list[Word]
    areas: list[Word]
    ends: list[Word]
    fields: list[Word]
    evidence: list[Word]
    clocks: list[Word]
    placeholders: list[Word]
    towns: list[Word]


def vocabulary(actor: Actor) -> Vocabulary:
    """The lists as the city is now."""
    actor.require("scenario.read")
    return Vocabulary(
        roles=[Word(one.key, one.zh, one.en, str(one.level)) for one in ROLES.values()],
        relatives=_words(words.RELATIVES),
        units=[*_words(words.UNITS), *_units(actor)],
        classes=[Word(one.code, one.name.zh, one.name.en, str(one.kind or "")) for one in classes()],
        sources=[Word(str(one), zh, en, one.channel) for one, (zh, en) in words.SOURCES.items()],
        areas=_words(words.AREAS),
        ends=_words(words.ENDS),
        fields=_words(words.FIELDS),
        evidence=_words(words.EVIDENCE),
        clocks=_words(words.CLOCKS),
        placeholders=_words(words.PLACEHOLDERS),
        towns=[Word(one.code, one.name, one.name) for one in territory.divisions() if len(one.code) == TOWN],
    )


def _words(labels: Mapping[Key, words.Label]) -> list[Word]:
    return [Word(str(key), zh, en) for key, (zh, en) in labels.items()]


def _units(actor: Actor) -> Iterable[Word]:
    """Offices and departments: the units that a definition may name."""
    kinds = (UnitKind.COUNTY, UnitKind.DEPARTMENT)
    cursor, more = "", True
    while more:
        page = workforce.units(actor, kinds=kinds, cursor=cursor, limit=500)
        yield from (Word(one.key, one.name_zh, one.name_en, str(one.kind)) for one in page.items)
        cursor, more = page.next_cursor, bool(page.next_cursor)
