"""Bringing a whole roster (花名册) in: posts, workers, appointments and duties of a file at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from onegrid.accounts import queries as accounts
from onegrid.accounts.rules import Actor, NotPermitted
from onegrid.kernel.ids import AccountId, new_ids
from onegrid.kernel.refusals import Refusal
from onegrid.workforce import queries
from onegrid.workforce.actions.appointments import NewAppointment, appoint
from onegrid.workforce.actions.posts import NewPost, create_posts, set_duties
from onegrid.workforce.actions.workers import NewWorker, create_workers
from onegrid.workforce.rules import roster, roster_file
from onegrid.workforce.rules.roster import County, PlannedPost, PlannedWorker
from onegrid.workforce.rules.roster_file import RosterLine


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in, and the refused rows as a file (empty where there are none)."""

    posts: int
    workers: int
    appointments: int
    refused: Mapping[int, Refusal]
    error_file: bytes


@transaction.atomic
def import_roster(data: bytes, *, by: Actor, now: datetime) -> Imported:
    """Bring in every line of the file that can be; the others are given back with their reasons.

    A post or worker that is there already is taken as it is, so that sending the mended rest again
    is harmless. Raises RosterUnreadable, NotPermitted."""
    by.require("workforce.write")
    table = roster_file.read_table(data)
    lines: list[RosterLine] = []
    refused: dict[int, Refusal] = {}
    for number, row in table.rows:
        try:
            lines.append(roster_file.line_of(table, number, row))
        except Refusal as refusal:
            refused[number] = refusal
    refused |= _outside(lines, by)
    kept = [line for line in lines if line.number not in refused]
    county = queries.county(accounts=_accounts(kept))
    ids: Iterator[UUID] = iter(new_ids(2 * len(kept)))
    refused |= roster.take(county, kept, ids=ids, today=queries.city_day(now))
    counts = _write(county, by=by, now=now)
    reasons = {number: refusal.message("zh") for number, refusal in refused.items()}
    return Imported(*counts, refused, roster_file.error_file(table, reasons) if reasons else b"")


def _outside(lines: Iterable[RosterLine], by: Actor) -> dict[int, Refusal]:
    refused: dict[int, Refusal] = {}
    for line in lines:
        try:
            by.require("workforce.write", line.place)
        except NotPermitted as refusal:
            refused[line.number] = refusal
    return refused


def _accounts(lines: Iterable[RosterLine]) -> dict[str, AccountId]:
    """The accounts that the lines name, by the name as it stands in the file."""
    names = {line.username: line.username.lower() for line in lines if line.username}
    known = accounts.accounts_by_username(list(names.values()))
    return {shown: known[name] for shown, name in names.items() if name in known}


def _write(county: County, *, by: Actor, now: datetime) -> tuple[int, int, int]:
    """Write what the lines added; the number of new posts, new workers and appointments."""
    posts = [post for post in county.posts.values() if post.new]
    create_posts([_new_post(post) for post in posts], by=by, now=now)
    workers = [worker for worker in county.workers.values() if worker.new]
    create_workers([_new_worker(worker) for worker in workers], by=by, now=now)
    tenures = [NewAppointment(t.post_id, t.worker_id, t.period, t.principal) for t in county.appointments]
    appoint(tenures, by=by, now=now)
    set_duties(county.duties, by=by, now=now)
    return len(posts), len(workers), len(tenures)


def _new_post(post: PlannedPost) -> NewPost:
    return NewPost(post.role, post.territory, post.unit, post.title, "", post.key, post.post_id)


def _new_worker(worker: PlannedWorker) -> NewWorker:
    return NewWorker(worker.name, worker.category, worker.staff_no, worker.account_id, worker.worker_id)
