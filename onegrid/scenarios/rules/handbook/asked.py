"""Whose duty list is asked for: one unit or one post, never both."""

from __future__ import annotations

from dataclasses import dataclass

from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal


class UnitOrPost(Refusal):
    status = 422
    code = "scenarios.unit-or-post"
    zh = "职责清单须指明一个单位（unit）或一个岗位（post），二者选一。"
    en = "A duty list is of one unit or of one post: give exactly one of 'unit' and 'post'."


@dataclass(frozen=True, slots=True)
class WhoseDuties:
    """A unit by its key, or a post. Raises UnitOrPost unless exactly one is given."""

    unit: str = ""
    post: PostId | None = None

    def __post_init__(self) -> None:
        if bool(self.unit) is (self.post is not None):
            raise UnitOrPost
