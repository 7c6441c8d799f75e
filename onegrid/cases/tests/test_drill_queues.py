"""The drill's queues against theory: waiting time and utilisation of M/M/c and of two stages in a row."""

from dataclasses import replace
from math import factorial

import pytest

from onegrid.cases.rules.drill.causes import Cause
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.tests import world as w
from onegrid.cases.tests.drills import queue_of, setting

WITHIN = 0.03
DAY_S = 86_400
WORKER = w.post("grid-worker-1", w.VILLAGE)
HEAD = w.post("grid-head", w.VILLAGE)


def erlang_wait(*, per_hour: float, minutes: float, servers: int) -> float:
    """Mean time in the queue, in minutes, of M/M/c (Erlang's C formula)."""
    load = per_hour * minutes / 60
    below = sum(load**k / factorial(k) for k in range(servers))
    top = load**servers / factorial(servers) / (1 - load / servers)
    return top / (below + top) / (servers / minutes - per_hour / 60)


@pytest.mark.parametrize(
    ("servers", "per_hour", "minutes", "days"),
    [(1, 1.2, 30, 5000), (3, 4.2, 30, 2000)],
)
def test_a_post_with_several_people_waits_as_erlang_says(
    servers: int, per_hour: float, minutes: float, days: int
) -> None:
    drill = Drill(
        setting(
            queue_of({"handle": "grid-worker-1"}), per_day=per_hour * 24, days=days,
            handling={"handle": minutes}, people={"grid-worker-1": servers},
        )
    )  # fmt: skip
    book = drill.play()
    waited = book.stages["handle"].waited.mean / 60
    assert waited == pytest.approx(
        erlang_wait(per_hour=per_hour, minutes=minutes, servers=servers), rel=WITHIN
    )
    used = drill.staff.desks[WORKER].busy / 1e6 / (servers * days * DAY_S)
    assert used == pytest.approx(per_hour * minutes / 60 / servers, rel=WITHIN)


def test_two_stages_in_a_row_wait_as_two_queues_of_their_own() -> None:
    """Burke and Jackson: what leaves M/M/c is Poisson again, so that each stage is a queue by itself."""
    days, per_hour, stages = 4000, 1.4, {"verify": (1, 25.0), "handle": (2, 60.0)}
    drill = Drill(
        setting(
            queue_of({"verify": "grid-head", "handle": "grid-worker-1"}), per_day=per_hour * 24, days=days,
            handling={key: minutes for key, (_, minutes) in stages.items()},
            people={"grid-head": 1, "grid-worker-1": 2},
        )
    )  # fmt: skip
    book = drill.play()
    for key, post in (("verify", HEAD), ("handle", WORKER)):
        servers, minutes = stages[key]
        expected = erlang_wait(per_hour=per_hour, minutes=minutes, servers=servers)
        assert book.stages[key].waited.mean / 60 == pytest.approx(expected, rel=WITHIN)
        used = drill.staff.desks[post].busy / 1e6 / (servers * days * DAY_S)
        assert used == pytest.approx(per_hour * minutes / 60 / servers, rel=WITHIN)


def test_more_work_than_a_post_can_do_piles_up_there() -> None:
    drill = Drill(
        setting(
            queue_of({"verify": "grid-head", "handle": "grid-worker-1"}), per_day=100, days=60,
            handling={"verify": 10, "handle": 20},
        )
    )  # fmt: skip
    book = drill.play()
    used = drill.staff.desks[WORKER].busy / 1e6 / (60 * DAY_S)
    assert used == pytest.approx(1.0, rel=0.02)
    assert book.open_by_day[-1] > book.open_by_day[29] > 300
    assert book.stages["handle"].causes[Cause.WAITING] > book.stages["verify"].overdue


def test_a_drill_gives_up_when_more_cases_are_open_than_it_may_keep() -> None:
    flood = setting(queue_of({"handle": "grid-worker-1"}), per_day=1000, days=100, handling={"handle": 60})
    book = Drill(replace(flood, most_open=5000)).play()
    assert book.given_up_on_day is not None and book.given_up_on_day < 10
    assert book.open_most == 5001
