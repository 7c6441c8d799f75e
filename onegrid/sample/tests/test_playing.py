"""The simulated day against the real API: reports come in, officials work their cases, nothing is lost."""

from datetime import datetime

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from onegrid.kernel import clock
from onegrid.sample import actions
from onegrid.sample.actions.keys import DayKeys
from onegrid.sample.ports import Reply
from onegrid.sample.rules.tally import Tally

pytestmark = pytest.mark.django_db
REPORTS = 60
EXPECTED_REFUSALS = {"cases.urged-too-soon", "cases.own-work", "cases.no-return"}


class InProcess:
    """The API without a server between."""

    def __init__(self) -> None:
        self._client = Client()

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        body: object = None,
        file: tuple[str, bytes] | None = None,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {token}"}
        if file is not None:
            upload = SimpleUploadedFile(*file)
            answer = self._client.post(f"/api{path}", {"file": upload}, headers=headers)
        else:
            answer = self._client.generic(
                method, f"/api{path}", _json(body), content_type="application/json", headers=headers
            )
        return Reply(answer.status_code, answer.json() if answer.content else None)


def _json(body: object) -> bytes:
    import orjson

    return b"" if body is None else orjson.dumps(body)


class AtOnce:
    """No waiting."""

    def until(self, second: float) -> datetime:
        return clock.now()


def played(seed: int) -> Tally:
    actions.build(scale=0.01)
    told, codes = actions.planned_day(seed=seed, now=clock.now(), reports=REPORTS)
    keys = DayKeys(now=clock.now())
    player = actions.Player(
        told,
        codes,
        api=InProcess(),
        keys=keys,
        run="test",
        rng=np.random.default_rng(seed),
        tell=lambda _: None,
    )
    tally = player.play(AtOnce())
    keys.give_back(now=clock.now())
    return tally


def count(table: str, condition: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(cursor.fetchone()[0])


def test_a_day_brings_reports_in_and_cases_to_their_end() -> None:
    tally = played(seed=11)
    assert sum(tally.channels.values()) == REPORTS == count("intake_report")
    assert sum(tally.outcomes.values()) == REPORTS
    assert tally.outcomes["opened"] == count("cases_case")
    assert tally.outcomes["joined"] > 0
    assert tally.closed == count("cases_case", "phase = 'closed'") > tally.outcomes["opened"] / 4
    assert tally.moves["acknowledge"] > 0 < tally.moves["exit"]
    assert set(tally.refusals) <= EXPECTED_REFUSALS
    assert count("accounts_token", "revoked_at IS NULL") == 0
    assert "办结" in tally.line()
