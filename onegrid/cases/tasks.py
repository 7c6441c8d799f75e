"""What the worker does for cases by itself."""

from onegrid.cases import actions
from onegrid.kernel import clock


def escalate() -> int:
    """Every minute: reminders, tellings, cards, lapses, ends of holds that are due."""
    return actions.escalate_due(clock.now())
