"""What the worker does for intake."""

from datetime import datetime

from onegrid.intake import actions, queries
from onegrid.kernel import clock


def run_waiting_imports(*, now: datetime) -> int:
    """Take in the uploaded files that wait or whose process died; returns how many were run."""
    waiting = queries.waiting_imports()
    for import_id in waiting:
        actions.run_import(import_id, now=now)
    return len(waiting)


def watch_hotspots() -> None:
    """Look for hot spots."""
    actions.watch(now=clock.now())
