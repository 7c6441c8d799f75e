"""The one table of who may do what: role → permissions.

A role is the kind of a post (workforce binds posts to grids and units) or, for the few that no
post carries, a property of the account. Territory comes on top: a permission counts only inside
the subtree of the post that grants it. `case.read` is the right to read every case of that
subtree; the cases of one's own post and unit are open to their holders without it, so that a
clerk of a county department sees his own cases and not the whole county."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

_KNOW: Final = frozenset({"territory.read", "workforce.read", "scenario.read"})
_FIELD: Final = _KNOW | {"report.create", "case.read", "case.work"}
_LEAD: Final = _FIELD | {"case.dispatch", "case.approve"}
_DESK: Final = _LEAD | {"pool.decide", "report.import"}
_DEPARTMENT: Final = _KNOW | {"report.create", "case.work", "scenario.propose"}
_COMMAND: Final = _DEPARTMENT | {"case.dispatch", "case.approve"}

PERMISSIONS: Final[Mapping[str, str]] = {
    "report.create": "上报",
    "report.import": "批量导入上报",
    "pool.decide": "核实池入格",
    "case.read": "查看辖区内事件",
    "case.work": "办理本岗位事件",
    "case.dispatch": "派遣",
    "case.supervise": "督办",
    "case.approve": "审批延期、挂账、退回",
    "case.void": "作废",
    "case.export": "导出案件日志",
    "territory.read": "查看区划与网格",
    "territory.write": "维护区划与网格",
    "workforce.read": "查看机构与岗位",
    "workforce.write": "维护机构、岗位与职责清单",
    "scenario.read": "查看场景",
    "scenario.propose": "提出并起草本单位的场景项目",
    "scenario.write": "维护场景",
    "account.write": "维护账号与令牌",
    "audit.read": "查看审计日志",
    "device.push": "设备数据推送",
}


class AccountRole(StrEnum):
    """A role that comes with the account itself, not with a post. An account has at most one,
    so that nobody is both system administrator and auditor (MLPS level 3: the offices are split)."""

    NONE = ""
    CITIZEN = "citizen"  # 群众: reports and hears the answer
    SYSTEM_ADMIN = "system-admin"  # 系统管理员
    AUDIT_ADMIN = "audit-admin"  # 审计管理员


ROLE_PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    # second-level grid
    "grid-worker-2": _FIELD,  # 二级网格员
    "grid-head-2": _FIELD,  # 二级网格长
    "exclusive-worker": _FIELD,  # 专属网格员
    # first-level grid
    "grid-worker-1": _FIELD,  # 一级网格员
    "grid-head": _LEAD,  # 网格长
    "chief-head": _LEAD,  # 第一网格长
    "deputy-chief": _LEAD,  # 第一副网格长
    "village-centre": _DESK,  # 村级服务管理中心
    "mediator": _FIELD,  # 村级人民调解员
    # town
    "town-desk": _DESK | {"case.supervise"},  # 镇网格办
    "town-head": _LEAD | {"case.supervise"},  # 镇主要领导
    "town-two-violations": _FIELD,  # 镇两违办
    "town-enforcement": _FIELD,  # 镇综合执法队
    "town-safety": _FIELD,  # 镇安办
    "town-command": _LEAD,  # 镇指挥所
    "town-building": _FIELD,  # 镇村建办
    "town-agriculture": _FIELD,  # 镇农业农村办
    "town-civil-affairs": _FIELD,  # 镇民政办
    "town-rivers": _FIELD,  # 镇河长办
    "town-market": _FIELD,  # 镇市场监管所
    "town-police": _FIELD,  # 派出所
    "town-hospital": _FIELD,  # 乡镇卫生院
    "town-governance-centre": _LEAD,  # 镇综治中心
    "town-party": _FIELD,  # 镇党建办
    # county
    "grid-office": _DESK
    | {"case.export", "case.supervise", "case.void", "territory.write", "workforce.write"}
    | {"scenario.propose", "scenario.write"},  # 市网格办
    "two-violations-office": _COMMAND,  # 市两违办
    "safety-office": _COMMAND,  # 市安办
    "business-office": _COMMAND,  # 市招商办（营商办）
    "epidemic-command": _COMMAND,  # 市防控指挥部
    "flood-office": _COMMAND,  # 市防汛办
    "governance-centre": _COMMAND,  # 市综治中心
    "county-leader": _KNOW | {"case.read", "case.supervise", "case.approve"},  # 市分管领导
    "inspector": _FIELD,  # 核查员
    # department
    "department-handler": _DEPARTMENT,  # 部门承办人
    "department-deputy": _COMMAND,  # 部门分管领导
    "department-head": _COMMAND,  # 部门主要领导
    # by the account itself
    AccountRole.CITIZEN: frozenset({"report.create"}),
    AccountRole.SYSTEM_ADMIN: _KNOW | {"account.write"},
    AccountRole.AUDIT_ADMIN: frozenset({"audit.read"}),
}

# What a machine account may be given by its token; judging and deciding stays with people.
_TAKE_OUT: Final = frozenset({"case.read", "case.export"})
MACHINE_SCOPES: Final = _KNOW | _TAKE_OUT | {"report.create", "report.import", "audit.read", "device.push"}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role; a role that the table doesn't know has none."""
    return ROLE_PERMISSIONS.get(role, frozenset())
