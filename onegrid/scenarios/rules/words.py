"""Words shared by all definitions: bilingual text, recipients, ends and channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RESPONSIBLE: Final = "responsible"
"""In place of a unit key: the unit that answers for this case (by its class, or chosen at dispatch)."""

OWNER_UNIT: Final = "owner-unit"
"""In place of a unit key: the unit of the post that owns the present stage."""

CLOSED: Final = "closed"
"""End 结案: the matter was dealt with and the reporter gets the answer."""

ARCHIVED: Final = "archived"
"""End 归档: nothing to deal with (untrue, no violation, repeated)."""

REASSIGN: Final = "reassign"
"""In YAML only: the case goes to another grid; parsing turns it into a stage plus `Exit.new_grid`."""

ENDS: Final = frozenset({CLOSED, ARCHIVED})


class Relative(StrEnum):
    """Recipients that depend on the case; allowed wherever someone is told, never as a stage's `who`."""

    OWNER = "owner"  # the post that owns the present stage
    UNIT_HEAD = "unit-head"  # of the owner: in a grid chief-head, in a town town-head, else department-head
    REPORTER = "reporter"  # everyone who reported the matter
    PREVIOUS = "previous-owner"  # the post that owned the stage before


class Source(StrEnum):
    """How a matter is discovered (发现来源); each belongs to one channel of intake."""

    PATROL = "patrol"  # 网格巡查
    VISIT = "visit"  # 干部走访
    RENEWAL = "renewal"  # 动态完善
    PUBLIC = "public"  # 群众反映
    ENTERPRISE = "enterprise"  # 企业专员上报
    HOTLINE = "hotline"  # 12345
    MEDIA = "media"  # 媒体
    DEPARTMENT = "department"  # 部门推送
    CLINIC = "clinic"  # 诊所医院
    WARNING = "warning"  # 预警信息
    ASSOCIATION = "association"  # 商会协会
    INSPECTION = "inspection"  # 上级检查
    EXPRESS = "express"  # 政企直通车
    SATELLITE = "satellite"  # 卫片图斑
    CAMERA = "camera"  # 监控
    DRONE = "drone"  # 无人机
    DEVICE = "device"  # 感应设备

    @property
    def channel(self) -> str:
        """The channel of intake through which matters of this source arrive."""
        return _CHANNEL[self]


_CHANNEL: Final[Mapping[Source, str]] = {
    Source.PATROL: "worker",
    Source.VISIT: "worker",
    Source.RENEWAL: "renewal",
    Source.PUBLIC: "public",
    Source.ENTERPRISE: "public",
    Source.HOTLINE: "department",
    Source.MEDIA: "department",
    Source.DEPARTMENT: "department",
    Source.CLINIC: "department",
    Source.WARNING: "department",
    Source.ASSOCIATION: "department",
    Source.INSPECTION: "department",
    Source.EXPRESS: "department",
    Source.SATELLITE: "department",
    Source.CAMERA: "device",
    Source.DRONE: "device",
    Source.DEVICE: "device",
}


class AreaLevel(StrEnum):
    """How precisely the place of a case is known."""

    GRID = "grid"  # a second-level grid
    VILLAGE = "village"  # only the first-level grid
    TOWN = "town"  # only the town


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in both languages; Chinese is what the user normally sees."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Who:
    """A recipient by role: resolved by territory and duty list.

    `unit` is a unit key ("urban-management"), RESPONSIBLE, OWNER_UNIT or None (role bound to territory).
    A stage's `who` resolves to exactly one post. A `Relative` role needs no unit.
    """

    role: str
    unit: str | None = None

    @property
    def is_responsible(self) -> bool:
        return self.unit == RESPONSIBLE

    @property
    def relative(self) -> Relative | None:
        return Relative(self.role) if self.role in _RELATIVE else None

    def __str__(self) -> str:
        return f"{self.role}@{self.unit}" if self.unit else self.role


_RELATIVE: Final = frozenset(r.value for r in Relative)
