"""HTTP edge of the workforce: units, posts, people, and who answers."""

from ninja import Router

from onegrid.workforce.api import answers, people, posts, units

router = Router(tags=["workforce"])
for part in (units, posts, people, answers):
    router.add_router("", part.router)
