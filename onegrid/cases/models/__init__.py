"""Tables of cases: the case, tasks beside it, evidence, agenda, ordered drills, the count of numbers."""

from onegrid.cases.models.agenda import AgendaItem
from onegrid.cases.models.case import Case, NumberDay
from onegrid.cases.models.drill import DrillOrder
from onegrid.cases.models.evidence import Evidence, StoredFile
from onegrid.cases.models.task import Task

__all__ = ["AgendaItem", "Case", "DrillOrder", "Evidence", "NumberDay", "StoredFile", "Task"]
