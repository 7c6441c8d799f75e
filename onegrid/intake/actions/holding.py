"""Holding what looks like abuse for a person, and forgetting by what it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Final

from onegrid.accounts.rules import Actor
from onegrid.cases import queries as cases
from onegrid.intake.actions.incoming import Incoming
from onegrid.intake.actions.placing import Policies
from onegrid.intake.models import SentMark
from onegrid.intake.queries.marks import sent
from onegrid.intake.rules.abuse import DAY, Sending, empty, held, is_empty, questions, reporter_of
from onegrid.intake.rules.reports import Channel
from onegrid.kernel import crypto

COLUMNS: Final = ("mark", "sent_at")
KEPT: Final = timedelta(days=2)

Marks = list[tuple[int, datetime]]


def hold(incoming: Sequence[Incoming], policies: Policies, *, by: Actor, now: datetime) -> Marks:
    """Let reports that look like abuse wait, a danger to life excepted; answers the marks to be kept of them.

    It goes before other reasons to wait, so that the desk reads it first. A report that was made more than a
    day ago and comes in now (a table of last year) is history and is not counted."""
    moments = [_moment(each, by, now) for each in incoming]
    counted = [(each, at) for each, at in zip(incoming, moments, strict=True) if at > now - DAY]
    asking = _Asking(policies, by)
    sendings = [asking.sending(each, at) for each, at in counted]
    spans: dict[int, tuple[datetime, datetime]] = {}
    marks: Marks = []
    for (_, at), sending in zip(counted, sendings, strict=True):
        for mark in sending.marks:
            first, last = spans.get(mark, (at, at))
            spans[mark] = (min(first, at), max(last, at))
            marks.append((mark, at))
    count_to = max(policy.limits.highest for policy in policies.values())
    before = sent(spans, back=DAY, count_to=count_to)
    for (each, _), refusal in zip(counted, held(sendings, before, count_to=count_to), strict=True):
        each.waits = refusal or each.waits
    _hold_empty(incoming)
    return marks


def _moment(each: Incoming, by: Actor, now: datetime) -> datetime:
    """When it counts: as it was reported by whoever works here, as it comes in from a resident."""
    return now if by.kind == "person" and not by.standings else each.at


@dataclass(frozen=True, slots=True)
class _Asking:
    policies: Policies
    by: Actor

    def sending(self, each: Incoming, at: datetime) -> Sending:
        report = each.report
        limits = self.policies[report.channel].limits
        if not limits.highest:
            return Sending(at.timestamp(), (), each.is_urgent)
        passes_on = self.by.kind != "person" or (report.channel is Channel.PUBLIC and bool(self.by.standings))
        asked = questions(
            report,
            limits,
            reporter=reporter_of(report, account=str(self.by.account_id or ""), stands_in=passes_on),
            has_place=bool(each.grid_code or each.place[0] is not None or report.place_text),
            mark_of=_mark,
        )
        return Sending(at.timestamp(), asked, each.is_urgent)


def _mark(*words: str) -> int:
    """A keyed hash of these words in 64 bits; useless without the key of this installation."""
    text = "\0".join(words).encode("utf-8", "replace")
    return int.from_bytes(blake2b(text, key=_key(), digest_size=8).digest(), "big", signed=True)


@cache
def _key() -> bytes:
    """A key for marks alone, derived from the key of this installation."""
    return crypto.lookup_digest("intake.sent-mark")


def _hold_empty(incoming: Sequence[Incoming]) -> None:
    """Let reports wait that say nothing; photos are looked up only where nothing else says anything."""
    silent = [each for each in incoming if not each.is_urgent and is_empty(each.report.text)]
    facts = cases.photo_facts([sha for each in silent for sha in each.report.photos])

    def blank(sha: str) -> bool:
        return sha in facts and bool(facts[sha].is_blank)

    for each in silent:
        each.waits = empty(each.report, blank=blank) or each.waits


def forget_marks(*, now: datetime) -> int:
    """Forget by what reports older than two days were counted; returns how many marks are gone."""
    gone, _ = SentMark.objects.filter(sent_at__lt=now - KEPT).delete()
    return gone
