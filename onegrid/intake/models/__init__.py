"""Tables of intake: reports, channels, imports, proposals, learned models, hot spots."""

from onegrid.intake.models.filter import OpenMatter, Proposal
from onegrid.intake.models.hotspots import EarlierCount, Hotspot, HotspotLevel, HotspotMember
from onegrid.intake.models.imports import Import, ImportFault
from onegrid.intake.models.learning import LearnedModel, Suggestion
from onegrid.intake.models.reports import ChannelPolicyRow, Report, SentMark

__all__ = [
    "ChannelPolicyRow",
    "EarlierCount",
    "Hotspot",
    "HotspotLevel",
    "HotspotMember",
    "Import",
    "ImportFault",
    "LearnedModel",
    "OpenMatter",
    "Proposal",
    "Report",
    "SentMark",
    "Suggestion",
]
