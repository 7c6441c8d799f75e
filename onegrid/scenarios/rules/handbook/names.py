"""Names of what a definition speaks of by key: units, classes, posts, sources, and the words of forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from onegrid.scenarios.rules.fields import FieldKind
from onegrid.scenarios.rules.words import AreaLevel, Text


@dataclass(frozen=True, slots=True)
class Names:
    """Names from outside the definition: units by key, matter classes by code."""

    units: Mapping[str, Text] = field(default_factory=dict)
    classes: Mapping[str, Text] = field(default_factory=dict)


SOURCES: Final[Mapping[str, Text]] = {
    "patrol": Text("网格巡查", "grid patrol"),
    "visit": Text("干部走访", "visit by an official"),
    "renewal": Text("动态完善", "renewal of data"),
    "public": Text("群众反映", "citizens"),
    "enterprise": Text("企业专员上报", "enterprise specialist"),
    "hotline": Text("12345热线", "hotline 12345"),
    "media": Text("媒体", "media"),
    "department": Text("部门推送", "department"),
    "clinic": Text("诊所医院", "clinic or hospital"),
    "warning": Text("预警信息", "warning"),
    "association": Text("商会协会", "chamber or association"),
    "inspection": Text("上级检查", "inspection from above"),
    "express": Text("政企直通车", "government-enterprise express"),
    "satellite": Text("卫片图斑", "satellite spot"),
    "camera": Text("监控", "camera"),
    "drone": Text("无人机", "drone"),
    "device": Text("感应设备", "sensor"),
}

CHANNELS: Final[Mapping[str, Text]] = {
    "worker": Text("网格采集", "grid worker"),
    "renewal": Text("动态完善", "renewal of data"),
    "public": Text("群众反映", "citizens"),
    "department": Text("部门共享", "departments"),
    "device": Text("技术捕获", "devices"),
}

URGENCIES: Final[Mapping[str, Text]] = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
}

AREAS: Final[Mapping[AreaLevel, Text]] = {
    AreaLevel.GRID: Text("已定位到二级网格", "place known to the second-level grid"),
    AreaLevel.VILLAGE: Text("只知道所在村", "only the village known"),
    AreaLevel.TOWN: Text("只知道所在镇", "only the town known"),
}

SUBJECTS: Final[Mapping[str, Text]] = {
    "building": Text("建筑物", "building"),
    "enterprise": Text("企业", "enterprise"),
    "household": Text("家庭", "household"),
    "facility": Text("设施", "facility"),
}

RELATIVES: Final[Mapping[str, Text]] = {
    "owner": Text("当前责任岗位", "post in charge"),
    "unit-head": Text("责任岗位的主管领导", "head of the post in charge"),
    "reporter": Text("反映人", "reporter"),
    "previous-owner": Text("上一环节责任岗位", "post of the stage before"),
}

PLACEHOLDERS: Final[Mapping[str, Text]] = {
    "number": Text("案件编号", "case number"),
    "title": Text("事件标题", "title"),
    "place": Text("地点", "place"),
    "stage": Text("环节名称", "stage"),
    "due": Text("到期时间", "due time"),
    "owner": Text("责任岗位", "post in charge"),
    "unit": Text("责任单位", "unit in charge"),
    "grid": Text("所在网格", "grid"),
    "opinion": Text("办理意见", "opinion"),
    "scenario": Text("场景名称", "scenario"),
    "count": Text("数量", "count"),
}

KINDS: Final[Mapping[FieldKind, Text]] = {
    FieldKind.TEXT: Text("文字", "text"),
    FieldKind.LONG_TEXT: Text("长文字", "long text"),
    FieldKind.NUMBER: Text("数字", "number"),
    FieldKind.MONEY: Text("金额", "money"),
    FieldKind.DATE: Text("日期", "date"),
    FieldKind.DATETIME: Text("日期和时间", "date and time"),
    FieldKind.CHOICE: Text("单选", "one choice"),
    FieldKind.CHOICES: Text("多选", "several choices"),
    FieldKind.YES_NO: Text("是否", "yes or no"),
    FieldKind.PERSON: Text("选人员", "person"),
    FieldKind.POST: Text("选岗位", "post"),
    FieldKind.UNIT: Text("选单位", "unit"),
    FieldKind.UNITS: Text("选多个单位", "units"),
    FieldKind.ENTERPRISE: Text("选企业", "enterprise"),
    FieldKind.BUILDING: Text("选建筑物", "building"),
    FieldKind.GRID: Text("选网格", "grid"),
    FieldKind.CLASS: Text("选事项类别", "matter class"),
    FieldKind.POINT: Text("地图点位", "point on the map"),
    FieldKind.POLYGON: Text("地图范围", "outline on the map"),
    FieldKind.CIRCLE: Text("地图圆形范围", "circle on the map"),
    FieldKind.SPOT: Text("图斑编号", "satellite spot"),
    FieldKind.PHOTO: Text("照片", "photos"),
    FieldKind.VIDEO: Text("视频", "video"),
    FieldKind.VOICE: Text("录音", "voice"),
    FieldKind.FILE: Text("文件", "file"),
    FieldKind.SIGNATURE: Text("签名", "signature"),
    FieldKind.TABLE: Text("明细表", "table"),
    FieldKind.COMPUTED: Text("自动计算", "computed"),
    FieldKind.CASE: Text("关联案件", "another case"),
    FieldKind.MIRROR: Text("底册信息（只读）", "registry field, read only"),
}

LEVELS: Final[Mapping[str, Text]] = {
    "1": Text("一级网格", "first-level grid"),
    "2": Text("二级网格", "second-level grid"),
}

MEASURES: Final[Mapping[str, str]] = {
    "m": "米",
    "m²": "平方米",
    "m³": "立方米",
    "km": "公里",
    "mm": "毫米",
    "cm": "厘米",
    "min": "分钟",
    "h": "小时",
    "kg": "公斤",
    "t": "吨",
    "d": "天",
}
"""Chinese names of the units of numbers that are usually written in Latin letters."""
