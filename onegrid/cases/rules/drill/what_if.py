"""What if: another limit in one stage, or one more person in the posts of a role."""

import re
from dataclasses import dataclass

from onegrid.cases.rules.drill.refusals import BadWhatIf
from onegrid.cases.rules.drill.setting import Setting
from onegrid.kernel.calendar import BadLimit, Limit
from onegrid.workforce.rules import role_label


@dataclass(frozen=True, slots=True)
class OtherLimit:
    """A stage gets another limit, for all classes."""

    stage: str
    limit: Limit

    def applied(self, setting: Setting) -> Setting:
        """The setting with it. Raises NoSuchStage."""
        return setting.with_limit(self.stage, self.limit)

    def label(self, setting: Setting) -> str:
        """In the reader's words."""
        return f"“{setting.ground.definition.stages[self.stage].name.zh}”时限改为{self.limit.zh}"


@dataclass(frozen=True, slots=True)
class OneMore:
    """One more person in each post of a role, within a territory ("" = everywhere)."""

    role: str
    code: str

    def applied(self, setting: Setting) -> Setting:
        """The setting with them. Raises NoSuchPerson."""
        return setting.with_person(self.role, self.code)

    def label(self, setting: Setting) -> str:
        """In the reader's words."""
        return f"{self.code or '全市'}的{role_label(self.role)}各增加 1 人"


WhatIf = OtherLimit | OneMore


def other_limit(text: str) -> OtherLimit:
    """Read "verify=3 working days". Raises BadWhatIf."""
    stage, sign, limit = text.partition("=")
    try:
        if sign and stage.strip():
            return OtherLimit(stage.strip(), Limit.parse(limit))
    except BadLimit:
        pass
    raise BadWhatIf(given=text)


def one_more(text: str) -> OneMore:
    """Read "town-desk" or "town-desk@350583104". Raises BadWhatIf."""
    found = re.fullmatch(r"\s*([a-z][a-z0-9-]*)(?:@(\d{6,15}))?\s*", text)
    if found is None:
        raise BadWhatIf(given=text)
    return OneMore(found[1], found[2] or "")
