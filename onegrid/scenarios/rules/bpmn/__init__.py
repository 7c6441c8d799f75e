"""BPMN 2.0: a definition as a file that other engines run, and a draft of a definition from such a file."""

from onegrid.scenarios.rules.bpmn.drafting import from_bpmn
from onegrid.scenarios.rules.bpmn.refusals import BadBpmn
from onegrid.scenarios.rules.bpmn.writing import to_bpmn

__all__ = ["BadBpmn", "from_bpmn", "to_bpmn"]
