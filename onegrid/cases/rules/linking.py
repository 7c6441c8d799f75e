"""Cases opened out of another one (超审批 → 两违): what they are, and what the record says of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from onegrid.cases.rules.opening import Opening
from onegrid.cases.rules.state import CaseState, Urgency
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
