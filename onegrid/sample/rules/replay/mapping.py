"""The city's words in ours: TYPE to class and department, source to channel, closing remark to exit."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from onegrid.intake.rules.reports import Channel, ReportIn
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.ids import ClassCode
from onegrid.sample.rules.replay.rows import Row
from onegrid.scenarios.rules import Source

ROOT: Final = ClassCode("B")  # all classes of the replayed city lie below it
NO_REMARK: Final = "（原始数据没有办结说明）"

_CHANNELS: Final[Mapping[str, tuple[Channel, Source]]] = {
    "Constituent Call": (Channel.DEPARTMENT, Source.HOTLINE),
    "Self Service": (Channel.PUBLIC, Source.PUBLIC),
    "Citizens Connect App": (Channel.PUBLIC, Source.PUBLIC),
    "Twitter": (Channel.PUBLIC, Source.PUBLIC),
    "City Worker App": (Channel.WORKER, Source.PATROL),
    "Employee Generated": (Channel.WORKER, Source.PATROL),
    "Maximo Integration": (Channel.DEVICE, Source.DEVICE),  # the city's asset management system
}
_EXITS: Final = (
    ("duplicate", re.compile(r"duplicate of", re.IGNORECASE)),
    ("invalid", re.compile(r"case invalid", re.IGNORECASE)),
    ("no-violation", re.compile(r"(?:NOVIO|NOBASE)\b")),
    ("referred", re.compile(r"(?:ROA\b|case referred)", re.IGNORECASE)),
    ("noted", re.compile(r"case noted", re.IGNORECASE)),
)
_STAMP: Final = re.compile(r"case closed\.?\s*(?:closed date\s*:\s*[-\d: .]+)?", re.IGNORECASE)


class Subject(NamedTuple):
    """What decides the mapping of a row."""

    kind: str
    reason: str
    department: str


class MinorClass(NamedTuple):
    """A TYPE as minor class; `unit` is the key of the department that answers for it."""

    code: ClassCode
    name: str
    unit: str


class MajorClass(NamedTuple):
    """A REASON as major class."""

    code: ClassCode
    name: str
    minors: tuple[MinorClass, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one file's words map. `units`: department as written -> unit key; `minors`: TYPE -> its class."""

    units: Mapping[str, str]
    majors: tuple[MajorClass, ...]
    minors: Mapping[str, MinorClass]


def mapped(subjects: Mapping[Subject, int]) -> Mapped:
    """Classes and units of a file, from how often each TYPE came under which REASON and department.

    A TYPE belongs to the REASON and to the department it came under most often (of equally frequent ones the
    first by name): nothing but the TYPE decides. Codes follow the order of names, so that one file always
    gives the same codes."""
    units = _unit_keys({subject.department for subject in subjects})
    reasons, departments = _favourites(subjects)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for kind, reason in reasons.items():
        kinds[reason].append(kind)
    majors = []
    for i, reason in enumerate(sorted(kinds), 1):
        code = f"{ROOT}{i:02}"
        minors = (
            MinorClass(ClassCode(f"{code}-{j:02}"), kind, units[departments[kind]])
            for j, kind in enumerate(sorted(kinds[reason]), 1)
        )
        majors.append(MajorClass(ClassCode(code), reason, tuple(minors)))
    return Mapped(units, tuple(majors), {minor.name: minor for major in majors for minor in major.minors})


def _favourites(subjects: Mapping[Subject, int]) -> tuple[dict[str, str], dict[str, str]]:
    """Of each TYPE the most frequent REASON and the most frequent department."""
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    departments: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for subject, count in subjects.items():
        reasons[subject.kind][subject.reason] += count
        departments[subject.kind][subject.department] += count
    return (
        {kind: _most_frequent(found) for kind, found in reasons.items()},
        {kind: _most_frequent(found) for kind, found in departments.items()},
    )


def _most_frequent(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name))


def _unit_keys(departments: Iterable[str]) -> dict[str, str]:
    """A key of small letters, digits and hyphens per department; a number tells equal ones apart."""
    keys: dict[str, str] = {}
    for name in sorted(departments):
        slug = "-".join(re.findall(r"[a-z0-9]+", name.casefold())) or "unit"
        slug = slug if slug[0].isalpha() else f"unit-{slug}"
        taken = sum(key == slug or key.startswith(f"{slug}--") for key in keys.values())
        keys[name] = f"{slug}--{taken + 1}" if taken else slug
    return keys


def exit_of(closure: str) -> str:
    """By which exit of the handling stage a case was closed, told from the city's closing remark."""
    remark = _STAMP.sub("", closure, count=1).strip()
    return next((key for key, pattern in _EXITS if pattern.match(remark)), "done")


def report_of(row: Row, classes: Mapped) -> ReportIn:
    """The row as the report that came in: nothing in it that was only known later."""
    channel, source = _CHANNELS.get(row.source, (Channel.DEPARTMENT, Source.DEPARTMENT))
    return ReportIn(
        channel=channel,
        source=source,
        external_id=row.key,
        class_code=classes.minors[row.kind].code,
        title=row.title or row.kind,
        description=row.kind,
        lng=row.lng,
        lat=row.lat,
        system=CoordinateSystem.WGS84 if row.lng is not None else None,
        place_text=row.place_text,
        reported_at=row.opened_at,
        promised_due=row.due_at,
    )
