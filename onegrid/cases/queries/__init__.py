"""Reads of cases, by subject."""

from onegrid.cases.queries.evidence import CaseEvidence, EvidenceRow, evidence_for, stored_files, stored_path
from onegrid.cases.queries.grounds import firsts, ground_of, grounds_for, grounds_of, refused_openings
from onegrid.cases.queries.leads import Lead, LeadState, lead_states, open_leads
from onegrid.cases.queries.lists import (
    CaseFilter,
    CaseRow,
    Sort,
    TaskRow,
    case_list,
    count_cases,
    my_tasks,
)
from onegrid.cases.queries.locking import Locked, all_tasks, lock, open_tasks, states
from onegrid.cases.queries.pages import CasePage, StoryLine, case, readable_file
from onegrid.cases.queries.scope import may_see

__all__ = [
    "CaseEvidence",
    "CaseFilter",
    "CasePage",
    "CaseRow",
    "EvidenceRow",
    "Lead",
    "LeadState",
    "Locked",
    "Sort",
    "StoryLine",
    "TaskRow",
    "all_tasks",
    "case",
    "case_list",
    "count_cases",
    "evidence_for",
    "firsts",
    "ground_of",
    "grounds_for",
    "grounds_of",
    "lead_states",
    "lock",
    "may_see",
    "my_tasks",
    "open_leads",
    "open_tasks",
    "readable_file",
    "refused_openings",
    "states",
    "stored_files",
    "stored_path",
]
