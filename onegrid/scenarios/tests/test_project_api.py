"""The life of a scenario project over HTTP, by the cast: Lin may not, Zhao proposes, Gao decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import JSON, PASSWORD
from onegrid.kernel import clock
from onegrid.kernel.ids import new_id
from onegrid.scenarios import actions, queries
from onegrid.scenarios.rules.document import schema
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS
from onegrid.scenarios.tests.files import SMALL, edited
from onegrid.workforce import queries as workforce

pytestmark = pytest.mark.django_db

PROJECTS = "/api/scenarios/projects"
PROPOSAL = {"key": "street-lamps", "name_zh": "路灯报修", "owner": "housing", "need": "多头受理"}


@pytest.fixture
def clients() -> dict[str, Client]:
    factories.staffed_city()
    return {name: signed_in(name) for name in factories.PEOPLE}


def signed_in(username: str) -> Client:
    accounts.set_password(username, PASSWORD, by=SYSTEM, now=NOW)
    client = Client()
    answer = client.post("/api/session", {"username": username, "password": PASSWORD}, **JSON)
    assert answer.status_code == 200, answer.content
    return client


def day(ahead: int) -> str:
    return (workforce.city_day(clock.now()) + timedelta(days=ahead)).isoformat()


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{PROJECTS}{path}", body, **JSON)


def proposed(clients: dict[str, Client]) -> str:
    answer = post(clients["zhao"], "", **PROPOSAL)
    assert answer.status_code == 201, answer.json()
    return f"/{answer.json()['row']['project_id']}"


def saved(client: Client, project: str, source: str, seen: int) -> Any:
    return client.put(f"{PROJECTS}{project}/draft", {"source": source, "seen": seen}, **JSON)


def agreed(clients: dict[str, Client], source: str = SMALL) -> str:
    project = proposed(clients)
    post(clients["gao"], f"{project}/decide", granted=True, minutes="同意立项", decided_on=day(0))
    saved(clients["zhao"], project, source, 0)
    for name in ("zhao", "gao"):
        assert post(clients[name], f"{project}/agree", seen=1).status_code == 200
    return project


def test_a_project_is_led_from_proposal_to_live_and_suspended(clients: dict[str, Client]) -> None:
    gao, project = clients["gao"], agreed(clients)
    for path, body, state in (
        ("build", {}, "built"),
        ("drill", {"summary": {"overdue": 0.01}}, "drilled"),
        ("trial", {"towns": [TOWNS[0]], "ends_on": day(30)}, "trial"),
        ("go-live", {}, "live"),
        ("suspend", {"reason": "时限过紧"}, "suspended"),
        ("resume", {"towns": TOWNS}, "live"),
    ):
        answer = post(gao, f"{project}/{path}", **body)
        assert answer.status_code == 200, answer.json()
        assert answer.json()["row"]["state"] == state
    page = clients["zhao"].get(f"{PROJECTS}{project}").json()
    assert page["row"]["towns"] == TOWNS
    assert page["minutes"] == "同意立项"
    assert [step["by"] for step in page["record"]][:3] == ["赵敏", "高峰", "赵敏"]
    assert page["drills"][0]["summary"] == {"overdue": 0.01}
    assert page["steps"] == []  # nothing for the department to do now
    assert queries.live(clock.now()).for_class("C0103", TOWNS[0]) is not None
    (row,) = clients["lin"].get(f"{PROJECTS}?state=live").json()
    assert (row["state_zh"], row["number"]) == ("正式运行", 1)
    retired = post(gao, f"{project}/retire", reason="职能划转")
    assert retired.json()["row"]["state"] == "retired"


def test_a_worker_sees_projects_but_neither_proposes_nor_checks_nor_decides(
    clients: dict[str, Client],
) -> None:
    lin, project = clients["lin"], proposed(clients)
    assert lin.get(f"{PROJECTS}{project}").json()["steps"] == []
    for answer in (
        post(lin, "", **{**PROPOSAL, "key": "other"}),
        post(lin, f"{project}/decide", granted=True, minutes="同意", decided_on=day(0)),
        saved(lin, project, SMALL, 0),
        lin.post("/api/scenarios/check", {"source": SMALL}, **JSON),
        lin.post("/api/scenarios/street-lamps/activate", {"order_number": "1"}, **JSON),
    ):
        assert answer.status_code == 403, answer.json()


def test_a_department_proposes_only_its_own_and_does_not_decide(clients: dict[str, Client]) -> None:
    refused = post(clients["qian"], "", **PROPOSAL)
    assert (refused.status_code, refused.json()["code"]) == (403, "scenarios.not-your-project")
    project = proposed(clients)
    refused = post(clients["zhao"], f"{project}/decide", granted=True, minutes="同意", decided_on=day(0))
    assert "市网格办" in refused.json()["detail"]


def test_a_move_that_is_not_possible_names_the_state_and_what_is(clients: dict[str, Client]) -> None:
    project = proposed(clients)
    refused = post(clients["gao"], f"{project}/go-live")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "scenarios.project-not-possible")
    assert problem["params"]["possible"] == ["approve", "decline"]
    assert problem["detail"] == "项目目前“已提出”，不能正式运行。现在可以：立项、不予立项。"
    assert [one["verb"] for one in clients["gao"].get(f"{PROJECTS}{project}").json()["steps"]] == [
        "approve",
        "decline",
    ]


def test_the_second_editor_gets_the_present_draft_with_the_refusal(clients: dict[str, Client]) -> None:
    project = agreed(clients)
    found = clients["gao"].get(f"{PROJECTS}{project}/draft")
    assert (found.json()["number"], found.headers["ETag"]) == (1, '"draft-1"')
    assert saved(clients["gao"], project, SMALL + "# 一\n", 1).status_code == 200
    late = saved(clients["zhao"], project, SMALL + "# 二\n", 1)
    problem = late.json()
    assert (late.status_code, problem["code"]) == (409, "scenarios.draft-moved")
    assert (problem["params"]["number"], problem["params"]["saved_by"]) == (2, "高峰")
    assert problem["params"]["source"].endswith("# 一\n")
    drafts = clients["zhao"].get(f"{PROJECTS}{project}/drafts").json()
    assert [(one["number"], one["saved_by"]) for one in drafts] == [(2, "高峰"), (1, "赵敏")]
    assert clients["zhao"].get(f"{PROJECTS}{project}/drafts/1").json()["source"] == SMALL
    assert clients["zhao"].get(f"{PROJECTS}{project}/drafts/9").status_code == 404
    assert clients["gao"].get(f"{PROJECTS}{project}").json()["missing"] == ["department", "office"]


def test_an_unchanged_draft_is_not_sent_again(clients: dict[str, Client]) -> None:
    project = agreed(clients)
    again = clients["gao"].get(f"{PROJECTS}{project}/draft", headers={"If-None-Match": '"draft-1"'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_lost_answer_may_be_asked_for_again(clients: dict[str, Client]) -> None:
    headers = {"Idempotency-Key": "propose-1"}
    first = clients["zhao"].post(PROJECTS, PROPOSAL, headers=headers, **JSON)
    again = clients["zhao"].post(PROJECTS, PROPOSAL, headers=headers, **JSON)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())


def test_unknown_fields_and_broken_towns_are_refused(clients: dict[str, Client]) -> None:
    assert post(clients["zhao"], "", **PROPOSAL, hack=True).status_code == 422
    project = agreed(clients)
    assert post(clients["gao"], f"{project}/build", towns=["Nan'an"]).status_code == 422
    assert post(clients["gao"], f"/{new_id()}/build").json()["code"] == "scenarios.no-project"


def test_a_text_is_checked_while_typing_with_line_column_and_path(clients: dict[str, Client]) -> None:
    check = "/api/scenarios/check"
    sound = clients["zhao"].post(check, {"source": SMALL}, **JSON).json()
    assert (sound["sound"], sound["grids"], sound["findings"]) == (True, 4, [])
    assert sound["definition"]["stages"]["repair"]["who"] == {"role": "department-handler", "unit": "housing"}
    broken = edited(("to: check", "to: chekc"), ("who: grid-head\n", "who: grid-haed\n"))
    answer = clients["zhao"].post(check, {"source": broken, "towns": [TOWNS[0]]}, **JSON).json()
    (found,) = answer["findings"]
    line = next(n for n, text in enumerate(broken.splitlines(), 1) if "chekc" in text)
    column = broken.splitlines()[line - 1].index("to:") + 1
    assert (found["line"], found["column"], found["path"]) == (
        line,
        column,
        ["stages", "repair", "exits", "done", "to"],
    )
    assert "chekc" in found["zh"] and "chekc" in found["en"]
    assert (answer["sound"], answer["definition"]) == (False, None)
    only_role = edited(("who: grid-head\n", "who: grid-haed\n"))
    answer = clients["zhao"].post(check, {"source": only_role}, **JSON).json()
    assert [one["code"] for one in answer["findings"]] == ["scenarios.unknown-role"]
    assert answer["definition"]["key"] == "street-lamps"
    tab = clients["zhao"].post(check, {"source": "key: x\n\tname: y\n"}, **JSON).json()["findings"]
    assert [(one["code"], one["line"], one["column"]) for one in tab] == [("scenarios.tab", 2, 1)]
    assert queries.projects(SYSTEM) == []


def test_a_bomb_or_a_huge_text_is_told_and_does_no_harm(clients: dict[str, Client]) -> None:
    check = "/api/scenarios/check"
    for source, code in (
        ("a: &a [x]\nb: [*a, *a]\n", "scenarios.anchor"),
        ("key: x\nkey: y\n", "scenarios.duplicate-key"),
        ("x" * 600_000, "scenarios.too-large"),
    ):
        (found, *_) = clients["zhao"].post(check, {"source": source}, **JSON).json()["findings"]
        assert found["code"] == code
    assert clients["zhao"].post(check, {"source": "x" * 5_000_000}, **JSON).status_code == 422


def test_an_editor_is_offered_every_word_that_a_file_may_use(clients: dict[str, Client]) -> None:
    words = clients["zhao"].get("/api/scenarios/vocabulary").json()
    offered = {name: {one["key"] for one in each} for name, each in words.items()}
    described = schema()["$defs"]
    assert {"grid-head", "department-handler"} <= offered["roles"]
    assert {"housing", "water", "grid-office", "responsible", "owner-unit"} <= offered["units"]
    assert {"C0103", "E01"} <= offered["classes"]
    assert offered["sources"] == set(described["Source"]["enum"])
    assert offered["areas"] == set(described["AreaLevel"]["enum"])
    assert offered["towns"] == set(TOWNS)
    assert {"office hours", "working days"} <= offered["clocks"]
    assert all(one["zh"] for each in words.values() for one in each)


KIND = "dormant: {zh: 须有启用令。, en: By order.}\n"
DORMANT = edited(("discovery: [patrol", KIND + "discovery: [patrol"))


def test_a_dormant_scenario_is_switched_on_and_off_over_http(clients: dict[str, Client]) -> None:
    actions.publish(DORMANT, by=SYSTEM, now=NOW)
    lamps = "/api/scenarios/street-lamps"
    gao = clients["gao"]
    without = gao.post(f"{lamps}/activate", {"issued_by": "市指挥部", "ends_on": day(30)}, **JSON)
    assert (without.status_code, without.json()["code"]) == (422, "scenarios.order-needed")
    order = {"order_number": "7号", "issued_by": "市指挥部", "ends_on": day(30), "towns": [TOWNS[0]]}
    headers = {"Idempotency-Key": "order-7"}
    first, again = (gao.post(f"{lamps}/activate", order, headers=headers, **JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert queries.live(clock.now()).for_class("C0103", TOWNS[0]) is not None
    (shown,) = clients["lin"].get(f"{lamps}/orders").json()
    assert (shown["order_number"], shown["in_force"], shown["towns"]) == ("7号", True, [TOWNS[0]])
    refused = clients["zhao"].post(f"{lamps}/deactivate", {"reason": "解除"}, **JSON)
    assert refused.status_code == 403
    assert clients["lin"].get("/api/scenarios").json()[0]["dormant"] is True
    assert gao.post(f"{lamps}/deactivate", {"reason": "解除"}, **JSON).status_code == 200
    assert queries.live(clock.now()).for_class("C0103", TOWNS[0]) is None


def test_nobody_gets_in_without_signing_in(clients: dict[str, Client]) -> None:
    assert Client().get(PROJECTS).status_code == 401
    assert Client().post("/api/scenarios/check", {"source": SMALL}, **JSON).status_code == 401
