"""Reads of intake, by subject."""

from onegrid.intake.queries.bursts import earlier_reports
from onegrid.intake.queries.decisions import decided_lesson
from onegrid.intake.queries.desk import Page, Waiting, pool
from onegrid.intake.queries.hotspots import HotspotPage, hotspot, hotspot_members, hotspots
from onegrid.intake.queries.imports import faults, import_, waiting_imports
from onegrid.intake.queries.lessons import lessons
from onegrid.intake.queries.matters import Nearby, already_reported, matching_model
from onegrid.intake.queries.models import AdoptedModel, adopted_models, model_document
from onegrid.intake.queries.models import active as active_model
from onegrid.intake.queries.outcomes import Settled, settled
from onegrid.intake.queries.proposals import (
    Judged,
    Proposal,
    ProposalPage,
    judged,
    proposals,
    proposals_of,
)
from onegrid.intake.queries.reading import (
    case_of_own_report,
    contact,
    masked_contact,
    my_reports,
    report,
    reports_of_case,
)
from onegrid.intake.queries.settings import classifier, policies
from onegrid.intake.queries.storms import Alarms, alarms_of_case
from onegrid.intake.queries.suggesting import Preview, Suggested, preview

__all__ = [
    "AdoptedModel",
    "Alarms",
    "HotspotPage",
    "Judged",
    "Nearby",
    "Page",
    "Preview",
    "Proposal",
    "ProposalPage",
    "Settled",
    "Suggested",
    "Waiting",
    "active_model",
    "adopted_models",
    "alarms_of_case",
    "already_reported",
    "case_of_own_report",
    "classifier",
    "contact",
    "decided_lesson",
    "earlier_reports",
    "faults",
    "hotspot",
    "hotspot_members",
    "hotspots",
    "import_",
    "judged",
    "lessons",
    "masked_contact",
    "matching_model",
    "model_document",
    "my_reports",
    "policies",
    "pool",
    "preview",
    "proposals",
    "proposals_of",
    "report",
    "reports_of_case",
    "settled",
    "waiting_imports",
]
