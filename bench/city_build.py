"""How long the full-scale territory and workforce take: 3,372 second-level grids, 22,000 workers, durable.

Measured: `onegrid sample build --scale 1.0` in an empty database, from planning the borders to the commit,
with duty list and scenarios published. Beside it the same rows written as most Django code would, one object
and one statement per row in one transaction, timed on a sample of each kind and extrapolated to all rows
(planning, which both need, is added). Run: `python -m bench.city_build` (last line: one JSON object)."""

import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, timed

GOAL_S, GOAL_MIB = 60.0, 1_536.0
SAMPLE = 500  # rows of each kind written by ORM objects


@dataclass(frozen=True)
class Kind:
    """One kind of row: how many the city has, and how one is written again as an object."""

    name: str
    count: int
    write: Callable[[int], None]


def run() -> Figure:
    """Build once, then write the sample of rows object by object."""
    with tempfile.TemporaryDirectory(prefix="onegrid-bench-") as home:
        os.environ["ONEGRID_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
        import django

        from onegrid.kernel import database

        database.start()
        django.setup()
        try:
            return _measured()
        finally:
            database.stop()


def _measured() -> Figure:
    from onegrid.processes import migrate
    from onegrid.sample.actions import SEED, build
    from onegrid.sample.actions.building import plan

    migrate()
    seconds = timed(lambda: build(scale=1.0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    planning = timed(lambda: plan(1.0, SEED))
    kinds = _kinds()
    per_row = {kind.name: _per_row(kind) for kind in kinds}
    peer = planning + sum(per_row[kind.name] * kind.count for kind in kinds)
    _show(seconds, peak, kinds, per_row, peer)
    if peak > GOAL_MIB:
        raise SystemExit(f"peak memory {peak:.0f} MiB is over {GOAL_MIB:.0f} MiB")
    return figure(
        "city-build", seconds, "s (lower is better)", goal=GOAL_S,
        peer=f"Django ORM row by row, extrapolated from {SAMPLE} rows of each kind", peer_value=peer,
        ratio=peer / seconds,
    )  # fmt: skip


def _per_row(kind: Kind) -> float:
    """Seconds per row; what was written is taken back."""
    from django.db import transaction

    with transaction.atomic():
        seconds = timed(lambda: _write(kind))
        transaction.set_rollback(True)
    return seconds / SAMPLE


def _write(kind: Kind) -> None:
    for k in range(SAMPLE):
        kind.write(k)


def _kinds() -> list[Kind]:
    """Copies of real rows under new keys; each with the trail row that the platform writes too."""
    from django.utils.dateparse import parse_date

    from onegrid.accounts.models import Account
    from onegrid.kernel.ids import new_id
    from onegrid.kernel.models import TrailRow
    from onegrid.sample.actions import FOUNDED
    from onegrid.territory.models import Grid
    from onegrid.workforce.models import Appointment, Post, Worker

    grids, posts = list(Grid.objects.all()[:SAMPLE]), list(Post.objects.all()[:SAMPLE])
    workers = list(Worker.objects.all()[:SAMPLE])
    later = parse_date("2030-01-01")
    assert later is not None

    def trail(kind: str) -> None:
        TrailRow.objects.create(
            subject_id=new_id(), seq=1, subject_kind=kind, verb="peer", at=FOUNDED, by_label="peer",
            body="{}", recorded_at=FOUNDED, digest=b"0" * 33,
        )  # fmt: skip

    def grid(k: int) -> None:
        one = grids[k]
        Grid.objects.create(
            code=f"99{one.code[2:]}", id=new_id(), name=one.name, valid_from=FOUNDED, area_m2=one.area_m2,
            boundary=bytes(one.boundary), trail_seq=1, trail_digest=b"0" * 33,
        )  # fmt: skip
        trail("grid")

    def post(k: int) -> None:
        one = posts[k]
        Post.objects.create(
            id=new_id(), key=f"peer-{one.key}", role=one.role, territory=one.territory, unit_id=one.unit_id,
            title_zh=one.title_zh, title_en=one.title_en,
        )  # fmt: skip
        trail("post")

    def worker(k: int) -> None:
        one = workers[k]
        Worker.objects.create(id=new_id(), staff_no=f"P{k:05d}", name=one.name, category_id=one.category_id)
        trail("worker")

    def appointment(k: int) -> None:
        day = later + timedelta(days=k)
        Appointment.objects.create(
            id=new_id(), post_id=posts[k].pk, worker_id=workers[-k - 1].pk, principal=False, starts_on=day
        )
        trail("post")

    def account(k: int) -> None:
        Account.objects.create(
            username=f"peer{k:05d}", password="!", name="peer", kind="person", created_at=FOUNDED
        )

    return [
        Kind("grids", Grid.objects.count(), grid),
        Kind("posts", Post.objects.count(), post),
        Kind("workers", Worker.objects.count(), worker),
        Kind("appointments", Appointment.objects.count(), appointment),
        Kind("accounts", Account.objects.count(), account),
    ]


def _show(seconds: float, peak: float, kinds: list[Kind], per_row: dict[str, float], peer: float) -> None:
    table = Table("rows", "number", "ORM, ms a row", "ORM, s extrapolated", title="sample city, scale 1.0")
    for kind in kinds:
        each = per_row[kind.name]
        table.add_row(kind.name, f"{kind.count:,}", f"{each * 1000:.2f}", f"{each * kind.count:.1f}")
    console = Console()
    console.print(table)
    console.print(
        f"built in {seconds:.1f} s (goal {GOAL_S:.0f}), peak memory {peak:.0f} MiB (goal {GOAL_MIB:.0f})"
    )
    console.print(f"row by row {peer:.0f} s, extrapolated from {SAMPLE} rows of each kind")


if __name__ == "__main__":
    main(run)
