"""Events reach every listener at least once; what fails is retried, then kept in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction

from onegrid.kernel import outbox
from onegrid.kernel.events import Event
from onegrid.kernel.ids import CaseId, new_id
from onegrid.kernel.tests.factories import MONDAY

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingHappened(Event):
    topic: ClassVar[str] = "test.thing-happened"
    case_id: CaseId
    at: datetime
    label: str
    posts: tuple[UUID, ...] = ()
    due: datetime | None = None


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[ThingHappened]:
    monkeypatch.setattr(outbox, "_routes", {})
    got: list[ThingHappened] = []
    outbox.route(ThingHappened, got.extend)
    return got


def thing(label: str = "a") -> ThingHappened:
    return ThingHappened(case_id=CaseId(new_id()), at=MONDAY, label=label, posts=(new_id(),), due=MONDAY)


def test_an_event_arrives_as_it_was_published(heard: list[ThingHappened]) -> None:
    sent = thing("井盖缺损")
    outbox.publish([sent], at=MONDAY)
    assert outbox.drain(now=MONDAY) == 1
    (got,) = heard
    assert (got.case_id, got.at, got.label, got.posts, got.due) == (
        sent.case_id, sent.at, sent.label, sent.posts, sent.due,
    )  # fmt: skip
    assert got.event_id is not None
    assert outbox.drain(now=MONDAY) == 0


def test_a_rolled_back_change_tells_nobody(heard: list[ThingHappened]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.publish([thing()], at=MONDAY)
        1 / 0  # noqa: B018
    assert outbox.drain(now=MONDAY) == 0
    assert heard == []


def failing(times: int) -> Callable[[Sequence[ThingHappened]], None]:
    left = [times]

    def listener(events: Sequence[ThingHappened]) -> None:
        if left[0]:
            left[0] -= 1
            raise RuntimeError("gateway away")

    return listener


def test_one_failing_listener_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_routes", {})
    got: list[ThingHappened] = []
    outbox.route(ThingHappened, failing(1), got.extend)
    outbox.publish([thing("a"), thing("b")], at=MONDAY)
    outbox.drain(now=MONDAY)
    assert [event.label for event in got] == ["a", "b"]
    assert outbox.waiting() == 0
    assert outbox.drain(now=MONDAY + timedelta(seconds=5)) == 2
    assert outbox.drain(now=MONDAY + timedelta(days=1)) == 0


def test_a_listener_that_fails_ten_times_leaves_a_visible_dead_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "_routes", {})
    outbox.route(ThingHappened, failing(10))
    outbox.publish([thing("lost?")], at=MONDAY)
    now = MONDAY
    for _ in range(12):
        outbox.drain(now=now)
        now += timedelta(days=1)
    (letter,) = outbox.dead_letters()
    assert letter.attempts == 10
    assert "gateway away" in letter.error
    assert "lost?" in letter.payload
    assert outbox.revive(now=now) == 1
    outbox.drain(now=now)
    assert outbox.dead_letters() == []


def test_a_failed_listeners_half_done_work_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_routes", {})

    def half(events: Sequence[ThingHappened]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_stamp VALUES ('half', 1)")
        raise RuntimeError

    outbox.route(ThingHappened, half)
    outbox.publish([thing()], at=MONDAY)
    outbox.drain(now=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_stamp WHERE name = 'half'")
        assert cursor.fetchone() == (0,)


def test_an_event_nobody_is_wired_to_is_kept_as_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_routes", {})
    outbox.publish([thing()], at=MONDAY)
    outbox.drain(now=MONDAY)
    assert [letter.error for letter in outbox.dead_letters()] == ["no route"]
