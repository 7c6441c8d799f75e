"""One report as it comes in, whatever the channel, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID, uuid5

import orjson

from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.ids import CaseId, ReportId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Source

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

_REJECTED = UUID("6f1f7d54-0c38-4a8e-9a0c-0d5d0b1f6a0e")  # namespace of the ids of rejected reports


class Channel(StrEnum):
    """The five collection channels of a report."""

    WORKER = "worker"  # 网格采集: a grid worker fills it in
    RENEWAL = "renewal"  # 动态完善: found while confirming what is on file
    PUBLIC = "public"  # 群众反映: residents, by phone, code or hotline
    DEPARTMENT = "department"  # 部门共享: pushed by a department
    DEVICE = "device"  # 技术捕获: sensors, cameras, satellite

    @property
    def zh(self) -> str:
        return _CHANNEL_NAMES[self]


_CHANNEL_NAMES = {
    Channel.WORKER: "网格采集",
    Channel.RENEWAL: "动态完善",
    Channel.PUBLIC: "群众反映",
    Channel.DEPARTMENT: "部门共享",
    Channel.DEVICE: "技术捕获",
}


class OutcomeKind(StrEnum):
    """What became of a report."""

    OPENED = "opened"  # 立案
    JOINED = "joined"  # 并案
    POOLED = "pooled"  # 待核实
    REJECTED = "rejected"  # 不予受理
    REPEATED = "repeated"  # sent before: the answer is that of the first sending


KIND_ZH = {
    OutcomeKind.OPENED: "已立案",
    OutcomeKind.JOINED: "已并案",
    OutcomeKind.POOLED: "待核实",
    OutcomeKind.REJECTED: "不予受理",
    OutcomeKind.REPEATED: "重复提交",
}


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported; kept encrypted and shown to the intake desk only (domain 2.8)."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIn:
    """A report before anything is known about it. Coordinates are degrees in the named `system`.

    (`channel`, `external_id`) identifies it for ever: sending it again is harmless. `promised_due`: the time
    that was promised to the reporter. `source_detail`: what the sender's system adds, kept as it came.
    `follows`: the running case that the sender was shown and found to be the same matter. `sender_device`: a
    random id of the installation of the app it was sent with, which is never stored."""

    channel: Channel
    external_id: str
    source: Source | None = None
    class_code: str | None = None
    title: str = ""
    description: str = ""
    lng: float | None = None
    lat: float | None = None
    system: CoordinateSystem | None = None
    accuracy_m: float | None = None
    place_text: str = ""
    grid_code: str | None = None
    happened_at: datetime | None = None
    reported_at: datetime | None = None
    reporter: Reporter | None = None
    photos: tuple[str, ...] = ()
    promised_due: datetime | None = None
    source_detail: Mapping[str, JsonValue] = field(default_factory=dict)
    form: Mapping[str, JsonValue] = field(default_factory=dict)
    follows: CaseId | None = None
    sender_device: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.channel.value, self.external_id)

    @property
    def text(self) -> str:
        """Everything that was said, for rules that read."""
        return f"{self.title}\n{self.description}"


_SAID = tuple(each.name for each in fields(ReportIn) if each.name != "sender_device")


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """Where (degrees, WGS-84) and when an earlier system took a report in; nothing else of it is wanted."""

    lng: float
    lat: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report: `reason` is the stable code of why it waits or was rejected.

    For a repeated sending `first` tells what the first one became. `not_followed`: the stable code of why it
    did not join the case that its sender chose to follow, "" where he chose none or it did."""

    report_id: ReportId
    kind: OutcomeKind
    case_id: CaseId | None = None
    case_number: str = ""
    reason: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    first: OutcomeKind | None = None
    not_followed: str = ""
    not_followed_zh: str = ""
    not_followed_en: str = ""


def clean(report: ReportIn) -> ReportIn:
    """The report without characters that no database can keep (NUL, lone surrogates), and trimmed."""
    texts = (report.external_id, report.title, report.description, report.place_text)
    tidy = tuple(clean_text(text) for text in texts)
    if tidy == texts:
        return report
    external_id, title, description, place_text = tidy
    return replace(
        report, external_id=external_id, title=title, description=description, place_text=place_text
    )


def clean_text(text: str) -> str:
    """`text` trimmed, without NUL, with lone surrogates shown as "?"."""
    if not text.isprintable():  # rare: line breaks, emoji joiners, and what must go
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
    return text.strip()


def fingerprint(report: ReportIn) -> bytes:
    """SHA-256 of all that was said: tells a repeated sending from another report under the same key."""
    said = orjson.dumps(
        {name: getattr(report, name) for name in _SAID},
        default=str,
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z,
    )
    return sha256(said).digest()


def rejected_id(report: ReportIn, mark: bytes) -> ReportId:
    """The id of a rejected report: the same sending is the same record again, and its key stays free."""
    return ReportId(uuid5(_REJECTED, f"{report.channel}\0{report.external_id}\0{mark.hex()}"))


def as_refusal(outcome: Outcome) -> Refusal:
    """The rejection of one report as the refusal that its sender is answered with."""
    is_conflict = outcome.reason == "intake.key-reused"
    facts = {
        "status": HTTPStatus.CONFLICT if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY,
        "code": outcome.reason,
        "zh": "{zh}",
        "en": "{en}",
    }
    rejected: type[Refusal] = type("Rejected", (Refusal,), facts)
    return rejected(zh=outcome.reason_zh, en=outcome.reason_en, report_id=str(outcome.report_id))
