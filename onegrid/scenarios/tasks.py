"""What the worker does for scenarios by itself."""

from onegrid.kernel import clock
from onegrid.scenarios import actions


def retire_run_out() -> int:
    """Every five minutes: projects that are running out are retired when their last case has ended."""
    return actions.retire_run_out(clock.now())
