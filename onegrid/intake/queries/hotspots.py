"""Hot spots as people see them, in their territory, without reporters."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.intake.models import Hotspot, Report
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.refusals import NotFound

PERMISSION: Final = "case.read"


@dataclass(frozen=True, slots=True)
class HotspotPage:
    """Hot spots, newest first; `next_cursor` is the mark of the page after it, "" on the last."""

    items: list[Hotspot]
    next_cursor: str


def hotspots(
    actor: Actor, *, active: bool | None = True, area: str = "", cursor: str = "", limit: int = 50
) -> HotspotPage:
    """The hot spots with a report in the actor's territory; `active` None: those that ended as well.

    Raises NotPermitted."""
    actor.require(PERMISSION)
    condition, values = _seen_by(actor, area)
    chosen = Hotspot.objects.order_by("-id").extra(where=[condition], params=values)  # noqa: S610 - own SQL
    if active is not None:
        chosen = chosen.filter(is_active=active)
    if cursor:
        (before,) = decode_cursor(cursor, 1)
        chosen = chosen.filter(id__lt=UUID(str(before)))
    found = list(chosen[: limit + 1])
    return HotspotPage(found[:limit], encode_cursor(found[limit - 1].id) if len(found) > limit else "")


def _seen_by(actor: Actor, area: str = "") -> tuple[str, list[str]]:
    scope, values = scope_sql(actor, "m.area_code", permission=PERMISSION)
    if area:
        scope, values = f"{scope} AND m.area_code >= %s AND m.area_code < %s", [*values, area, area + "~"]
    return (
        "EXISTS (SELECT 1 FROM intake_hotspot_member m"  # noqa: S608 - own SQL
        f" WHERE m.hotspot_id = intake_hotspot.id AND {scope})",
        values,
    )


def hotspot(hotspot_id: UUID, *, actor: Actor) -> Hotspot:
    """One hot spot. Raises NotPermitted, NotFound."""
    actor.require(PERMISSION)
    condition, values = _seen_by(actor)
    chosen = Hotspot.objects.filter(id=hotspot_id)
    found: Hotspot | None = chosen.extra(where=[condition], params=values).first()  # noqa: S610 - own SQL
    if found is None:
        raise NotFound(what="热点")
    return found


MEMBER: Final = (
    "id", "channel", "class_code", "title", "description", "place_text", "grid_code", "lng", "lat", "urgent",
    "reported_at", "kind", "case_id", "case_number",
)  # fmt: skip


def hotspot_members(hotspot_id: UUID, *, actor: Actor, limit: int = 500) -> list[Report]:
    """The reports of a hot spot that lie in the actor's territory, newest first, without their reporters."""
    scope, values = scope_sql(actor, "m.area_code", permission=PERMISSION)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.report_id FROM intake_hotspot_member m"  # noqa: S608 - own SQL
            f" WHERE m.hotspot_id = %s AND {scope}",
            [hotspot_id, *values],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Report.objects.only(*MEMBER).filter(id__in=ids).order_by("-reported_at", "-id")[:limit])
