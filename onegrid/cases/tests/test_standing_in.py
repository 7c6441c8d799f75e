"""A report beside the flow has one accountable post however little of the place is known."""

import pytest

from onegrid.cases import queries
from onegrid.cases.rules import entering
from onegrid.cases.rules.entering import Entry
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import City, opened, report
from onegrid.kernel.ids import GridCode
from onegrid.workforce.tests import factories as staff

KNOWN = (
    (staff.GRID, f"grid-head-2@{staff.GRID}"),
    (staff.VILLAGE + "000", f"grid-head@{staff.VILLAGE}"),
    (staff.VILLAGE, f"grid-head@{staff.VILLAGE}"),
    (staff.TOWN, f"town-desk@{staff.TOWN}"),
)


@pytest.mark.parametrize(
    ("scenario", "follow_up"),
    [("illegal-construction", "status-report"), ("environment-sanitation", "progress")],
)
def test_the_post_above_reports_where_the_second_level_grid_is_not_known(
    city: City, scenario: str, follow_up: str
) -> None:
    definition = city.scenarios[scenario].definition
    (made,) = opened([report(city)])
    case, ground = queries.states([made.case_id])[made.case_id], queries.ground_of(definition)
    rule = definition.follow_ups[follow_up]
    entry = Entry(starts=frozenset([follow_up]))
    for code, post in KNOWN:
        for key in rule.while_:
            here = case._replace(grid_code=GridCode(code), scenario=scenario)
            found = entering.follow_up_tasks(here, (), definition.stages[key], entry, ground, at=f.NOW)
            assert [task.post_id for task in found] == [city.staff.posts[post]], (key, code)


def test_a_case_of_which_only_the_village_is_known_is_opened_with_its_report(city: City) -> None:
    """A follow-up that begins with the first stage does not stand in the way of the case."""
    definition = city.scenarios["environment-sanitation"].definition
    here = GridCode(staff.VILLAGE + "000")
    (made,) = opened([report(city, grid=here)])
    case, ground = queries.states([made.case_id])[made.case_id], queries.ground_of(definition)
    stage = definition.stages["urban-handle"]
    after, tasks = entering.enter(case, stage, Entry(), ground, at=f.NOW)
    assert after.owner == city.staff.posts["department-handler@350583/urban-management"]
    assert [task.post_id for task in tasks] == [city.staff.posts[f"grid-head@{staff.VILLAGE}"]]
