"""A real city's reports: its fallback point is found out, its addresses are believed."""

import csv
import gzip
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from onegrid.intake.rules.coordinates import Sighting, exact, implausible
from onegrid.intake.rules.policy import DEFAULT_POLICIES

CASES = Path(__file__).parents[4] / "shared" / "data" / "boston311" / "cases_2015_jan_aug.csv.gz"
FALLBACK = (-71.0587, 42.3594)  # 15 % of all rows, most without an address


@pytest.mark.skipif(not CASES.exists(), reason="shared/data/boston311 is not on this machine")
def test_the_fallback_point_of_a_real_city_is_no_coordinate_and_its_addresses_are() -> None:
    with gzip.open(CASES, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["LATITUDE"]]
    lng, lat, keys = exact(
        np.array([float(row["LONGITUDE"]) for row in rows]),
        np.array([float(row["LATITUDE"]) for row in rows]),
    )
    policy = DEFAULT_POLICIES[0]
    doubted = implausible(
        [
            Sighting(
                key,
                datetime.fromisoformat(row["OPEN_DT"]).timestamp(),
                0,
                policy.repeat_limit,
                policy.repeat_window,
            )
            for key, row in zip(keys.tolist(), rows, strict=True)
        ]
    )
    at_fallback = [(x, y) == FALLBACK for x, y in zip(lng.tolist(), lat.tolist(), strict=True)]
    found = Counter(zip(at_fallback, doubted, strict=True))
    assert found[True, True] > 0.99 * sum(at_fallback) > 10_000
    assert found[False, True] < 0.001 * len(rows)
