"""What a user of Django would write instead: one report after another, each row an ORM object."""

import json
from datetime import timedelta
from functools import cache
from hashlib import sha256

import shapely
from django.db import transaction

from onegrid.cases.models import Case
from onegrid.intake.models import Report
from onegrid.intake.rules.reports import ReportIn
from onegrid.kernel import clock
from onegrid.kernel.ids import new_id
from onegrid.kernel.models import OutboxEvent, TrailRow
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce

NEAR = 0.0005  # degrees, about 50 m


@cache
def _grids() -> tuple[list[str], shapely.STRtree]:
    shapes = territory.shapes(territory.locator().codes.tolist())
    return list(shapes), shapely.STRtree(list(shapes.values()))


def receive_by_orm(report: ReportIn, *, number: int) -> None:
    """Locate, look for an open case nearby, open one, record it: one transaction."""
    now = clock.now()
    codes, tree = _grids()
    assert report.lng is not None
    assert report.lat is not None
    assert report.class_code is not None
    assert report.reported_at is not None
    around = tree.query(shapely.Point(report.lng, report.lat), predicate="intersects")
    if not len(around):
        return
    grid = codes[around[0]]
    with transaction.atomic():
        if Report.objects.filter(channel=report.channel, external_id=report.external_id).exists():
            return
        lead = Case.objects.filter(
            phase="open",
            class_code=report.class_code,
            lng__range=(report.lng - NEAR, report.lng + NEAR),
            lat__range=(report.lat - NEAR, report.lat + NEAR),
        ).first()
        case = lead or _case(report, grid, number)
        if lead is not None:
            lead.report_count += 1
            lead.trail_seq += 1
            lead.save()
        Report.objects.create(
            id=new_id(), channel=report.channel, external_id=report.external_id, holds_key=True,
            fingerprint=sha256(report.description.encode()).digest(), kind="joined" if lead else "opened",
            case_id=case.id, case_number=case.number, settled_at=now, class_code=report.class_code,
            grid_code=grid, area_code=grid, urgent=False, lng=report.lng, lat=report.lat,
            description=report.description, reported_at=report.reported_at, received_at=now,
        )  # fmt: skip
        TrailRow.objects.create(
            subject_id=case.id, seq=case.trail_seq, subject_kind="case", verb="join" if lead else "open",
            at=now, by_label="peer", body=json.dumps({"number": case.number}), recorded_at=now,
            digest=b"0" * 33,
        )  # fmt: skip
        OutboxEvent.objects.create(event_id=new_id(), topic="peer", payload="{}", at=now)


def _case(report: ReportIn, grid: str, number: int) -> Case:
    assert report.class_code is not None
    at = report.reported_at
    assert at is not None
    info = scenarios.live(at).for_class(report.class_code, grid[:9])
    assert info is not None
    stage = info.definition.first_stage(channel=report.channel, source=report.source)
    owner = workforce.post_for(stage.who.role, grid, info.key, class_code=report.class_code)
    return Case.objects.create(
        id=new_id(), trail_seq=1, trail_digest=b"0" * 33, number=f"PEER{number:08d}", scenario=info.key,
        version_id=info.version_id, class_code=report.class_code, grid_code=grid, town=grid[:9],
        title=report.description[:40], description=report.description, lng=report.lng, lat=report.lat,
        cell=number, channel=report.channel, opened_at=at, phase="open", stage=stage.key, owner=owner,
        entered_at=at, clock_limit="2 working days", due_at=at + timedelta(days=2), urgency=2,
        report_count=1, returns=0,
        ruled=False, extensions=0, holds=0, reworks=0, late_stages=0, detail="{}", answers="{}",
        last_at=at, open_tasks=0,
    )  # fmt: skip
