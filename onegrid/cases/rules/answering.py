"""Answers taken into a case: reckoned ones added, personal ones kept apart from the record, and erased.

The record is never changed, so no personal answer may stand in it: there it is replaced by a digest, salted
by a secret of the case. Whoever has the case can prove what was answered; once the answers and the salt are
erased, the digest says nothing about anybody any more."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from onegrid.cases.rules.change import Asker, Change, Erased, Ground
from onegrid.cases.rules.state import LIVE, CaseState
from onegrid.scenarios.rules import Definition, Form, computed


def with_computed(form: Form, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers with the form's computed fields reckoned anew; one that cannot be reckoned has none."""
    known = dict(answers)
    for key, value in computed(form, known).items():
        if value is None:
            known.pop(key, None)
        else:
            known[key] = value
    return known


def answered(case: CaseState, values: Mapping[str, object], form: Form, ground: Ground) -> CaseState:
    """The case after a form was filled in: its computed fields and those of the base facts follow."""
    answers = with_computed(form, with_computed(ground.definition.form, {**case.answers, **values}))
    return salted(case._replace(answers=answers), ground)


def salted(case: CaseState, ground: Ground) -> CaseState:
    """A case that holds personal answers has a salt for their digests."""
    if case.salt or not case.answers or not ground.definition.personal & case.answers.keys():
        return case
    return case._replace(salt=ground.next_id().hex + ground.next_id().hex)


def beside_the_flow(case: CaseState, values: Mapping[str, object], ground: Ground) -> CaseState:
    """A form filled in beside the flow: its answers stand on the record, only personal ones in the case."""
    personal = ground.definition.personal
    kept = {key: value for key, value in values.items() if key in personal}
    return salted(case._replace(answers={**case.answers, **kept}), ground) if kept else case


def on_record(values: Mapping[str, object], case: CaseState, ground: Ground) -> dict[str, object]:
    """A filled-in form as the record keeps it: personal answers as digests."""
    personal = ground.definition.personal
    return {key: _digest(value, case.salt) if key in personal else value for key, value in values.items()}


def _digest(value: object, salt: str) -> str:
    text = json.dumps([salt, value], default=str, sort_keys=True, ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def erase_at(case: CaseState, definition: Definition) -> datetime | None:
    """When the personal answers of an ended case are deleted; None where there is nothing to delete."""
    if definition.erase_days is None or case.closed_at is None or case.phase in LIVE:
        return None
    if not definition.personal & case.answers.keys():
        return None
    return case.closed_at + timedelta(days=definition.erase_days)


def erase(case: CaseState, asker: Asker, ground: Ground) -> Change:
    """Delete the personal answers; which fields they were goes on record, what they held is gone."""
    gone = tuple(sorted(ground.definition.personal & case.answers.keys()))
    kept = {key: value for key, value in case.answers.items() if key not in gone}
    after = case._replace(answers=kept, salt="", alarm_at=None, last_at=asker.at)
    return Change(after, {"fields": gone, "ended_at": case.closed_at}, news=(Erased(gone),))
