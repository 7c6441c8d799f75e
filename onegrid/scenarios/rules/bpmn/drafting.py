"""From a process as read to the text of a draft definition; what the file does not say is marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from onegrid.scenarios.rules.bpmn.durations import limit_of
from onegrid.scenarios.rules.bpmn.notes import ADDED
from onegrid.scenarios.rules.bpmn.process import OUTCOME, REGISTRATION, Kind, Node
from onegrid.scenarios.rules.bpmn.reading import Read, read_bpmn
from onegrid.scenarios.rules.bpmn.refusals import refused
from onegrid.scenarios.rules.bpmn.tracing import Way, foreign_scripts, unsupported, ways
from onegrid.scenarios.rules.parsing import UNFILLED
from onegrid.scenarios.rules.words import ARCHIVED, CLOSED, REASSIGN

_KEY: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LAPSE: Final = re.compile(rf"{OUTCOME} = '([\w-]+)'")
_PREFIX: Final = re.compile("[A-Z]{2}")
_CLASS: Final = re.compile("[A-Z][0-9]{2,6}")
LONGEST_KEY: Final = 60


def from_bpmn(content: bytes) -> str:
    """The text of a draft definition from a BPMN 2.0 file of user tasks and exclusive gateways.

    Stages, exits and targets are those of the file; who, limit, evidence, classes and whatever else the file
    does not say stands as UNFILLED, which the check of the definition names line by line. Raises BadBpmn."""
    read = read_bpmn(content)
    foreign_scripts(read)
    return "\n".join(_Writer(read).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Exit:
    key: str
    way: Way


class _Writer:
    """The draft while it is written."""

    def __init__(self, read: Read) -> None:
        self.read = read
        tasks = [node for node in read.nodes.values() if node.kind is Kind.TASK and node.id != REGISTRATION]
        self.tasks = tasks
        names = {node.id: node.marks.get("stage") or node.id for node in tasks}
        self.keys = _unique(names, "stage", but=(CLOSED, ARCHIVED, REASSIGN))

    def lines(self) -> Iterator[str]:
        read = self.read
        yield "# 由 BPMN 文件导入的草稿：“待填写”处须补全后才能启用。"
        yield f"key: {_key(read.id) or UNFILLED}"
        yield f"name: {_quoted(read.name)}"
        if said := _own_words(read.note, ours="prefix" in read.marks):
            yield f"summary: {_quoted(said[:2000])}"
        marks = read.marks
        yield f"prefix: {marks['prefix'] if _PREFIX.fullmatch(marks.get('prefix', '')) else UNFILLED}"
        yield f"owner: {_key(marks.get('owner', '')) or UNFILLED}"
        yield f"classes: {_list(marks.get('classes', ''), _CLASS)}"
        yield f"discovery: {_list(marks.get('discovery', ''), _KEY)}"
        yield "start:"
        yield from self._starts()
        yield "stages:"
        for task in self.tasks:
            yield from self._stage(task)

    def _starts(self) -> Iterator[str]:
        starts = [node for node in self.read.nodes.values() if node.kind is Kind.START]
        found = [way for node in starts for way in ways(self.read, node.id)]
        if not found or not self.tasks:
            zh = "流程中没有开始事件，或开始后没有用户任务。"
            raise refused("bpmn-no-start", zh, "The process has no start, or no user task after it.")
        for way in found:
            if way.to not in self.keys:
                zh, en = "开始后直接结束，没有用户任务。", "The start leads to an end without a user task."
                raise refused("bpmn-no-start", zh, en)
            marks = dict(way.marks)
            names = (("sources", "sources"), ("areas", "areas"), ("leaves-out", "leaves_out"))
            more = [f"{said}: [{', '.join(marks[n].split())}]" for n, said in names if _words(marks.get(n))]
            yield f"  - {{{', '.join([f'stage: {self.keys[way.to]}', *more])}}}"

    def _stage(self, task: Node) -> Iterator[str]:
        who, hint = _who(task), self.read.hints.get(task.id, "")
        yield f"  {self.keys[task.id]}:"
        yield f"    name: {_quoted(task.name)}"
        if said := _task(task):
            yield f"    task: {_quoted(said[:2000])}"
        yield f"    who: {who}" + (f"  # 原文件：{_comment(hint)}" if hint and who == UNFILLED else "")
        limit, lapse = self._timers(task)
        yield f"    limit: {task.marks.get('limit') or limit or UNFILLED}"
        yield f"    evidence: {_evidence(task.marks.get('evidence')) or UNFILLED}"
        if lapse:
            yield f"    lapse: {lapse}"
        yield "    exits:"
        for one in self._exits(task):
            yield from self._exit(task, one)

    def _timers(self, task: Node) -> tuple[str | None, str | None]:
        """Limit and lapsing exit, from timers that only ring and from one that goes on by itself."""
        limit = lapse = None
        for timer in self.read.hanging(task.id):
            limit = limit_of(timer.duration) or limit
            for flow in self.read.leaving(timer.id):
                target = self.read.nodes[flow.target]
                said = _LAPSE.fullmatch(target.script[0]) if len(target.script) == 1 else None
                if said and timer.interrupts:
                    lapse = said[1]
                elif target.kind is not Kind.END or timer.interrupts:
                    raise unsupported(self.read, timer)
        return limit, lapse

    def _exits(self, task: Node) -> list[_Exit]:
        found = ways(self.read, task.id) or [Way(CLOSED)]
        said = {str(i): w.key or dict(w.marks).get("exit", "") or w.names[-1:] for i, w in enumerate(found)}
        keys = _unique({i: one if isinstance(one, str) else "".join(one) for i, one in said.items()}, "exit")
        return [_Exit(keys[str(index)], way) for index, way in enumerate(found)]

    def _exit(self, task: Node, one: _Exit) -> Iterator[str]:
        way, marks = one.way, dict(one.way.marks)
        to = self._target(way.to)
        yield f"      {one.key}:"
        if marks.get("new-grid") == "true":
            yield f"        to: {REASSIGN}"
            yield f"        into: {to}"
        else:
            yield f"        to: {to}"
        yield f"        label: {_quoted('，'.join(way.names))}"
        if needs := _evidence(marks.get("needs")):
            yield f"        needs: {needs}"
        if way.at_most is not None:
            yield f"        at_most: {way.at_most}"
        if way.beyond is not None and not (marks.get("beyond") == "refused" and way.beyond == task.id):
            yield f"        beyond: {self._target(way.beyond)}"

    def _target(self, node: str) -> str:
        if node in self.keys:
            return self.keys[node]
        name = self.read.nodes[node].name if node in self.read.nodes else ""
        return ARCHIVED if "归档" in name or "archiv" in f"{node} {name}".lower() else CLOSED


def _task(task: Node) -> str:
    """What is to be done, in the words of the file; without the lines that our own export adds to them."""
    return _own_words(task.note, ours="stage" in task.marks)


def _own_words(note: str, *, ours: bool) -> str:
    if not ours:
        return note
    return "\n".join(line for line in note.splitlines() if not line.startswith(ADDED))


def _list(words: str, each: re.Pattern[str]) -> str:
    """Words that are all of a kind as a list of the file, else the gap."""
    found = words.split()
    return f"[{', '.join(found)}]" if found and all(map(each.fullmatch, found)) else UNFILLED


def _evidence(text: str | None) -> str:
    """Evidence that our own export kept, read back only where it is plain data."""
    try:
        kept = json.loads(text) if text else None
    except ValueError:
        return ""
    return json.dumps(kept, ensure_ascii=False) if isinstance(kept, list) else ""


def _who(task: Node) -> str:
    role, unit = _key(task.marks.get("role", "")), _key(task.marks.get("unit", ""))
    if not role:
        return UNFILLED
    return f"{{role: {role}, unit: {unit}}}" if unit else role


def _unique(said: dict[str, str], kind: str, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """A key for each, made of what the file calls it where that gives one, none twice nor one of `but`."""
    found: dict[str, str] = {}
    for number, (name, words) in enumerate(said.items(), start=1):
        key = _key(words) or f"{kind}-{number}"
        while key in found.values() or key in but:
            key = f"{key[: LONGEST_KEY - 6]}-{number}"
        found[name] = key
    return found


def _key(words: str) -> str:
    """The words as a key of a definition, or "" where nothing of the kind is left of them."""
    words = words.removeprefix("stage__")
    if _KEY.fullmatch(words) and len(words) <= LONGEST_KEY:
        return words
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:LONGEST_KEY].strip("-")
    return plain if _KEY.fullmatch(plain) else ""


def _words(text: str | None) -> bool:
    return bool(text) and all(_KEY.fullmatch(word) for word in (text or "").split())


def _quoted(text: str) -> str:
    """A text as YAML reads it back; nothing said is marked."""
    return json.dumps(text, ensure_ascii=False) if text.strip() else UNFILLED


def _comment(text: str) -> str:
    return " ".join(text.split())[:200]
