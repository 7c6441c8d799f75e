"""The redundancy filter at work on reports that are filed: it remembers matters and proposes earlier ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Final
from zlib import crc32

from onegrid.cases import events as cases_events
from onegrid.cases import queries as cases
from onegrid.cases.rules.commands import Reopen, Unmerge
from onegrid.cases.rules.opening import Opening
from onegrid.cases.rules.photo_facts import PhotoFacts
from onegrid.intake.actions.proposing import propose
from onegrid.intake.models import OpenMatter
from onegrid.intake.queries.matters import Lead, matching_model, squares_of
from onegrid.intake.rules.filter.matters import Matter
from onegrid.intake.rules.filter.proposing import family_of, offers
from onegrid.intake.rules.filter.words import packed, words_of
from onegrid.intake.rules.proposals import REPEAT_WITHIN, Proposed
from onegrid.intake.rules.reports import OutcomeKind, Reporter
from onegrid.kernel import bulk, crypto
from onegrid.kernel.ids import CaseId

if TYPE_CHECKING:
    from onegrid.intake.actions.filing import Filed, Filing

COLUMNS: Final = (
    "case_id", "square", "family", "class_code", "lng", "lat", "opened_at", "due_at", "urgent", "address",
    "reporter", "channel", "photos", "head", "words",
)  # fmt: skip
WAKING: Final = frozenset({Reopen.verb, Unmerge.verb})
_WAKE: Final = (
    "UPDATE intake_matter AS m SET ended_at = NULL"
    " FROM unnest(%s::uuid[], %s::timestamptz[]) AS woken (id, at)"
    " WHERE m.case_id = woken.id AND m.ended_at < woken.at"
)
SHORTEST_ADDRESS: Final = 4  # characters: "村口" is no address


def matters_of(filings: Sequence["Filing"], openings: Sequence[Opening]) -> list[Matter]:
    """What the filter compares of each report; the photos of all are looked up at once."""
    marks = cases.photo_facts([sha for each in filings for sha in each.photos])
    return [_matter(each, opening, marks) for each, opening in zip(filings, openings, strict=True)]


def _matter(filing: "Filing", opening: Opening, marks: Mapping[str, PhotoFacts]) -> Matter:
    lng, lat = (nan, nan) if filing.lng is None or filing.lat is None else (filing.lng, filing.lat)
    seen = (marks[sha].phash for sha in filing.photos if sha in marks)
    return Matter(
        opening.case_id, filing.class_code, family_of(filing.class_code), lng, lat,
        filing.at.timestamp(), nan, inf, _address(filing.place_text), filing.reporter, filing.channel,
        tuple(mark for mark in seen if mark is not None), words_of(filing.title),
        words_of(f"{filing.title}\n{filing.description}"),
    )  # fmt: skip


def _address(place_text: str) -> int:
    plain = "".join(place_text.casefold().split())
    return crc32(plain.encode()) if len(plain) >= SHORTEST_ADDRESS else 0


def number_of(reporter: Reporter | None) -> int:
    """A number of who reported, equal for the same phone: of its keyed hash. 0 without a phone."""
    if reporter is None or not reporter.phone:
        return 0
    return int.from_bytes(crypto.lookup_digest(reporter.phone)[:7])


def remember(matters: Sequence[Matter], filings: Sequence["Filing"], filed: Sequence["Filed"]) -> None:
    """Keep what the filter compares of each report that opened a case, where its scenario lets them join."""
    kept = [
        (matter, filing, result)
        for matter, filing, result in zip(matters, filings, filed, strict=True)
        if result.kind is OutcomeKind.OPENED and filing.version.definition.duplicate.joins
    ]
    placed = [matter for matter, _, _ in kept if isfinite(matter.lng)]
    squares = (
        iter(squares_of([each.lng for each in placed], [each.lat for each in placed])) if placed else iter(())
    )
    rows = []
    for matter, filing, result in kept:
        has_place = isfinite(matter.lng)
        lng, lat, square = (matter.lng, matter.lat, next(squares)) if has_place else (None, None, None)
        rows.append((
            matter.case_id, square, matter.family, matter.class_code, lng, lat, filing.at, result.due_at,
            filing.is_urgent, matter.address, matter.reporter, matter.channel,
            list(matter.photos) if matter.photos else "{}", packed(matter.head), packed(matter.words),
        ))  # fmt: skip
    bulk.insert("intake_matter", COLUMNS, rows)


def propose_for(
    matters: Sequence[Matter],
    filings: Sequence["Filing"],
    filed: Sequence["Filed"],
    known: Sequence[Lead],
    *,
    now: datetime,
) -> None:
    """Propose to people what reports that opened a case of their own, or wait, may be about.

    A danger to life is proposed like any other report and opened, alarmed and worked like none: nothing here
    keeps it back (domain.md 3.3)."""
    model = matching_model()
    if model is None:
        return
    asked = [
        k for k, each in enumerate(filed)
        if each.kind in {OutcomeKind.OPENED, OutcomeKind.POOLED}
        and filings[k].version.definition.duplicate.joins
    ]  # fmt: skip
    open_ones = [k for k in asked if filed[k].kind is OutcomeKind.OPENED]
    if not asked or not (known or len(open_ones) > 1):
        return
    earlier = [one.matter for one in known] + [matters[k] for k in open_ones]
    found = offers(model, [matters[k] for k in asked], earlier)
    propose(
        [
            Proposed(
                report_id=filings[k].report_id, case_id=CaseId(one.case_id), rank=one.rank,
                score=one.probability, reasons=one.reasons, facts=one.facts, model=model.version,
            )
            for k, offered in zip(asked, found, strict=True)
            for one in offered
        ],
        now=now,
    )  # fmt: skip


def end_matters(ended: Sequence[cases_events.CaseClosed | cases_events.CaseMerged]) -> None:
    """Cases ended: no further report is about them, but for a while it may be that they ended in vain."""
    rows = [(each.case_id, each.at) for each in ended]
    bulk.update("intake_matter", ("case_id", "uuid"), [("ended_at", "timestamptz")], rows)


def wake_matters(moved: Sequence[cases_events.CaseMoved]) -> None:
    """A case that had ended goes on (re-opened, un-merged): reports may be about it again."""
    woken = [each for each in moved if each.verb in WAKING]
    if woken:
        bulk.run(_WAKE, [bulk.array(each.case_id for each in woken), bulk.array(each.at for each in woken)])


def forget_matters(*, now: datetime) -> int:
    """Forget matters that ended longer ago than a complaint counts as repeated; how many."""
    gone, _ = OpenMatter.objects.filter(ended_at__lt=now - REPEAT_WITHIN).delete()
    return gone
