"""Roles: what kind of post this is, and what kind of place such a post is bound to (domain.md 1.1, 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from onegrid.workforce.rules.refusals import TerritoryUnfit, UnknownRole


class Level(StrEnum):
    """The kind of place a role is bound to."""

    GRID_2 = "grid-2"
    GRID_1 = "grid-1"
    TOWN = "town"
    COUNTY = "county"
    DEPARTMENT = "department"


LEVEL_LABELS: Mapping[Level, tuple[str, str]] = {
    Level.GRID_2: ("二级网格", "second-level grid"),
    Level.GRID_1: ("一级网格", "first-level grid"),
    Level.TOWN: ("镇街", "town"),
    Level.COUNTY: ("市", "county"),
    Level.DEPARTMENT: ("部门", "department"),
}

_LENGTHS: Mapping[Level, tuple[int, ...]] = {
    Level.GRID_2: (15, 12),
    Level.GRID_1: (12,),
    Level.TOWN: (9,),
    Level.COUNTY: (6, 9),
    Level.DEPARTMENT: (6, 9, 12),
}


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of post: its stable key, the level it is bound to and its names."""

    key: str
    level: Level
    zh: str
    en: str

    @property
    def of_department(self) -> bool:
        """Such a post is found only together with the key of its unit."""
        return self.level is Level.DEPARTMENT


def _table(*roles: Role) -> Mapping[str, Role]:
    return {role.key: role for role in roles}


ROLES: Mapping[str, Role] = _table(
    Role("grid-worker-2", Level.GRID_2, "二级网格员", "Second-level grid worker"),
    Role("grid-head-2", Level.GRID_2, "二级网格长", "Second-level grid head"),
    Role("exclusive-worker", Level.GRID_2, "专属网格员", "Exclusive-grid worker"),
    Role("grid-worker-1", Level.GRID_1, "一级网格员", "First-level grid worker"),
    Role("grid-head", Level.GRID_1, "一级网格长", "Grid head"),
    Role("chief-head", Level.GRID_1, "第一网格长", "Chief grid head"),
    Role("deputy-chief", Level.GRID_1, "第一副网格长", "Deputy chief grid head"),
    Role("village-centre", Level.GRID_1, "村级服务管理中心", "Village service centre"),
    Role("mediator", Level.GRID_1, "村级人民调解员", "Village mediator"),
    Role("town-desk", Level.TOWN, "镇网格办", "Town grid desk"),
    Role("town-head", Level.TOWN, "镇主要领导", "Town head"),
    Role("town-two-violations", Level.TOWN, "镇两违办", "Town two-violations office"),
    Role("town-enforcement", Level.TOWN, "镇综合执法队", "Town enforcement team"),
    Role("town-safety", Level.TOWN, "镇安办", "Town safety office"),
    Role("town-command", Level.TOWN, "镇指挥所", "Town command post"),
    Role("town-building", Level.TOWN, "镇村建办", "Town building office"),
    Role("town-agriculture", Level.TOWN, "镇农业农村办", "Town agriculture office"),
    Role("town-civil-affairs", Level.TOWN, "镇民政办", "Town civil affairs office"),
    Role("town-rivers", Level.TOWN, "镇河长办", "Town river-chief office"),
    Role("town-market", Level.TOWN, "镇市场监管所", "Town market regulation station"),
    Role("town-police", Level.TOWN, "派出所", "Police station"),
    Role("town-hospital", Level.TOWN, "乡镇卫生院", "Township hospital"),
    Role("town-governance-centre", Level.TOWN, "镇综治中心", "Town governance centre"),
    Role("town-party", Level.TOWN, "镇党建办", "Town Party-building office"),
    Role("grid-office", Level.COUNTY, "市网格办（调度台）", "County grid office (dispatch desk)"),
    Role("two-violations-office", Level.COUNTY, "市两违办", "County two-violations office"),
    Role("safety-office", Level.COUNTY, "市安办", "County safety office"),
    Role("business-office", Level.COUNTY, "市招商办（营商办）", "County business-environment office"),
    Role("epidemic-command", Level.COUNTY, "市防控指挥部", "County epidemic command"),
    Role("flood-office", Level.COUNTY, "市防汛办", "County flood and typhoon office"),
    Role("governance-centre", Level.COUNTY, "市综治中心", "County governance centre"),
    Role("county-leader", Level.COUNTY, "市分管领导", "County leader in charge"),
    Role("inspector", Level.COUNTY, "核查员", "Inspector"),
    Role("department-handler", Level.DEPARTMENT, "部门承办人", "Department handler"),
    Role("department-deputy", Level.DEPARTMENT, "部门分管领导", "Department deputy"),
    Role("department-head", Level.DEPARTMENT, "部门主要领导", "Department head"),
)

_SAID_BY_UNIT = {Level.DEPARTMENT: ("部门",), Level.TOWN: ("镇",), Level.GRID_1: ("村级",)}
"""What the name of a role begins with and its unit's name says already."""


def post_title(role_key: str, *, unit_key: str, unit_zh: str, unit_en: str) -> tuple[str, str]:
    """How a post is called, in Chinese and English: its unit and its role, nothing said twice.

    自然资源局承办人, 水头镇网格办; an office that is its own unit is called by its role: 市两违办."""
    known = role(role_key)
    if known.key == unit_key:
        return known.zh, known.en
    short = known.zh
    for said in _SAID_BY_UNIT.get(known.level, ()):
        short = short.removeprefix(said)
    return unit_zh + short, f"{known.en}, {unit_en}"


LOCALITY_ROLE = "town-desk"
"""The post that stands for 'the locality' when a matter has no flow of its own yet (domain.md 1.3)."""

OWNER_ROLE = "department-handler"
"""The post that stands for a department there."""


def role(key: str) -> Role:
    """The role of that key. Raises UnknownRole."""
    try:
        return ROLES[key]
    except KeyError:
        raise UnknownRole(role=key) from None


def role_label(key: str) -> str:
    """The Chinese name of a role, or the key itself where the role is unknown."""
    known = ROLES.get(key)
    return known.zh if known else key


def bound_territory(role_key: str, code: str) -> str:
    """The code prefix that a post of this role answers for when it is bound to `code`.

    `code` is a division code (6, 9, 12 digits) or a grid code (15). A first-level grid `…000` is its
    whole village, so its post answers for the 12-digit prefix. Raises UnknownRole, or TerritoryUnfit
    where the role is not bound to such a place."""
    known = role(role_key)
    prefix = code[:12] if len(code) == 15 and code.endswith("000") else code
    if not (prefix.isascii() and prefix.isdigit()) or len(prefix) not in _LENGTHS[known.level]:
        zh, en = LEVEL_LABELS[known.level]
        raise TerritoryUnfit(role=known.zh, role_en=known.en, code=code, level=zh, level_en=en)
    return prefix
