"""Why a stage was overdue: the queue, the departments that co-sign, the work itself, or closed offices."""

from enum import StrEnum

from onegrid.kernel.calendar import Limit
from onegrid.kernel.stepping import SteppingCalendar


class Cause(StrEnum):
    """What has to change for such a case to be on time."""

    WAITING = "waiting"  # begun at once, it would have been on time
    COSIGNING = "cosigning"  # the departments took longer than the queue
    HANDLING = "handling"  # the work alone takes longer than the limit ever allows
    OFFICE_HOURS = "office-hours"  # the limit ran while the office was closed

    @property
    def zh(self) -> str:
        return _ZH[self]


_ZH = {
    Cause.WAITING: "排队等待",
    Cause.COSIGNING: "等待部门会签",
    Cause.HANDLING: "办理本身耗时",
    Cause.OFFICE_HOURS: "办公时间与时限不符",
}
_WEEKS = 2  # of openings looked at for the best that a limit allows


class Causes:
    """Judges overdue stages. All times in microseconds; work and waiting in office time."""

    def __init__(self, calendar: SteppingCalendar, *, at: int) -> None:
        self._calendar, self._at = calendar, at
        self._best: dict[Limit, int] = {}

    def of(self, limit: Limit, *, since: int, due: int, work: int, waited: int, cosigning: int) -> Cause:
        """The cause of one overdue stage, whose clock ran from `since` to `due`."""
        within = self._calendar.office(due) - self._calendar.office(since)
        if work <= within:
            return Cause.COSIGNING if cosigning > waited else Cause.WAITING
        return Cause.OFFICE_HOURS if work <= self._best_of(limit) else Cause.HANDLING

    def _best_of(self, limit: Limit) -> int:
        """The most office time that a limit ever holds: when it begins as an office opens."""
        found = self._best.get(limit)
        if found is None:
            calendar, at, found = self._calendar, self._at, 0
            for _ in range(_WEEKS * 14):
                at = calendar.next_open(at)
                found = max(found, calendar.office(calendar.due_at(at, limit)) - calendar.office(at))
                at = calendar.at_office(calendar.office(at) + 1) + _HALF_DAY
            self._best[limit] = found
        return found


_HALF_DAY = 6 * 3600 * 1_000_000
