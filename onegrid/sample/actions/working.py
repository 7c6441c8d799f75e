"""Works cases as their owners would: sign in, co-sign, answer cards, take an exit; now and then urge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from onegrid.cases.rules.drill.acting import NOTES, OPINIONS, deed, shown
from onegrid.cases.rules.drill.choosing import pick
from onegrid.cases.rules.drill.filling import Surroundings, filled
from onegrid.kernel.ids import VersionId
from onegrid.sample.actions.handing import Hand
from onegrid.sample.ports import Api, Keys, Reply
from onegrid.sample.rules.tally import Tally
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Definition, Joint

_URGED, _SUPERVISED, _NOTED, _RETURNED = 0.03, 0.015, 0.05, 0.02
"""How often a visit is spent on something else than the next step."""
Page = Mapping[str, Any]


@dataclass(slots=True)
class Officials:
    """Everybody who has a case on the desk. `grids`: per town its grids, for questions about places."""

    api: Api
    keys: Keys
    grids: Mapping[str, tuple[str, ...]]
    units: tuple[str, ...]
    rng: np.random.Generator
    tally: Tally

    def visit(self, case_id: str, *, now: datetime) -> bool:
        """Do the next thing that the case needs; False when it is over or nobody can do anything today."""
        page = self._page(case_id, self.keys.of_account("desk"))
        if page is None or page["phase"] != "open":
            return False
        beside = [task for task in page["tasks"] if task["status"] == "open" and task["kind"] in _BESIDE]
        if beside and self._beside(page, beside[0], now):
            return True
        token = self.keys.of_post(UUID(page["owner"])) if page["owner"] else None
        if token is None:
            return False
        mine = self._page(case_id, token)
        return mine is not None and self._own(mine, token, now)

    def _page(self, case_id: str, token: str) -> Page | None:
        reply = self.api.call("GET", f"/cases/{case_id}", token=token)
        return None if reply.refused else reply.data

    def _own(self, page: Page, token: str, now: datetime) -> bool:
        verbs = {one["verb"] for one in page["permitted"]}
        if "acknowledge" in verbs and page["acknowledged_at"] is None:
            return self._move(page, "acknowledge", {}, token)
        if (aside := self._aside(page, verbs, token, now)) is not None:
            return aside
        exits = [one["key"] for one in page["exits"]]
        if "exit" not in verbs or not exits:
            return False
        return self._leave(page, exits, token, now)

    def _aside(self, page: Page, verbs: set[str], token: str, now: datetime) -> bool | None:
        """Sometimes somebody presses, notes or returns instead; None = the usual step."""
        chance = float(self.rng.random())
        leader = self.keys.of_account("leader")
        reply_by = (now + timedelta(days=1)).isoformat()
        if (chance := chance - _URGED) < 0:
            return self._move(page, "urge", {"text": "请抓紧办理。", "version": None}, leader)
        if (chance := chance - _SUPERVISED) < 0:
            card = {"colour": "yellow", "text": "请说明办理进展。", "reply_by": reply_by, "version": None}
            return self._move(page, "supervise", card, leader)
        if (chance := chance - _NOTED) < 0 and "note" in verbs:
            return self._move(page, "note", {"text": pick(NOTES, None, self.rng)}, token)
        if (chance := chance - _RETURNED) < 0 and "return" in verbs:
            said = {"reason": "经核实不属本岗位职责。", "right_owner": "grid-office", "basis": "职责清单"}
            return self._move(page, "return", said, token)
        return None

    def _leave(self, page: Page, exits: Sequence[str], token: str, now: datetime) -> bool:
        definition = _definition(page)
        known = _known(page)
        found = deed(
            definition, definition.stages[page["stage"]], exits, known=known,
            around=self._around(page, now), rng=self.rng,
        )  # fmt: skip
        if found is None:
            return False
        hand = Hand(self.api, token, page["number"], _at(page))
        way = next(one for one in page["exits"] if one["key"] == found.exit)
        body = {
            "exit": found.exit,
            "opinion": next(iter(way["opinions_zh"]), found.opinion),
            "to": way["recipients"][0]["post_id"] if way["must_pick"] else None,
            "form": hand.answers(dict(found.form)),
            "evidence": hand.evidence(found.evidence),
        }
        return self._move(page, "exit", body, token)

    def _beside(self, page: Page, task: Mapping[str, Any], now: datetime) -> bool:
        """The post of a task beside the flow does its part."""
        token = self.keys.of_post(UUID(task["post_id"]))
        if token is None:
            return False
        if task["kind"] == "card":
            said = {"task_id": task["id"], "text": "已加紧办理，今日反馈。"}
            return self._move(page, "reply-card", {**said, "version": None}, token)
        definition = _definition(page)
        joint = definition.stages[page["stage"]].joint or Joint(())
        form = filled(joint.form, known=_known(page), around=self._around(page, now), rng=self.rng)
        wanted = [item for need in joint.needs for item in shown(need)]
        hand = Hand(self.api, token, f"{page['number']}-{task['key']}", _at(page))
        body = {
            "task_id": task["id"],
            "result": pick(OPINIONS, None, self.rng),
            "form": hand.answers(form),
            "evidence": hand.evidence(wanted),
            "version": None,
        }
        return self._move(page, "cosign", body, token)

    def _move(self, page: Page, verb: str, body: Mapping[str, object], token: str) -> bool:
        """Make one move; True when the case goes on."""
        whole = {"version": page["version"], **body}
        reply = self.api.call("POST", f"/cases/{page['id']}/{verb}", token=token, body=whole)
        return self._counted(page, verb, reply)

    def _counted(self, page: Page, verb: str, reply: Reply) -> bool:
        if reply.refused:
            self.tally.refuse(reply.status, reply.code)
            return reply.status == 409
        self.tally.moves[verb] += 1
        self.tally.latest = f"{page['number']} {page['stage_zh']} {_VERB_ZH.get(verb, verb)}"
        if reply.data["phase"] == "open":
            return True
        self.tally.closed += reply.data["phase"] == "closed"
        return False

    def _around(self, page: Page, now: datetime) -> Surroundings:
        grids = self.grids.get(page["grid_code"][:9]) or (page["grid_code"],)
        return Surroundings(_at(page) or (0.0, 0.0), grids, self.units, now)


_BESIDE = frozenset({"cosign", "card"})
_VERB_ZH = {
    "acknowledge": "签收", "exit": "办理", "cosign": "会签", "note": "记录", "urge": "催办",
    "supervise": "督办", "reply-card": "回复督办", "return": "退回",
}  # fmt: skip


def _definition(page: Page) -> Definition:
    """The scenario version that the case follows."""
    return scenarios.version(VersionId(UUID(page["scenario_version"]))).definition


def _known(page: Page) -> dict[str, object]:
    """What conditions of the scenario may ask."""
    facts = {"source": page["source"], "channel": page["channel"], "class": page["class_code"]}
    return {**page["answers"], **facts, "urgency": page["urgency"]}


def _at(page: Page) -> tuple[float, float] | None:
    return None if page["lng"] is None else (page["lng"], page["lat"])
