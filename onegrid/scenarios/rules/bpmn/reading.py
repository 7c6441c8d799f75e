"""A BPMN file to nodes and flows, defensively: no DTD, no entities, bounded size, nothing passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from onegrid.scenarios.rules.bpmn.process import Flow, Kind, Node
from onegrid.scenarios.rules.bpmn.refusals import bad_bpmn, refused
from onegrid.scenarios.rules.bpmn.writing import MODEL, OURS
from onegrid.scenarios.rules.findings import Finding, finding

MAX_BYTES: Final = 1024 * 1024
MAX_PARTS: Final = 2000
_MODEL: Final = f"{{{MODEL}}}"
_KINDS: Final = {f"{_MODEL}{kind.value}": kind for kind in Kind}
_SAID: Final = {f"{_MODEL}{name}" for name in (
    "documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group",
    "incoming", "outgoing", "script", "potentialOwner", "performer", "humanPerformer", "rendering",
)}  # fmt: skip
"""What says something without steering the flow."""


@dataclass(frozen=True, slots=True)
class Read:
    """One process as read. `hints`: who does a task, as far as the file says it in its own words."""

    id: str
    name: str
    note: str
    nodes: dict[str, Node]
    flows: tuple[Flow, ...]
    hints: dict[str, str]
    marks: dict[str, str] = field(default_factory=dict)

    def leaving(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node]

    def hanging(self, node: str) -> list[Node]:
        """The timers on a task."""
        return [one for one in self.nodes.values() if one.on == node]


def read_bpmn(content: bytes) -> Read:
    """The one process of the file. Raises BadBpmn naming every element that is not understood."""
    process = _process(_root(content))
    faults = list(_unknown(process))
    if faults:
        raise bad_bpmn(faults)
    nodes = {node.id: node for part in process if part.tag in _KINDS for node in [_node(part)]}
    flows = tuple(_flow(part) for part in process.iterfind(f"{_MODEL}sequenceFlow"))
    faults = list(_loose(nodes, flows))
    if faults:
        raise bad_bpmn(faults)
    about = process.get("id", ""), process.get("name", ""), _text(process, "documentation")
    return Read(*about, nodes, flows, _hints(process), _marks(process))


def _root(content: bytes) -> Element:
    if len(content) > MAX_BYTES:
        size = MAX_BYTES // 1024
        raise refused(
            "too-large", f"文件超过 {size} KB，请删减。", f"The file is over {size} KB; shorten it."
        )
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        zh = "文件含有 DTD 或实体声明，为安全起见不读取，请删去。"
        raise refused("bpmn-entities", zh, "The file declares a DTD or entities: delete them.") from None
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        where = f"第 {line} 行附近" if line else ""
        zh, en = f"不是正确的 XML{where}，请检查标签是否成对、编码是否声明正确。", f"Not valid XML: {error}."
        raise refused("bpmn-not-xml", zh, en) from None
    if root.tag != f"{_MODEL}definitions":
        zh = "不是 BPMN 2.0 文件（根元素应为 definitions）。"
        raise refused("bpmn-not-bpmn", zh, "No BPMN 2.0 file: its root is not 'definitions'.")
    return root


def _process(root: Element) -> Element:
    found = root.findall(f"{_MODEL}process")
    if len(found) != 1:
        zh = f"文件中应有且只有一个流程（process），现有 {len(found)} 个。"
        raise refused("bpmn-processes", zh, f"The file must hold exactly one process, not {len(found)}.")
    if len(found[0]) > MAX_PARTS:
        zh, en = f"流程超过 {MAX_PARTS} 个元素。", f"The process has more than {MAX_PARTS} elements."
        raise refused("too-many-parts", zh, en)
    return found[0]


def _unknown(process: Element) -> Iterator[Finding]:
    for part in process:
        if part.tag in _KINDS or part.tag == f"{_MODEL}sequenceFlow":
            yield from _unknown_inside(part)
        elif part.tag not in _SAID and part.tag.startswith(_MODEL):
            yield _unsupported(part, part)


def _unknown_inside(part: Element) -> Iterator[Finding]:
    """Events of other kinds, repeated tasks and the like."""
    fits = {f"{_MODEL}conditionExpression"} if part.tag.endswith("sequenceFlow") else set()
    if _KINDS.get(part.tag) is Kind.TIMER:
        fits = {f"{_MODEL}timerEventDefinition"}
    for inner in part:
        if inner.tag.startswith(_MODEL) and inner.tag not in _SAID | fits:
            yield _unsupported(inner, part)
    if _KINDS.get(part.tag) is Kind.TIMER and part.find(f".//{_MODEL}timeDuration") is None:
        yield _unsupported(part, part)


def _unsupported(what: Element, where: Element) -> Finding:
    kind, place = what.tag.removeprefix(_MODEL), where.get("name") or where.get("id") or ""
    zh = f"“{place}”处的 {kind} 不能导入：只支持开始、结束、用户任务和排他网关。"
    en = f"The {kind} at '{place}' cannot be imported: only start, end, user tasks and exclusive gateways."
    return finding("bpmn-unsupported", zh=zh, en=en, path=("process", where.get("id") or place))


def _node(part: Element) -> Node:
    kind = _KINDS[part.tag]
    node = Node(part.get("id", ""), kind, part.get("name", "").strip(), 0, 0, _text(part, "documentation"))
    lines = tuple(line.strip() for line in _text(part, "script").splitlines() if line.strip())
    rings = part.find(f".//{_MODEL}timeDuration")
    return replace(
        node,
        script=lines,
        on=part.get("attachedToRef", ""),
        interrupts=kind is Kind.TIMER and part.get("cancelActivity", "true") == "true",
        duration=(rings.text or "").strip() if rings is not None else "",
        default=part.get("default", ""),
        marks=_marks(part),
    )


def _flow(part: Element) -> Flow:
    return Flow(
        part.get("id", ""),
        part.get("sourceRef", ""),
        part.get("targetRef", ""),
        part.get("name", "").strip(),
        _text(part, "conditionExpression"),
        marks=_marks(part),
    )


def _text(part: Element, name: str) -> str:
    return (part.findtext(f"{_MODEL}{name}") or "").strip()


def _marks(part: Element) -> dict[str, str]:
    ours = f"{{{OURS}}}"
    return {name.removeprefix(ours): value for name, value in part.attrib.items() if name.startswith(ours)}


def _loose(nodes: dict[str, Node], flows: tuple[Flow, ...]) -> Iterator[Finding]:
    """Arrows and timers that hang on nothing."""
    ends = [(flow.id, end) for flow in flows for end in (flow.source, flow.target)]
    ends += [(node.id, node.on) for node in nodes.values() if node.kind is Kind.TIMER]
    for key, end in ends:
        if end not in nodes:
            zh = f"“{key}”所连的元素“{end}”不存在。"
            en = f"'{key}' is tied to '{end}', which does not exist."
            yield finding("bpmn-loose", zh=zh, en=en, path=("process", key))


def _hints(process: Element) -> dict[str, str]:
    """Who does each task by lane, potential owner, or an engine's own candidate attribute."""
    found = {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in process.iter(f"{_MODEL}lane")
        for ref in lane.iterfind(f"{_MODEL}flowNodeRef")
    }
    for task in process.iterfind(f"{_MODEL}userTask"):
        said = [one.text for one in task.iter(f"{_MODEL}formalExpression")]
        said += [v for k, v in task.attrib.items() if k.endswith(("}candidateGroups", "}assignee"))]
        words = "、".join(one.strip() for one in said if one)
        if words:
            found[task.get("id", "")] = words
    return {key: value for key, value in found.items() if value}
