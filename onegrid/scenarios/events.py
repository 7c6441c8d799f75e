"""What scenarios tell others: every step of a scenario project."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from onegrid.kernel.events import Event
from onegrid.kernel.ids import PostId, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMoved(Event):
    """A project was proposed, decided, drafted, built, drilled, tried, put live, suspended or ended.

    `owner` is the key of the unit that answers for the scenario; `by_posts` are the posts of whoever did it;
    `why` is the reason, the minutes or the remark given, "" where none was."""

    topic: ClassVar[str] = "scenarios.project-moved"
    project_id: ProjectId
    key: str
    round: int
    name_zh: str
    name_en: str
    owner: str
    verb: str
    state: str
    why: str
    by: str
    by_posts: tuple[PostId, ...]
    at: datetime
