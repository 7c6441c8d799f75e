"""The words that a scenario file may use, with their labels, so that an editor offers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onegrid.kernel.calendar import ClockKind
from onegrid.scenarios.rules.evidence import EvidenceKind
from onegrid.scenarios.rules.fields import FieldKind
from onegrid.scenarios.rules.words import (
    ARCHIVED,
    CLOSED,
    OWNER_UNIT,
    RESPONSIBLE,
    AreaLevel,
    Relative,
    Source,
)

Label = tuple[str, str]
"""In Chinese and English."""

SOURCES: Final[Mapping[Source, Label]] = {
    Source.PATROL: ("网格巡查", "patrol"),
    Source.VISIT: ("干部走访", "visit of an official"),
    Source.RENEWAL: ("动态完善", "renewal of base facts"),
    Source.PUBLIC: ("群众反映", "residents"),
    Source.ENTERPRISE: ("企业专员上报", "enterprise's contact"),
    Source.HOTLINE: ("12345 热线", "hotline 12345"),
    Source.MEDIA: ("媒体", "media"),
    Source.DEPARTMENT: ("部门推送", "department"),
    Source.CLINIC: ("诊所医院", "clinic or hospital"),
    Source.WARNING: ("预警信息", "warning"),
    Source.ASSOCIATION: ("商会协会", "association"),
    Source.INSPECTION: ("上级检查", "inspection from above"),
    Source.EXPRESS: ("政企直通车", "enterprise express line"),
    Source.SATELLITE: ("卫片图斑", "satellite spot"),
    Source.CAMERA: ("监控", "camera"),
    Source.DRONE: ("无人机", "drone"),
    Source.DEVICE: ("感应设备", "sensor"),
}

AREAS: Final[Mapping[AreaLevel, Label]] = {
    AreaLevel.GRID: ("二级网格", "second-level grid"),
    AreaLevel.VILLAGE: ("一级网格", "first-level grid"),
    AreaLevel.TOWN: ("镇街", "town"),
}

RELATIVES: Final[Mapping[Relative, Label]] = {
    Relative.OWNER: ("责任岗位", "the post that owns the stage"),
    Relative.UNIT_HEAD: ("责任岗位的上一级", "one level above the owner"),
    Relative.REPORTER: ("反映人", "everyone who reported it"),
    Relative.PREVIOUS: ("上一责任岗位", "the owner before"),
}

UNITS: Final[Mapping[str, Label]] = {
    RESPONSIBLE: ("事项责任单位", "the unit that answers for the case"),
    OWNER_UNIT: ("责任岗位所在单位", "the unit of the owner"),
}

ENDS: Final[Mapping[str, Label]] = {CLOSED: ("结案", "closed"), ARCHIVED: ("归档", "archived")}

FIELDS: Final[Mapping[FieldKind, Label]] = {
    FieldKind.TEXT: ("单行文字", "text"),
    FieldKind.LONG_TEXT: ("多行文字", "long text"),
    FieldKind.NUMBER: ("数字", "number"),
    FieldKind.MONEY: ("金额（元）", "money (yuan)"),
    FieldKind.DATE: ("日期", "date"),
    FieldKind.DATETIME: ("日期时间", "date and time"),
    FieldKind.CHOICE: ("单选", "one choice"),
    FieldKind.CHOICES: ("多选", "several choices"),
    FieldKind.YES_NO: ("是否", "yes or no"),
    FieldKind.PERSON: ("人员", "person"),
    FieldKind.POST: ("岗位", "post"),
    FieldKind.UNIT: ("单位", "unit"),
    FieldKind.UNITS: ("多个单位", "units"),
    FieldKind.ENTERPRISE: ("企业", "enterprise"),
    FieldKind.BUILDING: ("建筑物", "building"),
    FieldKind.GRID: ("网格", "grid"),
    FieldKind.CLASS: ("事项类别", "matter class"),
    FieldKind.POINT: ("点位", "point"),
    FieldKind.POLYGON: ("区域", "polygon"),
    FieldKind.CIRCLE: ("圆形范围", "circle"),
    FieldKind.SPOT: ("图斑号", "satellite spot"),
    FieldKind.PHOTO: ("照片", "photo"),
    FieldKind.VIDEO: ("视频", "video"),
    FieldKind.VOICE: ("语音", "voice"),
    FieldKind.FILE: ("文件", "file"),
    FieldKind.SIGNATURE: ("签名", "signature"),
    FieldKind.TABLE: ("表格", "table"),
    FieldKind.COMPUTED: ("计算值", "computed"),
    FieldKind.CASE: ("关联事件", "another case"),
    FieldKind.MIRROR: ("登记簿引用", "mirror of a register"),
}

EVIDENCE: Final[Mapping[EvidenceKind, Label]] = {
    EvidenceKind.PHOTO: ("照片", "photo"),
    EvidenceKind.VIDEO: ("视频", "video"),
    EvidenceKind.VOICE: ("录音", "voice"),
    EvidenceKind.DOCUMENT: ("文书", "document"),
    EvidenceKind.SIGNATURE: ("签名", "signature"),
    EvidenceKind.OPINION: ("书面意见", "written opinion"),
}

CLOCKS: Final[Mapping[ClockKind, Label]] = {one: (one.zh, str(one)) for one in ClockKind}

PLACEHOLDERS: Final[Mapping[str, Label]] = {
    "number": ("事件编号", "number of the case"),
    "title": ("标题", "title"),
    "place": ("地点", "place"),
    "stage": ("环节", "stage"),
    "due": ("到期时间", "due time"),
    "owner": ("责任岗位", "owner"),
    "opinion": ("意见", "opinion"),
    "reason": ("理由", "reason"),
}
"""What sentences to recipients may contain in braces."""
