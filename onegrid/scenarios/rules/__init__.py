"""Pure rules of scenarios: what a definition says (words to definition) and what checks it."""

from onegrid.scenarios.rules.answers import Problem, check_form, check_needs, check_values
from onegrid.scenarios.rules.computing import computed
from onegrid.scenarios.rules.definition import (
    Alert,
    Definition,
    DuplicateRule,
    EscalationStep,
    FollowUp,
    Start,
    VersionInfo,
)
from onegrid.scenarios.rules.evidence import Evidence, EvidenceKind, Given, Need, OneOf, is_met
from onegrid.scenarios.rules.fields import Choice, Field, FieldKind, Form, visible_to
from onegrid.scenarios.rules.findings import DefinitionRefused, Finding
from onegrid.scenarios.rules.graph import soundness
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.parsing import Draft, parse
from onegrid.scenarios.rules.stages import (
    Assigns,
    Exit,
    ExtensionRule,
    HoldRule,
    Joint,
    Message,
    Rating,
    ReturnRule,
    Stage,
)
from onegrid.scenarios.rules.words import (
    ARCHIVED,
    CLOSED,
    ENDS,
    OWNER_UNIT,
    RESPONSIBLE,
    AreaLevel,
    Relative,
    Source,
    Text,
    Who,
)

__all__ = [
    "ARCHIVED",
    "CLOSED",
    "ENDS",
    "OWNER_UNIT",
    "RESPONSIBLE",
    "Alert",
    "AreaLevel",
    "Assigns",
    "Choice",
    "Definition",
    "DefinitionRefused",
    "Draft",
    "DuplicateRule",
    "EscalationStep",
    "Evidence",
    "EvidenceKind",
    "Exit",
    "ExtensionRule",
    "Field",
    "FieldKind",
    "Finding",
    "FollowUp",
    "Form",
    "Given",
    "HoldRule",
    "Joint",
    "LimitRule",
    "Message",
    "Need",
    "OneOf",
    "Problem",
    "Rating",
    "Relative",
    "ReturnRule",
    "Source",
    "Stage",
    "Start",
    "Text",
    "VersionInfo",
    "Who",
    "check_form",
    "check_needs",
    "check_values",
    "computed",
    "is_met",
    "parse",
    "soundness",
    "visible_to",
]
