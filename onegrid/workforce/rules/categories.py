"""What kind of worker: full time, part time or official, and which department pays (domain.md 1.2)."""

from dataclasses import dataclass
from enum import StrEnum

from onegrid.workforce.rules.refusals import AuxiliaryUnpaid


class Employment(StrEnum):
    """How a worker is engaged."""

    FULL_TIME = "full-time"
    PART_TIME = "part-time"
    OFFICIAL = "official"


EMPLOYMENT_LABELS = {
    Employment.FULL_TIME: ("专职", "full time"),
    Employment.PART_TIME: ("兼职", "part time"),
    Employment.OFFICIAL: ("在编干部", "official"),
}


@dataclass(frozen=True, slots=True)
class WorkerCategory:
    """One line of the editable list. `auxiliary` marks the six village auxiliaries (六大员);
    `payer` is the key of the unit that pays the subsidy, None where nobody does."""

    key: str
    zh: str
    en: str
    employment: Employment
    auxiliary: bool = False
    payer: str | None = None

    def check(self) -> None:
        """Raises AuxiliaryUnpaid: an auxiliary is part time, and some department pays the subsidy."""
        if self.auxiliary and (self.employment is not Employment.PART_TIME or not self.payer):
            raise AuxiliaryUnpaid(category=self.zh)
