"""Drills over HTTP, by the cast: Gao of the grid office orders, Zhao of the owner unit drills drafts, and
Wang of a village, who answers for no scenario, neither orders nor reads any."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from onegrid.cases.actions.drill_orders import hold_ordered_drills
from onegrid.cases.models import DrillOrder
from onegrid.cases.queries.drill import only_one
from onegrid.cases.rules.drill.ordering import MOST_BEGUN, MOST_WAITING
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import City
from onegrid.cases.tests.test_api import JSON, signed_in
from onegrid.kernel import clock
from onegrid.kernel.ids import new_id
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.actions import LIBRARY

KEY = "environment-sanitation"  # its owner is the urban-management bureau
TEXT = (LIBRARY / f"{KEY}.yaml").read_text(encoding="utf-8")
SMALL = {"days": 7, "per_day": 6, "seed": 3, "start": "2026-11-23"}


def order(client: Client, *, scenario: str = KEY, key: str | None = None, **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/scenarios/{scenario}/drills", {**SMALL, **body}, headers=headers, **JSON)


def held(client: Client, drill_id: str) -> Any:
    assert hold_ordered_drills(clock.now) >= 1
    return client.get(f"/api/drills/{drill_id}").json()


def test_the_grid_office_orders_a_drill_reads_its_report_and_it_is_kept_with_the_project(city: City) -> None:
    gao = signed_in("gao")
    changes: dict[str, Any] = {
        "limits": [{"stage": "check", "limit": "3 working days"}],
        "people": [{"role": "village-centre", "area": f.GRID[:9]}],
    }
    answer = order(gao, **changes)
    assert answer.status_code == 202, answer.json()
    waiting = answer.json()
    assert (waiting["state"], waiting["state_zh"], waiting["report"]) == ("waiting", "排队中", None)
    done = held(gao, waiting["id"])
    assert (done["state"], done["progress"], done["recorded"], done["reason"]) == ("done", 1.0, True, "")
    report = done["report"]
    assert report["cases"]["opened"] > 20
    assert {"posts", "roles", "stages", "worst_grids", "assumptions", "findings"} <= set(report)
    assert all({"overdue_rate", "causes_zh", "waited"} <= set(stage) for stage in report["stages"])
    assert all("utilisation" in post for post in report["posts"])
    labels = [one["label"] for one in report["what_if"]]
    assert labels == ["“核查”时限改为3个工作日", f"{f.GRID[:9]}的村级服务管理中心各增加 1 人"]
    page = scenarios.project(scenarios.latest(KEY), actor=city.actor("gao"))
    (kept,) = page.drills
    assert (kept.by, kept.summary["cases"]) == ("高峰", report["cases"]["opened"])


def test_the_same_order_gives_the_same_report(city: City) -> None:
    gao = signed_in("gao")
    first, again = (order(gao, record=False).json()["id"] for _ in range(2))
    assert hold_ordered_drills(clock.now) == 2
    reports = [gao.get(f"/api/drills/{one}").json()["report"] for one in (first, again)]
    assert reports[0] == reports[1]
    assert scenarios.project(scenarios.latest(KEY), actor=city.actor("gao")).drills == []


def test_a_lost_answer_may_be_asked_for_again(city: City) -> None:
    gao, key = signed_in("gao"), str(uuid4())
    assert order(gao, key=key).json() == order(gao, key=key).json()
    assert DrillOrder.objects.count() == 1
    assert order(gao, key=key, days=8).status_code == 422


def test_the_owner_unit_drills_a_draft_which_is_kept_with_no_project(city: City) -> None:
    zhao = signed_in("zhao")
    answer = order(zhao, source=TEXT.replace("24 clock hours", "30 clock hours"))
    assert answer.status_code == 202, answer.json()
    done = held(zhao, answer.json()["id"])
    assert (done["state"], done["number"], done["record"], done["recorded"]) == ("done", 0, False, False)
    assert done["report"]["scenario"]["version"] == 0


def test_the_owner_unit_tries_a_version_out_but_only_the_office_keeps_a_drill(city: City) -> None:
    zhao = signed_in("zhao")
    refused = order(zhao)
    assert (refused.status_code, refused.json()["code"]) == (403, "scenarios.not-your-project")
    assert order(zhao, record=False).status_code == 202


def test_a_stranger_neither_orders_nor_reads_drills(city: City) -> None:
    made = order(signed_in("gao")).json()["id"]
    wang = signed_in("wang")
    assert order(wang).status_code == 403
    assert order(wang, source=TEXT, record=False).status_code == 403
    assert wang.get(f"/api/scenarios/{KEY}/drills").status_code == 403
    read = wang.get(f"/api/drills/{made}")
    assert (read.status_code, read.json()["code"]) == (404, "cases.no-drill")
    assert Client().get(f"/api/drills/{made}").status_code == 401


def test_an_unsound_draft_is_refused_with_every_fault_and_its_place(city: City) -> None:
    answer = order(signed_in("gao"), source=TEXT.replace("who: village-centre", "who: nobody", 1))
    assert (answer.status_code, answer.json()["code"]) == (422, "scenarios.not-sound")
    assert all(one["line"] and one["zh"] for one in answer.json()["params"]["findings"])
    other = order(signed_in("gao"), source=TEXT.replace(f"key: {KEY}", "key: cleaner-streets"))
    assert (other.status_code, other.json()["code"]) == (422, "scenarios.other-key")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"days": 0}, 422, "kernel.invalid-fields"),
        ({"days": 99999}, 422, "kernel.invalid-fields"),
        ({"stream": "magic"}, 422, "kernel.invalid-fields"),
        ({"per_day": -1}, 422, "kernel.invalid-fields"),
        ({"start": "1066-10-14"}, 422, "kernel.invalid-fields"),
        ({"speed": 3}, 422, "kernel.invalid-fields"),
        ({"people": [{"role": "village-centre"}] * 7}, 422, "kernel.invalid-fields"),
        ({"stream": "historic"}, 409, "cases.drill-no-history"),
        ({"days": 3660, "per_day": 1000}, 422, "cases.drill-too-many"),
        ({"version": 1, "source": TEXT}, 422, "cases.drill-version-or-draft"),
        ({"version": 9}, 404, "scenarios.no-version-number"),
        ({"source": "key: ["}, 422, "scenarios.not-sound"),
        ({"limits": [{"stage": "nowhere", "limit": "3 working days"}]}, 422, "cases.drill-no-stage"),
        ({"limits": [{"stage": "check", "limit": "soon"}]}, 422, "cases.drill-bad-what-if"),
        ({"limits": [{"stage": "check", "limit": "-3 working days"}]}, 422, "cases.drill-bad-what-if"),
        ({"people": [{"role": "astronaut"}]}, 422, "cases.drill-no-post"),
        ({"people": [{"role": "village-centre", "area": "999999"}]}, 422, "cases.drill-no-post"),
        ({"assumptions": {"handling": {"check": 0}}}, 422, "cases.drill-bad-habits"),
        ({"assumptions": {"speed": {}}}, 422, "cases.drill-bad-habits"),
        ({"assumptions": {"exits": {"check": {"fly": 1}}}}, 422, "cases.drill-bad-habits"),
    ],
)
def test_a_bad_order_is_refused_with_a_code_and_a_sentence(
    city: City, body: dict[str, Any], status: int, code: str
) -> None:
    answer = order(signed_in("gao"), **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert any("一" <= letter <= "鿿" for letter in answer.json()["detail"])
    assert not DrillOrder.objects.exists()


def test_a_drill_of_no_scenario_is_refused(city: City) -> None:
    answer = order(signed_in("gao"), scenario="no-such-scenario")
    assert (answer.status_code, answer.json()["code"]) == (404, "scenarios.no-project")
    assert signed_in("gao").get("/api/scenarios/no-such-scenario/drills").status_code == 404
    assert signed_in("gao").get(f"/api/drills/{new_id()}").status_code == 404


def test_assumptions_may_be_given(city: City) -> None:
    gao = signed_in("gao")
    given = {"handling": {"check": 15}, "tasks": {"card": 3}, "exits": {"check": {"passed": 9}}}
    told = held(gao, order(gao, assumptions=given).json()["id"])["report"]["assumptions"]
    check = next(one for one in told["handling"] if one["stage"] == "check")
    assert (check["mean_min"], check["from"]) == (15, "指定")


def test_drills_are_listed_newest_first_page_by_page(city: City) -> None:
    gao = signed_in("gao")
    made = [order(gao, seed=n).json()["id"] for n in range(5)]
    seen: list[str] = []
    cursor: Any = ""
    for _ in range(3):
        page = gao.get(f"/api/scenarios/{KEY}/drills", {"limit": 2, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert cursor == ""
    assert seen == made[::-1]
    assert "report" not in page["items"][0]
    assert gao.get(f"/api/scenarios/{KEY}/drills", {"cursor": "nonsense"}).status_code == 400


def test_a_drill_whose_process_died_is_begun_anew_and_given_up_in_the_end(city: City) -> None:
    gao = signed_in("gao")
    first, second = (order(gao, seed=n, record=False).json()["id"] for n in (1, 2))
    DrillOrder.objects.filter(id=first).update(state="running", begun=1, progress=0.4)
    DrillOrder.objects.filter(id=second).update(state="running", begun=MOST_BEGUN)
    assert hold_ordered_drills(clock.now) == 2
    assert gao.get(f"/api/drills/{first}").json()["state"] == "done"
    given_up = gao.get(f"/api/drills/{second}").json()
    assert (given_up["state"], given_up["reason"]) == ("failed", "cases.drill-interrupted")
    assert "中断" in given_up["reason_zh"]


def test_a_drill_that_is_stopped_with_its_worker_waits_again(city: City) -> None:
    gao = signed_in("gao")
    made = order(gao).json()["id"]
    asked = iter([True, True, True, False])
    assert hold_ordered_drills(clock.now, go_on=lambda: next(asked)) == 0
    back = gao.get(f"/api/drills/{made}").json()
    assert back["state"] == "waiting"
    assert held(gao, made)["state"] == "done"


def test_a_drill_refused_by_the_city_of_the_day_says_why(city: City) -> None:
    gao = signed_in("gao")
    made = order(gao, source=TEXT).json()["id"]
    DrillOrder.objects.filter(id=made).update(source=TEXT.replace("who: village-centre", "who: nobody", 1))
    failed = held(gao, made)
    assert (failed["state"], failed["reason"]) == ("failed", "scenarios.not-sound")
    assert failed["findings"][0]["line"]


def test_the_line_of_waiting_drills_has_an_end(city: City) -> None:
    gao = signed_in("gao")
    assert [order(gao, seed=n).status_code for n in range(MOST_WAITING)] == [202] * MOST_WAITING
    full = order(gao)
    assert (full.status_code, full.json()["code"]) == (409, "cases.drill-queue-full")


def test_a_drill_of_somebody_who_left_is_done_but_not_kept(city: City) -> None:
    gao = signed_in("gao")
    made = order(gao).json()["id"]
    DrillOrder.objects.filter(id=made).update(ordered_by=uuid4())
    done = held(gao, made)
    assert (done["state"], done["recorded"]) == ("done", False)
    assert done["reason"] == "cases.drill-nobody-to-record"


@pytest.mark.django_db(transaction=True)
def test_one_process_of_a_city_holds_drills_at_a_time() -> None:
    from django.db import connection

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('onegrid.drill'))")
            with only_one() as ours:
                assert not ours
            assert hold_ordered_drills(lambda: f.NOW + timedelta(days=1)) == 0
            cursor.execute("SELECT pg_advisory_unlock(hashtext('onegrid.drill'))")
            with only_one() as ours:
                assert ours
    finally:
        other.close()
