"""The life-threatening list: what raises the alarm and what does not."""

import pytest

from onegrid.intake.rules.threats import Threat, threats_in


@pytest.mark.parametrize(
    ("text", "threats"),
    [
        ("贸易市场着火了", {Threat.FIRE}),
        ("邻居家可能着火了，快来人", {Threat.FIRE}),
        ("电动车充电引发火灾，三楼有人被困", {Threat.FIRE, Threat.CASUALTY}),
        ("施工挖断燃气管道破裂，闻到煤气味", {Threat.GAS}),
        ("水库边小孩落水", {Threat.DROWNING}),
        ("出租房墙体坍塌", {Threat.COLLAPSE}),
        ("有人持刀砍人", {Threat.VIOLENCE}),
        ("两村聚众斗殴", {Threat.MASS}),
        ("The workshop is On Fire", {Threat.FIRE}),
    ],
)
def test_a_danger_that_happens_is_seen(text: str, threats: set[Threat]) -> None:
    assert threats_in(text) == threats
    assert all(threat.zh for threat in threats)


@pytest.mark.parametrize(
    "text",
    [
        "路灯不亮",
        "楼道堆放杂物，存在火灾隐患",
        "线路老化，可能引发火灾",
        "容易着火",
        "未造成人员伤亡",
        "开展防溺水宣传",
        "屋面落水管脱落",
        "组织火灾演练",
        "this could cause a gas leak",
        "",
        "火",
    ],
)
def test_a_danger_that_is_feared_absent_or_practised_is_not(text: str) -> None:
    assert threats_in(text) == frozenset()


def test_a_hedged_mention_does_not_hide_a_real_one() -> None:
    assert threats_in("以前就有火灾隐患，现在真的着火了") == {Threat.FIRE}
