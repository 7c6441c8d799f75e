"""The cast: those people of the city who can sign in, named after solar terms so that nobody is meant."""

from dataclasses import dataclass

PASSWORD = "Nanan-Grid-26"  # noqa: S105 - printed by the demo, for sample data only


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the cast: the post of `role` at `place` is theirs."""

    username: str
    name: str
    role: str
    place: str
    """home-grid, home (first-level grid), home-town, away (another town's first-level grid), or county."""
    unit: str = ""
    """The department, for department posts."""


CAST: tuple[Member, ...] = (
    Member("lin", "林小满", "grid-worker-2", "home-grid"),
    Member("wang", "王谷雨", "grid-head", "home"),
    Member("chief", "黄立春", "chief-head", "home"),
    Member("deputy", "李惊蛰", "deputy-chief", "home"),
    Member("centre", "孙芒种", "village-centre", "home"),
    Member("town", "郑小雪", "town-desk", "home-town"),
    Member("chen", "陈立秋", "grid-head", "away"),
    Member("zhao", "赵白露", "department-handler", "county", "urban-management"),
    Member("desk", "吴霜降", "grid-office", "county"),
    Member("leader", "苏大雪", "county-leader", "county"),
    Member("inspector", "蔡清明", "inspector", "county"),
)
CITIZEN = ("citizen", "市民（样例）")
ADMIN = ("admin", "系统管理员（样例）")
AUDITOR = ("auditor", "审计管理员（样例）")
GATEWAY = ("gateway", "上报网关（样例）")
"""The machine account that brings in citizens', departments' and devices' reports."""
