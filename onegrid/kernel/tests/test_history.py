"""The record cannot be changed unnoticed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from onegrid.kernel import history, seals
from onegrid.kernel.history import GENESIS, Entry, Head
from onegrid.kernel.ids import new_id
from onegrid.kernel.tests.factories import MONDAY, NOBODY, entry

pytestmark = pytest.mark.django_db


def tamper(statement: str, params: list[UUID] | list[int]) -> None:
    """What a database superuser can do: switch the triggers off and write."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")


def chain(length: int = 3) -> tuple[UUID, list[Head]]:
    subject = new_id()
    heads = history.append([entry(subject, n=n, text="路面积水") for n in range(length)])
    return subject, heads


def test_entries_of_one_subject_chain_in_order() -> None:
    subject, heads = chain()
    assert [head.seq for head in heads] == [1, 2, 3]
    assert [step.body["n"] for step in history.trail(subject)] == [0, 1, 2]
    assert list(seals.faults()) == []


def test_a_batch_of_many_subjects_chains_each_on_its_own() -> None:
    subjects = [new_id() for _ in range(40)]
    history.append([entry(each, n=n) for n in range(2) for each in subjects])
    assert all([s.seq for s in history.trail(each)] == [1, 2] for each in subjects)
    assert list(seals.faults()) == []


def test_a_given_head_is_continued_without_looking_it_up() -> None:
    subject, heads = chain(1)
    after = history.append([Entry("thing", subject, "moved", MONDAY, NOBODY, {}, head=heads[-1])])
    assert after[0].seq == 2
    assert list(seals.faults(subject)) == []


def test_two_writers_on_one_chain_cannot_fork_it() -> None:
    subject, _ = chain(1)
    fork = Entry("thing", subject, "moved", MONDAY, NOBODY, {}, head=GENESIS)
    with pytest.raises(DatabaseError), transaction.atomic():
        history.append([fork])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_trail SET verb = 'other' WHERE seq = 1",
        "DELETE FROM kernel_trail WHERE seq = 1",
        "TRUNCATE kernel_trail",
    ],
)
def test_the_table_refuses_to_be_changed(statement: str) -> None:
    chain()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("body", "replace(body, '路面', '路边')"),
        ("verb", "verb || 'x'"),
        ("subject_kind", "'case'"),
        ("at", "at + interval '1 microsecond'"),
        ("recorded_at", "recorded_at - interval '1 second'"),
        ("account_id", "gen_random_uuid()"),
        ("post_id", "gen_random_uuid()"),
        ("by_label", "'someone'"),
        ("digest", "set_byte(digest, 5, get_byte(digest, 5) # 1)"),
    ],
)
def test_one_changed_value_is_found_and_named(column: str, change: str) -> None:
    subject, _ = chain()
    tamper(f"UPDATE kernel_trail SET {column} = {change} WHERE subject_id = %s AND seq = 2", [subject])
    found = [(fault.subject_id, fault.seq, fault.problem) for fault in seals.faults()]
    assert (subject, 2, "changed") in found


def test_a_removed_row_in_the_middle_is_found() -> None:
    subject, _ = chain()
    tamper("DELETE FROM kernel_trail WHERE subject_id = %s AND seq = 2", [subject])
    assert [(fault.seq, fault.problem) for fault in seals.faults()] == [(2, "missing")]


def test_a_removed_last_row_is_found_by_the_seal() -> None:
    subject, _ = chain()
    assert seals.seal(now=MONDAY) == 1
    tamper("DELETE FROM kernel_trail WHERE subject_id = %s AND seq = 3", [subject])
    assert [(fault.subject_id, fault.seq, fault.problem) for fault in seals.faults()] == [
        (subject, 3, "missing")
    ]


def test_a_chain_rewritten_from_its_start_is_found_by_the_seal() -> None:
    subject, _ = chain(1)
    seals.seal(now=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM kernel_trail WHERE subject_id = %s", [subject])
        cursor.execute("SET LOCAL session_replication_role = origin")
    history.append([entry(subject, n="forged")])
    assert {fault.subject_id for fault in seals.faults()} == {subject}


def test_sealing_twice_seals_only_what_moved_between() -> None:
    first, _ = chain()
    chain()
    assert seals.seal(now=MONDAY) == 2
    assert seals.seal(now=MONDAY) == 0
    history.append([entry(first, n=9)])
    assert seals.seal(now=MONDAY + timedelta(days=1)) == 1
    assert list(seals.faults()) == []


def test_a_changed_seal_is_found() -> None:
    chain()
    seals.seal(now=MONDAY)
    tamper(
        "UPDATE kernel_seal SET digest = set_byte(digest, 3, get_byte(digest, 3) # 1) WHERE number = %s", [1]
    )
    assert [fault.problem for fault in seals.faults()] == ["seal-changed"]


def test_chains_survive_a_change_of_the_digest_algorithm(settings: Any) -> None:
    subject, _ = chain(2)
    settings.CRYPTO_SUITE = "national"
    history.append([entry(subject, n="sm3")])
    settings.CRYPTO_SUITE = "international"
    history.append([entry(subject, n="sha")])
    assert list(seals.faults()) == []
    assert len(history.trail(subject)) == 4
