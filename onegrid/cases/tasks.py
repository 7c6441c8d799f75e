"""What the worker does for cases by itself."""

import os
import subprocess
import sys

from onegrid.cases import actions
from onegrid.cases.queries import drill as drills
from onegrid.kernel import clock


def escalate() -> int:
    """Every minute: reminders, tellings, cards, lapses, ends of holds that are due."""
    return actions.escalate_due(clock.now())


_holder: list["subprocess.Popen[bytes]"] = []


def start_ordered_drills() -> None:
    """Every five seconds: where a drill waits, a process of its own is started to hold it.

    So neither its memory nor its core are the worker's, whose rounds go on; and it ends with the worker."""
    if _holder and _holder[0].poll() is None:
        return
    _holder.clear()
    if drills.drills_to_hold():
        command = [sys.executable, "-m", "onegrid", "hold-drills", "--for", str(os.getpid())]
        _holder.append(subprocess.Popen(command))  # noqa: S603 - our own command
