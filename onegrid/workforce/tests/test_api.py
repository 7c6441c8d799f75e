"""The workforce over HTTP, by the cast."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import PASSWORD
from onegrid.kernel import clock
from onegrid.notices import queries as notices
from onegrid.workforce import queries
from onegrid.workforce.rules import ROLES, Requirement
from onegrid.workforce.tests.factories import (
    COUNTY,
    GRID,
    NOW,
    OTHER_GRID,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Staff,
    staff,
)

pytestmark = pytest.mark.django_db
JSON: Any = {"content_type": "application/json"}


@pytest.fixture
def made() -> Staff:
    return staff()


def signed_in(username: str) -> Client:
    accounts.set_password(username, PASSWORD, by=SYSTEM, now=NOW)
    client = Client()
    answer = client.post("/api/session", {"username": username, "password": PASSWORD}, **JSON)
    assert answer.status_code == 200, answer.content
    return client


def keys(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["key"] for item in answer.json()["items"]]


def test_each_sees_the_posts_of_their_own_territory(made: Staff) -> None:
    wang = signed_in("wang")
    shown = keys(wang.get("/api/workforce/posts?limit=200"))
    assert f"grid-head@{VILLAGE}" in shown
    assert f"grid-worker-2@{GRID}" in shown
    assert not [
        key for key in shown if OTHER_VILLAGE in key or key[-10:] == "@350583111" or COUNTY + "/" in key
    ]
    vacant = keys(wang.get("/api/workforce/posts?vacant=true&limit=200"))
    assert set(vacant) == set(shown) - {f"grid-head@{VILLAGE}", f"grid-worker-2@{GRID}"}
    assert keys(wang.get(f"/api/workforce/posts?territory={OTHER_VILLAGE}")) == []
    assert wang.get(f"/api/workforce/posts/{made.posts[f'grid-head@{OTHER_VILLAGE}']}").status_code == 404


def test_pages_follow_each_other_without_gap_or_repeat(made: Staff) -> None:
    gao = signed_in("gao")
    whole = keys(gao.get("/api/workforce/posts?limit=200"))
    assert len(whole) == len(made.posts)
    walked: list[str] = []
    cursor = ""
    while True:
        answer = gao.get(f"/api/workforce/posts?limit=7&cursor={cursor}")
        walked += keys(answer)
        cursor = answer.json()["next_cursor"]
        if not cursor:
            break
    assert walked == whole
    for bad in ("x", "WzFd", "WzEsMl0"):
        assert gao.get("/api/workforce/posts", {"cursor": bad}).status_code == 400


def test_a_post_shows_holders_duties_appointments_and_record(made: Staff) -> None:
    shown = signed_in("wang").get(f"/api/workforce/posts/{made.posts[f'grid-worker-2@{GRID}']}").json()
    assert [(h["name"], h["principal"]) for h in shown["holders"]] == [("林小梅", True), ("胡建军", False)]
    assert [step["verb"] for step in shown["trail"]] == ["created", "filled", "filled"]
    assert shown["appointments"][0]["last_day"] is None


def test_workers_are_shown_to_those_above_them_only(made: Staff) -> None:
    def names(username: str, query: str = "") -> set[str]:
        answer = signed_in(username).get(f"/api/workforce/workers?limit=200{query}")
        return {item["name"] for item in answer.json()["items"]}

    assert names("wang") == {"林小梅", "胡建军", "王国强"}
    assert names("mei") == {"林小梅", "胡建军", "王国强", "梅丽华"}
    assert names("gao", f"&territory={OTHER_VILLAGE}") == {"陈志明"}
    assert names("gao", "&name=林&category=full-time") == {"林小梅"}


def test_the_grid_office_makes_units_posts_and_appointments(made: Staff) -> None:
    gao = signed_in("gao")
    unit = {"key": "village-350583111299", "kind": "village", "territory": "350583111299", "name_zh": "新村"}
    assert gao.post("/api/workforce/units", [unit], **JSON).status_code == 201
    assert gao.post("/api/workforce/units", [unit], **JSON).json()["code"] == "workforce.key-taken"
    made_posts = gao.post("/api/workforce/posts", [{"role": "grid-head", "place": "350583111299000"}], **JSON)
    (post_id,) = made_posts.json()["ids"]
    worker = gao.post("/api/workforce/workers", [{"name": "新来的", "category": "volunteer"}], **JSON)
    body = [{"post_id": post_id, "worker_id": worker.json()["ids"][0], "starts_on": "2026-01-01"}]
    (appointment,) = gao.post("/api/workforce/appointments", body, **JSON).json()["ids"]
    again = gao.post("/api/workforce/appointments", body, **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "workforce.post-has-principal")
    assert gao.post(f"/api/workforce/posts/{post_id}/close", {}, **JSON).status_code == 409
    assert gao.post(f"/api/workforce/appointments/{appointment}/end", {}, **JSON).status_code == 204
    assert gao.post(f"/api/workforce/posts/{post_id}/close", {}, **JSON).status_code == 204
    assert signed_in("wang").post("/api/workforce/units", [unit], **JSON).status_code == 403


def test_a_repeated_key_gets_the_first_answer(made: Staff) -> None:
    gao = signed_in("gao")
    body = [{"name": "只来一次", "category": "volunteer"}]
    headers: Any = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    first, second = (gao.post("/api/workforce/workers", body, **JSON, **headers) for _ in range(2))
    assert first.json() == second.json()
    found = gao.get("/api/workforce/workers?name=只来一次").json()["items"]
    assert len(found) == 1


def test_wang_lets_lin_act_for_him_and_both_are_told(made: Staff) -> None:
    wang = signed_in("wang")
    post_id = made.posts[f"grid-head@{VILLAGE}"]
    today = queries.city_day(clock.now()).isoformat()
    body = {"post_id": post_id, "to_worker": made.workers["lin"], "starts_on": today, "last_day": today}
    answer = wang.post("/api/workforce/delegations", [{**body, "reason": "开会"}], **JSON)
    assert answer.status_code == 201, answer.content
    (delegation,) = answer.json()["ids"]
    shown = signed_in("lin").get("/api/workforce/delegations").json()["items"]
    assert [(each["holder"], each["delegate"], each["last_day"]) for each in shown] == [
        ("王国强", "林小梅", today)
    ]
    morning = clock.now() + timedelta(hours=12)  # told in the quiet hours, it shows then
    for name in ("wang", "lin"):
        inbox = notices.inbox(made.actor(name, now=clock.now()), now=morning)
        assert any("代办" in str(each) for each in inbox.items)
    assert (
        signed_in("chen").post(f"/api/workforce/delegations/{delegation}/end", {}, **JSON).status_code == 403
    )
    assert wang.post(f"/api/workforce/delegations/{delegation}/end", {}, **JSON).status_code == 204
    assert wang.get("/api/workforce/delegations").json()["items"] == []


def test_duties_are_set_and_listed(made: Staff) -> None:
    gao = signed_in("gao")
    post_id = made.posts[f"department-handler@{COUNTY}/urban-management"]
    lines = [{"scenario": "environment-sanitation"}, {"class_prefix": "01", "territory": TOWN}]
    assert gao.put(f"/api/workforce/posts/{post_id}/duties", lines, **JSON).status_code == 204
    listed = gao.get("/api/workforce/duties?scenario=illegal-construction&limit=200").json()["items"]
    mine = [line for line in listed if line["post"]["post_id"] == str(post_id)]
    assert [(line["class_prefix"], line["territory"]) for line in mine] == [("01", TOWN)]
    assert len(listed) == len(made.posts)
    out = gao.put(f"/api/workforce/posts/{post_id}/duties", [{"territory": "350681"}], **JSON)
    assert out.json()["code"] == "workforce.duty-outside-post"


def test_who_answers_is_told_or_refused_by_name(made: Staff) -> None:
    lin = signed_in("lin")
    found = lin.get("/api/workforce/answer", {"role": "grid-head", "grid": GRID}).json()
    assert (found["post"]["title_zh"], found["holders"][0]["name"], found["vacant"]) == (
        "201村一级网格长",
        "王国强",
        False,
    )
    empty = lin.get("/api/workforce/answer", {"role": "chief-head", "grid": GRID}).json()
    assert (empty["vacant"], empty["holders"]) == (True, [])
    nobody = lin.get("/api/workforce/answer", {"role": "department-head", "grid": GRID, "unit": "water"})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "workforce.no-post")
    assert lin.get("/api/workforce/answer", {"role": "grid-head", "grid": OTHER_GRID}).status_code == 404


def test_the_roster_of_a_grid_names_every_role_above_it(made: Staff) -> None:
    shown = signed_in("lin").get("/api/workforce/roster", {"grid": GRID}).json()
    by_role = {each["role"]: each for each in shown}
    assert set(by_role) == {key for key, role in ROLES.items() if not role.of_department}
    assert by_role["grid-office"]["holders"][0]["name"] == "高峰"
    assert by_role["exclusive-worker"]["refusal"]["code"] == "workforce.no-post"


def test_candidates_come_in_the_order_of_the_matrix(made: Staff) -> None:
    gao = signed_in("gao")
    lines = [{"matter": "component", "owners": ["urban-management", "water"], "class_prefix": "02"}]
    assert gao.put("/api/workforce/responsibilities", lines, **JSON).status_code == 204
    assert gao.get("/api/workforce/responsibilities").json() == [{**lines[0], "territory": ""}]
    found = signed_in("mei").get("/api/workforce/candidates", {"class_code": "0201", "grid": GRID}).json()
    assert [(each["basis"], each["unit"], each["post"] is None) for each in found] == [
        ("owner", "urban-management", False),
        ("owner", "water", True),
        ("locality", None, False),
    ]


def test_categories_are_an_editable_list(made: Staff) -> None:
    gao = signed_in("gao")
    listed = gao.get("/api/workforce/categories").json()
    assert sum(line["auxiliary"] for line in listed) == 6
    ranger = {"key": "ranger", "zh": "护林员", "en": "Ranger", "employment": "part-time", "payer": "forestry"}
    assert gao.put("/api/workforce/categories", [*listed, ranger], **JSON).status_code == 204
    assert gao.get("/api/workforce/categories").json()[-1]["payer"] == "forestry"
    assert signed_in("mei").put("/api/workforce/categories", [], **JSON).status_code == 403


@pytest.fixture
def required() -> Iterator[None]:
    """Two stages of one live scenario in two grids."""
    before = queries.duties._required
    grids = [GRID, OTHER_GRID]
    queries.set_requirements(
        lambda now: [
            Requirement("environment-sanitation", "handle", "grid-head", None, grids),
            Requirement("environment-sanitation", "assign", "chief-head", None, grids),
            Requirement("environment-sanitation", "department", "department-handler", "water", grids),
        ]
    )
    yield
    queries.duties._required = before


@pytest.mark.usefixtures("required")
def test_coverage_sums_up_the_holes_in_ones_own_territory(made: Staff) -> None:
    def found(username: str) -> list[tuple[str, str, int]]:
        answer = signed_in(username).get("/api/workforce/coverage").json()
        return [
            (h["stage"], h["kind"], h["grids"]) for h in answer if h["scenario"] == "environment-sanitation"
        ]

    assert found("gao") == [("assign", "vacant", 2), ("department", "no-post", 2)]
    assert found("mei") == [("assign", "vacant", 1), ("department", "no-post", 1)]


def test_who_may_not_read_the_workforce_gets_nothing(made: Staff) -> None:
    assert Client().get("/api/workforce/posts").status_code == 401
    made_account = accounts.NewAccount("citizen", "群众", password=PASSWORD)
    accounts.create_accounts([made_account], by=SYSTEM, now=NOW)
    client = Client()
    client.post("/api/session", {"username": "citizen", "password": PASSWORD}, **JSON)
    for path in ("posts", "workers", "units", "duties", "categories", "responsibilities", "coverage"):
        assert client.get(f"/api/workforce/{path}").status_code == 403, path
    assert client.get("/api/workforce/delegations").json()["items"] == []
    assert isinstance(made.posts[f"town-desk@{TOWN}"], UUID)


def test_a_workers_account_is_linked_and_taken_away(made: Staff) -> None:
    gao = signed_in("gao")
    path = f"/api/workforce/workers/{made.workers['hu']}"
    entry = {"name": "胡建军", "category": "party-member"}
    assert gao.put(path, {**entry, "account_id": made.accounts["lin"]}, **JSON).status_code == 409
    assert gao.put(path, entry, **JSON).status_code == 204
    assert made.actor("hu").standings == ()
    (shown,) = gao.get("/api/workforce/workers?name=胡").json()["items"]
    assert (shown["category"], shown["has_account"], len(shown["posts"])) == ("party-member", False, 1)
    assert gao.put(f"/api/workforce/workers/{uuid4()}", entry, **JSON).status_code == 404
