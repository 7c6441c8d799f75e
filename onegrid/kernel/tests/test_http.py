"""Answers of every endpoint: refusals by name, repeats answered once, page marks that cannot be forged."""

from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory

from onegrid.kernel import http
from onegrid.kernel.field_faults import field_errors
from onegrid.kernel.ids import new_id
from onegrid.kernel.refusals import NotFound, Refusal
from onegrid.kernel.tests.factories import MONDAY


class Taken(Refusal):
    status = 409
    code = "test.taken"
    zh = "“{what}”已被签收。"
    en = "{what} was taken up already."


def write(key: str, body: bytes = b"{}", account: Any = None) -> http.ApiRequest:
    request: Any = RequestFactory().post(
        "/api/things", body, content_type="application/json", headers={"Idempotency-Key": key}
    )
    request.actor = account or SimpleNamespace(account_id=new_id())
    request.now = MONDAY
    return cast(http.ApiRequest, request)


def test_a_refusal_is_answered_as_problem_details_in_both_languages() -> None:
    answer = http.problem(Taken(what="路面积水"))
    body = orjson.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert body["code"] == "test.taken"
    assert body["detail"] == "“路面积水”已被签收。"
    assert body["detail_en"] == "路面积水 was taken up already."
    assert body["params"] == {"what": "路面积水"}


def test_a_refusal_with_a_missing_parameter_still_says_its_sentence() -> None:
    assert Taken().message() == "“{what}”已被签收。"


@pytest.mark.django_db
def test_a_repeated_write_runs_once_and_gets_its_first_answer() -> None:
    ran = []
    request = write("k1")

    def run() -> tuple[int, object]:
        ran.append(1)
        return 201, {"n": len(ran)}

    first = http.idempotent(request, run)
    again = http.idempotent(write("k1", account=request.actor), run)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content == b'{"n":1}'
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_the_repeat_of_a_write_whose_state_has_moved_on_gets_the_first_answer_not_a_refusal() -> None:
    request = write("k2")
    http.idempotent(request, lambda: (200, {"done": True}))

    def refused() -> tuple[int, object]:
        raise Taken(what="x")

    assert http.idempotent(write("k2", account=request.actor), refused).content == b'{"done":true}'


@pytest.mark.django_db
def test_a_key_used_for_another_body_is_refused_by_name() -> None:
    request = write("k3", b'{"a":1}')
    http.idempotent(request, lambda: (200, {}))
    with pytest.raises(http.KeyReused, match="k3"):
        http.idempotent(write("k3", b'{"a":2}', account=request.actor), lambda: (200, {}))


@pytest.mark.django_db
def test_the_same_key_of_another_account_is_another_key() -> None:
    http.idempotent(write("k4"), lambda: (200, {"who": 1}))
    assert http.idempotent(write("k4"), lambda: (200, {"who": 2})).content == b'{"who":2}'


@pytest.mark.django_db
def test_a_refused_write_keeps_no_answer_and_may_be_tried_again() -> None:
    request = write("k5")

    def refused() -> tuple[int, object]:
        raise NotFound(what="事件")

    with pytest.raises(NotFound):
        http.idempotent(request, refused)
    assert http.idempotent(write("k5", account=request.actor), lambda: (200, {"ok": 1})).status_code == 200


@pytest.mark.django_db
def test_a_repeated_write_leaves_nothing_half_written() -> None:
    request = write("k6")

    def run() -> tuple[int, object]:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_stamp SELECT 's' || count(*), 1 FROM kernel_stamp")
        return 200, {}

    for _ in range(3):
        http.idempotent(write("k6", account=request.actor), run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_stamp")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("mark", ["", "%%%", "bm90IGpzb24", http.encode_cursor(1)])
def test_a_page_mark_that_is_not_ours_is_refused(mark: str) -> None:
    with pytest.raises(http.BadCursor):
        http.decode_cursor(mark, 2)


def test_a_page_mark_comes_back() -> None:
    case = new_id()
    assert http.decode_cursor(http.encode_cursor(MONDAY, case), 2) == ["2026-03-02T01:00:00+00:00", str(case)]


@pytest.mark.django_db
def test_an_upload_whose_body_was_read_already_may_be_sent_twice() -> None:
    account = SimpleNamespace(account_id=new_id())

    def sent(content: bytes) -> http.ApiRequest:
        upload = SimpleUploadedFile("photo.jpg", content)
        request: Any = RequestFactory().post(
            "/api/things", {"file": upload}, headers={"Idempotency-Key": "k7"}
        )
        request.actor, request.now = account, MONDAY
        assert request.FILES["file"].read() == content  # parsed, as ninja does before the endpoint
        return cast(http.ApiRequest, request)

    http.idempotent(sent(b"one"), lambda: (200, {"n": 1}))
    assert http.idempotent(sent(b"one"), lambda: (200, {"n": 2})).content == b'{"n":1}'
    with pytest.raises(http.KeyReused):
        http.idempotent(sent(b"other"), lambda: (200, {}))


@pytest.mark.parametrize(
    ("fault", "where", "zh"),
    [
        ({"type": "missing", "loc": ("body", "body", "reason")}, "reason", "必须填写"),
        (
            {"type": "extra_forbidden", "loc": ("body", "body", "ReportBody", "colour")},
            "colour",
            "没有这一项，请删去",
        ),
        ({"type": "uuid_parsing", "loc": ("path", "case_id")}, "case_id", "不是有效的编号"),
        ({"type": "too_long", "loc": ("query", "q"), "ctx": {"max_length": 5}}, "q", "最多 5 项"),
        ({"type": "something_new", "loc": ("body",)}, "body", "不符合要求"),
        (
            {
                "type": "string_pattern_mismatch",
                "loc": ("body", "body", "photos", 0),
                "ctx": {"pattern": "^[0-9a-f]{64}$"},
            },
            "photos.0",
            "须为 64 位小写十六进制的 SHA-256，即上传后得到的编号",
        ),
        (
            {"type": "enum", "loc": ("body", "level"), "ctx": {"expected": "'yellow', 'red' or 'blue'"}},
            "level",
            "只能是：yellow、red、blue",
        ),
    ],
)
def test_a_wrong_field_is_told_in_chinese_by_the_name_its_sender_knows(
    fault: dict[str, Any], where: str, zh: str
) -> None:
    (told,) = field_errors([fault])
    assert (told["where"], told["zh"]) == (where, zh)


def test_of_a_body_that_may_be_a_list_only_the_branch_that_was_meant_is_told() -> None:
    faults: list[dict[str, Any]] = [
        {"type": "missing", "loc": ("body", "body", "ReportBody", "system")},
        {"type": "list_type", "loc": ("body", "body", "list[ReportBody]")},
    ]
    assert [each["where"] for each in field_errors(faults)] == ["system"]


@pytest.mark.django_db
def test_a_body_that_is_no_json_and_a_method_that_is_not_taken_are_refused_in_both_languages() -> None:
    client = Client()
    broken = client.post("/api/session", b"{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "kernel.bad-request")
    assert broken.json()["detail"].startswith("请求内容不是有效的 JSON")
    wrong = client.patch("/api/health")
    assert (wrong.status_code, wrong["Content-Type"]) == (405, http.PROBLEM)
    assert wrong.json()["detail"] == "这个地址不接受 PATCH 请求，可以用：GET。接口说明见 /api/docs。"
    assert wrong["Allow"] == "GET"


@pytest.mark.django_db
def test_no_sentence_mixes_the_languages() -> None:
    answer = Client().post("/api/session", b"[]", content_type="application/json").json()
    assert "内容" not in answer["detail_en"]
    assert "body" not in answer["detail"]
