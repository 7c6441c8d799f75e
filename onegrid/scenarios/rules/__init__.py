"""Pure rules of scenarios: what a definition says (words to definition) and what checks it."""

from .answers import Problem, check_form, check_needs, check_values
from .computing import computed
from .definition import Alert, Definition, DuplicateRule, EscalationStep, FollowUp, Start, VersionInfo
from .evidence import Evidence, EvidenceKind, Given, Need, OneOf, is_met
from .fields import Choice, Field, FieldKind, Form, visible_to
from .findings import DefinitionRefused, Finding
from .graph import soundness
from .limits import LimitRule
from .parsing import Draft, parse
from .stages import (
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
from .words import (
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
