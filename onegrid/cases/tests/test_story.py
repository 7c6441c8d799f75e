"""The story of a case in words: what was done, by whom, and who got it next."""

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import queries
from onegrid.cases.rules import commands as do
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import City
from onegrid.workforce.queries import posts_by_id
from onegrid.workforce.tests import factories as workforce


def test_a_case_handed_over_names_who_got_it(city: City) -> None:
    (made,) = f.opened([f.report(city)])
    before = queries.states([made.case_id])[made.case_id]
    to = city.staff.posts[f"town-desk@{workforce.TOWN}"]
    f.made([do.HandOver(case_id=made.case_id, to=to, reason="镇级处置")], by=SYSTEM)
    page = queries.case(made.case_id, actor=city.actor("gao"))
    (line,) = [line for line in page.story if line.verb == "hand-over"]
    assert before.owner != to
    assert line.verb_zh == "转派"
    assert line.to_zh == posts_by_id([to])[to].title_zh
