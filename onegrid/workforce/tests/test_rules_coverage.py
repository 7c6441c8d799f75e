"""Coverage names every grid where a stage has no post, several posts or a post without holder."""

from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.ids import PostId
from onegrid.workforce.rules import (
    Duty,
    DutyTable,
    HoleKind,
    PostEntry,
    PostRequest,
    Requirement,
    every_role,
    holes,
    leaf_grids,
    summed_up,
)
from onegrid.workforce.tests.test_rules_duties import COUNTY, TOWN, VILLAGE, duty_lists, pid, post, post_lists

GRIDS = [VILLAGE + "001", VILLAGE + "002", "350583103201001"]


def test_a_grid_without_post_is_named_with_scenario_stage_and_role() -> None:
    table = DutyTable([post(1, "deputy-chief", VILLAGE)])
    found = holes(table, [Requirement("illegal-construction", "verify", "deputy-chief", None, GRIDS)])
    assert [(h.kind, h.scenario, h.stage, h.role, h.grid) for h in found] == [
        (HoleKind.NO_POST, "illegal-construction", "verify", "deputy-chief", GRIDS[2])
    ]


def test_two_posts_for_one_grid_are_a_hole_and_both_are_named() -> None:
    table = DutyTable([post(1, "inspector", TOWN), post(2, "inspector", TOWN), post(3, "inspector", COUNTY)])
    found = holes(table, [Requirement("any", "check", "inspector", None, GRIDS)])
    assert [(h.kind, h.grid, h.posts) for h in found] == [
        (HoleKind.SEVERAL_POSTS, GRIDS[0], (pid(1), pid(2))),
        (HoleKind.SEVERAL_POSTS, GRIDS[1], (pid(1), pid(2))),
    ]


def test_a_post_that_nobody_holds_is_a_hole_where_it_answers() -> None:
    table = DutyTable([post(1, "grid-head", VILLAGE), post(2, "grid-head", "350583103201")])
    need = Requirement("any", "handle", "grid-head", None, GRIDS)
    found = holes(table, [need], vacant=frozenset({pid(2)}))
    assert [(h.kind, h.grid, h.posts) for h in found] == [(HoleKind.VACANT, GRIDS[2], (pid(2),))]
    assert holes(table, [need]) == []


def test_first_level_grids_that_are_divided_take_no_reports() -> None:
    assert leaf_grids([VILLAGE + "000", VILLAGE + "001", "350583103201000"]) == [
        VILLAGE + "001",
        "350583103201000",
    ]


def test_exclusive_grids_need_an_exclusive_worker_instead_of_a_grid_worker() -> None:
    needs = {need.role: list(need.grids) for need in every_role(["g1"], ["x1"])}
    assert needs["exclusive-worker"] == ["x1"]
    assert needs["grid-worker-2"] == ["g1"]
    assert needs["chief-head"] == ["g1", "x1"]
    assert "department-head" not in needs


def test_holes_are_summed_up_per_stage_and_reason() -> None:
    found = holes(DutyTable([]), [Requirement("s", "a", "grid-head", None, GRIDS)])
    assert [(each.first_grid, each.grids) for each in summed_up(found)] == [(GRIDS[0], 3)]


codes = st.sampled_from([*GRIDS, VILLAGE + "003", "350583103001600", "350583103001000", TOWN])
needs = st.builds(
    Requirement,
    st.sampled_from(["gas", "other"]),
    st.just("stage"),
    st.sampled_from(["inspector", "department-handler", "chief-head"]),
    st.sampled_from([None, "housing"]),
    st.lists(codes, min_size=0, max_size=6),
    st.sampled_from([None, "0204"]),
)


@given(post_lists, duty_lists, st.lists(needs, max_size=4), st.frozensets(st.integers(1, 6).map(pid)))
def test_the_holes_are_exactly_the_grids_where_asking_one_by_one_fails(
    posts: list[PostEntry], duties: list[Duty], required: list[Requirement], vacant: frozenset[PostId]
) -> None:
    table = DutyTable(posts, duties)
    expected = []
    for need in required:
        for grid in need.grids:
            answer = table.answering(PostRequest(need.role, grid, need.scenario, need.unit, need.class_code))
            if len(answer) != 1 or answer[0] in vacant:
                expected.append((need.role, need.scenario, grid, answer))
    found = [(h.role, h.scenario, h.grid, h.posts) for h in holes(table, required, vacant=vacant)]
    assert found == expected
