"""A process as a BPMN 2.0 file with its diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from onegrid.kernel.markup import xml_text
from onegrid.scenarios.rules.bpmn.exporting import process_of
from onegrid.scenarios.rules.bpmn.layout import Box, Layout, laid_out
from onegrid.scenarios.rules.bpmn.process import Flow, Kind, Node, Process
from onegrid.scenarios.rules.definition import Definition

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS: Final = "http://www.omg.org/spec/DD/20100524/DC"
WAYS: Final = "http://www.omg.org/spec/DD/20100524/DI"
TYPES: Final = "http://www.w3.org/2001/XMLSchema-instance"
OURS: Final = "urn:onegrid:scenario"
LANGUAGE: Final = "javascript"
_PREFIXES: Final = {
    "bpmn": MODEL,
    "bpmndi": DIAGRAM,
    "dc": BOUNDS,
    "di": WAYS,
    "xsi": TYPES,
    "onegrid": OURS,
}

Element = ElementTree.Element


def to_bpmn(definition: Definition) -> str:
    """The definition as a BPMN 2.0 file that other engines run and other editors draw.

    Our own facts that BPMN has no place for (role and limit as spelled in the definition) are attributes of
    the namespace urn:onegrid:scenario, which other tools keep or ignore."""
    process = process_of(definition)
    root = Element("bpmn:definitions", {f"xmlns:{name}": uri for name, uri in _PREFIXES.items()})
    root.attrib |= {"id": f"definitions_{process.id}", "targetNamespace": OURS, "exporter": "OneGrid"}
    _process(root, process)
    _diagram(root, process, laid_out(process))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: Element, tag: str, attributes: Mapping[str, str] | None = None, text: str = "") -> Element:
    said = {name: xml_text(value) for name, value in (attributes or {}).items()}
    child = ElementTree.SubElement(parent, tag, said)
    if text:
        child.text = xml_text(text)
    return child


def _process(root: Element, process: Process) -> None:
    about = {"id": process.id, "name": process.name, "isExecutable": "true"} | _ours(process.marks)
    drawn = _add(root, "bpmn:process", about)
    if process.note:
        _add(drawn, "bpmn:documentation", text=process.note)
    for node in process.nodes:
        _node(drawn, node, process)
    for flow in process.flows:
        _flow(drawn, flow)


def _ours(marks: Mapping[str, str]) -> dict[str, str]:
    return {f"onegrid:{name}": value for name, value in marks.items()}


def _node(parent: Element, node: Node, process: Process) -> None:
    drawn = _add(parent, f"bpmn:{node.kind.value}", {"id": node.id, "name": node.name} | _ours(node.marks))
    if node.kind is Kind.TIMER:
        drawn.attrib |= {"attachedToRef": node.on, "cancelActivity": str(node.interrupts).lower()}
    if node.kind is Kind.SCRIPT:
        drawn.set("scriptFormat", LANGUAGE)
    if node.default:
        drawn.set("default", node.default)
    if node.note:
        _add(drawn, "bpmn:documentation", text=node.note)
    for flow in process.flows:
        if flow.target == node.id:
            _add(drawn, "bpmn:incoming", text=flow.id)
    for flow in process.flows:
        if flow.source == node.id:
            _add(drawn, "bpmn:outgoing", text=flow.id)
    _inside(drawn, node)


def _inside(drawn: Element, node: Node) -> None:
    """What only one kind of node holds: who, script, time."""
    if node.role:
        assigned = _add(_add(drawn, "bpmn:potentialOwner"), "bpmn:resourceAssignmentExpression")
        _add(assigned, "bpmn:formalExpression", text=node.role)
    if node.script:
        _add(drawn, "bpmn:script", text="\n".join(node.script))
    if node.duration:
        rings = _add(drawn, "bpmn:timerEventDefinition")
        _add(rings, "bpmn:timeDuration", {"xsi:type": "bpmn:tFormalExpression"}, node.duration)


def _flow(parent: Element, flow: Flow) -> None:
    about = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
    drawn = _add(parent, "bpmn:sequenceFlow", about | ({"name": flow.name} if flow.name else {}))
    drawn.attrib |= _ours(flow.marks)
    if flow.note:
        _add(drawn, "bpmn:documentation", text=flow.note)
    if flow.condition:
        kind = {"xsi:type": "bpmn:tFormalExpression", "language": LANGUAGE}
        _add(drawn, "bpmn:conditionExpression", kind, flow.condition)


def _diagram(root: Element, process: Process, layout: Layout) -> None:
    diagram = _add(root, "bpmndi:BPMNDiagram", {"id": f"diagram_{process.id}"})
    about = {"id": f"plane_{process.id}", "bpmnElement": process.id}
    plane = _add(diagram, "bpmndi:BPMNPlane", about)
    for node in process.nodes:
        shape = _add(plane, "bpmndi:BPMNShape", {"id": f"shape_{node.id}", "bpmnElement": node.id})
        if node.kind is Kind.GATEWAY:
            shape.set("isMarkerVisible", "true")
        _bounds(shape, layout.boxes[node.id])
        if node.id in layout.labels:
            _bounds(_add(shape, "bpmndi:BPMNLabel"), layout.labels[node.id])
    for flow in process.flows:
        edge = _add(plane, "bpmndi:BPMNEdge", {"id": f"edge_{flow.id}", "bpmnElement": flow.id})
        for point in layout.ways[flow.id]:
            _add(edge, "di:waypoint", _numbers(x=point[0], y=point[1]))
        if flow.id in layout.labels:
            _bounds(_add(edge, "bpmndi:BPMNLabel"), layout.labels[flow.id])


def _bounds(parent: Element, box: Box) -> None:
    _add(parent, "dc:Bounds", _numbers(x=box.x, y=box.y, width=box.width, height=box.height))


def _numbers(**values: float) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in values.items()}
