"""Reads of cases, by subject."""

from onegrid.cases.queries.evidence import CaseEvidence, evidence_for, stored_files, stored_path
from onegrid.cases.queries.grounds import firsts, ground_of, grounds_for, grounds_of, refused_openings
from onegrid.cases.queries.locking import Locked, all_tasks, lock, open_tasks, states
from onegrid.cases.queries.scope import may_see

__all__ = [
    "CaseEvidence",
    "Locked",
    "all_tasks",
    "evidence_for",
    "firsts",
    "ground_of",
    "grounds_for",
    "grounds_of",
    "lock",
    "may_see",
    "open_tasks",
    "refused_openings",
    "states",
    "stored_files",
    "stored_path",
]
