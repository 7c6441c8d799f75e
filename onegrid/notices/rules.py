"""Rules of notices: what may be told to whom, in which words, and when it may disturb."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from onegrid.kernel.ids import AccountId, PostId
from onegrid.kernel.refusals import Refusal

Lang = Literal["zh", "en"]
Value = str | int | float | datetime | date | Mapping[str, str] | None  # a mapping: one text per language
NOTHING: Final = "—"
_SLOT: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")


class UnknownTemplate(Refusal):
    code = "notices.unknown-template"
    zh = "没有名为“{template}”的通知模板。"
    en = "There is no notice template {template}."


class MissingParameters(Refusal):
    code = "notices.missing-parameters"
    zh = "通知模板“{template}”缺少：{missing}。"
    en = "The notice template {template} lacks: {missing}."


class BadTemplate(Refusal):
    code = "notices.bad-template"
    zh = "通知模板“{template}”有误：{reason}。"
    en = "The notice template {template} is not valid: {reason}."


class Channel(StrEnum):
    """The ways a notice reaches somebody."""

    IN_APP = "in-app"  # 站内信


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to tell one recipient: a post (whoever holds it), an account, or a reporter.

    `key` makes it idempotent: told again under the same key, it is not told twice. An `urgent`
    one disturbs at any hour, and so does one that would wait past the moment it is `needed_by`.
    `to_reporter` is a report id or a protected phone hash."""

    key: str
    template: str
    params: Mapping[str, Value]
    to_post: PostId | None = None
    to_account: AccountId | None = None
    to_reporter: str | None = None
    subject_id: UUID | None = None
    urgent: bool = False
    needed_by: datetime | None = None

    def __post_init__(self) -> None:
        if sum(to is not None for to in (self.to_post, self.to_account, self.to_reporter)) != 1:
            raise ValueError(f"telling {self.key!r} needs exactly one recipient")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages, with `{name}` or `{name:time}` where parameters go."""

    zh: str
    en: str

    @property
    def slots(self) -> frozenset[str]:
        """The parameters it needs."""
        return frozenset(name for name, _ in _SLOT.findall(self.zh))


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of notice."""

    key: str
    title: Words
    body: Words

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters a telling must bring."""
        return self.title.slots | self.body.slots


def read_template(key: str, document: Mapping[str, Mapping[str, str]]) -> Template:
    """A template from its data; both languages must be there and use the same parameters."""
    try:
        template = Template(key, Words(**document["title"]), Words(**document["body"]))
    except (KeyError, TypeError) as error:
        raise BadTemplate(template=key, reason=str(error)) from error
    for words in (template.title, template.body):
        if sorted(_SLOT.findall(words.zh)) != sorted(_SLOT.findall(words.en)):
            raise BadTemplate(template=key, reason=f"{words.zh} / {words.en}")
    return template


def checked(telling: Telling, templates: Mapping[str, Template]) -> Telling:
    """The telling itself, or `UnknownTemplate`, `MissingParameters` naming what lacks."""
    template = templates.get(telling.template)
    if template is None:
        raise UnknownTemplate(template=telling.template)
    missing = template.parameters - telling.params.keys()
    if missing:
        raise MissingParameters(template=telling.template, missing="、".join(sorted(missing)))
    return telling


def appears(telling: Telling, *, at: datetime, morning: datetime) -> datetime:
    """When it shows: `at`, or in the `morning` after quiet hours when it can wait that long."""
    waits = not telling.urgent and (telling.needed_by is None or telling.needed_by > morning)
    return morning if waits else at


def render(words: Words, params: Mapping[str, Value], *, lang: Lang, zone: ZoneInfo) -> str:
    """The sentence with its parameters; times as local date and hour; an absent value as a dash;
    a parameter that brings both languages in the one wanted, or else in Chinese."""

    def fill(slot: re.Match[str]) -> str:
        value = params.get(slot[1])
        if isinstance(value, Mapping):
            value = value.get(lang) or value.get("zh")
        if value is None or value == "":
            return NOTHING
        return local_time(value, lang=lang, zone=zone) if slot[2] == "time" else str(value)

    return tidy(_SLOT.sub(fill, words.en if lang == "en" else words.zh))


_TIDY: Final = (
    (re.compile(r"[ \t\u3000]{2,}"), " "),  # runs of spaces
    (re.compile(r"[ \t\u3000]+(?=[，。；：、！？）」”])"), ""),  # a space before a Chinese mark
    (re.compile(r"(?<=[，。；：、！？（「“])[ \t\u3000]+"), ""),  # … or after one
    (re.compile(r"(?<=[。！？；])[。；，、：]+"), ""),  # a mark after the end of a sentence
    (re.compile(r"[，、：；]+(?=[。；！？])"), ""),  # a mark right before it
    (re.compile(r"(?<=[.!?])(?<!\.\.)\.(?=\s|$)"), ""),  # two full stops; three are an ellipsis
    (re.compile(r"\s+(?=[,.;:!?](?:\s|$))"), ""),
    (re.compile(r"[\s，、：；,:;]+$"), ""),  # nothing follows
)


def tidy(sentence: str) -> str:
    """The sentence without doubled marks and stray spaces, where what was filled in ended like a sentence
    or was empty."""
    for pattern, instead in _TIDY:
        sentence = pattern.sub(instead, sentence)
    return sentence.strip()


def local_time(value: Value, *, lang: Lang, zone: ZoneInfo) -> str:
    """A moment as people of the city read it: 11月24日 09:30, or 24 Nov 09:30."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    local = moment.astimezone(zone)
    return f"{local:%-d %b %H:%M}" if lang == "en" else f"{local.month}月{local.day}日 {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of the night in which only urgent notices disturb; equal ends mean none."""

    start: time
    end: time

    @classmethod
    def parse(cls, start: str, end: str) -> "QuietHours":
        """From "22:00" and "07:00"."""
        return cls(time.fromisoformat(start), time.fromisoformat(end))

    def over(self, at: datetime, *, zone: ZoneInfo) -> datetime:
        """The first moment from `at` on that is not quiet: by day `at` itself, at night the morning."""
        local = at.astimezone(zone)
        if not self._holds(local.time()):
            return at
        next_day = timedelta(days=1 if local.time() >= self.end else 0)
        return datetime.combine(local.date() + next_day, self.end, zone).astimezone(UTC)

    def _holds(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end
