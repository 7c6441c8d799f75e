"""What the joint conference 联席会议 decides of the cases on its agenda."""

from onegrid.cases.rules import entering, owning
from onegrid.cases.rules.change import Asker, Change, Decision, Ground, Moved
from onegrid.cases.rules.commands import DecideAgenda
from onegrid.cases.rules.refusals import NotOnAgenda, ReasonNeeded
from onegrid.cases.rules.state import LIVE, CaseState
from onegrid.scenarios.rules import Text

_DECIDED = Text(
    "联席会议议定由您岗位办理“{title}”：{minutes}", "The joint conference gives you “{title}”: {minutes}"
)


def decide_agenda(case: CaseState, command: DecideAgenda, asker: Asker, ground: Ground) -> Change:
    """联席会议决定: who handles it from now on, with the minutes; a ruling, so it can't be sent back again.

    The clock runs on. Of a case that ended meanwhile only the minutes are kept.
    Raises NotOnAgenda, ReasonNeeded, NotATarget, OwnWork."""
    if case.agenda is None or command.item not in (None, case.agenda.id):
        raise NotOnAgenda
    if not command.minutes.strip():
        raise ReasonNeeded(verb_zh="联席会议决定", verb="decide at the conference")
    live = case.phase in LIVE
    decision = Decision(case.agenda.id, command.minutes, command.to if live else None)
    body: dict[str, object] = {"stage": case.stage, "minutes": command.minutes, "item": decision.item}
    after = case._replace(agenda=None)
    if not live:
        return Change(after, body, agenda=decision)
    after = after._replace(ruled=True)
    if command.to != case.owner:
        stage = owning.widened(ground.stage(case.stage), command.to, ground)
        entering.check_target(command.to, stage, case, ground)
        after = owning.given(after, command.to, ground)
    news = Moved(words=_DECIDED)
    return Change(after, body | {"owner": command.to}, news=(news,), agenda=decision)
