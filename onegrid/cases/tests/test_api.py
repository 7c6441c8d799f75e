"""Cases over HTTP, by the cast: who may what, retries, conflicts, pages, evidence."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import PASSWORD
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import City, opened, report
from onegrid.cases.tests.pictures import jpeg
from onegrid.kernel import clock

JSON: Any = {"content_type": "application/json"}


@pytest.fixture(autouse=True)
def _evidence_folder(settings: Any, tmp_path: Any) -> None:
    options = {"location": str(tmp_path)}
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


def signed_in(username: str) -> Client:
    accounts.set_password(username, PASSWORD, by=SYSTEM, now=f.NOW)
    client = Client()
    answer = client.post("/api/session", {"username": username, "password": PASSWORD}, **JSON)
    assert answer.status_code == 200, answer.content
    return client


def a_case(city: City) -> str:
    (case,) = opened([report(city, at=clock.now())], now=clock.now())
    return str(case.case_id)


def move(client: Client, case: str, verb: str, body: dict[str, Any], *, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/cases/{case}/{verb}", body, headers=headers, **JSON)


def upload(client: Client, picture: Any) -> str:
    answer = client.post("/api/evidence", {"file": picture})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["sha"])


def test_a_case_is_worked_from_report_to_closing(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    (line,) = wang.get("/api/cases?sort=due").json()["items"]
    assert (line["id"], line["stage_zh"], line["owner_role_zh"]) == (case, "一级网格处置", "一级网格长")
    assert line["grid_zh"] == "南安市/水头镇/邦吟村/第3网格"
    signed = move(wang, case, "acknowledge", {"version": 1}).json()
    sha = upload(wang, jpeg(place=f.PLACE))
    exhibits = [{"sha": sha, "label": label} for label in ("before", "after")]
    body = {"version": signed["version"], "exit": "done", "opinion": "已清运", "evidence": exhibits}
    done = move(wang, case, "exit", {**body, "form": {"cause": "careless"}})
    assert done.status_code == 200, done.json()
    assert done.json()["stage"] == "check"
    page = wang.get(f"/api/cases/{case}").json()
    assert [line["verb_zh"] for line in page["story"]] == ["立案", "签收", "已处置"]
    assert {one["label"] for one in page["evidence"]} == {"before", "after"}
    assert page["evidence"][0]["distance_m"] < 5
    photo = wang.get(f"/api/evidence/{sha}")
    assert (photo.headers["Content-Type"], photo.getvalue()[:2]) == ("image/jpeg", b"\xff\xd8")
    photo.close()


def test_a_lost_answer_may_be_asked_for_again(city: City) -> None:
    case, wang, key = a_case(city), signed_in("wang"), str(uuid4())
    first = move(wang, case, "acknowledge", {"version": 1}, key=key)
    again = move(wang, case, "acknowledge", {"version": 1}, key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = move(wang, case, "acknowledge", {"version": 2}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "kernel.idempotency-key-reused")


def test_the_second_to_act_on_one_state_gets_the_present_one(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    move(wang, case, "acknowledge", {"version": 1})
    late = move(wang, case, "note", {"version": 1, "text": "去看看"})
    problem = late.json()
    assert (late.status_code, problem["code"], problem["params"]["version"]) == (409, "cases.stale", 2)
    assert "请刷新" in problem["detail"]


def test_a_stranger_does_not_learn_that_the_case_exists(city: City) -> None:
    case, chen = a_case(city), signed_in("chen")
    assert chen.get("/api/cases").json()["items"] == []
    assert chen.get(f"/api/cases/{case}").json()["code"] == "cases.not-found"
    assert move(chen, case, "note", {"text": "看看"}).status_code == 404


def test_a_colleague_may_look_but_not_act(city: City) -> None:
    case, lin = a_case(city), signed_in("lin")
    page = lin.get(f"/api/cases/{case}").json()
    assert page["exits"] == []
    refused = move(lin, case, "acknowledge", {"version": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "cases.not-yours")


def test_what_is_missing_is_named_field_by_field(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    refused = move(wang, case, "exit", {"version": 1, "exit": "done"})
    named = {one["field"] for one in refused.json()["params"]["problems"]}
    assert refused.status_code == 422
    assert {"cause", "photo:before", "photo:after", "opinion"} <= named


def test_an_exit_names_the_answers_that_it_asks_for(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    exits = {one["key"]: one for one in wang.get(f"/api/cases/{case}").json()["exits"]}
    assert "cause" in [field["key"] for field in exits["done"]["asks"]]
    assert all(field["label_zh"] for field in exits["done"]["asks"])
    refused = move(wang, case, "exit", {"version": 1, "exit": "done", "form": {"zzz": 1}}).json()
    assert "未填写或不符合要求：没有字段“zzz”" in refused["detail"]
    empty = move(wang, case, "note", {"version": 1, "text": " "}).json()
    assert "须写明内容" in empty["detail"]


def test_a_photo_from_far_away_is_told_from_none_and_from_one_without_a_place(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    far = upload(wang, jpeg(place=(f.PLACE[0], f.PLACE[1] + 0.02)))
    nowhere = upload(wang, jpeg())
    said = []
    for shown in ([], [nowhere], [far]):
        evidence = [{"sha": sha, "label": "after"} for sha in shown]
        answer = move(wang, case, "exit", {"version": 1, "exit": "done", "evidence": evidence}).json()
        (problem,) = [one for one in answer["params"]["problems"] if one["field"] == "photo:after"]
        said.append(problem["zh"])
    assert len(set(said)) == 3
    assert "没有定位信息" in said[1]
    assert "已交的最近一份距现场 2" in said[2]


def test_unknown_fields_are_refused(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    assert move(wang, case, "acknowledge", {"version": 1, "hack": True}).status_code == 422


def test_every_verb_of_the_table_has_an_endpoint(city: City) -> None:
    case, gao = a_case(city), signed_in("gao")
    shown = {one["verb"] for one in gao.get("/api/moves").json()}
    assert shown == set(MOVES)
    for verb in shown - {"join", "unjoin", "rate-own"}:  # made by intake, for a report
        assert move(gao, case, verb, {}).status_code in {200, 403, 409, 422}, verb


def test_pages_follow_one_another_without_gap_or_repetition(city: City) -> None:
    start = clock.now()
    batch = [report(city, at=start - timedelta(minutes=n)) for n in range(7)]
    opened(batch, now=start)
    mei = signed_in("mei")
    for sort in ("due", "newest", "oldest"):
        seen: list[str] = []
        cursor = ""
        while len(seen) < 20:
            page = mei.get(f"/api/cases?sort={sort}&limit=3&cursor={cursor}").json()
            seen += [one["id"] for one in page["items"]]
            if not (cursor := page["next_cursor"]):
                break
        assert sorted(seen) == sorted(str(one.case_id) for one in batch), sort
    assert mei.get("/api/cases/count").json() == {"count": 7, "more": False}


def test_a_page_of_a_list_costs_at_most_three_statements(
    city: City, django_assert_max_num_queries: Any
) -> None:
    opened([report(city) for _ in range(30)])
    mei = signed_in("mei")
    mei.get("/api/cases?sort=due")
    with django_assert_max_num_queries(3):
        assert len(mei.get("/api/cases?sort=due&phase=open&class_code=E01").json()["items"]) == 30


def test_an_unchanged_list_is_not_sent_again(city: City) -> None:
    a_case(city)
    mei = signed_in("mei")
    first = mei.get("/api/cases")
    again = mei.get("/api/cases", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_my_tasks_lead_to_what_i_must_do(city: City) -> None:
    case, wang = a_case(city), signed_in("wang")
    (task,) = wang.get("/api/tasks/mine").json()
    assert (task["kind"], task["case_id"], task["stage_zh"]) == ("own", case, "一级网格处置")


def test_nobody_gets_in_without_signing_in(city: City) -> None:
    case = a_case(city)
    assert Client().get(f"/api/cases/{case}").status_code == 401
    assert move(Client(), case, "acknowledge", {"version": 1}).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("scenario=nope", "scenarios.unknown-scenario"),
        ("area=999", "territory.unknown-area"),
        ("area=999999999", "territory.unknown-area"),
    ],
)
def test_a_filter_that_names_what_is_not_there_is_refused(city: City, wanted: str, code: str) -> None:
    mei = signed_in("mei")
    for where in ("/api/cases", "/api/cases/count"):
        answer = mei.get(f"{where}?{wanted}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert mei.get("/api/cases?scenario=environment-sanitation&area=350583").status_code == 200
