"""Reads of cases, by subject."""

from onegrid.cases.queries.agenda import AgendaRow, agenda, agenda_case
from onegrid.cases.queries.briefs import Brief, briefs
from onegrid.cases.queries.ended import CaseFacts, case_facts
from onegrid.cases.queries.eventlog import LogFilter, check_filter, log_scope, traces
from onegrid.cases.queries.evidence import (
    CaseEvidence,
    EvidenceRow,
    evidence_for,
    photo_facts,
    stored_files,
    stored_path,
)
from onegrid.cases.queries.grounds import firsts, ground_of, grounds_for, grounds_of, refused_openings
from onegrid.cases.queries.leads import LeadState, lead_states
from onegrid.cases.queries.lists import (
    CaseFilter,
    CaseRow,
    Sort,
    TaskRow,
    case_list,
    count_cases,
    my_tasks,
)
from onegrid.cases.queries.locking import (
    Locked,
    all_tasks,
    linked_ids,
    lock,
    merged_under,
    open_tasks,
    states,
)
from onegrid.cases.queries.pages import CasePage, LinkedCase, StoryLine, Way, case, readable_file
from onegrid.cases.queries.running import count_running, running_on
from onegrid.cases.queries.scope import may_see
from onegrid.cases.queries.timeliness import Timeliness, overdue_steps
from onegrid.cases.queries.wording import filled, offered_opinions

__all__ = [
    "AgendaRow",
    "Brief",
    "CaseEvidence",
    "CaseFacts",
    "CaseFilter",
    "CasePage",
    "CaseRow",
    "EvidenceRow",
    "LeadState",
    "LinkedCase",
    "Locked",
    "LogFilter",
    "Sort",
    "StoryLine",
    "TaskRow",
    "Timeliness",
    "Way",
    "agenda",
    "agenda_case",
    "all_tasks",
    "briefs",
    "case",
    "case_facts",
    "case_list",
    "check_filter",
    "count_cases",
    "count_running",
    "evidence_for",
    "filled",
    "firsts",
    "ground_of",
    "grounds_for",
    "grounds_of",
    "lead_states",
    "linked_ids",
    "lock",
    "log_scope",
    "may_see",
    "merged_under",
    "my_tasks",
    "offered_opinions",
    "open_tasks",
    "overdue_steps",
    "photo_facts",
    "readable_file",
    "refused_openings",
    "running_on",
    "states",
    "stored_files",
    "stored_path",
    "traces",
]
