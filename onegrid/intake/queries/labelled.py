"""Labelled rows of a file from outside, as lessons: what was known when a report came in, and its label.

Only columns that are known at that moment are read. What a file tells of later (status, closing, queue, the
flag of being on time) is never looked at."""

import csv
import gzip
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from onegrid.intake.rules.learned.samples import Lesson, Sample, Target
from onegrid.kernel.refusals import Refusal

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title",),
    "text": ("text", "description", "content", "内容", "描述"),
    "named": ("type", "class", "class_code", "类别"),
    "channel": ("source", "channel", "渠道"),
    "town": ("neighborhood", "neighbourhood", "town", "镇街"),
    "grid": ("grid", "grid_code", "网格"),
    "place": ("location", "place", "address", "place_text", "地址"),
    "lng": ("longitude", "lng", "lon", "经度"),
    "lat": ("latitude", "lat", "纬度"),
    "at": ("open_dt", "reported_at", "opened_at", "time", "时间"),
}
TARGETS: Final = ("label", "department", "unit", "类别", "责任单位")
OF_UNITS: Final = ("department", "unit", "责任单位")
LONGEST: Final = 10_000_000  # characters of one cell


class NotLabelled(Refusal):
    code = "intake.not-labelled"
    zh = "文件“{file}”中没有可评测的数据：{reason}"
    en = "There is nothing to evaluate in '{file}': {reason_en}"


@dataclass(frozen=True, slots=True)
class Labelled:
    """The rows of a file, in their order of time where every row has one (`is_dated`)."""

    lessons: list[Lesson]
    target: Target
    column: str
    is_dated: bool

    def first_from(self, day: date) -> int:
        """The number of the first row of that day or later."""
        return sum(at.date() < day for each in self.lessons if (at := each.sample.at) is not None)


def labelled(where: Path, *, target: str = "", text: str = "") -> Labelled:
    """Read a CSV file (.csv, .csv.gz), or the first one of a folder that has the label.

    `target`: the column to be told, else the first of `TARGETS` that is there; `text`: the column to read as
    text. Raises NotLabelled."""
    files = [where] if where.is_file() else sorted([*where.glob("*.csv"), *where.glob("*.csv.gz")])
    for file in files:
        found = _read(file, target.casefold(), text.casefold())
        if found is not None:
            return found
    wanted = target or "、".join(TARGETS)
    raise NotLabelled(
        file=where,
        reason=f"没有标签列（{wanted}），或各行都是空的。",
        reason_en=f"no label column ({wanted}) with rows.",
    )


def _read(file: Path, target: str, text: str) -> Labelled | None:
    csv.field_size_limit(LONGEST)
    with (
        gzip.open(file, "rt", encoding="utf-8-sig")
        if file.suffix == ".gz"
        else file.open(encoding="utf-8-sig", newline="") as table
    ):
        try:
            reader = csv.DictReader(table)
            names = {name.strip().casefold(): name for name in reader.fieldnames or ()}
            column = next((name for name in ([target] if target else TARGETS) if name in names), "")
            if not column or (text and text not in names):
                return None
            places = {
                key: next((names[one] for one in all_ if one in names), "") for key, all_ in COLUMNS.items()
            }
            if text:
                places["text"] = names[text]
            kind = Target.UNIT if column in OF_UNITS else Target.CLASS
            lessons = list(_lessons(reader, places, names[column], kind))
        except (UnicodeDecodeError, csv.Error, OSError) as error:
            raise NotLabelled(file=file, reason=f"读到一半出错（{error}）。", reason_en=f"{error}") from error
    dated = [lesson for lesson in lessons if lesson.sample.at is not None]
    if lessons and len(dated) == len(lessons):
        lessons.sort(key=_moment)
    return Labelled(lessons, kind, column, bool(lessons) and len(dated) == len(lessons)) if lessons else None


def _moment(lesson: Lesson) -> float:
    assert lesson.sample.at is not None
    return lesson.sample.at.timestamp()


def _lessons(
    rows: Iterable[dict[str, str]], places: Mapping[str, str], label: str, kind: Target
) -> Iterator[Lesson]:
    for row in rows:
        said = {key: (row.get(name) or "").strip() if name else "" for key, name in places.items()}
        truth = (row.get(label) or "").strip()
        if not truth:
            continue
        lng, lat = _number(said["lng"]), _number(said["lat"])
        sample = Sample(
            text=f"{said['title']}\n{said['text']}" if said["title"] else said["text"],
            named=said["named"], channel=said["channel"], town=said["town"], grid=said["grid"],
            place=said["place"], lng=None if lat is None else lng, lat=None if lng is None else lat,
            at=_time(said["at"]),
        )  # fmt: skip
        yield Lesson(sample, {kind: truth})


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
