"""Journeys over HTTP, from a report to the answer its reporter hears, by people in their posts."""

from collections.abc import Iterator
from typing import Any

import pytest

from onegrid.cases.tests.factories import GRID, OTHER_GRID, PLACE
from onegrid.kernel import clock, outbox, seals
from onegrid.kernel.coordinates import wgs84_to_gcj02
from tests.journeys.cast import BUILDING, JSON, RED_TAPE, Cast, make_cast


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    settings.ONEGRID_QUIET_HOURS = ("00:00", "00:00")  # at night notices would wait for the morning
    return make_cast()


@pytest.fixture(autouse=True)
def _the_record_is_whole(cast: Cast) -> Iterator[None]:
    """After every journey the news has arrived and the record, sealed, has no fault."""
    yield
    spread_the_news()
    seals.seal(now=clock.now())
    assert list(seals.faults()) == []


def spread_the_news() -> None:
    """What the worker does all the time, until nothing is left to tell."""
    while outbox.drain(now=clock.now()):
        pass
    assert outbox.dead_letters() == []


@pytest.mark.parametrize(
    ("who", "channel"),
    [("lin", "worker"), ("hu", "renewal"), ("zhao", "department"), ("camera", "device")],
)
def test_a_report_over_a_trusted_channel_finds_its_grid_and_becomes_a_case(
    cast: Cast, who: str, channel: str
) -> None:
    report = cast[who].report(channel)
    page = cast["wang"].get(f"/cases/{report['case_id']}")
    assert (report["kind"], page["channel"], page["grid_code"]) == ("opened", channel, GRID)
    (task,) = cast["wang"].get("/tasks/mine")
    assert task["case_id"] == report["case_id"]


def test_a_resident_waits_in_the_pool_until_the_desk_takes_him_up(cast: Cast) -> None:
    lng, lat = (float(each) for each in wgs84_to_gcj02(*PLACE))  # what a phone's map gives
    report = cast["zhang"].report("public", lng=lng, lat=lat, system="GCJ02")
    assert (report["kind"], report["case_id"]) == ("pooled", None)
    (waiting,) = cast["mei"].get("/pool")["items"]
    assert (waiting["report_id"], waiting["grid_code"]) == (report["report_id"], GRID)
    case = onboard(cast, report["report_id"])
    assert cast["wang"].get(f"/cases/{case}")["grid_code"] == GRID
    spread_the_news()
    assert cast["zhang"].templates(report["report_id"]) == ["reporter-received"]
    assert cast["zhang"].get(f"/reports/{report['report_id']}")["case_id"] == case


def onboard(cast: Cast, report: str) -> str:
    """The town desk takes a waiting report up; answers its case."""
    decision = {"decisions": [{"report_id": report}]}
    (outcome,) = cast["mei"].client.post("/api/pool/onboard", decision, **JSON).json()
    return str(outcome["case_id"])


def test_rubbish_is_cleared_checked_by_somebody_else_and_answered(cast: Cast) -> None:
    lin, wang, lan, zhang = (cast[name] for name in ("lin", "wang", "lan", "zhang"))
    report = zhang.report("public")["report_id"]
    case = onboard(cast, report)
    spread_the_news()
    assert "case-told" in wang.templates(case)

    wang.does(case, "acknowledge")
    photos = [wang.photo("before"), wang.photo("after", east_m=20)]
    far = wang.photo("after", east_m=900)
    said = {"exit": "done", "opinion": "已清运", "form": {"cause": "careless"}}
    refused = wang.tries(case, "exit", evidence=[photos[0], far], **said)
    assert (refused.status_code, refused.json()["code"]) == (422, "cases.incomplete")
    checking = wang.finishes(case, "done", *photos, cause="careless")
    assert (checking["stage"], checking["phase"]) == ("check", "open")
    spread_the_news()
    assert "task-main" in lan.templates(case)

    passed = {"exit": "passed", "opinion": "现场已整洁", "form": {"reporter_asked": True}}
    assert wang.tries(case, "exit", **passed).status_code == 403
    assert lin.tries(case, "exit", **passed).status_code == 403
    assert lan.does(case, "exit", **passed)["phase"] == "closed"
    spread_the_news()

    page = lin.get(f"/cases/{case}")
    assert [step["verb_zh"] for step in page["story"]] == ["立案", "签收", "已处置", "核查通过"]
    assert {one["label"] for one in page["evidence"]} == {"before", "after"}
    assert zhang.templates(report) == ["reporter-answer", "reporter-received", "reporter-told"]
    assert "现场已整洁" in dict(zhang.heard(report))["reporter-answer"]
    assert zhang.get(f"/reports/{report}")["answer"] == "现场已整洁"


