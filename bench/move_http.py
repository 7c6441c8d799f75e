"""Speed of a stage move through HTTP: 8 clients, durable, against the same move by Django's ORM row by row.

Each case is signed in and then finished in its first stage by an exit with form, opinion and a photo as
evidence: row, trail, evidence and event are written and on disk before the answer. Every move carries the
version seen and an idempotency key. The peer makes the second move in process, without HTTP.
Run: `python -m bench.move_http` (last line: one JSON object)."""

import io
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from bench.harness import Call, Figure, Load, figure, load, main, served, set_up

CASES = 3000
PEER_MOVES = 300
GOAL = 300
P95_MS = 60


def run() -> Figure:
    """Measure and print; the value is moves per second over both rounds."""
    set_up()
    from bench import work
    from onegrid.kernel import clock

    now = clock.now()
    grid = work.second_level_grids()[:1]
    done = work.opened(CASES, grids=grid, start=now - timedelta(hours=1), every=timedelta(seconds=1))
    worker = work.worker(done[0].owner_post, now=now)
    sha = _photo(worker.actor, now=now)
    ids = [str(one.case_id) for one in done]
    with served() as url:
        load(url, [_sign_in(case) for case in ids[:200]], token=worker.token)  # warm processes
        signed = load(url, [_sign_in(case) for case in ids[200:]], token=worker.token)
        load(url, [_exit(case, sha) for case in ids[:200]], token=worker.token)
        moved = load(url, [_exit(case, sha) for case in ids[200:]], token=worker.token)
    for each in (signed, moved):
        assert set(each.statuses) == {200}, each.bodies[0]
    peer = _peer(worker.actor, sha, now=now)
    return _told(signed, moved, peer)


def _photo(actor: Any, *, now: Any) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from onegrid.cases.actions import store_evidence

    out = io.BytesIO()
    Image.new("RGB", (1200, 900), (110, 120, 90)).save(out, "JPEG")
    return store_evidence(SimpleUploadedFile("p.jpg", out.getvalue()), by=actor, now=now).sha


def _post(path: str, body: dict[str, object]) -> Call:
    return Call("POST", path, json.dumps(body).encode(), (("Idempotency-Key", str(uuid4())),))


def _sign_in(case: str) -> Call:
    return _post(f"/api/cases/{case}/acknowledge", {"version": 1})


def _exit(case: str, sha: str) -> Call:
    body = {
        "version": 2,
        "exit": "beyond-grid",
        "opinion": "超出村级处置能力，申请镇级处置。",
        "form": {"cause": "building", "beyond_reason": "建筑垃圾约二十方，需要机械"},
        "evidence": [{"sha": sha, "label": "before"}],
    }
    return _post(f"/api/cases/{case}/exit", body)


def _peer(actor: Any, sha: str, *, now: Any) -> float:
    """Moves per second of the same rows by ORM objects: get for update, save, one create per record."""
    from django.db import transaction

    from onegrid.accounts.models import AuditRow
    from onegrid.cases.models import Case, Evidence, StoredFile
    from onegrid.kernel.ids import new_id
    from onegrid.kernel.models import IdempotencyKey, OutboxEvent, TrailRow

    ids = list(Case.objects.filter(stage="town-handle").values_list("id", flat=True)[:PEER_MOVES])
    started = time.perf_counter()
    for case_id in ids:
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            case.stage, case.entered_at, case.due_at = "check", now, now + timedelta(days=1)
            case.trail_seq += 1
            TrailRow.objects.create(
                subject_id=case.id, seq=case.trail_seq, subject_kind="case", verb="exit", at=now,
                by_label="peer", body="{}", recorded_at=now, digest=b"0",
            )  # fmt: skip
            photo = StoredFile.objects.get(pk=sha)
            Evidence.objects.create(
                id=new_id(),
                case=case,
                file=photo,
                kind="photo",
                label="before",
                added_at=now,
                added_by="peer",
            )
            OutboxEvent.objects.create(event_id=new_id(), topic="peer", payload="{}", at=now)
            case.save()
            IdempotencyKey.objects.create(
                account_id=actor.account_id,
                key=str(case_id),
                fingerprint=b"0",
                status=200,
                body=b"{}",
                at=now,
            )
            AuditRow.objects.create(
                id=new_id(), kind="write", at=now, name="peer", path="/api/cases", status=200
            )
    return len(ids) / (time.perf_counter() - started)


def _told(signed: Load, moved: Load, peer: float) -> Figure:
    table = Table("move", "moves/s", "p50 ms", "p95 ms", title=f"{CASES} cases, 8 clients, fsync on")
    for name, each in (("sign in 签收", signed), ("finish a stage 办理", moved)):
        times = [f"{each.percentile(share):.1f}" for share in (0.5, 0.95)]
        table.add_row(name, f"{each.per_second:.0f}", *times)
    table.add_row("Django ORM, no HTTP, one client", f"{peer:.0f}", "", "")
    table.add_row("goal", str(GOAL), "", str(P95_MS))
    Console().print(table)
    return figure(
        "move-http",
        moved.per_second,
        "moves/s",
        goal=GOAL,
        peer="Django ORM row by row, no HTTP",
        peer_value=peer,
    )


if __name__ == "__main__":
    main(run)
