"""A business process as BPMN 2.0 draws it: nodes, sequence flows, and the row and column of each node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

OUTCOME: Final = "outcome"
"""Variable that a finished user task leaves: the key of the exit taken."""

ENTRY: Final = "entry"
"""Variable that registration leaves: the key of the first stage."""

REGISTRATION: Final = "registration"
"""Id of the user task before the first stage, where a scenario has several starts."""

START: Final = "begin"
PREPARE: Final = "prepare"


class Kind(StrEnum):
    """What a node is, by its BPMN element."""

    START = "startEvent"
    END = "endEvent"
    TASK = "userTask"
    GATEWAY = "exclusiveGateway"
    SCRIPT = "scriptTask"
    TIMER = "boundaryEvent"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `row` and `column` place it in the drawing; `marks` are OneGrid's own attributes.

    role: who does a user task; script: lines of a script task; a timer hangs on the task `on`, rings after
    the ISO 8601 `duration`, and ends the task's wait if it `interrupts`; default: the flow without condition.
    """

    id: str
    kind: Kind
    name: str
    row: int
    column: int
    note: str = ""
    role: str = ""
    script: tuple[str, ...] = ()
    on: str = ""
    duration: str = ""
    interrupts: bool = False
    default: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether the gateway asks how often an exit was taken."""
        return self.id.startswith("count__")


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow from one node to another, taken when `condition` holds."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    note: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Process:
    """A whole process; `rows` says with which row each block (stage) begins, and which row ends the last.

    `marks` are OneGrid's own attributes: what the scenario is, beside its flow."""

    id: str
    name: str
    note: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    rows: tuple[int, ...]
    marks: Mapping[str, str] = field(default_factory=dict)
