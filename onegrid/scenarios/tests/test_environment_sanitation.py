"""Environmental sanitation 环境卫生问题处置 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import (
    EvidenceKind,
    Given,
    check_form,
)
from onegrid.scenarios.tests.files import HJ, definition, tree


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("E0102", "4 office hours"),  # 暴露垃圾
        ("E0103", "2 working days"),  # 积存垃圾渣土
        ("E0104", "2 office hours"),  # 道路不洁
        ("E0105", "15 working days"),  # 水域不洁
        ("E0106", "4 office hours"),  # 绿地脏乱
        ("E0115", "2 clock hours"),  # 焚烧垃圾
        ("E0109", "1 working day"),
        ("E01", "2 working days"),
    ],
)
def test_sanitation_is_handled_in_the_grid_within_the_limit_of_its_class(code: str, limit: str) -> None:
    first = definition(HJ).first_stage(channel="public")
    assert first.key == "grid-handle"
    assert str(first.limit.for_(code, class_limit=tree().get(code).limit)) == limit


def test_sanitation_goes_up_grid_town_urban_management_other_departments() -> None:
    stages = definition(HJ).stages
    assert stages["grid-handle"].exits["beyond-grid"].to == "town-handle"
    assert stages["town-handle"].exits["to-urban-management"].to == "urban-handle"
    assert stages["urban-handle"].exits["to-department"].to == "department-handle"
    assert (stages["urban-handle"].who.role, stages["urban-handle"].who.unit) == (
        "department-handler",
        "urban-management",
    )
    assert stages["department-handle"].who.is_responsible
    assert {stages[key].exits["done"].to for key in stages if "done" in stages[key].exits} == {"check"}


def test_what_a_worker_cleared_on_the_spot_still_goes_to_somebody_elses_check() -> None:
    sanitation = definition(HJ)
    spot = {"solved_on_spot": True}
    assert sanitation.first_stage(channel="worker", answers=spot).key == "check"
    assert sanitation.first_stage(channel="public", answers=spot).key == "grid-handle"
    check = sanitation.stages["check"]
    assert set(check.not_same_as) == {"grid-handle", "town-handle", "urban-handle", "department-handle"}


def test_sanitation_is_done_only_with_photos_of_before_and_after() -> None:
    stage = definition(HJ).stages["grid-handle"]
    found = check_form(
        stage, stage.exits["done"], values={"cause": "careless"}, evidence=(), opinion="已清理"
    )
    assert [one.field for one in found] == ["photo:before", "photo:after"]
    photos = (Given(EvidenceKind.PHOTO, "before"), Given(EvidenceKind.PHOTO, "after", 120.0))
    assert (
        check_form(stage, stage.exits["done"], values={"cause": "careless"}, evidence=photos, opinion="好")
        == []
    )
