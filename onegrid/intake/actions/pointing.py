"""Whoever answers for a place is told of its hot spots. A listener of events: it may be called again with
them."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from onegrid.intake import events
from onegrid.kernel.ids import PostId
from onegrid.notices import actions as notices
from onegrid.notices.rules import Telling
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import PostRequest

ROLES: Final = ("grid-head-2", "village-centre", "town-desk")
TEMPLATES: Final[Mapping[type[events.HotspotEvent], str]] = {
    events.HotspotBegan: "hotspot-began",
    events.HotspotGrew: "hotspot-grew",
    events.HotspotEnded: "hotspot-ended",
}


def tell_of_hotspots(happened: Sequence[events.HotspotEvent]) -> None:
    """Tell the grid head, the village's and the town's desk of every grid of the hot spot, each post
    once."""
    asked = [
        (event, PostRequest(role, grid, "")) for event in happened for grid in event.grids for role in ROLES
    ]
    posts = workforce.posts_for([request for _, request in asked])
    tellings = {
        each.key: each
        for (event, _), post in zip(asked, posts, strict=True)
        if isinstance(post, UUID) and (each := _telling(event, PostId(post)))
    }
    notices.tell(list(tellings.values()), at=max(event.at for event in happened))


def _telling(event: events.HotspotEvent, post: PostId) -> Telling:
    template = TEMPLATES[type(event)]
    return Telling(
        f"{template}:{event.event_id}:{post}",
        template,
        {
            "name": {"zh": event.name_zh, "en": event.name_en},
            "count": event.reports,
            "expected": event.expected,
        },
        to_post=post,
        subject_id=event.hotspot_id,
    )
