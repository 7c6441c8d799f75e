"""Telling people of a scenario project's steps: the posts of the owner unit, and the county grid office.

Called by the outbox, perhaps again with the same events: the keys hold the event's id."""

from collections.abc import Iterator, Sequence
from typing import Final

from onegrid.accounts.rules import permissions_of
from onegrid.kernel.ids import PostId
from onegrid.notices import actions as notices
from onegrid.notices.rules import Telling, Value
from onegrid.scenarios.events import ProjectMoved
from onegrid.scenarios.rules.projects import STEPS, State
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import DutyTable

_MORE: Final = {
    "propose": ("提出", "proposed"),
    "run-out": ("办完即退", "to run out"),
    "replaced": ("由新一轮替代", "replaced by a new round"),
}


def tell_project_moved(moved: Sequence[ProjectMoved]) -> None:
    """Everyone who drafts the scenario together hears of each step, but for the posts that took it."""
    duties = workforce.duty_table()
    tellings = [
        Telling(
            key=f"{event.event_id}/{post}",
            template="project-moved-why" if event.why else "project-moved",
            params=_words(event),
            to_post=post,
            subject_id=event.project_id,
        )
        for event in moved
        for post in _concerned(event.owner, duties)
        if post not in event.by_posts
    ]
    notices.tell(tellings, at=max(event.at for event in moved))


def _concerned(owner: str, duties: DutyTable) -> Iterator[PostId]:
    """The posts of the owner unit that may propose, and those that speak for the grid office."""
    for entry in duties.posts.values():
        may = permissions_of(entry.role)
        if "scenario.write" in may or (entry.unit == owner and "scenario.propose" in may):
            yield entry.post_id


def _words(event: ProjectMoved) -> dict[str, Value]:
    step, state = STEPS.get(event.verb), State(event.state)
    zh, en = (step.zh, step.en) if step else _MORE.get(event.verb, (event.verb, event.verb))
    return {
        "name": {"zh": event.name_zh, "en": event.name_en},
        "round": event.round,
        "verb": {"zh": zh, "en": en},
        "state": {"zh": state.zh, "en": state.en},
        "by": event.by,
        "why": event.why,
    }
