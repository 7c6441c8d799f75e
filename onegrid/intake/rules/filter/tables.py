"""Matters and links read from tables of a city's own system, for evaluation.

Two kinds are known by their headings. Cases: CASE_ENQUIRY_ID, OPEN_DT, TARGET_DT, CLOSED_DT, TYPE, REASON,
Location, LATITUDE, LONGITUDE, Source (and `title`, `text` where there are any), with links child_id,
parent_id, relation. Messages: id, time, title, text, with clusters message_id, cluster. What a city writes
down only when a case is closed (why it closed, who got it) is not read."""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, nan
from pathlib import PurePath
from typing import Final, NamedTuple
from uuid import UUID, uuid5
from zlib import crc32

import numpy as np

from onegrid.intake.rules.coordinates import Sighting, exact, implausible
from onegrid.intake.rules.policy import DEFAULT_POLICIES
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.refusals import Refusal

from .matters import Matter, Matters, columns
from .words import words_of

CASES: Final = ("CASE_ENQUIRY_ID", "OPEN_DT", "TYPE", "REASON", "LATITUDE", "LONGITUDE")
LINKS: Final = ("child_id", "parent_id", "relation")
MESSAGES: Final = ("id", "time", "title", "text")
CLUSTERS: Final = ("message_id", "cluster")
DUPLICATE: Final = "duplicate"

_POLICY: Final = next(each for each in DEFAULT_POLICIES if each.channel is Channel.DEPARTMENT)
_NAMESPACE: Final = UUID("0b0f6f6e-52b4-4a09-8f52-4f0d4a3c7a11")


class NotATable(Refusal):
    code = "intake.evaluation-table"
    zh = "{where}：{why_zh}。"
    en = "{where}: {why_en}."


