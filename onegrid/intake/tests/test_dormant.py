"""A report of a dormant scenario's matter opens a case only while an order is in force."""

from datetime import date, timedelta

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.intake.rules.reports import OutcomeKind
from onegrid.intake.tests import factories as f
from onegrid.intake.tests.factories import NOW, receive, report
from onegrid.scenarios import actions as scenarios

pytestmark = pytest.mark.django_db

LAMPS = """\
key: street-lamps
name: 台风路灯抢修
prefix: LD
owner: housing
dormant: 须有市防汛办的启用令。
classes: [C0103]
discovery: [patrol, public, hotline]
start: repair
stages:
  repair:
    name: 抢修
    who: grid-head
    limit: 2 working days
    exits: {done: {to: closed, label: 已修好}}
"""


def outcome(*, days: float = 0) -> OutcomeKind:
    now = NOW + timedelta(days=days)
    told = report(class_code=f.LAMP, description=f"第 {days} 天路灯不亮", reported_at=now, north_m=days)
    (found,) = receive([told], now=now)
    return found.kind


def test_a_report_waits_before_the_order_and_after_its_last_day_and_opens_in_between() -> None:
    f.world()
    scenarios.publish(LAMPS, by=SYSTEM, now=NOW)
    assert outcome() is OutcomeKind.POOLED
    scenarios.activate(
        "street-lamps",
        order_number="南防汛〔2026〕3号",
        issued_by="市防汛办",
        ends_on=date(2026, 12, 4),
        by=SYSTEM,
        now=NOW,
    )
    assert outcome(days=1) is OutcomeKind.OPENED
    assert outcome(days=12) is OutcomeKind.POOLED
