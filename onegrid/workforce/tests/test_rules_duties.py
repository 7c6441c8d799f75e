"""Who answers: the duty list finds exactly one post or says by name why not."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.accounts.rules import ROLE_PERMISSIONS, AccountRole
from onegrid.kernel.ids import PostId
from onegrid.workforce.rules import (
    ROLES,
    Basis,
    Duty,
    DutyTable,
    Matter,
    NoPost,
    PostEntry,
    PostRequest,
    Responsibility,
    ResponsibilityTable,
    SeveralPosts,
    TerritoryUnfit,
    UnitNeeded,
    UnknownRole,
    bound_territory,
    candidates,
)

COUNTY, TOWN, VILLAGE, GRID = "350583", "350583102", "350583102201", "350583102201003"


def pid(number: int) -> PostId:
    return PostId(UUID(int=number))


def post(number: int, role: str, territory: str, unit: str = "") -> PostEntry:
    return PostEntry(pid(number), role, territory, unit)


def test_the_nearest_post_answers() -> None:
    table = DutyTable([post(1, "inspector", COUNTY), post(2, "inspector", TOWN)])
    assert table.post_for("inspector", GRID, "any") == pid(2)
    assert table.post_for("inspector", "350583103201001", "any") == pid(1)


def test_a_first_level_grid_is_its_whole_village() -> None:
    assert bound_territory("chief-head", VILLAGE + "000") == VILLAGE
    table = DutyTable([post(1, "chief-head", VILLAGE)])
    assert table.post_for("chief-head", GRID, "any") == pid(1)
    assert table.post_for("chief-head", VILLAGE + "000", "any") == pid(1)


def test_a_matter_known_only_to_town_level_finds_the_town_desk() -> None:
    table = DutyTable([post(1, "town-desk", TOWN), post(2, "chief-head", VILLAGE)])
    assert table.post_for("town-desk", TOWN, "any") == pid(1)
    with pytest.raises(NoPost):
        table.post_for("chief-head", TOWN, "any")


def test_nobody_is_refused_with_role_grid_and_scenario() -> None:
    with pytest.raises(NoPost) as refused:
        DutyTable([]).post_for("chief-head", GRID, "illegal-construction")
    for word in ("第一网格长", GRID, "illegal-construction"):
        assert word in refused.value.message("zh")
    assert "chief-head" in refused.value.message("en")


def test_two_are_refused_because_accountability_is_not_shared() -> None:
    table = DutyTable([post(1, "grid-head", VILLAGE), post(2, "grid-head", VILLAGE)])
    with pytest.raises(SeveralPosts) as refused:
        table.post_for("grid-head", GRID, "any")
    assert refused.value.params["posts"] == (str(pid(1)), str(pid(2)))


def test_a_duty_line_narrows_a_post_to_its_scenario() -> None:
    table = DutyTable(
        [post(1, "inspector", COUNTY), post(2, "inspector", COUNTY)],
        [Duty(pid(1), "illegal-construction"), Duty(pid(2), "environment-sanitation")],
    )
    assert table.post_for("inspector", GRID, "illegal-construction") == pid(1)
    assert table.post_for("inspector", GRID, "environment-sanitation") == pid(2)
    with pytest.raises(NoPost):
        table.post_for("inspector", GRID, "business-environment")


def test_the_named_scenario_wins_over_the_general_post_and_the_longer_class_over_the_shorter() -> None:
    table = DutyTable(
        [post(n, "department-handler", COUNTY, "housing") for n in (1, 2, 3, 4)],
        [Duty(pid(2), "gas"), Duty(pid(3), class_prefix="02"), Duty(pid(4), class_prefix="0204")],
    )
    handler = ("department-handler", GRID)
    assert table.post_for(*handler, "other", unit="housing") == pid(1)
    assert table.post_for(*handler, "gas", unit="housing", class_code="0204") == pid(2)
    assert table.post_for(*handler, "other", unit="housing", class_code="0201") == pid(3)
    assert table.post_for(*handler, "other", unit="housing", class_code="0204") == pid(4)


def test_handlers_of_one_department_share_out_the_towns() -> None:
    table = DutyTable(
        [post(1, "department-handler", COUNTY, "housing"), post(2, "department-handler", COUNTY, "housing")],
        [Duty(pid(1), territory=TOWN), Duty(pid(2), territory="350583103")],
    )
    assert table.post_for("department-handler", GRID, "any", unit="housing") == pid(1)
    assert table.post_for("department-handler", "350583103201001", "any", unit="housing") == pid(2)


def test_a_department_is_found_by_its_unit_only() -> None:
    table = DutyTable([post(1, "department-head", COUNTY, "housing")])
    with pytest.raises(UnitNeeded):
        table.post_for("department-head", GRID, "any")
    with pytest.raises(NoPost, match="water"):
        table.post_for("department-head", GRID, "any", unit="water")


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(UnknownRole):
        DutyTable([]).post_for("mayor", GRID, "any")


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("town-desk", VILLAGE),
        ("chief-head", GRID),
        ("chief-head", "３５０５８３１０２２０１"),
        ("grid-office", ""),
        ("county-leader", GRID),
    ],
)
def test_a_post_is_bound_to_a_place_of_its_level(role: str, code: str) -> None:
    with pytest.raises(TerritoryUnfit):
        bound_territory(role, code)


places = st.sampled_from([COUNTY, TOWN, VILLAGE, GRID, VILLAGE + "004", "350583103", "350583103001"])
grids = st.sampled_from([GRID, VILLAGE + "004", VILLAGE + "000", "350583103001600", TOWN, VILLAGE])
units = st.sampled_from(["", "housing", "water"])
scenarios = st.sampled_from(["", "gas", "waste"])
classes = st.sampled_from(["", "02", "0204", "03"])
roles = st.sampled_from(["inspector", "department-handler"])
numbers = st.integers(1, 6)
post_lists = st.lists(st.builds(post, numbers, roles, places, units), unique_by=lambda p: p.post_id)
duty_lists = st.lists(st.builds(Duty, numbers.map(pid), scenarios, classes, st.just("") | places), max_size=8)
requests = st.builds(
    PostRequest, roles, grids, st.sampled_from(["gas", "other"]), units.map(lambda u: u or None), classes
)


def plainly(posts: list[PostEntry], duties: list[Duty], asked: PostRequest) -> set[PostId]:
    """The duty list read line by line, as a person would."""
    hits: dict[tuple[int, bool, int], set[PostId]] = {}
    for entry in posts:
        if entry.role != asked.role or (asked.unit and entry.unit != asked.unit):
            continue
        if not asked.unit and asked.role == "department-handler" and entry.unit:
            continue
        own = [duty for duty in duties if duty.post_id == entry.post_id]
        for duty in own or [Duty(entry.post_id)]:
            place = duty.territory or entry.territory
            if (
                asked.grid.startswith(place)
                and duty.scenario in ("", asked.scenario)
                and (asked.class_code or "").startswith(duty.class_prefix)
            ):
                key = (len(place), bool(duty.scenario), len(duty.class_prefix))
                hits.setdefault(key, set()).add(entry.post_id)
    return hits[max(hits)] if hits else set()


@given(post_lists, duty_lists, requests)
def test_the_table_finds_what_reading_the_list_finds(
    posts: list[PostEntry], duties: list[Duty], asked: PostRequest
) -> None:
    assert set(DutyTable(posts, duties).answering(asked)) == plainly(posts, duties, asked)


@given(post_lists, duty_lists, st.lists(requests, max_size=5))
def test_a_batch_answers_like_its_parts(
    posts: list[PostEntry], duties: list[Duty], asked: list[PostRequest]
) -> None:
    table = DutyTable(posts, duties)
    for request, answer in zip(asked, table.posts_for(asked), strict=True):
        if isinstance(answer, UUID):
            assert table.post_for(*request) == answer
        else:
            with pytest.raises(type(answer)):
                table.post_for(*request)


@given(post_lists, duty_lists, requests)
def test_adding_a_post_elsewhere_changes_no_answer(
    posts: list[PostEntry], duties: list[Duty], asked: PostRequest
) -> None:
    stranger = post(99, asked.role, "350681", "housing")
    assert DutyTable(posts, duties).answering(asked) == DutyTable([*posts, stranger], duties).answering(asked)


@pytest.fixture
def street_table() -> DutyTable:
    return DutyTable(
        [
            post(1, "town-desk", TOWN),
            post(2, "department-handler", COUNTY, "urban-management"),
            post(3, "department-handler", COUNTY, "housing"),
        ]
    )


def test_an_event_goes_to_the_locality_first_and_a_component_to_its_owner(street_table: DutyTable) -> None:
    owners = ("urban-management", "housing", "water")
    asked = {"grid": GRID, "scenario": "any", "class_code": "01"}
    event = candidates(street_table, Responsibility(Matter.EVENT, owners), **asked)
    component = candidates(street_table, Responsibility(Matter.COMPONENT, owners), **asked)
    assert [c.basis for c in event] == [Basis.LOCALITY, Basis.OWNER, Basis.OWNER, Basis.OWNER]
    assert [c.post for c in event[:3]] == [pid(1), pid(2), pid(3)]
    assert [c.post for c in component if isinstance(c.post, UUID)] == [pid(2), pid(3), pid(1)]
    assert isinstance(event[3].post, NoPost)


def test_the_nearest_line_of_the_responsibility_matrix_counts() -> None:
    county = Responsibility(Matter.EVENT, ("housing",), "01")
    finer = Responsibility(Matter.COMPONENT, ("water",), "0103")
    here = Responsibility(Matter.EVENT, ("urban-management",), "01", TOWN)
    table = ResponsibilityTable([county, finer, here])
    assert table.rule_for("0103", "350583103201001") == finer
    assert table.rule_for("0101", "350583103201001") == county
    assert table.rule_for("0103", GRID) == here
    assert table.rule_for("09", GRID) is None


def test_every_role_has_its_permissions_and_every_permission_table_entry_is_a_role() -> None:
    assert set(ROLES) == set(ROLE_PERMISSIONS) - {role.value for role in AccountRole}
