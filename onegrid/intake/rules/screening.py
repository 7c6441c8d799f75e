"""What is refused at the door: a report that nobody could act on and its sender can mend."""

import math
from dataclasses import replace
from datetime import datetime

import orjson

from onegrid.kernel.refusals import Refusal

from . import reasons
from .reports import ReportIn

KEY_LIMIT = 200
TEXT_LIMITS = {"title": 200, "description": 20_000, "place_text": 500}
DETAIL_LIMIT = 100_000  # bytes of JSON
PHOTO_LIMIT = 20
FIELD_ZH = {
    "title": "标题", "description": "描述", "place_text": "地址", "photos": "照片",
    "source_detail": "附加信息",
    "form": "登记表", "happened_at": "发生时间", "reported_at": "上报时间", "promised_due": "承诺时限",
}  # fmt: skip
_UNITS = {"photos": ("文件", "files"), "source_detail": ("字节", "bytes"), "form": ("字节", "bytes")}


def objection(report: ReportIn) -> Refusal | None:
    """Why this report cannot be taken as it is, or None. Looks at the report alone."""
    return _key(report) or _contents(report) or _coordinate(report) or _times(report) or _details(report)


def _key(report: ReportIn) -> Refusal | None:
    if not 0 < len(report.external_id) <= KEY_LIMIT:
        return reasons.KeyMissing(limit=KEY_LIMIT)
    return None


def _contents(report: ReportIn) -> Refusal | None:
    if not (report.description or report.title or report.class_code or report.photos):
        return reasons.NothingSaid()
    for field, limit in TEXT_LIMITS.items():
        length = len(getattr(report, field))
        if length > limit:
            return _too_long(field, length, limit)
    if len(report.photos) > PHOTO_LIMIT:
        return _too_long("photos", len(report.photos), PHOTO_LIMIT)
    return None


def _too_long(field: str, length: int, limit: int) -> Refusal:
    unit_zh, unit = _UNITS.get(field, ("字符", "characters"))
    name = FIELD_ZH.get(field, field)
    return reasons.TooLong(field=field, field_zh=name, length=length, limit=limit, unit_zh=unit_zh, unit=unit)


def _coordinate(report: ReportIn) -> Refusal | None:
    lng, lat = report.lng, report.lat
    if lng is None and lat is None:
        return None
    if lng is None or lat is None:
        return reasons.HalfCoordinate()
    if not (math.isfinite(lng) and math.isfinite(lat)) or abs(lng) > 180:
        return reasons.NotACoordinate(lng=lng, lat=lat)
    if abs(lat) > 90:
        swapped = abs(lng) <= 90 and abs(lat) <= 180
        return (reasons.Swapped if swapped else reasons.NotACoordinate)(lng=lng, lat=lat)
    if report.system is None:
        return reasons.SystemMissing()
    return None


def _times(report: ReportIn) -> Refusal | None:
    for field in ("happened_at", "reported_at", "promised_due"):
        moment = getattr(report, field)
        if moment is not None and moment.tzinfo is None:
            return reasons.ZoneMissing(field=field, field_zh=FIELD_ZH[field])
    return None


def _details(report: ReportIn) -> Refusal | None:
    for field in ("source_detail", "form"):
        given = getattr(report, field)
        if not given:
            continue
        try:
            stored = orjson.dumps(given)
        except (TypeError, orjson.JSONEncodeError):
            return reasons.Unstorable(field=field, field_zh=FIELD_ZH[field])
        if b"\\u0000" in stored:
            return reasons.Unstorable(field=field, field_zh=FIELD_ZH[field])
        if len(stored) > DETAIL_LIMIT:
            return _too_long(field, len(stored), DETAIL_LIMIT)
    return None


def mended(report: ReportIn) -> ReportIn:
    """The report without what was objected to: a danger to life waits for a desk, not outside."""
    usable = _coordinate(report) is None
    return replace(
        report,
        title=report.title[: TEXT_LIMITS["title"]],
        description=report.description[: TEXT_LIMITS["description"]],
        place_text=report.place_text[: TEXT_LIMITS["place_text"]],
        lng=report.lng if usable else None,
        lat=report.lat if usable else None,
        photos=report.photos[:PHOTO_LIMIT],
        happened_at=_zoned(report.happened_at),
        reported_at=_zoned(report.reported_at),
        promised_due=_zoned(report.promised_due),
        source_detail={} if _details(report) else report.source_detail,
        form={} if _details(report) else report.form,
    )


def _zoned(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment.tzinfo else None
