"""What the worker does for accounts by itself."""

from onegrid.accounts import actions
from onegrid.kernel import clock


def forget_ended_sessions() -> int:
    """Every hour: remove the sessions that have ended or idled too long."""
    return actions.forget_ended_sessions(now=clock.now())
