"""Divisions by edition: what a new list of counties, towns and villages changes against the one before.

The statistics bureau publishes the list anew each year. A code that is gone stays known for ever, with the
edition that named it last; a village that turned into a community (村改居) appears under a new code, and the
old code is its predecessor."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from onegrid.kernel.ids import DivisionCode
from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import DivisionLevel, checked_division_code, parent_division

KINDS: Mapping[str, str] = {
    "county": "县（市、区）",
    "street": "街道",
    "town": "镇",
    "township": "乡",
    "unit": "开发区等类似镇街单位",
    "village": "村",
    "community": "社区",
    "park": "园区",
    "market": "市场",
    "quasi": "类似村级单位",
}
ENDINGS = (
    ("社区居民委员会", "社区"), ("社区居委会", "社区"), ("居民委员会", "社区"), ("居委会", "社区"),
    ("村民委员会", "村"), ("村委会", "村"),
)  # fmt: skip


class UnknownKind(Refusal):
    code = "territory.unknown-division-kind"
    zh = "区划 {division} 的类别“{kind}”无法识别，应为 {known} 之一。"
    en = "Division {division} has the unknown kind '{kind}'; known are {known}."


class DuplicateDivision(Refusal):
    code = "territory.duplicate-division"
    zh = "区划代码 {division} 在同一份名单中出现了两次。"
    en = "The division code {division} occurs twice in one list."


class ParentMissing(Refusal):
    code = "territory.division-parent-missing"
    zh = "区划 {division}（{name}）的上级 {parent} 不在名单中。请先补上级区划。"
    en = "Division {division} ({name}) hangs under {parent}, which the list lacks."


class OldEdition(Refusal):
    status = 409
    code = "territory.old-edition"
    zh = "区划名单 {edition} 年版不晚于已有的 {latest} 年版，不能倒着更新。"
    en = "Edition {edition} is not later than edition {latest}, which is already here."


@dataclass(frozen=True, slots=True)
class NewDivision:
    """One row of a list. `lies_in`: for a pseudo-village (park, market) the village it counts with."""

    code: str
    name: str
    kind: str
    predecessors: tuple[str, ...] = ()
    lies_in: str = ""


@dataclass(frozen=True, slots=True)
class DivisionInfo:
    """A division as users see it, under the name of the last edition that lists it."""

    code: DivisionCode
    name: str
    kind: str
    path_zh: str
    predecessors: tuple[DivisionCode, ...]
    lies_in: str
    first_edition: int
    last_edition: int
    live: bool

    @property
    def level(self) -> DivisionLevel:
        return DivisionLevel(len(self.code))


@dataclass(frozen=True, slots=True)
class Renamed:
    """The same code under another name."""

    code: DivisionCode
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a new edition changes. `successors` of a code that is gone are found in `new[].predecessors`."""

    gone: tuple[DivisionCode, ...]
    new: tuple[NewDivision, ...]
    renamed: tuple[Renamed, ...]


def short_name(name: str) -> str:
    """What people call it: 镇山村委会 is 镇山村, 溪美社区居委会 is 溪美社区."""
    for ending, short in ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending) + short
    return name


def is_own(code: str) -> bool:
    """True for a pseudo-village: a park or market that the county numbered itself."""
    return len(code) == DivisionLevel.VILLAGE and code[9] == "5"


def stem(name: str) -> str:
    """The place without its kind: 福溪村委会 and 福溪社区居委会 are both 福溪."""
    return short_name(name).removesuffix("社区").removesuffix("村")


def check_divisions(rows: Sequence[NewDivision], *, known: Collection[str] = ()) -> None:
    """Refuse a list with a bad code, an unknown kind, a code twice or a division without its parent.

    `known` are live divisions that rows may hang under, besides each other."""
    codes = Counter(checked_division_code(row.code) for row in rows)
    for row in rows:
        if codes[DivisionCode(row.code)] > 1:
            raise DuplicateDivision(division=row.code)
        if row.kind not in KINDS:
            raise UnknownKind(division=row.code, kind=row.kind, known="、".join(KINDS))
        parent = parent_division(row.code)
        if parent and parent not in codes and parent not in known:
            raise ParentMissing(division=row.code, name=row.name, parent=parent)


def change_set(before: Mapping[DivisionCode, str], after: Sequence[NewDivision]) -> ChangeSet:
    """What changes from the names in force to the new list, within the counties that the list covers.

    Pseudo-villages (5xx) are the county's own: no published list has them, and none makes them go.
    A new village without stated predecessors takes over from a code that is gone in the same town and has
    the same name but for its kind."""
    counties = {row.code[: DivisionLevel.COUNTY] for row in after}
    listed = {row.code for row in after}
    gone = [code for code in before if code[:6] in counties and code not in listed and not is_own(code)]
    villages_gone = (code for code in gone if len(code) == DivisionLevel.VILLAGE)
    forerunners = {(code[:9], stem(before[code])): code for code in villages_gone}
    new = [row for row in after if row.code not in before]
    return ChangeSet(
        gone=tuple(sorted(gone)),
        new=tuple(_with_predecessors(row, forerunners) for row in new),
        renamed=tuple(
            Renamed(DivisionCode(row.code), before[DivisionCode(row.code)], row.name)
            for row in after
            if row.code in before and before[DivisionCode(row.code)] != row.name
        ),
    )


def _with_predecessors(row: NewDivision, forerunners: Mapping[tuple[str, str], DivisionCode]) -> NewDivision:
    found = forerunners.get((row.code[:9], stem(row.name)))
    if row.predecessors or found is None or len(row.code) != DivisionLevel.VILLAGE:
        return row
    return replace(row, predecessors=(found,))
