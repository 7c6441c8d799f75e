"""Writes of workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk
from onegrid.kernel.ids import AccountId, WorkerId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.workforce import queries
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.rules import AccountTaken, KeyTaken, UnknownKey, refuse_repeated

_COLUMNS: Final = ("id", "staff_no", "name", "category_id", "account_id")


@dataclass(frozen=True, slots=True)
class NewWorker:
    """A worker to register. `category` is a key of the category list; `staff_no` (工号) is the worker's id
    where the county gives none; without an account the worker cannot log in."""

    name: str
    category: str
    staff_no: str = ""
    account_id: AccountId | None = None
    worker_id: WorkerId | None = None


@transaction.atomic
def create_workers(batch: Sequence[NewWorker], *, by: Actor, now: datetime) -> list[WorkerId]:
    """Register the workers, all or none, and return their ids in order; they hold no post yet.

    Raises KeyTaken (staff number), AccountTaken, UnknownKey (category), NotPermitted."""
    by.require("workforce.write")
    categories = {category.key for category in queries.categories()}
    for new in batch:
        if new.category not in categories:
            raise UnknownKey(what="人员类别", what_en="worker category", key=new.category)
    ids = [new.worker_id or WorkerId(fresh) for new, fresh in zip(batch, new_ids(len(batch)), strict=True)]
    rows = [
        (worker_id, new.staff_no or worker_id.hex, new.name, new.category, new.account_id)
        for worker_id, new in zip(ids, batch, strict=True)
    ]
    _refuse_taken([row[1] for row in rows], [new.account_id for new in batch if new.account_id])
    bulk.insert("workforce_worker", _COLUMNS, rows)
    steps = [
        Step(row[0], "registered", {"staff_no": row[1], "category": row[3], "account": row[4]}, first=True)
        for row in rows
    ]
    record("worker", steps, by=by, now=now)
    return ids


def _refuse_taken(staff_nos: Sequence[str], accounts: Sequence[AccountId]) -> None:
    refuse_repeated(staff_nos)
    if len(set(accounts)) < len(accounts):
        raise AccountTaken()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT staff_no, account_id FROM workforce_worker"
            " WHERE staff_no = ANY(%s) OR account_id = ANY(%s) LIMIT 1",
            [list(staff_nos), list(accounts)],
        )
        taken = cursor.fetchone()
    if taken:
        raise KeyTaken(key=taken[0]) if taken[0] in staff_nos else AccountTaken()


@transaction.atomic
def change_worker(
    worker_id: WorkerId, *, name: str, category: str, account_id: AccountId | None, by: Actor, now: datetime
) -> None:
    """Give a worker's entry another name, category or account; the posts held stay.

    Raises NotFound, UnknownKey (category), AccountTaken, NotPermitted."""
    by.require("workforce.write")
    if category not in {known.key for known in queries.categories()}:
        raise UnknownKey(what="人员类别", what_en="worker category", key=category)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, category_id FROM workforce_worker WHERE id = %s FOR UPDATE", [worker_id])
        before = cursor.fetchone()
        if before is None:
            raise NotFound(what="工作人员")
        cursor.execute(
            "SELECT 1 FROM workforce_worker WHERE account_id = %s AND id <> %s", [account_id, worker_id]
        )
        if cursor.fetchone():
            raise AccountTaken()
        cursor.execute(
            "UPDATE workforce_worker SET name = %s, category_id = %s, account_id = %s WHERE id = %s",
            [name, category, account_id, worker_id],
        )
    body = {"renamed": before[0] != name, "category": category, "account": account_id}
    record("worker", [Step(worker_id, "changed", body)], by=by, now=now)