@dataclass(frozen=True, slots=True)
class Stream:
    """Cases in order of time with the pairs that people declared the same: (row of earlier, row of later)."""

    matters: Matters
    declared: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages without place and the cluster of those that people have sorted."""

    matters: Matters
    cluster: Mapping[int, str]


def read(files: Iterable[tuple[str, bytes]]) -> Stream | Messages:
    """What the tables of a folder hold: (name, bytes) of each. Raises NotATable."""
    tables = [(name, _rows(name, data)) for name, data in files if _is_table(name)]
    cases, links, messages, clusters = (
        [(name, rows) for name, (headings, rows) in tables if set(wanted) <= set(headings)]
        for wanted in (CASES, LINKS, MESSAGES, CLUSTERS)
    )
    if cases and links:
        return _stream(cases, links)
    if messages and clusters:
        return _messages(messages, clusters)
    raise NotATable(
        where="、".join(name for name, _ in tables) or "data",
        why_zh="没有找到可用的表：需要事件表和关联表（" + "、".join(CASES) + "；" + "、".join(LINKS) + "），"
        "或留言表和同一事项表（" + "、".join(MESSAGES) + "；" + "、".join(CLUSTERS) + "）",
        why_en="wanted are a table of cases and one of links, or one of messages and one of clusters",
    )


def _is_table(name: str) -> bool:
    return PurePath(name.removesuffix(".gz")).suffix.lower() == ".csv"


def _rows(name: str, data: bytes) -> tuple[list[str], list[dict[str, str]]]:
    try:
        text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise NotATable(
            where=name, why_zh="不是 UTF-8 编码的 CSV 文件", why_en=f"no CSV in UTF-8 ({error})"
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        return list(reader.fieldnames or ()), list(reader)
    except csv.Error as error:
        raise NotATable(where=name, why_zh="不是完整的 CSV 文件", why_en=f"no whole CSV ({error})") from error


def _stream(
    cases: Sequence[tuple[str, list[dict[str, str]]]], links: Sequence[tuple[str, list[dict[str, str]]]]
) -> Stream:
    rows = _numbered(cases)
    placed = zip(rows, _places(rows), strict=True)
    read = [(_case(row, place), row.values["CASE_ENQUIRY_ID"]) for row, place in placed]
    matters = sorted(read, key=lambda pair: (pair[0].at, pair[0].case_id))
    where = {key: index for index, (_, key) in enumerate(matters)}
    declared = set()
    for _, table in links:
        for row in table:
            child, parent = where.get(row["child_id"]), where.get(row["parent_id"])
            if row["relation"] == DUPLICATE and child is not None and parent is not None and child != parent:
                declared.add((min(child, parent), max(child, parent)))
    return Stream(columns([matter for matter, _ in matters]), frozenset(declared))


class _Row(NamedTuple):
    """A row of a table, with its file and line for those who must mend it."""

    name: str
    line: int
    values: Mapping[str, str]

    def moment(self, heading: str, *, empty: float | None = None) -> float:
        """Seconds since the epoch; local times count as they stand, since only differences matter."""
        text = self.values.get(heading, "").strip()
        if not text and empty is not None:
            return empty
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise NotATable(
                where=f"{self.name}:{self.line}",
                why_zh=f"“{heading}”应为 ISO 时间，现为“{text}”",
                why_en=f"{heading} is no ISO time: {text!r}",
            ) from None


def _numbered(tables: Sequence[tuple[str, list[dict[str, str]]]]) -> list[_Row]:
    return [_Row(name, line, row) for name, rows in tables for line, row in enumerate(rows, start=2)]


def _places(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """Coordinates; those that repeat implausibly often are none (the rule of the road of every report)."""
    given = [(_number(row.values["LONGITUDE"]), _number(row.values["LATITUDE"])) for row in rows]
    lng, lat = np.array(given, dtype=np.float64).reshape(-1, 2).T
    known = np.isfinite(lng) & np.isfinite(lat)
    keys = exact(np.where(known, lng, 0), np.where(known, lat, 0))[2].tolist()
    times = [row.moment("OPEN_DT") for row in rows]
    order = np.argsort(times, kind="stable").tolist()
    limit, window = _POLICY.repeat_limit, _POLICY.repeat_window
    seen = [Sighting(keys[k], times[k], 0, limit, window) if known[k] else None for k in order]
    doubted = dict(zip(order, implausible(seen), strict=True))
    return [(nan, nan) if doubted[k] or not known[k] else pair for k, pair in enumerate(given)]


def _case(given: _Row, place: tuple[float, float]) -> Matter:
    row = given.values
    title, text = row.get("title", ""), row.get("text", "")
    address = " ".join(row.get("Location", "").casefold().split())
    return Matter(
        case_id=uuid5(_NAMESPACE, row["CASE_ENQUIRY_ID"]),
        class_code=row["TYPE"],
        family=row["REASON"],
        lng=place[0],
        lat=place[1],
        at=given.moment("OPEN_DT"),
        due=given.moment("TARGET_DT", empty=nan),
        ended=given.moment("CLOSED_DT", empty=inf),
        address=crc32(address.encode()) if address else 0,
        reporter=0,
        channel=row.get("Source", ""),
        photos=(),
        head=words_of(title),
        words=words_of(f"{title}\n{text}"),
    )


def _messages(
    messages: Sequence[tuple[str, list[dict[str, str]]]], clusters: Sequence[tuple[str, list[dict[str, str]]]]
) -> Messages:
    rows = _numbered(messages)
    where = {row.values["id"]: index for index, row in enumerate(rows)}
    sorted_ = {
        where[row["message_id"]]: row["cluster"]
        for _, table in clusters
        for row in table
        if row["message_id"] in where
    }
    return Messages(columns([_message(row) for row in rows]), sorted_)


def _message(given: _Row) -> Matter:
    row = given.values
    return Matter(
        case_id=uuid5(_NAMESPACE, row["id"]), class_code="", family="", lng=nan, lat=nan,
        at=given.moment("time"), due=nan, ended=inf, address=0,
        reporter=crc32(row["user"].encode()) if row.get("user") else 0, channel="public", photos=(),
        head=words_of(row["title"]), words=words_of(f"{row['title']}\n{row['text']}"),
    )  # fmt: skip


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan
