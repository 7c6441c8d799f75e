"""Scenarios and matter classes through HTTP, by the cast."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import FixedStandings, cast
from onegrid.kernel import clock
from onegrid.kernel.ids import new_id
from onegrid.scenarios.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(standings: FixedStandings) -> Client:
    """A grid worker, with the library live."""
    factories.library()
    cast(standings)
    return client("lin")


def client(username: str) -> Client:
    token = accounts.issue_token(
        username, name="t", scopes=["scenario.read"], days=1, by=SYSTEM, now=clock.now()
    )
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def test_a_worker_sees_which_scenarios_are_live_and_where(
    lin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):  # two of them sign the request in
        rows = lin.get("/api/scenarios").json()
    assert len(rows) == 22
    row = next(one for one in rows if one["key"] == "environment-sanitation")
    assert (row["prefix"], row["name_zh"]) == ("HJ", "环境卫生问题处置")
    (version,) = row["versions"]
    assert (version["number"], version["towns"]) == (1, [""])
    assert row["classes"] == ["E01", "E02", "E05", "C03"]


def test_a_phone_gets_a_version_as_data_and_may_keep_it(lin: Client) -> None:
    rows = {one["key"]: one for one in lin.get("/api/scenarios").json()}
    version_id = rows["environment-sanitation"]["versions"][0]["version_id"]
    answer = lin.get(f"/api/scenarios/versions/{version_id}")
    assert "immutable" in answer.headers["Cache-Control"]
    stage = answer.json()["definition"]["stages"]["grid-handle"]
    assert stage["name"]["zh"] == "一级网格处置"
    assert stage["who"] == {"role": "grid-head", "unit": None}
    assert stage["limit"]["from_class"] is True
    assert stage["limit"]["default"] == {"text": "2 working days", "zh": "2个工作日", "en": "2 working days"}
    assert stage["exits"]["done"]["needs"][1]["near_m"] == 200
    reason = next(one for one in stage["form"]["fields"] if one["key"] == "beyond_reason")
    assert reason["required"] == {"exit": "beyond-grid"}
    assert answer.json()["source"].startswith("# 环境卫生问题处置")


def test_what_has_not_changed_is_not_sent_again(lin: Client) -> None:
    for path in ("/api/scenarios", "/api/classes"):
        etag = lin.get(path).headers["ETag"]
        again = lin.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")


def test_the_class_dictionary_comes_with_inherited_values(lin: Client) -> None:
    rows = {row["code"]: row for row in lin.get("/api/classes").json()}
    rubbish = rows["E0102"]
    assert (rubbish["parent"], rubbish["unit"], rubbish["limit"]) == (
        "E01",
        "urban-management",
        "4 office hours",
    )
    assert rubbish["limit_zh"] == "4个工作时"
    assert rows["E0101"]["milestones"][0] == {
        "name_zh": "制止",
        "name_en": "Stopped",
        "limit": "4 office hours",
    }
    assert rows["S1201"]["life_threatening"] is True


def test_the_schema_of_a_scenario_file_is_served(lin: Client) -> None:
    assert lin.get("/api/scenarios/schema").json()["$id"] == "urn:onegrid:scenario"


def test_a_version_that_does_not_exist_is_a_problem_with_a_code(lin: Client) -> None:
    answer = lin.get(f"/api/scenarios/versions/{new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "scenarios.no-version")


def test_a_stranger_without_a_post_and_somebody_not_signed_in_see_nothing(lin: Client) -> None:
    assert client("song").get("/api/scenarios").status_code == 403
    assert client("song").get("/api/classes").status_code == 403
    assert Client().get("/api/scenarios").status_code == 401
