"""What looks like abuse waits for a person: too many reports, the same text again and again, nothing in them.

Nothing is rejected or deleted for it, no danger to life ever waits for it, and no resident is scored: it
counts what came within an hour or a day, and when that is over the next report is believed again.

Three hundred honest people who report one burst pipe in the same words are no abuse. Each of them is within
his own limits, and because they name a place the redundancy filter makes them one case; so the same text from
many people counts only where it comes without any place (no coordinate, no grid, no address), where nothing
can be joined, and only from twelve characters on: many people write "停水了" on the same evening by
themselves, but not the same whole sentence. The same text from one sender counts with or without a place; its
numbers are part of it, so that "3号楼" and "5号楼" are two texts."""

import re
import unicodedata
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from operator import eq
from typing import Final, NamedTuple
from zlib import crc32

from onegrid.kernel.refusals import Refusal

from . import reasons
from .policy import Limits
from .reports import Channel, ReportIn

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(hours=24)
WHOLE_SENTENCE: Final = 12  # characters; people write shorter texts alike by themselves
LONG_TEXT: Final = 24  # characters; from here on almost the same is the same
_SHINGLES: Final = 8  # smallest hashes of three characters in a row; all equal means almost the same text
_GLANCE: Final = 40  # characters, of which two are different in almost every text
_BY_PEOPLE: Final = frozenset({Channel.WORKER, Channel.RENEWAL, Channel.PUBLIC})
_DRAWN_OUT: Final = re.compile(r"(\D)\1{2,}")
_NUMBERS: Final = re.compile(r"\d+")


class Question(NamedTuple):
    """Do `limit` earlier reports within `window` share `mark`, which stands for what is counted?"""

    mark: int
    window: timedelta
    limit: int
    reason: Callable[..., Refusal]


class Sending(NamedTuple):
    """One report as it is counted: `at` in seconds since the epoch; `exempt`: counted, but never held."""

    at: float
    questions: tuple[Question, ...]
    exempt: bool

    @property
    def marks(self) -> set[int]:
        return {question.mark for question in self.questions}


def questions(
    report: ReportIn, limits: Limits, *, reporter: str, has_place: bool, mark_of: Callable[..., int]
) -> tuple[Question, ...]:
    """What is asked about one report. `reporter` "": unknown; `mark_of`: the keyed mark of some words."""
    found: list[Question] = []
    for kind, sender, hourly, daily, reason in (
        ("reporter", reporter, limits.reporter_hourly, limits.reporter_daily, reasons.ManyFromReporter),
        ("device", report.sender_device, limits.device_hourly, limits.device_daily, reasons.ManyFromDevice),
    ):
        if sender and (hourly or daily):
            mark = mark_of(kind, sender)
            found += [Question(mark, HOUR, hourly, reason), Question(mark, DAY, daily, reason)]
        if sender and limits.same_text_daily and (text := text_of(report.text)).mark:
            mark = mark_of(kind, sender, text.mark)
            found.append(Question(mark, DAY, limits.same_text_daily, reasons.SameTextAgain))
    if limits.crowd_hourly and not has_place and (text := text_of(report.text)).length >= WHOLE_SENTENCE:
        mark = mark_of("text", text.mark)
        found.append(Question(mark, HOUR, limits.crowd_hourly, reasons.SameTextOfMany))
    return tuple(each for each in found if each.limit)


def held(
    sendings: Sequence[Sending], before: Mapping[int, Sequence[float]], *, count_to: int
) -> list[Refusal | None]:
    """For each report in order why a person must look first, or None.

    `before`: when earlier reports of each mark were sent, in order of time: all within the time of the batch
    and the last `count_to` before it. Earlier ones of the batch count alike, so that a batch counts as its
    parts in order do; what is held counts too. Time grows with the reports, not with their square."""
    times = {mark: list(seen) for mark, seen in before.items()}
    found = []
    for sending in sendings:
        refusals = _exceeded(sending, times, count_to)
        found.append(None if sending.exempt else next(refusals, None))
        for mark in sending.marks:
            insort(times.setdefault(mark, []), sending.at)
    return found


def _exceeded(sending: Sending, times: Mapping[int, list[float]], count_to: int) -> Iterator[Refusal]:
    for mark, window, limit, reason in sending.questions:
        seen, span = times.get(mark, []), window.total_seconds()
        count = bisect_right(seen, sending.at) - bisect_right(seen, sending.at - span)
        if count >= limit:
            yield reason(count=min(count, count_to), limit=limit, hours=int(span // 3600))


def reporter_of(report: ReportIn, *, account: str, stands_in: bool) -> str:
    """Whom a report counts for: the account, else the phone that was left, else "" (nobody).

    `stands_in`: the account passes on what others say (a hotline desk, a machine): the phone counts."""
    if account and not stands_in:
        return f"account {account}"
    digits = "".join(each for each in (report.reporter.phone if report.reporter else "") if each.isdigit())
    phone = digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits
    return f"phone {phone}" if phone else ""


def empty(report: ReportIn, *, blank: Callable[[str], bool]) -> Refusal | None:
    """A person's report in which nobody finds anything; `blank` says whether a photo is known to be empty.

    A class says something, unless blank photos were to show the matter; so do the answers of a form."""
    if report.channel not in _BY_PEOPLE or report.form or not is_empty(report.text):
        return None
    if not report.photos:
        return None if report.class_code else reasons.NothingReadable()
    return reasons.BlankPhotos() if all(map(blank, report.photos)) else None


def is_empty(text: str) -> bool:
    """Whether a text is only punctuation, signs and emoji, or one character three times and more."""
    if len(set(_letters(text[:_GLANCE]))) > 1:
        return False
    letters = _letters(text)
    return not letters or (len(letters) >= 3 and len(set(letters)) == 1)


def plain(text: str) -> str:
    """Letters, characters and digits of a text alone: width, case, spaces, punctuation, emoji and drawn-out
    characters make no difference."""
    letters = _letters(text)
    return _DRAWN_OUT.sub(r"\1", letters) if any(map(eq, letters, letters[2:])) else letters


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))


class Text(NamedTuple):
    """`length` of the plain text; `mark`: texts share it when they are the same, or long, almost the same and
    with the same numbers; "" for a text without letters."""

    length: int
    mark: str


@lru_cache(maxsize=64)
def text_of(text: str) -> Text:
    """How a text is counted."""
    said = plain(text)
    if len(said) < LONG_TEXT:
        return Text(len(said), _digest(said.encode("utf-8", "replace")) if said else "")
    points = said.encode("utf-32-le", "replace")  # four bytes each
    shingles = {crc32(points[at : at + 12]) for at in range(0, len(points) - 8, 4)}
    numbers = _NUMBERS.findall(said)
    return Text(len(said), _digest(f"{nsmallest(_SHINGLES, shingles)} {numbers}".encode()))


def _digest(said: bytes) -> str:
    return blake2b(said, digest_size=8).hexdigest()
