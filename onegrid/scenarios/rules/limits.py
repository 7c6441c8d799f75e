"""How long a stage may take: one rule per stage, from the most particular to the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules.conditions import Condition, holds


@dataclass(frozen=True, slots=True)
class LimitCase:
    """A limit that applies when the answers say so (e.g. construction still going on)."""

    when: Condition
    limit: Limit


@dataclass(frozen=True, slots=True)
class LimitRule:
    """Time allowed, in order of precedence.

    1. `from_report`: the time promised in the report, if any (the caller then uses that moment itself);
    2. `cases`: the first whose condition holds;
    3. `by_outcome`: the exit by which the stage was entered;
    4. `by_class`: the longest code prefix of the matter class;
    5. `from_class`: the class dictionary's own limit;
    6. `default`.
    """

    default: Limit
    cases: tuple[LimitCase, ...] = ()
    by_outcome: Mapping[str, Limit] = field(default_factory=dict)
    by_class: Mapping[str, Limit] = field(default_factory=dict)
    from_class: bool = False
    from_report: bool = False

    def for_(
        self,
        class_code: str,
        *,
        entered_by: str | None = None,
        answers: Mapping[str, object] | None = None,
        class_limit: Limit | None = None,
    ) -> Limit:
        """The limit for a case of this class; a promised time (rule 1) is the caller's to take first."""
        for one in self.cases:
            if holds(one.when, answers or {}):
                return one.limit
        if entered_by is not None and entered_by in self.by_outcome:
            return self.by_outcome[entered_by]
        prefix = max((p for p in self.by_class if class_code.startswith(p)), key=len, default=None)
        if prefix is not None:
            return self.by_class[prefix]
        if self.from_class and class_limit is not None:
            return class_limit
        return self.default

    def all(self) -> tuple[Limit, ...]:
        """Every limit the rule can give from the definition itself."""
        return (
            self.default,
            *(one.limit for one in self.cases),
            *self.by_outcome.values(),
            *self.by_class.values(),
        )
