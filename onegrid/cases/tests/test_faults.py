"""Two at once, a death in the middle, a worker twice: nothing half-written, nothing doubled."""

import hashlib
import io
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from PIL import Image

from onegrid.cases import actions, queries
from onegrid.cases.actions import Performed
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.file_refusals import StoreFull
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import NOW, City, opened, report
from onegrid.cases.tests.pictures import jpeg
from onegrid.kernel import history


@pytest.fixture
def committed(transactional_db: None) -> Iterator[City]:
    """The small city, really committed, so that other connections see it."""
    yield f.city()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run the works in threads with connections of their own, all starting together."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait()
            results[index] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The store of photos on a disk of 512 KiB of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_photo_that_fills_the_disk_is_refused_leaves_nothing_and_may_be_sent_again(
    committed: City, small_disk: Path
) -> None:
    noise = Image.frombytes("RGB", (600, 600), os.urandom(600 * 600 * 3))
    big = io.BytesIO()
    noise.save(big, "PNG")
    photo = SimpleUploadedFile("photo.png", big.getvalue(), "image/png")
    with pytest.raises(StoreFull):
        actions.store_evidence(photo, by=committed.actor("lin"), now=NOW)
    assert [one for one in small_disk.rglob("*") if one.is_file()] == []
    assert not queries.stored_files([hashlib.sha256(big.getvalue()).hexdigest()])
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    photo.seek(0)
    stored = actions.store_evidence(photo, by=committed.actor("lin"), now=NOW)
    assert (small_disk / queries.stored_path(stored.sha)).read_bytes() == big.getvalue()


def test_the_rest_of_a_photo_that_a_killed_process_left_is_written_anew(committed: City) -> None:
    photo = jpeg()
    whole = photo.read()
    photo.seek(0)
    path = queries.stored_path(hashlib.sha256(whole).hexdigest())
    default_storage.delete(path)
    default_storage.save(path, ContentFile(whole[: len(whole) // 2]))
    actions.store_evidence(photo, by=committed.actor("lin"), now=NOW)
    with default_storage.open(path) as file:
        assert file.read() == whole


def test_of_two_posts_acting_at_once_exactly_one_wins(committed: City) -> None:
    (case,) = opened([report(committed)])
    wang, gao = committed.actor("wang"), committed.actor("gao")
    sign = do.Acknowledge(case_id=case.case_id, version=1)
    push = do.Urge(case_id=case.case_id, version=1, text="请尽快")
    found = at_once(
        lambda: actions.perform([sign], by=wang, now=NOW)[0],
        lambda: actions.perform([push], by=gao, now=NOW)[0],
    )
    assert sorted(type(one).__name__ for one in found) == ["Performed", "Stale"]
    loser = next(one for one in found if isinstance(one, no.Stale))
    assert loser.params["version"] == 2
    assert list(history.faults()) == []


def test_batches_that_name_the_same_cases_in_other_orders_do_not_lock_each_other_out(committed: City) -> None:
    cases = opened([report(committed) for _ in range(12)])
    notes = [do.Note(case_id=one.case_id, text="记") for one in cases]
    wang = committed.actor("wang")
    for _ in range(3):
        found = at_once(
            lambda: actions.perform(notes, by=wang, now=NOW),
            lambda: actions.perform(notes[::-1], by=wang, now=NOW),
        )
        assert all(isinstance(one, Performed) for batch in found for one in batch)
    assert list(history.faults()) == []
    assert {state.version for state in queries.states([one.case_id for one in cases]).values()} == {7}


def test_two_workers_escalate_each_step_once(committed: City) -> None:
    cases = opened([report(committed) for _ in range(8)])
    late = NOW + timedelta(days=30)
    taken = at_once(lambda: actions.escalate_due(late), lambda: actions.escalate_due(late))
    assert actions.escalate_due(late) == 0
    steps = [step for one in cases for step in history.trail(one.case_id) if step.verb != "open"]
    assert len(steps) == sum(taken)
    for case in cases:
        percents = [s.body["percent"] for s in history.trail(case.case_id) if "percent" in s.body]
        assert percents == [50, 80, 100, 150]


def test_numbers_stay_unique_when_a_day_begins_in_two_processes_at_once(committed: City) -> None:
    made = at_once(*(lambda: opened([report(committed) for _ in range(5)]) for _ in range(4)))
    numbers = [one.number for batch in made for one in batch]
    assert len(set(numbers)) == 20


def test_a_connection_lost_in_the_middle_of_a_batch_leaves_nothing_behind(committed: City) -> None:
    (case,) = opened([report(committed)])
    with pytest.raises(OperationalError), transaction.atomic():
        opened([report(committed) for _ in range(30)])
        actions.perform([do.Note(case_id=case.case_id, text="记")], by=committed.actor("wang"), now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (1,)
    assert [step.verb for step in history.trail(case.case_id)] == ["open"]
    assert list(history.faults()) == []


def test_a_row_changed_behind_the_rules_back_is_found_and_named(committed: City) -> None:
    (case,) = opened([report(committed)])
    actions.perform([do.Note(case_id=case.case_id, text="记")], by=committed.actor("wang"), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE kernel_trail SET body = replace(body, '记', '己') WHERE subject_id = %s AND seq = 2",
            [case.case_id],
        )
        cursor.execute("SET session_replication_role = origin")
    (fault,) = history.faults()
    assert (fault.subject_id, fault.seq, fault.problem) == (case.case_id, 2, "changed")
