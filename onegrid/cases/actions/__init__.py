"""Writes of cases: opening, every move, what time brings about, evidence."""

from onegrid.cases.actions.escalating import escalate_due
from onegrid.cases.actions.evidence import Stored, store_evidence
from onegrid.cases.actions.exporting import export_log
from onegrid.cases.actions.moves import Performed, join, perform, unjoin
from onegrid.cases.actions.opening import Opened, open_cases
from onegrid.cases.actions.versions import VersionMoved, move_versions

__all__ = [
    "Opened",
    "Performed",
    "Stored",
    "VersionMoved",
    "escalate_due",
    "export_log",
    "join",
    "move_versions",
    "open_cases",
    "perform",
    "store_evidence",
    "unjoin",
]