def test_an_unlawful_building_is_surveyed_judged_handled_by_the_town_and_checked(cast: Cast) -> None:
    lin, he, su, ye, tu, fang = (cast[name] for name in ("lin", "he", "su", "ye", "tu", "fang"))
    photos = [lin.photo("site", east_m=n)["sha"] for n in range(3)]
    found = {"land_area": 120, "construction_state": "under-construction"}
    report = lin.report("worker", BUILDING, source="patrol", photos=photos, form=found)
    case = report["case_id"]
    assert report["case_number"].startswith("LW")
    assert he.finishes(case, "assigned")["stage"] == "verify"

    survey = {
        "violation": "building", "violator_name": "李四", "measured_area": 118, "oral_stop": True,
        "written_stop": True, "stop_notice_no": "停字〔2026〕7号", "obeys_stop": False,
    }  # fmt: skip
    seen = [su.photo("before"), su.photo("before", east_m=10), su.paper("site-record")]
    assert su.finishes(case, "confirmed", *seen, **survey)["stage"] == "determine"
    judged = {"land_classes": ["farmland"], "restore_required": True, "beyond_approval": False}
    at_town = he.finishes(case, "town", determination_basis="占用耕地，未经批准", **judged)
    assert at_town["stage"] == "town-handle"

    (task,) = ye.get("/tasks/mine")
    assert (task["kind"], task["case_id"]) == ("follow-up", case)
    during = [ye.photo("during")]
    status = {"site_status": "resumed", "site_note": "夜间又在施工"}
    ye.does(case, "report-follow-up", task_id=task["task_id"], evidence=during, form=status)
    spread_the_news()
    assert any("复工" in text for _, text in he.heard(case))
    assert any("复工" in text for _, text in tu.heard(case))

    cleared = [tu.photo("after"), tu.photo("after", east_m=10)]
    done = tu.finishes(case, "done", *cleared, progress="已拆除", demolished_area=118, restored_area=100)
    assert done["stage"] == "supervise"
    closed = fang.finishes(case, "passed", fang.photo("after", east_m=5), means=["visit"])
    assert (closed["phase"], closed["owner"]) == ("closed", None)
    spread_the_news()
    assert ye.get("/tasks/mine") == []
    assert "reporter-answer" in lin.templates(report["report_id"])


def test_an_enterprise_is_answered_after_more_time_was_granted_and_says_how_well(cast: Cast) -> None:
    qian, zhao, gao, zhang = (cast[name] for name in ("qian", "zhao", "gao", "zhang"))
    told = {"subject_kind": "enterprise", "enterprise_name": "甲石材厂", "hide_identity": True}
    report = zhang.report("public", RED_TAPE, form=told)["report_id"]
    case = onboard(cast, report)
    sent = {"is_business": True, "grade": "simple", "lead_department": "urban-management"}
    before = qian.finishes(case, "accepted", **sent)
    assert before["stage"] == "handle"
    tasks = zhao.get(f"/cases/{case}")["tasks"]
    assert [one["kind"] for one in tasks] == ["follow-up"]  # no other department was chosen to co-sign
    shown = [each.get(f"/cases/{case}")["answers"]["enterprise_name"] for each in (qian, zhao)]
    assert shown == ["甲石材厂", None]  # he asked to be hidden from the department

    zhao.does(case, "acknowledge")
    so_far = {"result_so_far": "已约谈", "next_plan": "两部门会商", "expected_on": "2027-01-15"}
    asked = zhao.does(case, "ask-extension", reason="需两部门会商", form=so_far)
    assert asked["due_at"] == before["due_at"]
    assert zhao.tries(case, "decide", granted=True).status_code == 403
    assert qian.does(case, "decide", granted=True)["due_at"] > before["due_at"]
    spread_the_news()
    assert "request-to-decide" in qian.templates(case)
    assert "request-granted" in zhao.templates(case)

    assert zhao.finishes(case, "solved", result="证照已补办")["stage"] == "reply"
    assert qian.finishes(case, "sent", reply_way="account")["stage"] == "rate"
    own = qian.tries(case, "rate", satisfied=True)
    assert (own.status_code, own.json()["code"]) == (403, "cases.own-work")
    refused = zhang.rates(report, satisfied=False)
    assert (refused.status_code, refused.json()["code"]) == (422, "cases.reason-needed")
    assert zhang.rates(report, satisfied=True).json()["phase"] == "closed"
    assert zhang.rates(report, satisfied=True).json()["code"] == "cases.already-rated"
    assert gao.rates(report, satisfied=True).json()["code"] == "intake.not-your-report"
    page = gao.get(f"/cases/{case}")
    assert (page["phase"], page["rating"], page["extensions"]) == ("closed", "satisfied", 1)
    spread_the_news()
    assert "reporter-answer" in zhang.templates(report)


