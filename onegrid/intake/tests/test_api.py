"""Reports over HTTP: one or many, by whom, and what the answer says."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.rules import SYSTEM, AccountRole
from onegrid.intake import tasks
from onegrid.intake.models import Report, SentMark
from onegrid.intake.tests.factories import GRID, NOW, RUBBISH, Staff, middle
from onegrid.kernel import clock


def client_of(username: str, scopes: list[str]) -> Client:
    """A client that carries a fresh token of this account."""
    issued = accounts.issue_token(username, name="test", scopes=scopes, days=1, by=SYSTEM, now=clock.now())
    return Client(headers={"Authorization": f"Bearer {issued.secret}"})


@pytest.fixture
def lin(world: Staff) -> Client:
    return client_of("lin", ["report.create", "case.read"])


@pytest.fixture
def desk(world: Staff) -> Client:
    return client_of("mei", ["report.create", "pool.decide", "case.read", "report.import"])


@pytest.fixture
def chen(world: Staff) -> Client:
    return client_of("chen", ["report.create", "case.read"])


@pytest.fixture
def resident(world: Staff) -> Client:
    new = NewAccount("zhang", "张三", "person", "Correct-Horse-9", AccountRole.CITIZEN)
    accounts.create_accounts([new], by=SYSTEM, now=NOW)
    return client_of("zhang", ["report.create"])


def body(**fields: Any) -> dict[str, Any]:
    lng, lat = middle(GRID)
    usual = {
        "channel": "worker", "external_id": "a-1", "class_code": RUBBISH, "description": "垃圾成堆",
        "lng": lng, "lat": lat, "system": "WGS84",
    }  # fmt: skip
    return {name: value for name, value in {**usual, **fields}.items() if value is not ...}


def send(client: Client, content: object, **headers: str) -> Any:
    return client.post("/api/reports", content, content_type="application/json", headers=headers)


def test_one_report_is_answered_with_its_case(lin: Client) -> None:
    answer = send(lin, body())
    assert answer.status_code == 201
    assert answer.json()["kind"] == "opened"
    assert answer.json()["case_number"].startswith("HJ")


def test_sending_it_again_is_answered_like_the_first_time(lin: Client) -> None:
    first, again = send(lin, body()), send(lin, body())
    assert (again.status_code, again.json()["kind"], again.json()["first"]) == (200, "repeated", "opened")
    assert again.json()["case_id"] == first.json()["case_id"]
    keyed = [send(lin, body(external_id=...), **{"Idempotency-Key": "k"}).json() for _ in range(2)]
    assert keyed[0]["report_id"] == keyed[1]["report_id"]


def test_another_body_under_the_same_key_is_a_conflict_that_names_the_first(lin: Client) -> None:
    first, other = send(lin, body()), send(lin, body(description="另一件事"))
    assert other.status_code == 409
    assert other.json()["code"] == "intake.key-reused"
    assert first.json()["report_id"] in other.json()["detail"]


def test_a_list_gets_one_outcome_each(lin: Client) -> None:
    content = [body(), body(external_id="a-2"), body(external_id="a-3", system=...), body()]
    answer = send(lin, content)
    assert answer.status_code == 200
    assert [each["kind"] for each in answer.json()] == ["opened", "joined", "rejected", "repeated"]


@pytest.mark.parametrize(
    "fields",
    [
        {"lng": "118.385"},
        {"lat": True},
        {"system": "北京54"},
        {"channel": "telepathy"},
        {"reported_at": "2026-11-24T08:00:00"},
        {"lon": 118.385},
        {"photos": ["../../etc/passwd"]},
        {"description": "x" * 20_001},
    ],
)
def test_what_is_no_report_is_answered_422(lin: Client, fields: dict[str, Any]) -> None:
    answer = send(lin, body(**fields))
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_coordinates_that_are_no_numbers_are_answered_422(lin: Client) -> None:
    answer = lin.post(
        "/api/reports", '{"channel": "worker", "lng": NaN, "lat": 1}', content_type="application/json"
    )
    assert answer.status_code == 422


def test_a_rejected_report_is_answered_with_its_reason_as_code(lin: Client) -> None:
    answer = send(lin, body(system=...))
    assert (answer.status_code, answer.json()["code"]) == (422, "intake.system-missing")
    assert "坐标系" in answer.json()["detail"]


def test_a_resident_reads_his_own_reports_and_nobody_elses(resident: Client, lin: Client) -> None:
    mine = send(resident, body(channel="public")).json()["report_id"]
    others = send(lin, body(external_id="b")).json()["report_id"]
    assert resident.get(f"/api/reports/{mine}").json()["kind"] == "pooled"
    assert resident.get(f"/api/reports/{others}").status_code == 404
    assert [each["id"] for each in resident.get("/api/reports").json()["items"]] == [mine]
    assert send(resident, body(external_id="c")).status_code == 403


def test_the_desk_takes_a_waiting_report_up(resident: Client, desk: Client, chen: Client) -> None:
    sent = send(resident, body(channel="public")).json()["report_id"]
    (item,) = desk.get("/api/pool").json()["items"]
    assert item["report_id"] == sent
    assert chen.get("/api/pool").status_code == 403
    decision = {"decisions": [{"report_id": sent}]}
    (outcome,) = desk.post("/api/pool/onboard", decision, content_type="application/json").json()
    assert outcome["kind"] == "opened"
    again = desk.post("/api/pool/onboard", decision, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "intake.not-waiting")


def test_who_reported_is_for_the_intake_desk_only_and_only_for_a_purpose(desk: Client, lin: Client) -> None:
    sent = send(lin, body(reporter={"name": "张三丰", "phone": "13800001234"})).json()
    where = f"/api/reports/{sent['report_id']}/contact"
    assert desk.get(where).json() == {"name": "张**", "phone": "138****1234"}
    assert lin.get(where).status_code == 404
    shown = desk.post(where, {"purpose": "回访"}, content_type="application/json")
    assert shown.json() == {"name": "张三丰", "phone": "13800001234"}
    assert desk.post(where, {"purpose": ""}, content_type="application/json").status_code == 422
    (listed,) = lin.get(f"/api/cases/{sent['case_id']}/reports").json()
    assert "张三丰" not in str(listed)


def test_the_reports_of_a_case_are_for_those_who_may_see_it(lin: Client, chen: Client) -> None:
    case = send(lin, body()).json()["case_id"]
    send(lin, body(external_id="a-2"))
    assert len(lin.get(f"/api/cases/{case}/reports").json()) == 2
    assert chen.get(f"/api/cases/{case}/reports").status_code == 404


def test_what_is_already_reported_nearby_is_shown_before_sending(lin: Client, resident: Client) -> None:
    case = send(lin, body()).json()["case_id"]
    lng, lat = middle(GRID)
    query: dict[str, Any] = {"lng": lng + 0.0003, "lat": lat, "system": "WGS84", "class_code": RUBBISH}
    (found,) = resident.get("/api/reports/nearby", query).json()
    assert found["case_id"] == case
    assert 20 < found["distance_m"] < 50
    assert resident.get("/api/reports/nearby", {**query, "class_code": "E0501"}).json() == []


def test_a_joined_report_is_unmerged_over_http(lin: Client, desk: Client) -> None:
    send(lin, body())
    joined = send(lin, body(external_id="a-2")).json()
    answer = desk.post(f"/api/reports/{joined['report_id']}/unmerge")
    assert answer.json()["kind"] == "opened"
    assert answer.json()["case_id"] != joined["case_id"]


def test_a_table_is_uploaded_taken_in_and_its_errors_fetched(
    desk: Client, lin: Client, storage: None
) -> None:
    lng, lat = middle(GRID)
    table = f"描述,类别,经度,纬度\n垃圾成堆,暴露垃圾,{lng},{lat}\n=1+1,暴露垃圾,x,y\n".encode("gb18030")
    content = {"channel": "department", "system": "WGS84", "file": SimpleUploadedFile("a.csv", table)}
    started = desk.post("/api/imports", content)
    assert (started.status_code, started.json()["state"]) == (202, "waiting")
    assert tasks.run_waiting_imports(now=NOW) == 1
    where = f"/api/imports/{started.json()['id']}"
    done = desk.get(where).json()
    assert (done["state"], done["opened"], done["rejected"]) == ("done", 1, 1)
    errors = b"".join(desk.get(f"{where}/errors").streaming_content)  # type: ignore[attr-defined]
    assert "'=1+1" in errors.decode()
    assert lin.get(where).status_code == 404
    assert lin.post("/api/imports", {**content, "file": io.BytesIO(table)}).status_code == 403
    assert Report.objects.count() == 1


def test_a_word_that_a_reporter_does_not_have_is_refused_and_not_dropped(lin: Client) -> None:
    answer = send(lin, body(reporter={"nam": "张三丰"}))
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "reporter.nam")
    future = send(lin, body(happened_at="2030-01-01T00:00:00+08:00"))
    assert (future.status_code, future.json()["code"]) == (422, "intake.happened-in-the-future")


def test_channels_are_shown_to_all_and_set_by_the_county_only(desk: Client, world: Staff) -> None:
    policies = {each["channel"]: each["route"] for each in desk.get("/api/channels").json()}
    assert policies["public"] == "pool"
    assert policies["worker"] == "open"
    change = {"route": "open", "repeat_limit": 30, "repeat_days": 7}
    assert desk.put("/api/channels/public", change, content_type="application/json").status_code == 403
    county = client_of("gao", ["scenario.write"])
    assert (
        county.put(
            "/api/channels/public", {**change, "repeat_days": 0}, content_type="application/json"
        ).status_code
        == 422
    )
    assert county.put("/api/channels/public", change, content_type="application/json").status_code == 204
    assert {each["channel"]: each["route"] for each in desk.get("/api/channels").json()}["public"] == "open"


@pytest.mark.parametrize("address", ["/api/pool?chanel=public", "/api/reports?page=2", "/api/channels?x=1"])
def test_a_misspelt_query_name_is_refused_and_named(desk: Client, address: str) -> None:
    answer = desk.get(address)
    name = address.split("?")[1].split("=", maxsplit=1)[0]
    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.unknown-parameter")
    assert f"没有这个查询参数：{name}。" in answer.json()["detail"]
    assert Client().get(address).status_code == 401
    assert desk.get("/api/pool?channel=public&area=350583&limit=5").status_code == 200


def test_the_device_of_the_sender_may_be_named_in_a_header_or_the_body(resident: Client, lin: Client) -> None:
    public = body(channel="public", sender_device="0f3c9a")
    assert send(resident, public).status_code == 201
    marks = SentMark.objects.count()
    assert send(resident, {**public, "external_id": "a-2"}).status_code == 201
    assert SentMark.objects.count() == 2 * marks == 8
    without = body(channel="public", external_id="a-3")
    assert send(resident, [without], **{"Sender-Device": "0f3c9a"}).status_code == 200
    assert SentMark.objects.count() == 12
    assert send(lin, body(external_id="a-4", sender_device="x" * 101)).status_code == 422


def test_the_limits_of_a_channel_are_shown_and_changed(desk: Client, world: Staff) -> None:
    def shown() -> Any:
        return {each["channel"]: each["limits"] for each in desk.get("/api/channels").json()}["public"]

    county = client_of("gao", ["scenario.write"])
    limits = {**shown(), "reporter_hourly": 2}
    change: dict[str, object] = {"route": "pool", "repeat_limit": 30, "repeat_days": 7}

    def put(content: dict[str, object]) -> int:
        return county.put("/api/channels/public", content, content_type="application/json").status_code

    assert put({**change, "limits": limits}) == 204
    assert shown()["reporter_hourly"] == 2
    assert put(change) == 204
    assert shown()["reporter_hourly"] == 2
    assert put({**change, "limits": {**limits, "device_daily": 1001}}) == 422


def test_the_third_report_of_a_resident_in_an_hour_waits_with_the_reason_on_the_desk_s_list(
    resident: Client, desk: Client, world: Staff
) -> None:
    county = client_of("gao", ["scenario.write"])
    limits = {"reporter_hourly": 2, "reporter_daily": 9, "device_hourly": 0, "device_daily": 0,
              "same_text_daily": 0, "crowd_hourly": 0}  # fmt: skip
    policy = {"route": "open", "repeat_limit": 30, "repeat_days": 7, "limits": limits}
    assert county.put("/api/channels/public", policy, content_type="application/json").status_code == 204
    answers = [send(resident, body(channel="public", external_id=f"r-{n}")).json() for n in range(3)]
    assert [answer["kind"] for answer in answers] == ["opened", "joined", "pooled"]
    (waiting,) = desk.get("/api/pool").json()["items"]
    assert waiting["reason"] == "intake.many-from-reporter"
    assert "1 小时内已有 2 条上报（上限 2 条）" in waiting["reason_zh"]
