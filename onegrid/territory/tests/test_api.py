"""Territory over HTTP: what phones and maps read."""

import json
from dataclasses import replace
from typing import Any

import pytest
import shapely
from django.test import Client

from onegrid.accounts.actions import issue_token
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import machine
from onegrid.kernel import clock
from onegrid.kernel.coordinates import wgs84_to_gcj02
from onegrid.territory.actions import load_divisions, retire_grids
from onegrid.territory.tests.factories import COUNTY, DIVISIONS, FOUNDED, VILLAGE, county

pytestmark = pytest.mark.django_db


def holding(scope: str) -> Client:
    """A client with the token of a machine that may do one thing."""
    machine("map-screen", territory=COUNTY)
    token = issue_token("map-screen", name="test", scopes=[scope], days=1, by=SYSTEM, now=clock.now())
    return Client(headers={"authorization": f"Bearer {token.secret}"})


@pytest.fixture
def client() -> Client:
    county()
    return holding("territory.read")


def answered(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/territory/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_divisions_are_listed_by_prefix(client: Client) -> None:
    shown = answered(client, "divisions", prefix="350583104")
    assert [each["path_zh"] for each in shown] == [
        "南安市/水头镇",
        "南安市/水头镇/甲村",
        "南安市/水头镇/乙社区",
    ]


def test_each_edition_of_the_divisions_can_be_read_as_it_was(client: Client) -> None:
    load_divisions(
        [replace(DIVISIONS[2], name="新甲村委会"), *DIVISIONS[:2]], edition=2024, by=SYSTEM, now=FOUNDED
    )
    assert answered(client, "editions") == [2023, 2024]
    assert answered(client, "editions/2023", prefix=VILLAGE)[0]["name"] == "甲村委会"
    assert answered(client, "divisions", prefix=VILLAGE)[0]["name"] == "新甲村委会"
    assert len(answered(client, "divisions", prefix=COUNTY, gone=True)) == 4
    assert answered(client, "editions/1949") == []


def test_grids_are_listed_in_pages(client: Client) -> None:
    first = answered(client, "grids", prefix=VILLAGE, limit=3)
    second = answered(client, "grids", prefix=VILLAGE, limit=3, cursor=first["next_cursor"])
    assert [each["code"][-3:] for each in first["items"] + second["items"]] == [
        f"00{number}" for number in range(5)
    ]
    assert second["next_cursor"] == ""


def test_one_grid_is_shown_even_when_it_is_no_longer_in_force(client: Client) -> None:
    retire_grids([f"{VILLAGE}001"], valid_to=clock.now(), by=SYSTEM, now=clock.now())
    shown = answered(client, f"grids/{VILLAGE}001")
    assert (shown["path_zh"], shown["level"], shown["kind"]) == ("南安市/水头镇/甲村/第1网格", 2, "general")
    assert shown["valid_to"] is not None
    assert client.get(f"/api/territory/grids/{VILLAGE}009").status_code == 404


def test_a_place_is_located_in_the_system_it_names(client: Client) -> None:
    lng, lat = wgs84_to_gcj02(118.405, 24.905)
    assert answered(client, "locate", lng=lng, lat=lat, system="GCJ02")["code"] == f"{VILLAGE}003"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"lng": 118.405, "lat": 24.905}, "kernel.invalid-fields"),
        ({"lng": 118.405, "lat": 24.905, "system": "mars"}, "kernel.invalid-fields"),
        ({"lng": "nan", "lat": 24.905, "system": "WGS84"}, "kernel.invalid-fields"),
        ({"lng": "inf", "lat": 24.905, "system": "WGS84"}, "kernel.invalid-fields"),
        ({"lng": "东经", "lat": 24.905, "system": "WGS84"}, "kernel.invalid-fields"),
        ({"lng": 24.905, "lat": 118.405, "system": "WGS84"}, "kernel.invalid-fields"),
        ({"lng": 119.405, "lat": 24.905, "system": "WGS84"}, "territory.no-grid"),
    ],
)
def test_a_place_that_is_none_is_refused_by_name(client: Client, query: dict[str, Any], code: str) -> None:
    answer = client.get("/api/territory/locate", query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_boundaries_are_geojson_whose_neighbours_keep_their_common_border(client: Client) -> None:
    shown = answered(client, "boundaries", prefix=VILLAGE, level=2, tolerance_m=50)
    assert [feature["id"][-3:] for feature in shown["features"]] == ["001", "002", "003", "004"]
    assert shown["features"][0]["properties"]["path"] == "南安市/水头镇/甲村/第1网格"
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in shown["features"]]
    assert shapely.coverage_is_valid(shapes)


def test_boundaries_that_have_not_changed_are_not_sent_again(client: Client) -> None:
    address = f"/api/territory/boundaries?prefix={VILLAGE}"
    mark = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": mark}).status_code == 304
    retire_grids([f"{VILLAGE}001"], valid_to=clock.now(), by=SYSTEM, now=clock.now())
    changed = client.get(address, headers={"if-none-match": mark})
    assert (changed.status_code, len(changed.json()["features"])) == (200, 3)


def test_the_territory_is_for_those_who_may_read_it() -> None:
    county()
    assert Client().get("/api/territory/grids").status_code == 401
    assert holding("device.push").get("/api/territory/grids").status_code == 403


@pytest.mark.parametrize(
    "query", ["prefix=abc", "prefix=1234567890123456", "cursor=nonsense", "limit=0", "level=3"]
)
def test_a_question_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/territory/grids?{query}").status_code in {400, 422}
