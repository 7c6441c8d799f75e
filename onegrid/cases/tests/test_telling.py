"""What the people of a case read in their inboxes after each event."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts.rules import Actor, Standing
from onegrid.cases import events
from onegrid.cases.actions.telling import tell_posts
from onegrid.kernel.ids import AccountId, EventId, PostId, UnitId, new_id
from onegrid.notices import queries as notices
from onegrid.workforce.tests import factories as workforce
from onegrid.workforce.tests.factories import GRID, NOW, TOWN, VILLAGE

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)
DUE = NOW + timedelta(hours=4)
NIGHT = NOW + timedelta(hours=14)  # 23:30 in Nan'an


@pytest.fixture
def posts() -> dict[str, PostId]:
    workforce.units()
    return workforce.posts()


def head(posts: dict[str, PostId]) -> PostId:
    return posts[f"chief-head@{VILLAGE}"]


def happened(event: type[events.CaseEvent], /, *, owner: PostId | None, **more: Any) -> Any:
    facts: dict[str, Any] = {
        "event_id": EventId(new_id()),
        "case_id": uuid4(),
        "number": "LW202611243505830007",
        "title": "宅基地超面积建房",
        "scenario": "illegal-construction",
        "grid_code": GRID,
        "stage": "assign",
        "stage_zh": "任务派发",
        "owner": owner,
        "due_at": DUE,
        "by": "林小梅",
        "at": NOW,
    }
    return event(**facts | more)


def opened(posts: dict[str, PostId], **more: Any) -> events.CaseOpened:
    facts: dict[str, Any] = {"class_code": "0101", "channel": "worker", "urgency": 1}
    event: events.CaseOpened = happened(events.CaseOpened, owner=head(posts), **facts | more)
    return event


def read(post: PostId, **options: Any) -> list[tuple[str, str]]:
    """Template and title of what the holder of a post finds in the inbox, newest first."""
    who = Actor(AccountId(new_id()), "看", "person", (Standing(post, "", UnitId(new_id()), "", ""),))
    page = notices.inbox(who, now=options.pop("now", LATER), **options)
    return [(item.template, item.title) for item in page.items]


def test_the_first_owner_has_a_task_and_the_copies_are_informed(posts: dict[str, PostId]) -> None:
    copy = posts[f"village-centre@{VILLAGE}"]
    tell_posts([opened(posts, copies=(copy, head(posts)))])
    assert read(head(posts)) == [("task-main", "新任务：LW202611243505830007 任务派发")]
    assert read(copy) == [("task-copy", "抄送：LW202611243505830007 任务派发")]
    assert read(posts[f"town-desk@{TOWN}"]) == []


def test_the_same_event_twice_is_told_once(posts: dict[str, PostId]) -> None:
    event = opened(posts)
    tell_posts([event])
    tell_posts([event, opened(posts)])
    assert len(read(head(posts))) == 2


@pytest.mark.parametrize(
    ("verb", "verb_zh", "zh", "en"),
    [
        ("exit", "办理", "新任务：", "New task:"),
        ("return", "退回", "退回：", "Return:"),
        ("hand-over", "转派", "转派：", "Hand over:"),
        ("reopen", "返工", "返工：", "Reopen:"),
    ],
)
def test_a_moved_case_says_how_it_came(
    posts: dict[str, PostId], verb: str, verb_zh: str, zh: str, en: str
) -> None:
    tell_posts(
        [happened(events.CaseMoved, owner=head(posts), verb=verb, verb_zh=verb_zh, exit="", sender=None)]
    )
    assert read(head(posts))[0][1].startswith(zh)
    assert read(head(posts), lang="en")[0][1].startswith(en)


def test_who_lost_the_case_by_a_recall_need_not_act(posts: dict[str, PostId]) -> None:
    lost = posts[f"deputy-chief@{VILLAGE}"]
    recalled = happened(
        events.CaseMoved, owner=head(posts), verb="recall", verb_zh="撤回", exit="", sender=lost
    )
    tell_posts([recalled])
    assert [template for template, _ in read(lost)] == ["task-recalled"]
    assert read(head(posts)) == []


def test_a_matter_of_high_urgency_or_due_by_night_is_told_at_night_and_others_in_the_morning(
    posts: dict[str, PostId],
) -> None:
    night = {"at": NIGHT}
    next_day, by_night = NIGHT + timedelta(hours=20), NIGHT + timedelta(hours=2)
    tell_posts([opened(posts, **night, due_at=next_day, number="A")])
    assert read(head(posts), now=NIGHT + timedelta(hours=1)) == []
    tell_posts([opened(posts, **night, due_at=next_day, urgency=3, number="B")])
    tell_posts([opened(posts, **night, due_at=by_night, number="C")])
    titles = [title.split()[0] for _, title in read(head(posts), now=NIGHT + timedelta(hours=1))]
    assert titles == ["新任务：C", "新任务：B"]


@pytest.mark.parametrize(
    ("percent", "owner_reads", "above_reads"),
    [
        (0, "case-escalated", "case-escalated"),
        (80, "case-nearly-due", "case-escalated"),
        (100, "case-overdue", "case-escalated"),
        (150, "case-overdue", "case-escalated"),
    ],
)
def test_an_escalation_presses_the_owner_and_tells_those_above(
    posts: dict[str, PostId], percent: int, owner_reads: str, above_reads: str
) -> None:
    above = posts["grid-office@350583"]
    told = (head(posts), above)
    escalated = happened(
        events.CaseEscalated, owner=head(posts), percent=percent, posts=told, missing=(), zh="", en=""
    )
    tell_posts([escalated])
    assert [template for template, _ in read(head(posts))] == [owner_reads]
    assert [template for template, _ in read(above)] == [above_reads]


def test_a_request_goes_to_who_decides_and_the_decision_to_who_asked(posts: dict[str, PostId]) -> None:
    approver = posts[f"town-desk@{TOWN}"]
    asked = happened(events.CaseAsked, owner=head(posts), kind="extension", approver=approver, reason="雨天")
    granted = happened(events.CaseDecided, owner=head(posts), kind="extension", granted=True, reason="")
    denied = happened(events.CaseDecided, owner=head(posts), kind="hold", granted=False, reason="不符条件")
    resumed = happened(events.CaseDecided, owner=head(posts), kind="resume", granted=True, reason="")
    tell_posts([asked, granted, denied, resumed])
    assert read(approver) == [("request-to-decide", "请审批延期：LW202611243505830007")]
    assert sorted(read(head(posts))) == [
        ("case-resumed", "恢复计时：LW202611243505830007"),
        ("request-denied", "未同意挂账：LW202611243505830007"),
        ("request-granted", "已同意延期：LW202611243505830007"),
    ]


@pytest.mark.parametrize(
    ("kind", "key", "title"),
    [
        ("cosign", "urban-management", "会签任务："),
        ("follow-up", "status-report", "跟踪填报："),
        ("instruction", "", "批示："),
        ("card", "red", "红牌督办："),
    ],
)
def test_a_task_beside_the_flow_is_told_to_its_post_and_its_answer_to_who_waits(
    posts: dict[str, PostId], kind: str, key: str, title: str
) -> None:
    doer, watcher = posts[f"deputy-chief@{VILLAGE}"], posts["county-leader@350583"]
    task = {"task_id": uuid4(), "kind": kind, "key": key, "post": doer, "text": "请核实", "task_due_at": DUE}
    tell_posts([happened(events.TaskGiven, owner=head(posts), **task)])
    tell_posts([happened(events.TaskLate, owner=head(posts), watcher=watcher, **task)])
    tell_posts([happened(events.TaskEnded, owner=head(posts), result="属实", watcher=watcher, **task)])
    assert [template for template, _ in read(doer)] == ["task-late", f"task-{kind}"]
    assert read(doer)[-1][1].startswith(title)
    assert [template for template, _ in read(watcher)] == ["task-answered", "task-late"]


def test_urging_joining_rating_and_the_scenarios_own_words_reach_the_owner(posts: dict[str, PostId]) -> None:
    owner = head(posts)
    tell_posts([happened(events.CaseUrged, owner=owner, text="请抓紧")])
    tell_posts([happened(events.CaseJoined, owner=owner, report_id=uuid4(), report_count=3, away=False)])
    tell_posts([happened(events.CaseJoined, owner=owner, report_id=uuid4(), report_count=2, away=True)])
    tell_posts([happened(events.CaseRated, owner=owner, satisfied=False, reason="未清干净")])
    told = {"posts": (owner,), "reporters": False, "urgent": True, "zh": "已复工", "en": "work resumed"}
    tell_posts([happened(events.CaseTold, owner=owner, **told)])
    assert [template for template, _ in read(owner)] == [
        "case-told",
        "case-rated",
        "case-joined",
        "case-urged",
    ]


def test_an_end_is_told_to_no_post_here(posts: dict[str, PostId]) -> None:
    end = {"phase": "closed", "outcome": "办结", "answer": "", "on_time": True, "closed_at": NOW}
    tell_posts([happened(events.CaseClosed, owner=None, **end)])
    tell_posts([])
    assert read(head(posts)) == []


def test_two_hundred_events_cost_as_many_statements_as_one(
    posts: dict[str, PostId], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = opened(posts)
    tell_posts([one])
    with django_assert_num_queries(3):  # places, owners, notices with their deliveries
        tell_posts([replace(one, event_id=EventId(new_id())) for _ in range(200)])


def test_every_event_of_a_case_is_either_told_here_or_meant_for_others() -> None:
    from onegrid.cases.actions.telling import _told

    silent = {kind for kind in events.ALL if kind not in _told.registry}
    assert silent == {events.CaseClosed, events.CaseErased, events.CaseMerged}