def test_all_who_reported_one_matter_hear_its_answer_but_not_who_was_taken_apart(cast: Cast) -> None:
    lin, hu, wang, lan, zhang, mei = (cast[name] for name in ("lin", "hu", "wang", "lan", "zhang", "mei"))
    first, other = lin.report("worker"), hu.report("worker")
    second = zhang.report("public")["report_id"]
    case = first["case_id"]
    assert (other["kind"], other["case_id"], onboard(cast, second)) == ("joined", case, case)
    assert wang.get(f"/cases/{case}")["report_count"] == 3

    apart = mei.client.post(f"/api/reports/{other['report_id']}/unmerge", **JSON).json()
    assert (apart["kind"], apart["case_id"] != case) == ("opened", True)
    assert [one["id"] for one in wang.get(f"/cases/{case}/reports")] == [first["report_id"], second]

    wang.finishes(case, "done", wang.photo("before"), wang.photo("after", east_m=20), cause="careless")
    lan.finishes(case, "passed", reporter_asked=True)
    spread_the_news()
    assert "reporter-answer" in lin.templates(first["report_id"])
    assert zhang.templates(second) == ["reporter-answer", "reporter-joined", "reporter-told"]
    assert "reporter-answer" not in hu.templates(other["report_id"])
    assert wang.get(f"/cases/{apart['case_id']}")["phase"] == "open"


def test_another_town_neither_sees_nor_moves_any_of_it(cast: Cast) -> None:
    chen, wang = cast["chen"], cast["wang"]
    report = cast["lin"].report("worker")
    case, photo = report["case_id"], wang.photo("before")
    wang.does(case, "note", text="已到现场", evidence=[photo])
    paths = [f"/cases/{case}", f"/cases/{case}/reports", f"/reports/{report['report_id']}"]
    for path in [*paths, f"/evidence/{photo['sha']}"]:
        assert chen.client.get(f"/api{path}").status_code == 404, path
    assert chen.get("/cases")["items"] == chen.get("/tasks/mine") == []
    moves: dict[str, dict[str, object]] = {
        "acknowledge": {},
        "note": {"text": "看看"},
        "reassign": {"reason": "归我", "grid_code": OTHER_GRID},
        "exit": {"exit": "done"},
        "rate": {"satisfied": True},
    }
    for verb, body in moves.items():
        assert chen.tries(case, verb, **body).status_code == 404, verb
    spread_the_news()
    assert chen.heard(case) == []
    assert len(wang.get(f"/cases/{case}")["story"]) == 2


def test_an_answer_of_the_api_is_data_that_a_browser_may_not_run_while_a_page_may_use_its_own(
    cast: Cast,
) -> None:
    client = cast["lin"].client
    assert client.get("/api/cases")["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert client.get("/api/nowhere")["Content-Security-Policy"].startswith("default-src 'none'")
    assert "default-src 'self'" in client.get("/")["Content-Security-Policy"]
