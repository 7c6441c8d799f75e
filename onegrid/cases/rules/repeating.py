"""重复投诉: the matter of an ended case comes back within the repeat window as a case of its own."""

from datetime import datetime

from onegrid.cases.rules.change import Asker, Change, Ground
from onegrid.cases.rules.commands import MarkRepeat
from onegrid.cases.rules.merge_refusals import NotARepeat
from onegrid.cases.rules.state import LIVE, CaseState


def mark_repeat(case: CaseState, command: MarkRepeat, asker: Asker, ground: Ground) -> Change:
    """标记重复投诉, on both trails; nothing else changes in either case. Raises NotARepeat."""
    earlier = asker.others.get(command.of)
    if earlier is None or earlier.id == case.id:
        raise NotARepeat(why_zh="原事件不存在或就是本事件", why_en="there is no such other case")
    if earlier.phase in LIVE:
        raise NotARepeat(why_zh=f"原事件 {earlier.number} 尚未结束，应并案", why_en="it still runs: merge")
    if case.repeat_of not in (None, earlier.id):
        raise NotARepeat(why_zh="本事件已标记为另一事件的重复投诉", why_en="it is marked as that of another")
    body = {"stage": case.stage, "repeat_of": earlier.id, "repeat_of_number": earlier.number}
    came = came_back(earlier, case.id, case.number, at=asker.at)
    return Change(case._replace(repeat_of=earlier.id), body, also=(came,))


def came_back(earlier: CaseState, by: object, number: str, *, at: datetime) -> Change:
    """The ended case is marked with the moment its matter came back, the last one if it did so often."""
    said = {"by": by, "by_number": number}
    return Change(earlier._replace(repeated_at=max(at, earlier.repeated_at or at)), said, verb="repeated")
