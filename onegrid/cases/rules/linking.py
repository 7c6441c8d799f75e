"""Cases opened out of another one (超审批 → 两违): what they are, and what the record says of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from onegrid.cases.rules.opening import Opening
from onegrid.cases.rules.refusals import LinkedCaseWorked
from onegrid.cases.rules.state import CaseState, Phase, Urgency
from onegrid.kernel.ids import CaseId, ClassCode
from onegrid.scenarios.rules import Definition, Source, Text, VersionInfo
from onegrid.scenarios.rules.classes import ClassInfo

NOT_LIVE: Final = Text(
    "该镇没有启用受理此类事项的场景", "no scenario that takes this class is live in the town"
)
_HANDED_ON: Final = (Source.DEPARTMENT, Source.INSPECTION, Source.PATROL)


def source_of(case: CaseState, definition: Definition) -> Source:
    """As found how the other scenario is to begin: as this case was, else as handed on by an office."""
    own = next((one for one in Source if one == case.source), None)
    known = definition.discovery
    return next((one for one in (own, *_HANDED_ON) if one in known), known[0])


def linked(
    case: CaseState,
    version: VersionInfo,
    listed: ClassInfo,
    *,
    case_id: CaseId,
    title: str,
    why: str,
    at: datetime,
) -> Opening:
    """The report by which the linked case begins: the same place, from now on, saying where it comes from."""
    source = source_of(case, version.definition)
    lng, lat = case.place or (None, None)
    urgency = Urgency[listed.urgency.name] if listed.urgency else Urgency.MEDIUM
    return Opening(
        case_id=case_id,
        version=version,
        class_code=ClassCode(listed.code),
        grid_code=case.grid_code,
        lng=lng,
        lat=lat,
        title=title,
        description=f"由事件 {case.number}“{case.title}”关联开出。{why}",
        urgency=max(urgency, case.urgency),
        channel=source.channel,
        opened_at=at,
        responsible_unit=listed.unit,
        place_text=case.place_text,
        source=source,
        linked_to=case.id,
    )


def taken_back(case: CaseState, linked: Iterable[CaseState]) -> list[CaseState]:
    """The linked cases that go when the case takes its last exit back: those that this exit opened.

    One that somebody has signed in for, was given, or joined stays, and the exit with it. Raises
    LinkedCaseWorked, naming it."""
    opened = [one for one in linked if one.linked_to == case.id and one.opened_at == case.entered_at]
    for one in opened:
        if one.phase is not Phase.VOID and not _is_untouched(one):
            raise LinkedCaseWorked(number=one.number)
    return [one for one in opened if one.phase is not Phase.VOID]


def _is_untouched(linked: CaseState) -> bool:
    """Nobody has taken it up, nobody was given it, and it answers for no further report."""
    begun = linked.acknowledged_at is not None or linked.entered_at != linked.opened_at
    return not (begun or linked.phase is not Phase.OPEN or linked.sender or linked.report_count > 1)


def why_void(case: CaseState, reason: str) -> str:
    """What the record of the linked case says."""
    return f"事件 {case.number} 已撤回开出本事件的办理：{reason}"


def on_record(class_code: str, **more: object) -> Mapping[str, object]:
    """How the record of the move names one linked case: its number, or why there is none."""
    return {"class": class_code, **more}


def unopened(title: str, class_code: str, why: Text) -> Text:
    """What the grid office reads when a linked case could not be opened."""
    zh = f"应关联开出“{title}”（类别 {class_code}），但未能开出：{why.zh}。请人工处理。"
    en = f"A linked case “{title}” (class {class_code}) could not be opened: {why.en}. Please see to it."
    return Text(_plain(zh), _plain(en))


def _plain(text: str) -> str:
    """Braces are signs of a template; here they are only text."""
    return text.replace("{", "{{").replace("}", "}}")
