"""The road of a report: one or ten thousand of them, over any channel, in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors

from onegrid.accounts.rules import Actor
from onegrid.intake import events
from onegrid.intake.actions import classing, holding, placing
from onegrid.intake.actions.filing import Filed, Filing, file
from onegrid.intake.actions.filtering import number_of
from onegrid.intake.actions.following import follow
from onegrid.intake.actions.incoming import Incoming, convert
from onegrid.intake.actions.recording import record, record_suggestions
from onegrid.intake.queries import reports as report_queries
from onegrid.intake.queries import settings
from onegrid.intake.queries.reports import Known, Probe
from onegrid.intake.rules import reasons, storms
from onegrid.intake.rules.access import check_channels
from onegrid.intake.rules.plausible import implausible, without_implausible
from onegrid.intake.rules.proposals import NotFollowed
from onegrid.intake.rules.reports import (
    Outcome,
    OutcomeKind,
    ReportIn,
    clean,
    fingerprint,
    rejected_id,
)
from onegrid.intake.rules.screening import KEY_LIMIT, mended, objection
from onegrid.intake.rules.threats import threats_in
from onegrid.kernel import bulk, outbox, stamps
from onegrid.kernel.ids import CaseId, ReportId, new_ids
from onegrid.kernel.refusals import Refusal

TRIES: Final = 4  # of a batch that loses a race for one of its keys


def receive(
    reports: Sequence[ReportIn],
    *,
    by: Actor,
    now: datetime,
    note: Callable[[Sequence[Outcome]], None] | None = None,
) -> list[Outcome]:
    """Take reports in: each opens a case, joins one, waits in the pool, or is rejected with a reason.

    Receiving a batch gives what receiving its parts in order gives. A report sent again (same channel and
    external id) gets the outcome of the first sending; under the same key with other contents it is rejected
    (`intake.key-reused`). `note` writes what the caller keeps of it (the audit row) in the same transaction.
    Raises NotPermitted, ChannelNotYours."""
    check_channels(by, {report.channel for report in reports})
    tidy = [clean(report) for report in reports]
    for attempt in range(1, TRIES + 1):
        try:
            with stamps.pinned(), transaction.atomic():
                return _Batch(tidy, by=by, now=now).settle(note)
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES or not _lost_a_race(error):
                raise
    raise AssertionError("unreachable")


def _lost_a_race(error: Exception) -> bool:
    """Another transaction took in a report of the same key first, or both waited for each other."""
    cause = error.__cause__
    if isinstance(cause, errors.UniqueViolation):
        return (cause.diag.table_name or "") == "intake_report"
    return isinstance(cause, errors.DeadlockDetected | errors.SerializationFailure)


class _Batch:
    """One attempt to take a batch in; `outcomes` fills up step by step."""

    def __init__(self, reports: Sequence[ReportIn], *, by: Actor, now: datetime) -> None:
        self.reports, self.by, self.now = reports, by, now
        self.policies = settings.policies()
        self.outcomes: dict[int, Outcome] = {}
        self.fresh: list[Incoming] = []
        self.turned_away: list[Incoming] = []
        self.repeats: list[tuple[int, Incoming]] = []  # sent again within the batch, and the first sending

    def settle(self, note: Callable[[Sequence[Outcome]], None] | None) -> list[Outcome]:
        arrived = self._at_the_door()
        convert(arrived)
        swapped = placing.locate(arrived)
        counts = self._sort(arrived, self._known(arrived), swapped)
        placing.doubt(self.fresh, counts, self.policies)
        placing.decide_grids(self.fresh, self.policies)
        classing.classify(self.fresh, now=self.now)
        marks = holding.hold(self.fresh, self.policies, by=self.by, now=self.now)
        classing.decide_routes(self.fresh, self.policies)
        with bulk.together():
            self._file()
            self._answer_repeats()
            self._keep()
            bulk.insert("intake_sent_mark", holding.COLUMNS, marks)
            outcomes = [self.outcomes[index] for index in range(len(self.reports))]
            if note is not None:
                note(outcomes)
        return outcomes

    def _at_the_door(self) -> list[Incoming]:
        """Reject what nobody could act on, except a danger to life, which waits for a desk instead."""
        arrived = []
        ids = new_ids(len(self.reports))
        for index, (report, report_id) in enumerate(zip(self.reports, ids, strict=True)):
            mark = fingerprint(report)
            refusal = objection(report) or implausible(report, now=self.now)
            threats = threats_in(report.text)
            usable = without_implausible(mended(report), now=self.now) if refusal else report
            at = min(usable.reported_at or self.now, self.now)
            each = Incoming(index, usable, mark, ReportId(report_id), at, threats, waits=refusal)
            if refusal and not (threats and 0 < len(report.external_id) <= KEY_LIMIT):
                self._reject(each, refusal)
            else:
                arrived.append(each)
        return arrived

    def _reject(self, each: Incoming, refusal: Refusal) -> None:
        given = self.reports[each.index]
        key = given.external_id[:KEY_LIMIT]
        each.report = replace(each.report, lng=given.lng, lat=given.lat, external_id=key)
        each.report_id, each.coordinate = rejected_id(given, each.mark), None
        each.threats = frozenset()
        self.outcomes[each.index] = _outcome(each, OutcomeKind.REJECTED, refusal)
        self.turned_away.append(each)

    def _known(self, arrived: Sequence[Incoming]) -> list[Known]:
        """What the database knows of their keys and coordinates; where all are believed, none is counted."""
        probes = []
        for each in arrived:
            policy = self.policies[each.report.channel]
            each.coordinate = each.coordinate if policy.repeat_limit else None
            probes.append(Probe(*each.report.key, each.coordinate, each.at, policy.repeat_window))
        highest = max(policy.repeat_limit for policy in self.policies.values())
        return report_queries.known(probes, count_to=highest)

    def _sort(
        self, arrived: Sequence[Incoming], known: Sequence[Known], swapped: Sequence[Refusal | None]
    ) -> list[Known]:
        """Part the fresh reports from those sent before; answers what is known of the fresh ones."""
        first: dict[tuple[str, str], Incoming] = {}
        counts = []
        for each, found, refusal in zip(arrived, known, swapped, strict=True):
            if found.report_id is not None:
                self.outcomes[each.index] = _as_before(each, found)
            elif refusal is not None:
                self._reject(each, refusal)
            elif each.report.key in first:
                self.repeats.append((each.index, first[each.report.key]))
                if each.mark != first[each.report.key].mark:
                    self.outcomes[each.index] = _key_reused(each, first[each.report.key].report_id)
            else:
                first[each.report.key] = each
                self.fresh.append(each)
                counts.append(found)
        return counts

    def _file(self) -> None:
        wishes = follow(self.fresh, by=self.by, now=self.now)
        for each in self.fresh:
            if isinstance(joined := wishes.get(each.index), Filed):
                each.waits = None
                self.outcomes[each.index] = _filed_outcome(each, joined)
        ready = [each for each in self.fresh if each.waits is None and each.index not in self.outcomes]
        filed = file([_filing(each) for each in ready], by=self.by, now=self.now)
        for each, result in zip(ready, filed, strict=True):
            each.waits = result.refusal
            each.is_quiet = result.storm is not None and result.storm.quiet
            self.outcomes[each.index] = _filed_outcome(each, result)
        for each in self.fresh:
            if each.index not in self.outcomes and each.waits is not None:
                self.outcomes[each.index] = _outcome(each, OutcomeKind.POOLED, each.waits)
        for index, wish in wishes.items():
            if isinstance(wish, NotFollowed):
                self.outcomes[index] = _not_followed(self.outcomes[index], wish)

    def _answer_repeats(self) -> None:
        for index, first in self.repeats:
            outcome = self.outcomes[first.index]
            self.outcomes.setdefault(index, replace(outcome, kind=OutcomeKind.REPEATED, first=outcome.kind))

    def _keep(self) -> None:
        pairs = [(each, self.outcomes[each.index]) for each in (*self.fresh, *self.turned_away)]
        record(pairs, by=self.by, now=self.now)
        record_suggestions(self.fresh, now=self.now)
        outbox.publish(list(_alarms(pairs)), at=self.now)


def _outcome(each: Incoming, kind: OutcomeKind, refusal: Refusal) -> Outcome:
    zh, en = refusal.message("zh"), refusal.message("en")
    return Outcome(each.report_id, kind, reason=refusal.code, reason_zh=zh, reason_en=en)


def _filed_outcome(each: Incoming, filed: Filed) -> Outcome:
    if filed.refusal is not None:
        return _outcome(each, OutcomeKind.POOLED, filed.refusal)
    if filed.storm is not None:
        why = storms.JOINED, storms.JOINED_ZH, storms.JOINED_EN
        return Outcome(each.report_id, filed.kind, filed.case_id, filed.case_number, *why)
    return Outcome(each.report_id, filed.kind, filed.case_id, filed.case_number)


def _not_followed(outcome: Outcome, why: NotFollowed) -> Outcome:
    zh, en = why.message("zh"), why.message("en")
    return replace(outcome, not_followed=why.code, not_followed_zh=zh, not_followed_en=en)


def _as_before(each: Incoming, found: Known) -> Outcome:
    assert found.report_id is not None
    report_id = ReportId(found.report_id)
    if found.fingerprint != each.mark:
        return _key_reused(each, report_id)
    return Outcome(
        report_id,
        OutcomeKind.REPEATED,
        CaseId(found.case_id) if found.case_id else None,
        found.case_number,
        found.reason,
        found.reason_zh,
        found.reason_en,
        OutcomeKind(found.kind),
    )


def _key_reused(each: Incoming, holder: ReportId) -> Outcome:
    refusal = reasons.KeyReused(external_id=each.report.external_id, report_id=str(holder))
    return replace(_outcome(each, OutcomeKind.REJECTED, refusal), report_id=holder)


def _filing(each: Incoming) -> Filing:
    assert each.version is not None
    assert each.class_code is not None
    assert each.grid_code is not None
    report, (lng, lat) = each.report, each.place
    return Filing(
        report_id=each.report_id,
        version=each.version,
        class_code=each.class_code,
        grid_code=each.grid_code,
        lng=lng,
        lat=lat,
        title=report.title,
        description=report.description,
        is_urgent=each.is_urgent,
        channel=report.channel.value,
        source=report.source,
        at=each.at,
        place_text=report.place_text,
        promised_due=report.promised_due,
        reporter=number_of(report.reporter),
        form=report.form,
        photos=report.photos,
    )


def _alarms(pairs: Sequence[tuple[Incoming, Outcome]]) -> Iterator[events.LifeThreatReported]:
    for each, outcome in pairs:
        if each.is_urgent and not each.is_quiet and outcome.kind is not OutcomeKind.REJECTED:
            yield events.LifeThreatReported(
                report_id=each.report_id,
                case_id=outcome.case_id,
                case_number=outcome.case_number,
                area_code=each.grid_code or settings.county_code(),
                class_code=each.class_code or "",
                threats=tuple(sorted(each.threats)),
                text=each.report.text.strip()[:500],
                place_text=each.report.place_text,
                reported_at=each.at,
            )
