"""The posts of the city as a drill needs them: each with its name and the people who may act in it."""

from collections.abc import Iterable
from datetime import datetime

from onegrid.cases.rules.drill.staff import PostCard
from onegrid.kernel.ids import PostId
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import DutyTable

_AT_ONCE = 5000


def post_cards(duties: DutyTable, *, now: datetime) -> list[PostCard]:
    """Every live post with whoever holds it on the day of `now`, in his own name or for somebody away."""
    ids = list(duties.posts)
    return [
        card
        for begin in range(0, len(ids), _AT_ONCE)
        for card in _cards(ids[begin : begin + _AT_ONCE], duties, now)
    ]


def _cards(ids: list[PostId], duties: DutyTable, now: datetime) -> Iterable[PostCard]:
    named, held = workforce.posts_by_id(ids), workforce.holders(ids, now=now)
    for post_id in ids:
        entry, info = duties.posts[post_id], named[post_id]
        people = tuple(dict.fromkeys(str(holder.worker_id) for holder in held[post_id]))
        yield PostCard(post_id, info.key, info.title_zh, entry.role, entry.territory, people)
