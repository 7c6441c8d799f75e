"""What is known of a pair: the numbers the filter weighs, and nothing that became known later."""

from math import inf

import numpy as np
import pytest

from onegrid.intake.rules.filter.candidates import pairs
from onegrid.intake.rules.filter.facts import UNKNOWN, Fact, Table, describe
from onegrid.intake.rules.filter.matters import Matter, columns
from onegrid.intake.rules.filter.similar import rarity

from .filter_matters import DAY, HOUR, NOW, matter

WEIGHTS = rarity([])
PHOTO = 0x0F0F_1234_5678_9ABC


def facts(new: Matter, *old: Matter) -> Table:
    """Of each of these earlier matters, in this order."""
    later, earlier = columns([new]), columns(old)
    some = pairs(later, earlier)
    assert len(some.new) == len(old), "every one should be a candidate"
    return describe(later, earlier, some, WEIGHTS)[np.argsort(some.old)]


YESTERDAY = NOW - DAY
TABLE = [
    (Fact.METRES, {}, {"east": 30.0}, 30.0),
    (Fact.METRES, {"east": None, "address": 5}, {"address": 5}, UNKNOWN),
    (Fact.HOURS, {}, {}, 24.0),
    (Fact.SAME_CLASS, {}, {}, 1),
    (Fact.SAME_CLASS, {}, {"code": "A2"}, 0),
    (Fact.SAME_FAMILY, {}, {"code": "A2"}, 1),
    (Fact.SAME_FAMILY, {}, {"code": "B1"}, 0),
    (Fact.SAME_ADDRESS, {"address": 5}, {"address": 5}, 1),
    (Fact.SAME_ADDRESS, {"address": 5}, {"address": 6}, 0),
    (Fact.SAME_ADDRESS, {"address": 5}, {}, UNKNOWN),
    (Fact.ENDED_HOURS, {}, {"ended": NOW - 2 * HOUR}, 2.0),
    (Fact.ENDED_HOURS, {}, {"ended": inf}, UNKNOWN),
    (Fact.ENDED_HOURS, {}, {"ended": NOW + HOUR}, UNKNOWN),  # it will end, but runs yet
    (Fact.DUE_SHARE, {}, {"due": NOW + DAY}, 0.5),
    (Fact.DUE_SHARE, {}, {"due": NOW - DAY / 2}, 2.0),
    (Fact.DUE_SHARE, {}, {}, UNKNOWN),
    (Fact.DUE_SHARE, {}, {"due": YESTERDAY}, UNKNOWN),
    (Fact.BURST, {}, {}, 1),
    (Fact.BURST, {}, {"east": 20.0}, 0),
    (Fact.BURST, {}, {"at": NOW - 3 * DAY}, 0),
    (Fact.CROWD, {}, {"east": 90.0}, 1),
    (Fact.CROWD, {}, {"east": 110.0}, 0),
    (Fact.CROWD, {}, {"at": NOW - 31 * DAY}, 0),
    (Fact.ORDER, {}, {"east": 50.0}, 0),
    (Fact.ORDER, {}, {"east": 70.0}, UNKNOWN),
    (Fact.TEXT, {"text": "路灯不亮"}, {"text": "路灯不亮"}, 1.0),
    (Fact.TEXT, {"text": "路灯不亮"}, {"text": "水果摊"}, 0.0),
    (Fact.TEXT, {"text": "路灯不亮"}, {}, UNKNOWN),
    (Fact.PHOTO, {"photos": (PHOTO,)}, {"photos": (PHOTO ^ 0b111111,)}, 1),
    (Fact.PHOTO, {"photos": (PHOTO,)}, {"photos": (PHOTO ^ 0b1111111,)}, 0),
    (
        Fact.PHOTO,
        {"photos": (0b111,)},
        {"photos": ((0b101) - (1 << 63),)},
        1,
    ),  # the sign is a bit like others
    (Fact.PHOTO, {"photos": (-1,)}, {"photos": (0,)}, 0),
    (Fact.PHOTO, {"photos": (PHOTO,)}, {}, UNKNOWN),
    (Fact.SAME_REPORTER, {"reporter": 9}, {"reporter": 9}, 1),
    (Fact.SAME_REPORTER, {"reporter": 9}, {}, UNKNOWN),
    (Fact.SAME_CHANNEL, {}, {"channel": "public"}, 0),
    (Fact.CLASS_RATE, {}, {}, UNKNOWN),  # the model fills it in
    (Fact.PAIR_RATE, {}, {}, UNKNOWN),
]


@pytest.mark.parametrize(("fact", "new", "old", "expected"), TABLE)
def test_a_fact_of_a_pair(
    fact: Fact, new: dict[str, object], old: dict[str, object], expected: float
) -> None:
    table = facts(matter(1, **new), matter(0, **{"at": YESTERDAY, **old}))  # type: ignore[arg-type]
    assert table[0, fact] == pytest.approx(expected, abs=2e-3)


def test_the_other_earlier_ones_are_counted_and_put_in_order() -> None:
    table = facts(
        matter(9),
        matter(0, 5, at=NOW - 5 * HOUR),
        matter(1, 5, at=NOW - 7 * HOUR),
        matter(2, 55, at=NOW - 6 * HOUR),
        matter(3, 5, code="A2", at=NOW - 8 * HOUR),
    )
    assert table[:, Fact.BURST].tolist() == [2] * 4
    assert table[:, Fact.CROWD].tolist() == [3] * 4
    assert table[:, Fact.ORDER].tolist() == [3, 1, 2, 0]


def test_what_comes_later_changes_no_fact_of_a_pair() -> None:
    rows = [
        matter(k, 7.0 * k, at=NOW + k * HOUR, code=("A1", "A2", "B1")[k % 3], text=f"{k}号路灯不亮")
        for k in range(12)
    ]
    early, whole = columns(rows[:8]), columns(rows)
    before, after = pairs(early, early), pairs(whole, whole)
    seen = after.new < 8
    assert np.array_equal(after.new[seen], before.new) and np.array_equal(after.old[seen], before.old)
    assert np.allclose(
        describe(whole, whole, after, WEIGHTS)[seen], describe(early, early, before, WEIGHTS), atol=1e-3
    )


def test_no_pairs_have_no_facts() -> None:
    none = columns([])
    assert describe(none, none, pairs(none, none), WEIGHTS).shape == (0, len(Fact))
