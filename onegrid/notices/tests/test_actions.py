"""Telling and reading on the real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts.rules import Actor
from onegrid.accounts.tests.factories import NOW, actor, standing
from onegrid.kernel.ids import AccountId, NoticeId, PostId, new_id
from onegrid.kernel.refusals import NotFound
from onegrid.notices import actions, queries, rules
from onegrid.notices.models import Delivery, Notice
from onegrid.notices.tests.factories import telling

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
EVENING = NOW + timedelta(hours=14)  # 23:30 in Nan'an
MORNING = NOW + timedelta(hours=21, minutes=30)  # 07:00


@pytest.fixture
def wang() -> Actor:
    return actor(standing("grid-head", "350583111201"), standing("grid-worker-1", "350583111201"))


def titles(who: Actor, **options: Any) -> list[str]:
    return [item.title for item in queries.inbox(who, now=LATER, **options).items]


def test_who_holds_the_post_reads_what_the_post_was_told(wang: Actor) -> None:
    for post in wang.post_ids:
        actions.tell([telling(to_post=post)], at=NOW)
    assert wang.account_id is not None
    actions.tell([telling("case-urged", to_account=wang.account_id)], at=NOW)
    actions.tell([telling(to_post=new_id())], at=NOW)  # somebody else's
    page = queries.inbox(wang, now=LATER)
    assert [item.template for item in page.items] == ["case-urged", "task-main", "task-main"]
    assert page.items[0].post_id is None
    assert {item.post_id for item in page.items[1:]} == wang.post_ids
    assert page.items[1].body == "水头镇奎峰村的“路边暴露垃圾”请在 11月24日 13:30 前办理。"


def test_the_same_notice_reads_in_english(wang: Actor) -> None:
    actions.tell([telling(to_post=min(wang.post_ids))], at=NOW)
    assert titles(wang, lang="en") == ["New task: HJ202611243505830001 处置"]


def test_telling_twice_under_one_key_tells_once(wang: Actor) -> None:
    post = min(wang.post_ids)
    batch = [telling(key="event-1:main", to_post=post), telling(key="event-2:main", to_post=post)]
    assert actions.tell(batch, at=NOW) == 2
    assert actions.tell([*batch, telling(key="event-3:main", to_post=post)], at=LATER) == 1
    assert Notice.objects.count() == Delivery.objects.count() == 3


def test_a_thousand_tellings_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch = [telling(to_post=new_id()) for _ in range(1000)]
    queries.templates()
    with django_assert_num_queries(1):
        assert actions.tell(batch, at=NOW) == 1000
    assert actions.tell([], at=NOW) == 0


def test_what_is_not_urgent_waits_for_the_morning(wang: Actor) -> None:
    post = min(wang.post_ids)
    actions.tell([telling("case-urged", to_post=post)], at=EVENING)
    actions.tell([telling("case-emergency", to_post=post, urgent=True)], at=EVENING)
    at_night = queries.inbox(wang, now=EVENING + timedelta(hours=1))
    assert [item.template for item in at_night.items] == ["case-emergency"]
    assert queries.unread(wang, now=EVENING).count == 1
    in_the_morning = queries.inbox(wang, now=MORNING)
    assert [item.template for item in in_the_morning.items] == ["case-urged", "case-emergency"]
    assert in_the_morning.items[0].at == MORNING


def test_an_unknown_template_and_a_missing_parameter_are_refused_by_name() -> None:
    with pytest.raises(rules.UnknownTemplate):
        actions.tell([telling("no-such", to_post=new_id())], at=NOW)
    incomplete = rules.Telling("k", "task-main", {"number": "1"}, to_post=PostId(new_id()))
    with pytest.raises(rules.MissingParameters) as refused:
        actions.tell([incomplete], at=NOW)
    assert "due、how、place、stage、title" in refused.value.message("zh")
    assert not Notice.objects.exists()


def test_reading_counts_for_the_reader_alone(wang: Actor) -> None:
    post = min(wang.post_ids)
    colleague = replace(wang, account_id=AccountId(new_id()), name="替班")
    actions.tell([telling(to_post=post), telling(to_post=post)], at=NOW)
    first, second = (item.id for item in queries.inbox(wang, now=LATER).items)
    actions.mark_read([first], by=wang, now=LATER)
    actions.mark_read([first], by=wang, now=LATER + timedelta(hours=1))
    assert queries.unread(wang, now=LATER).count == 1
    assert queries.unread(colleague, now=LATER).count == 2
    assert [item.id for item in queries.inbox(wang, now=LATER, unread=True).items] == [second]
    assert {item.id: item.read_at for item in queries.inbox(wang, now=LATER).items} == {
        first: LATER,
        second: None,
    }


def test_a_notice_of_others_or_of_tomorrow_cannot_be_marked_and_none_is(wang: Actor) -> None:
    post = min(wang.post_ids)
    actions.tell([telling(to_post=post)], at=NOW)
    actions.tell([telling(to_post=new_id())], at=NOW)
    mine, foreign = Notice.objects.filter(recipient=post).get(), Notice.objects.exclude(recipient=post).get()
    with pytest.raises(NotFound):
        actions.mark_read([NoticeId(mine.id), NoticeId(foreign.id)], by=wang, now=LATER)
    with pytest.raises(NotFound):
        actions.mark_read([NoticeId(mine.id)], by=wang, now=NOW - timedelta(hours=1))
    assert queries.unread(wang, now=LATER).count == 1


def test_everything_can_be_marked_at_once(wang: Actor) -> None:
    for post in wang.post_ids:
        actions.tell([telling(to_post=post)], at=NOW)
    assert actions.mark_all_read(by=wang, now=LATER) == 2
    assert actions.mark_all_read(by=wang, now=LATER) == 0
    assert queries.unread(wang, now=LATER).count == 0


def test_the_inbox_is_paged_without_gaps_or_repeats_across_posts(wang: Actor) -> None:
    posts = sorted(wang.post_ids)
    for i in range(25):
        told = telling(key=f"k{i}", to_post=posts[i % 2])
        actions.tell([told], at=NOW + timedelta(seconds=i // 5))  # several at one moment
    seen: list[NoticeId] = []
    cursor = ""
    while True:
        page = queries.inbox(wang, now=LATER, cursor=cursor, limit=7)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 25
    newest_first = Notice.objects.order_by("-deliver_after", "-id").values_list("id", flat=True)
    assert seen == list(newest_first)


def test_the_unread_count_stops_at_ninety_nine_and_forgets_after_a_quarter(wang: Actor) -> None:
    actions.tell([telling(to_post=min(wang.post_ids)) for _ in range(120)], at=NOW)
    assert queries.unread(wang, now=LATER) == queries.Unread(99, more=True)
    assert queries.unread(wang, now=NOW + timedelta(days=91)) == queries.Unread(0, more=False)


def test_a_reporter_is_told_apart_from_all_inboxes(wang: Actor) -> None:
    report = str(uuid4())
    actions.tell([telling("reporter-answer", to_reporter=report)], at=NOW)
    assert [each.body for each in queries.told_reporter(report, now=LATER)] == [
        "编号 HJ202611243505830001，欢迎您评价。办理结果：已清运"
    ]
    assert queries.told_reporter("somebody else", now=LATER) == []
    assert titles(wang) == []


def test_the_record_says_who_was_told_how_and_when_it_was_read(wang: Actor) -> None:
    case, post = uuid4(), min(wang.post_ids)
    actions.tell([telling(to_post=post, subject_id=case), telling(to_reporter="r", subject_id=case)], at=NOW)
    mine = queries.inbox(wang, now=LATER).items[0]
    actions.mark_read([mine.id], by=wang, now=LATER)
    record = {each.to_kind: each for each in queries.deliveries(case)}
    assert (record["post"].channel, record["post"].delivered_at, record["post"].first_read_at) == (
        "in-app",
        NOW,
        LATER,
    )
    assert record["reporter"].first_read_at is None
