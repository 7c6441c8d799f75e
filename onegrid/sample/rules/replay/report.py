"""The readable table of a replay: what was found, beside what must be reached."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from onegrid.intake.rules.reports import OutcomeKind
from onegrid.sample.rules.replay.measures import Agreement, Measures

GOALS: Final[Mapping[str, float]] = {"precinct": 0.940, "ward": 0.989, "department": 0.93, "on_time": 1.0}


class Line(NamedTuple):
    """One line of the table."""

    label: str
    value: str
    note: str = ""


def counted(measures: Measures) -> Iterator[Line]:
    """Where every row went."""
    kinds = measures.kinds
    yield Line("读入 in", f"{measures.total:,}", "= 立案 + 并案 + 待核实 + 不予受理, checked")
    yield Line("立案 opened", f"{kinds[OutcomeKind.OPENED]:,}")
    yield Line("并案 joined", f"{kinds[OutcomeKind.JOINED]:,}", "flagged as the matter of an open case")
    fallback = f"{measures.fallback:,} on a coordinate found to be a fallback point"
    yield Line("待核实 pool", f"{kinds[OutcomeKind.POOLED]:,}", fallback)
    yield Line("不予受理 rejected", f"{kinds[OutcomeKind.REJECTED]:,}")


def agreed(measures: Measures) -> Iterator[Line]:
    """How far our answers are the city's own."""
    yield _agreement("二级网格 precinct", measures.precinct, GOALS["precinct"], "labelled, real coordinate")
    nested = f"labelled, real coordinate; by the precinct's code {measures.nested.share:.2%}"
    yield _agreement("一级网格 ward", measures.ward, GOALS["ward"], nested)
    yield _agreement("责任部门 department", measures.department, GOALS["department"], "from TYPE alone")
    unflagged = f"both times and a flag; {measures.unflagged:,} rows with both times have no flag"
    yield _agreement("按期标志 on time", measures.on_time, GOALS["on_time"], unflagged)
    yield _agreement("重复件链接 duplicate links", measures.links, None, "both ends in one case")
    joined = Agreement(measures.kinds[OutcomeKind.JOINED], measures.total)
    yield _agreement("并入比例 flagged", joined, None, "joined of all")


def _agreement(label: str, found: Agreement, goal: float | None, of: str) -> Line:
    wanted = "" if goal is None else f"{'✓' if found.share >= goal else '✗'} ≥ {goal:.1%}  "
    return Line(label, f"{found.share:.2%}", f"{wanted}{found.same:,} of {found.of:,}: {of}")
