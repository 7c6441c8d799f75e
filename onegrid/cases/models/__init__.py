"""Tables of cases: the case, tasks beside it, evidence, the agenda, the day's count for case numbers."""

from onegrid.cases.models.agenda import AgendaItem
from onegrid.cases.models.case import Case, NumberDay
from onegrid.cases.models.evidence import Evidence, StoredFile
from onegrid.cases.models.task import Task

__all__ = ["AgendaItem", "Case", "Evidence", "NumberDay", "StoredFile", "Task"]
