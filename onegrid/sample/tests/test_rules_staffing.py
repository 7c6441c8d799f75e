"""The made-up workforce: every role of every place is answered for by exactly one person."""

from collections import Counter

import numpy as np

from onegrid.sample.rules.cast import CAST
from onegrid.sample.rules.city import WORKERS
from onegrid.sample.rules.staffing import Staffing, staffed
from onegrid.sample.tests.test_rules_city import city
from onegrid.workforce.rules import ROLES, Level, bound_territory

DEPARTMENTS = ("urban-management", "natural-resources", "agriculture")


def workforce(scale: float, workers: int) -> Staffing:
    return staffed(
        city(scale),
        county="350583",
        departments=DEPARTMENTS,
        auxiliaries=("volunteer", "party-member"),
        workers=workers,
        rng=np.random.default_rng(4),
    )


def test_it_has_the_workers_of_the_source_text() -> None:
    staff = workforce(1.0, WORKERS)
    assert len(staff.names) == len(staff.categories) == WORKERS
    assert {seat.worker for seat in staff.seats} == set(range(WORKERS))


def test_every_post_has_one_principal_and_no_worker_twice() -> None:
    staff = workforce(0.05, 1_100)
    assert Counter(s.post for s in staff.seats if s.principal) == dict.fromkeys(range(len(staff.posts)), 1)
    assert max(Counter((seat.post, seat.worker) for seat in staff.seats).values()) == 1
    assert len({post.key for post in staff.posts}) == len(staff.posts)


def test_every_role_is_filled_at_every_place_of_its_level() -> None:
    staff = workforce(0.05, 1_100)
    place = {
        Level.GRID_2: {grid.code for grid in city(0.05).level(2)},
        Level.GRID_1: {unit.code for unit in city(0.05).units},
        Level.TOWN: {town.code for town in city(0.05).towns},
        Level.COUNTY: {"350583"},
    }
    for role in ROLES.values():
        codes = [bound_territory(role.key, post.code) for post in staff.posts if post.role == role.key]
        if role.key == "exclusive-worker":
            assert set(codes) == {grid.code for grid in city(0.05).level(2) if grid.exclusive}
        elif role.level is Level.DEPARTMENT:
            assert len(codes) == len(DEPARTMENTS)
        else:
            assert set(codes) == place[role.level]
            assert len(codes) == len(place[role.level])


def test_part_time_workers_are_spread_evenly_over_the_grids() -> None:
    staff = workforce(0.05, 1_100)
    patrols = {k for k, post in enumerate(staff.posts) if post.role == "grid-worker-2"}
    count = Counter(seat.post for seat in staff.seats if seat.post in patrols)
    assert max(count.values()) - min(count.values()) <= 1


def test_town_leaders_hold_several_posts() -> None:
    staff = workforce(0.05, 1_100)
    chiefs = Counter(s.worker for s in staff.seats if staff.posts[s.post].role == "chief-head")
    assert max(chiefs.values()) == 3


def test_the_cast_holds_its_posts_at_every_scale() -> None:
    for scale in (0.01, 0.05, 1.0):
        staff = workforce(scale, WORKERS if scale == 1.0 else 1_100)
        post = {
            name: staff.posts[next(s.post for s in staff.seats if s.principal and s.worker == worker)]
            for name, worker in staff.cast.items()
        }
        assert {member.username: member.role for member in CAST} == {k: p.role for k, p in post.items()}
        assert post["lin"].code.startswith(post["wang"].code)
        assert post["wang"].code == post["chief"].code == post["deputy"].code != post["chen"].code
        assert [staff.names[staff.cast[member.username]] for member in CAST] == [m.name for m in CAST]
