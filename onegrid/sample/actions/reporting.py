"""Sends the reports of the day through the API, and decides what waits in the verification pool."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from onegrid.cases.rules.drill.choosing import pick
from onegrid.cases.rules.drill.filling import Surroundings, filled
from onegrid.sample.actions.handing import Hand
from onegrid.sample.ports import Api, Keys, Reply
from onegrid.sample.rules.cast import GATEWAY
from onegrid.sample.rules.day import Told
from onegrid.sample.rules.tally import Tally
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Source

SOURCES: Mapping[str, tuple[Source, ...]] = {
    "worker": (Source.PATROL,),
    "renewal": (Source.RENEWAL,),
    "public": (Source.PUBLIC, Source.HOTLINE),
    "department": (Source.DEPARTMENT, Source.INSPECTION),
    "device": (Source.CAMERA, Source.DRONE),
}
_UNCLASSED = 0.5
"""Share of residents' reports that name no class."""
_NOT_OURS = "该事项不属于网格办理范围，请通过 12345 热线或主管部门反映。"


@dataclass(slots=True)
class Reporters:
    """Everybody who reports, and the desk that decides about the pool. `codes`: grid code by number."""

    api: Api
    keys: Keys
    codes: Sequence[str]
    day: str
    rng: np.random.Generator
    tally: Tally

    def send(self, number: int, report: Told, *, now: datetime) -> str | None:
        """Send one report; returns the id of the case that it opened."""
        in_field = report.channel in {"worker", "renewal"}
        token = self.keys.of_grid(self.codes[report.grid]) if in_field else None
        token = token or self.keys.of_account(GATEWAY[0])
        body = self._body(number, report, token, now)
        self.tally.channels[report.channel] += 1
        reply = self.api.call("POST", "/reports", token=token, body=body)
        self.tally.latest = f"{report.text[:24]}"
        return next(self._settled([reply.data], reply), None)

    def _body(self, number: int, report: Told, token: str, now: datetime) -> dict[str, object]:
        source = pick(SOURCES[report.channel], None, self.rng)
        unclassed = report.channel == "public" and self.rng.random() < _UNCLASSED
        body: dict[str, object] = {
            "channel": report.channel,
            "source": source.value,
            "external_id": f"sample-{self.day}-{number}",
            "class_code": None if unclassed else report.class_code,
            "title": report.text[:30],
            "description": report.text,
            "place_text": report.place,
            "lng": report.lng,
            "lat": report.lat,
            "system": report.system.value,
            "accuracy_m": 8.0,
            "happened_at": now.isoformat(),
        }
        if report.reporter:
            body["reporter"] = {"name": report.reporter, "phone": report.phone}
        if report.channel == "worker":
            hand = Hand(self.api, token, f"{self.day}-{number}", (report.lng, report.lat))
            body["photos"] = [sha] if (sha := hand.upload("photo", "before")) else []
            body["form"] = self._form(report, source, hand, now)
        return body

    def _form(self, report: Told, source: Source, hand: Hand, now: datetime) -> object:
        """What the registration form of the scenario asks of a patrol."""
        version = scenarios.live(now).for_class(report.class_code, self.codes[report.grid][:9])
        if version is None:
            return {}
        known = {"channel": report.channel, "source": source.value, "class": report.class_code}
        around = Surroundings((report.lng, report.lat), tuple(self.codes), (), now)
        answers = filled(version.definition.form, known=known, around=around, rng=self.rng)
        return hand.answers(answers)

    def decide_pool(self, now: datetime) -> list[str]:
        """Onboard what has a place and a class of a live scenario, turn the rest away; new cases' ids."""
        desk = self.keys.of_account("desk")
        waiting = self.api.call("GET", "/pool?limit=50", token=desk)
        if waiting.refused:
            return []
        items = waiting.data["items"]
        ours = [one for one in items if self._is_ours(one, now)]
        opened: list[str] = []
        if ours:
            decisions = [{"report_id": one["report_id"]} for one in ours]
            reply = self.api.call("POST", "/pool/onboard", token=desk, body={"decisions": decisions})
            opened = list(self._settled(reply.data, reply, from_pool=True))
        if others := [one for one in items if one not in ours]:
            turned = [{"report_id": one["report_id"], "reason": _NOT_OURS} for one in others]
            reply = self.api.call("POST", "/pool/reject", token=desk, body={"rejections": turned})
            list(self._settled(reply.data, reply, from_pool=True))
        return opened

    def _is_ours(self, waiting: Mapping[str, str], now: datetime) -> bool:
        code, grid = waiting["class_code"], waiting["grid_code"]
        return bool(code and grid and scenarios.live(now).for_class(code, grid[:9]))

    def _settled(
        self, outcomes: Sequence[Mapping[str, str]], reply: Reply, *, from_pool: bool = False
    ) -> Iterator[str]:
        """Count what became of the reports; the cases they opened."""
        if reply.refused:
            self.tally.refuse(reply.status, reply.code)
            return
        for outcome in outcomes:
            self.tally.outcomes[outcome["kind"]] += 1
            if from_pool:
                self.tally.outcomes["pooled"] -= 1
            if outcome["kind"] == "opened":
                yield outcome["case_id"]
