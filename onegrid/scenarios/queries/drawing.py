"""A scenario as BPMN 2.0, and a BPMN 2.0 file as the draft of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import VersionId
from onegrid.scenarios.queries.live import version
from onegrid.scenarios.rules import DefinitionRefused, Finding, parse, soundness
from onegrid.scenarios.rules.bpmn import from_bpmn, to_bpmn
from onegrid.scenarios.rules.findings import located


@dataclass(frozen=True, slots=True)
class DrawnVersion:
    """A version as a BPMN 2.0 file, with the name to save it under."""

    filename: str
    content: str


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """A draft of a definition and what its author must still say or mend."""

    source: str
    findings: Sequence[Finding]


def drawn_version(version_id: VersionId, *, actor: Actor) -> DrawnVersion:
    """One version for other engines and editors. Raises NoVersion."""
    actor.require("scenario.read")
    found = version(version_id)
    return DrawnVersion(f"{found.key}-{found.number}.bpmn", to_bpmn(found.definition))


def imported_draft(content: bytes, *, actor: Actor) -> ImportedDraft:
    """The draft that a BPMN file gives; nothing is kept. Raises BadBpmn."""
    actor.require("scenario.read")
    source = from_bpmn(content)
    draft = parse(source)
    if isinstance(draft, DefinitionRefused):
        return ImportedDraft(source, draft.findings)
    return ImportedDraft(source, located(soundness(draft.definition), draft.lines))
