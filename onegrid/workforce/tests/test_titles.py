"""How posts are called: their unit and their role, nothing said twice."""

import pytest

from onegrid.workforce.rules import post_title


@pytest.mark.parametrize(
    ("role", "unit_key", "unit_zh", "title"),
    [
        ("department-handler", "natural-resources", "自然资源局", "自然资源局承办人"),
        ("town-desk", "town-350583111", "水头镇", "水头镇网格办"),
        ("town-building", "town-350583111", "水头镇", "水头镇村建办"),
        ("town-police", "town-350583111", "水头镇", "水头镇派出所"),
        ("village-centre", "village-350583111201", "邦吟村", "邦吟村服务管理中心"),
        ("chief-head", "village-350583111201", "邦吟村", "邦吟村第一网格长"),
        ("two-violations-office", "two-violations-office", "两违办", "市两违办"),
        ("grid-office", "grid-office", "网格化服务管理办公室", "市网格办（调度台）"),
    ],
)
def test_a_post_is_called_by_unit_and_role_without_saying_anything_twice(
    role: str, unit_key: str, unit_zh: str, title: str
) -> None:
    assert post_title(role, unit_key=unit_key, unit_zh=unit_zh, unit_en="Unit")[0] == title
