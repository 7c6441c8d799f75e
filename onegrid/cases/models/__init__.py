"""Tables of cases: the case itself, tasks beside it, evidence, and the day's count for case numbers."""

from onegrid.cases.models.case import Case, NumberDay
from onegrid.cases.models.evidence import Evidence, StoredFile
from onegrid.cases.models.task import Task

__all__ = ["Case", "Evidence", "NumberDay", "StoredFile", "Task"]
