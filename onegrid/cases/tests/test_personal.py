"""Personal answers: seen by those who work the case, kept off the record, erased after the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.events import CaseErased
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.answering import on_record
from onegrid.cases.tests import needs
from onegrid.cases.tests import world as w
from onegrid.cases.tests.factories import NOW, City, made, opened
from onegrid.cases.tests.world import at_stage, move
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId
from onegrid.scenarios.rules import Choice, Field, FieldKind, Text
from onegrid.scenarios.rules.spoken import spoken

DAY = timedelta(days=1)
PHONE, BUILDER = "13800000000", "张三"
ON = w.ground(needs.definition())


def test_the_record_holds_a_digest_that_the_case_alone_can_explain() -> None:
    case = at_stage("check", on=ON)
    command = do.TakeExit(case_id=case.id, exit="fail", opinion="改", form={"phone": PHONE})
    change = move(case, command, on=ON)
    kept: Any = change.body["form"]
    assert change.state.answers["phone"] == PHONE
    assert kept["phone"].startswith("sha256:") and PHONE not in str(change.body)
    assert kept == on_record({"phone": PHONE}, change.state, ON)
    other = move(
        at_stage("check", on=ON),
        do.TakeExit(case_id=case.id, exit="fail", opinion="改", form={"phone": PHONE}),
        on=ON,
    )
    assert other.body["form"] != kept  # each case has a salt of its own


def test_a_co_signers_personal_answer_is_in_the_case_and_not_on_the_record() -> None:
    case = at_stage("departments", on=ON)
    task = next(one for one in case.tasks if one.key == "agriculture")
    command = do.Cosign(case_id=case.id, task_id=task.id, result="已到场", form={"witness": BUILDER})
    change = move(case, command, by=w.holder(task.post_id), on=ON)
    assert change.state.answers["witness"] == BUILDER
    assert BUILDER not in str(change.body)


def test_a_sentence_says_answers_in_words_and_never_personal_ones() -> None:
    zone = "Asia/Shanghai"
    area = Field("a", FieldKind.NUMBER, Text("面积", "Area"), unit="m²")
    assert spoken(area, 1250000.50, zone=zone).zh == "1250000.5m²"
    assert spoken(area, None, zone=zone).zh == "—"
    kinds = Field("k", FieldKind.CHOICES, Text("类", "Kind"), choices=(Choice("new", Text("新建", "new")),))
    assert spoken(kinds, ["new", "odd"], zone=zone) == Text("新建、odd", "new, odd")
    when = Field("w", FieldKind.DATETIME, Text("时间", "When"))
    assert spoken(when, "2026-11-24T01:30:00+00:00", zone=zone).zh == "2026-11-24 09:30"
    assert spoken(Field("y", FieldKind.YES_NO, Text("是否", "?")), False, zone=zone).zh == "否"
    phone = Field("p", FieldKind.TEXT, Text("电话", "Phone"), personal=True)
    assert spoken(phone, PHONE, zone=zone).zh == "—"


def everything() -> str:
    """All text of cases, record and outbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t, ' ') FROM (SELECT answers || detail AS t FROM cases_case"
            " UNION ALL SELECT body FROM kernel_trail UNION ALL SELECT payload FROM kernel_outbox) AS texts"
        )
        return str(cursor.fetchone()[0])


def ended(city: City) -> CaseId:
    """A house that was built and filed, with personal answers from registration and from the check."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stored_file (sha256, mime, size, stored_at)"
            " VALUES (%s, 'image/png', 9, now())",
            ["a" * 64],
        )
    version = needs.published()
    form = {"builder": BUILDER, "kind": "new"}
    (case,) = opened([needs.report(city, version, form=form)])
    head = city.staff.posts["grid-head@350583111201"]
    photo = (do.Exhibit("a" * 64, "photo", "after"),)
    checked = {"measured_area": 110, "approved": 120, "phone": PHONE}
    made(
        [
            do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1}),
            do.TakeExit(case_id=case.case_id, exit="on", to=head),
            do.TakeExit(case_id=case.case_id, exit="pass", form=checked, evidence=photo),
            do.TakeExit(case_id=case.case_id, exit="filed"),
        ],
        by=SYSTEM,
    )
    return case.case_id


def test_personal_answers_are_erased_for_good_so_long_after_the_end(city: City) -> None:
    case = ended(city)
    assert PHONE in everything() and BUILDER in everything()
    actions.escalate_due(NOW + 29 * DAY)
    assert PHONE in everything()
    actions.escalate_due(NOW + 31 * DAY)
    assert PHONE not in everything() and BUILDER not in everything()
    state = queries.states([case])[case]
    assert (state.answers["measured_area"], state.salt, state.alarm_at) == (110, "", None)
    last = history.trail(case)[-1]
    assert (last.verb, last.body["fields"]) == ("erase", ["builder", "phone"])
    assert list(history.faults(case)) == []
    assert actions.escalate_due(NOW + 60 * DAY) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outbox WHERE topic = %s", [CaseErased.topic])
        assert cursor.fetchone() == (1,)


def test_a_case_that_is_reopened_keeps_its_answers_until_it_ends_again(city: City) -> None:
    case = ended(city)
    made([do.Reopen(case_id=case, reason="漏水")], by=SYSTEM, now=NOW + 20 * DAY)
    actions.escalate_due(NOW + 40 * DAY)
    assert queries.states([case])[case].answers["phone"] == PHONE


def test_only_posts_that_work_the_case_see_personal_answers(city: City) -> None:
    version = needs.published()
    (case,) = opened([needs.report(city, version, form={"builder": BUILDER, "kind": "new"})])
    seen = {
        name: queries.case(case.case_id, actor=city.actor(name)).answers for name in ("wang", "mei", "gao")
    }
    assert seen["wang"]["builder"] == BUILDER
    assert (seen["mei"]["builder"], seen["gao"]["builder"]) == (None, None)
    assert seen["gao"]["kind"] == "new"


def test_what_is_reckoned_is_kept_with_the_case_and_decides_its_way() -> None:
    case = at_stage("check", on=ON)
    beyond = {"measured_area": 130, "approved": 120}
    photo = (do.Exhibit(w.SHA_HERE, "photo", "after"),)
    with pytest.raises(Exception, match="not offered"):
        move(case, do.TakeExit(case_id=case.id, exit="pass", form=beyond, evidence=photo), on=ON)
    fits = {"measured_area": 110, "approved": 120}
    change = move(case, do.TakeExit(case_id=case.id, exit="pass", form=fits, evidence=photo), on=ON)
    assert change.state.answers["beyond_by"] == -10
