"""Flow charts are readable: every stage once, nothing outside the page, no words over other words."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.scenarios.rules.chart import Chart, Flow, Leaving, Step, flow_of, lay_out, pieces, svg
from onegrid.scenarios.rules.chart.flow import ordered
from onegrid.scenarios.rules.chart.shapes import SIZE, Label, width_of, wrapped
from onegrid.scenarios.rules.handbook import chart_of
from onegrid.scenarios.tests.books import KEYS, known, names

ENDS = {"closed": "结案", "archived": "归档"}


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Up to 20 stages with up to six exits each to anywhere."""
    keys = [f"s{number}" for number in range(draw(st.integers(1, 20)))]
    words = st.text("踏勘核实无法处置报镇（）abc 12", min_size=1, max_size=40)
    targets = st.sampled_from([*keys, *ENDS])
    steps = [
        Step(
            key,
            draw(words),
            tuple(draw(st.lists(words, min_size=1, max_size=3))),
            tuple(Leaving(draw(words), draw(targets)) for _ in range(draw(st.integers(1, 6)))),
            tuple(draw(st.lists(words, max_size=2))) if key != "s0" else ("开始",),
        )
        for key in keys
    ]
    return Flow("图", tuple(steps), ENDS)


def area(label: Label) -> tuple[float, float, float, float]:
    size = SIZE + 1 if label.bold and label.tone == "text" else SIZE
    wide = width_of(label.text, size=size)
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - size, left + wide, label.y + 2


def overlapping(chart: Chart) -> list[tuple[str, str]]:
    found = []
    placed = sorted((area(one), one.text) for one in chart.labels)
    for index, (mine, text) in enumerate(placed):
        for other, words in placed[index + 1 :]:
            if other[0] >= mine[2] - 2:
                break
            if mine[1] < other[3] - 4 and other[1] < mine[3] - 4:
                found.append((text, words))
    return found


@given(flows())
def test_no_words_lie_over_others_and_all_lie_in_the_chart(flow: Flow) -> None:
    chart = lay_out(flow)
    assert overlapping(chart) == []
    for label in chart.labels:
        left, top, right, bottom = area(label)
        assert left >= -1
        assert right <= chart.width + 1
        assert top >= 0
        assert bottom <= chart.height
    stages = [box for box in chart.boxes if box.tone == "stage"]
    assert len(stages) == len(flow.steps)
    assert all(above.y + above.height < below.y for above, below in pairwise(stages))


@given(flows())
def test_every_arrow_reaches_its_stage_or_end(flow: Flow) -> None:
    chart = lay_out(flow)
    stages = [box for box in chart.boxes if box.tone == "stage"]
    aims = {one.to for step in flow.steps for one in step.leavings if not one.ends}
    heads = [line.points[-1] for line in chart.lines if line.head]
    for step, box in zip(flow.steps, stages, strict=True):
        reached = [
            (x, y) for x, y in heads if box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
        ]
        assert bool(reached) is (step.key in aims or bool(step.begins))
    ends = sum(one.ends for step in flow.steps for one in step.leavings)
    assert sum(box.tone in ENDS for box in chart.boxes) == ends


@given(flows(), st.integers(300, 1200))
def test_pieces_join_to_the_whole_and_cut_no_stage(flow: Flow, highest: int) -> None:
    chart = lay_out(flow)
    cut = pieces(chart, highest=highest)
    assert (cut[0][0], cut[-1][1]) == (0, chart.height)
    for (_, bottom), (top, _) in pairwise(cut):
        assert bottom == top
        assert not any(box.y < bottom < box.y + box.height for box in chart.boxes if box.tone == "stage")


@given(flows())
def test_the_picture_is_well_formed(flow: Flow) -> None:
    assert ElementTree.fromstring(svg(lay_out(flow))).tag.endswith("svg")


@given(st.text(), st.integers(30, 300))
def test_wrapping_loses_no_letter_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= width or len(line) == 1 for line in lines)


@pytest.mark.parametrize("key", KEYS)
def test_the_chart_of_a_scenario_names_every_stage_exit_and_end(key: str) -> None:
    definition = known(key)
    for lang in ("zh", "en"):
        chart = chart_of(definition, names(), lang=lang)
        text = "".join("".join(one.text for one in chart.labels).split())
        for stage in definition.stages.values():
            assert "".join((stage.name.zh if lang == "zh" else stage.name.en).split()) in text
            for leave in stage.exits.values():
                label = leave.label.zh if lang == "zh" else leave.label.en
                assert "".join(label.split()) in text
        assert overlapping(chart) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_order_goes_down_from_the_start(key: str) -> None:
    definition = known(key)
    order = ordered(definition)
    assert sorted(order) == sorted(definition.stages)
    assert order[0] in {start.stage for start in definition.starts}


def test_a_chart_is_no_wider_than_a_page_can_show() -> None:
    for key in KEYS:
        assert chart_of(known(key), names()).width < 900


def test_the_flow_is_that_of_the_definition() -> None:
    from onegrid.scenarios.rules.chart.flow import Telling

    telling = Telling(
        "t", lambda s: s.key, lambda s: (), lambda e: e.key, lambda e: e.key + "+", lambda i: "", ENDS
    )
    flow = flow_of(known("illegal-construction"), telling)
    assign = flow.steps[0]
    assert [(one.label, one.to) for one in assign.leavings] == [
        ("assigned", "verify"),
        ("other-village", "town-reassign"),
        ("other-village+", "verify"),
    ]
