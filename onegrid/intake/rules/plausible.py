"""What cannot be so, though it can be read: a matter of the future, a telephone without a number."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from onegrid.kernel.refusals import Refusal

from .reports import ReportIn

AHEAD: Final = timedelta(hours=1)  # how far a sender's clock may be wrong
DIGITS: Final = 3  # the shortest number that can be called, such as 110


class InTheFuture(Refusal):
    code = "intake.happened-in-the-future"
    zh = "发生时间 {moment} 在将来，请核对年份和时区。"
    en = "It is said to have happened at {moment}, which lies ahead: check the year and the time zone."


class NoTelephone(Refusal):
    code = "intake.no-telephone"
    zh = "联系电话“{phone}”不是电话号码，请填写号码，没有则留空。"
    en = "'{phone}' is no telephone number: give one, or leave it empty."


def implausible(report: ReportIn, *, now: datetime) -> Refusal | None:
    """Why a report that can be read cannot be true, or None."""
    moment, reporter = report.happened_at, report.reporter
    if moment is not None and moment.tzinfo is not None and moment > now + AHEAD:
        return InTheFuture(moment=moment.isoformat(timespec="minutes"))
    if reporter is not None and reporter.phone and not _can_be_called(reporter.phone):
        return NoTelephone(phone=reporter.phone[:50])
    return None


def _can_be_called(phone: str) -> bool:
    return sum(sign.isdigit() for sign in phone) >= DIGITS


def without_implausible(report: ReportIn, *, now: datetime) -> ReportIn:
    """The report without what cannot be so: a danger to life waits for a desk, not outside."""
    if implausible(report, now=now) is None:
        return report
    ahead = report.happened_at is not None and report.happened_at > now + AHEAD
    told = report.reporter
    if told is not None and told.phone and not _can_be_called(told.phone):
        told = replace(told, phone="")
    return replace(report, happened_at=None if ahead else report.happened_at, reporter=told)
