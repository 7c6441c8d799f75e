"""Loading an edition of the divisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, history, stamps
from onegrid.kernel.history import Entry
from onegrid.kernel.ids import DivisionCode
from onegrid.territory.actions.writing import author, lock, subject
from onegrid.territory.queries.catalogue import names_in_force
from onegrid.territory.rules.codes import DivisionLevel
from onegrid.territory.rules.divisions import (
    ChangeSet,
    NewDivision,
    OldEdition,
    change_set,
    check_divisions,
)


@transaction.atomic
def load_divisions(rows: Sequence[NewDivision], *, edition: int, by: Actor, now: datetime) -> ChangeSet:
    """Take over a list of divisions as the edition of a year, for the counties that it covers.

    Codes that the list lacks are no longer live but stay known. The list of the newest edition may be
    supplemented: then nothing goes. Raises what check_divisions raises, OldEdition, NotPermitted."""
    lock()
    counties = sorted({row.code[: DivisionLevel.COUNTY] for row in rows})
    for county in counties:
        by.require("territory.write", county)
    before = names_in_force()
    check_divisions(rows, known=before)
    latest = _latest_edition(counties)
    if edition < latest:
        raise OldEdition(edition=edition, latest=latest)
    change = change_set(before, rows)
    if edition == latest:
        change = ChangeSet((), change.new, change.renamed)
    _write(rows, change, edition=edition)
    history.append([_entry(county, change, edition, by=by, now=now) for county in counties])
    stamps.bump("territory")
    return change


def _latest_edition(counties: Sequence[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(last_edition), 0) FROM territory_division WHERE left(code, 6) = ANY(%s)",
            [list(counties)],
        )
        return int(cursor.fetchone()[0])


def _write(rows: Sequence[NewDivision], change: ChangeSet, *, edition: int) -> None:
    predecessors: Mapping[str, tuple[str, ...]] = {row.code: row.predecessors for row in change.new}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE territory_division SET live = false WHERE code = ANY(%s)", [list(change.gone)])
        cursor.executemany(
            "INSERT INTO territory_division"
            " (code, name, kind, predecessors, lies_in, first_edition, last_edition, live)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, true) ON CONFLICT (code) DO UPDATE SET"
            " name = EXCLUDED.name, kind = EXCLUDED.kind, lies_in = EXCLUDED.lies_in,"
            " last_edition = EXCLUDED.last_edition, live = true",
            [
                (
                    row.code, row.name, row.kind, list(predecessors.get(row.code, ())), row.lies_in,
                    edition, edition,
                )
                for row in rows
            ],
        )  # fmt: skip
        cursor.execute(
            "DELETE FROM territory_listing WHERE edition = %s AND code = ANY(%s)",
            [edition, [row.code for row in rows]],
        )
    listed = [(edition, row.code, row.name, row.kind) for row in rows]
    bulk.insert("territory_listing", ("edition", "code", "name", "kind"), listed)


def _entry(county: str, change: ChangeSet, edition: int, *, by: Actor, now: datetime) -> Entry:
    def here(code: str) -> bool:
        return code.startswith(county)

    body = {
        "county": county,
        "edition": edition,
        "gone": list(filter(here, change.gone)),
        "new": {row.code: [row.name, *row.predecessors] for row in change.new if here(row.code)},
        "renamed": {each.code: [each.before, each.after] for each in change.renamed if here(each.code)},
    }
    return Entry("divisions", subject("divisions", county), "load", now, author(by), body)


def live_villages() -> set[DivisionCode]:
    """The villages that grids may hang under."""
    return {code for code in names_in_force() if len(code) == DivisionLevel.VILLAGE}
