"""Whoever drafts a scenario together hears of each step: the owner unit and the county grid office."""

from datetime import timedelta

import pytest

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.kernel import outbox
from onegrid.kernel.ids import EventId, ProjectId, new_id
from onegrid.notices import queries as notices
from onegrid.scenarios import actions
from onegrid.scenarios.events import ProjectMoved
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS
from onegrid.scenarios.tests.files import SMALL

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def heard(who: Actor) -> list[str]:
    """What lies in somebody's inbox, the oldest first."""
    page = notices.inbox(who, now=LATER, limit=100)
    return [one.body for one in reversed(page.items)]


def proposed(cast: dict[str, Actor]) -> ProjectId:
    return actions.propose(
        "street-lamps", name_zh="路灯报修", name_en="", owner="housing", need="多头受理",
        by=cast["zhao"], now=NOW,
    )  # fmt: skip


def test_a_proposal_reaches_the_grid_office_and_its_decision_the_department() -> None:
    cast = factories.staffed_city()
    project = proposed(cast)
    outbox.drain(now=LATER)
    assert heard(cast["gao"]) == [
        "赵敏办理了“提出”：场景项目“路灯报修”（第 1 轮）现为“已提出”。说明：多头受理"
    ]
    assert heard(cast["zhao"]) == []  # his own step
    actions.decide(
        project,
        granted=True,
        minutes="同意，住建局牵头",
        decided_on=NOW.date(),
        by=cast["gao"],
        now=NOW,
    )
    outbox.drain(now=LATER)
    (told,) = heard(cast["zhao"])
    assert told == ("高峰办理了“立项”：场景项目“路灯报修”（第 1 轮）现为“已立项”。说明：同意，住建局牵头")
    assert heard(cast["qian"]) == heard(cast["lin"]) == []  # another unit, a grid worker


def test_every_step_to_live_and_out_is_told_once() -> None:
    cast = factories.staffed_city()
    zhao, gao = cast["zhao"], cast["gao"]
    project, today = proposed(cast), NOW.date()
    actions.decide(project, granted=True, minutes="同意", decided_on=today, by=gao, now=NOW)
    actions.save_draft(project, SMALL, seen=0, by=zhao, now=NOW)
    for one in (zhao, gao):
        actions.agree(project, seen=1, by=one, now=NOW)
    actions.build(project, by=gao, now=NOW)
    actions.record_drill(project, summary={"overdue": 0}, by=gao, now=NOW)
    actions.start_trial(project, towns=[TOWNS[0]], ends_on=today + timedelta(days=9), by=gao, now=NOW)
    actions.go_live(project, by=gao, now=NOW)
    actions.suspend(project, reason="时限过紧", by=gao, now=NOW)
    actions.retire(project, reason="职能划转", by=gao, now=NOW)
    outbox.drain(now=LATER)
    steps = [text.split("“")[1].split("”")[0] for text in heard(zhao)]
    assert steps == ["立项", "同意草案", "定版", "记录演练", "试运行", "正式运行", "停用", "退出"]
    assert [text.split("“")[1].split("”")[0] for text in heard(gao)] == ["提出", "拟稿", "同意草案"]


def test_a_step_delivered_twice_is_told_once() -> None:
    cast = factories.staffed_city()
    event = ProjectMoved(
        event_id=EventId(new_id()), project_id=ProjectId(new_id()), key="street-lamps", round=1, verb="trial",
        name_zh="路灯报修", name_en="Lamps", owner="housing", state="trial", why="", by="高峰",
        by_posts=tuple(cast["gao"].post_ids), at=NOW,
    )  # fmt: skip
    for _ in range(2):
        actions.tell_project_moved([event])
    assert heard(cast["zhao"]) == ["高峰办理了“试运行”：场景项目“路灯报修”（第 1 轮）现为“试运行”。"]


def test_what_comes_with_the_product_is_nobodys_news() -> None:
    cast = factories.staffed_city()
    actions.publish(SMALL, by=SYSTEM, now=NOW)
    outbox.drain(now=LATER)
    assert heard(cast["zhao"]) == heard(cast["gao"]) == []


def test_long_minutes_are_quoted_from_their_beginning() -> None:
    cast = factories.staffed_city()
    project = proposed(cast)
    actions.decide(
        project, granted=False, minutes="议" * 5000, decided_on=NOW.date(), by=cast["gao"], now=NOW
    )
    outbox.drain(now=LATER)
    (told,) = heard(cast["zhao"])
    assert told.endswith("议……")
    assert len(told) < 300
