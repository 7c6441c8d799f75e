"""Writes of posts and of what they answer for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, outbox
from onegrid.kernel.ids import PostId, UnitId, new_ids
from onegrid.workforce import events, queries, rules
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.queries import PostInfo, UnitInfo
from onegrid.workforce.rules import Duty, PostNotEmpty, Responsibility, UnknownKey, refuse_repeated

MATRIX: Final[UUID] = uuid5(NAMESPACE_URL, "onegrid:workforce:responsibilities")
"""The subject under which changes of the responsibility matrix stand on the record."""

_COLUMNS: Final = ("id", "key", "role", "territory", "unit_id", "title_zh", "title_en")


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to create, bound to a grid or division code.

    Left empty, the unit is the home unit of role and place, the title is unit and role, and the key
    is role and place (a second post of one role in one place needs a key of its own)."""

    role: str
    place: str
    unit: str = ""
    title_zh: str = ""
    title_en: str = ""
    key: str = ""
    post_id: PostId | None = None


@transaction.atomic
def create_posts(batch: Sequence[NewPost], *, by: Actor, now: datetime) -> list[PostId]:
    """Create the posts, all or none, and return their ids in order; nobody holds them yet.

    Raises UnknownRole, TerritoryUnfit, UnknownKey (unit), KeyTaken, NotPermitted."""
    territories = [rules.bound_territory(new.role, new.place) for new in batch]
    for territory in set(territories):
        by.require("workforce.write", territory)
    unit_keys = [
        new.unit or rules.home_unit(new.role, place) for new, place in zip(batch, territories, strict=True)
    ]
    units = queries.units_by_key(unit_keys)
    keys = [
        new.key or rules.post_key(new.role, territory, unit)
        for new, territory, unit in zip(batch, territories, unit_keys, strict=True)
    ]
    refuse_repeated(keys, taken=_taken(keys))
    ids = [new.post_id or PostId(fresh) for new, fresh in zip(batch, new_ids(len(batch)), strict=True)]
    rows = [
        (post_id, key, new.role, territory, *_named(new, _unit(units, unit)))
        for post_id, key, new, territory, unit in zip(ids, keys, batch, territories, unit_keys, strict=True)
    ]
    bulk.insert("workforce_post", _COLUMNS, rows)
    steps = [
        Step(row[0], "created", dict(zip(_COLUMNS[1:], map(str, row[1:]), strict=True)), first=True)
        for row in rows
    ]
    record("post", steps, by=by, now=now)
    return ids


def _taken(keys: Sequence[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM workforce_post WHERE key = ANY(%s)", [list(keys)])
        return {row[0] for row in cursor.fetchall()}


def _unit(units: Mapping[str, UnitInfo], key: str) -> UnitInfo:
    if key not in units:
        raise UnknownKey(what="机构", what_en="unit", key=key)
    return units[key]


def _named(new: NewPost, unit: UnitInfo) -> tuple[UnitId, str, str]:
    zh, en = rules.post_title(
        new.role, unit_key=unit.key, unit_zh=unit.name_zh, unit_en=unit.name_en or unit.name_zh
    )
    return unit.unit_id, new.title_zh or zh, new.title_en or en


def lock_posts(post_ids: Sequence[PostId]) -> dict[PostId, PostInfo]:
    """The live posts, locked until the transaction ends. Raises UnknownKey."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM workforce_post WHERE id = ANY(%s) AND closed_on IS NULL ORDER BY id FOR UPDATE",
            [list(set(post_ids))],
        )
        live = {row[0] for row in cursor.fetchall()}
    for post_id in post_ids:
        if post_id not in live:
            raise UnknownKey(what="在用岗位", what_en="live post", key=post_id)
    return queries.posts_by_id(list(live))


@transaction.atomic
def close_posts(post_ids: Sequence[PostId], *, by: Actor, now: datetime) -> None:
    """Abolish posts that nobody holds any more; the duty list forgets them, the record does not.

    Raises UnknownKey, NotPermitted, PostNotEmpty."""
    posts = lock_posts(post_ids)
    day = queries.city_day(now)
    for post in posts.values():
        by.require("workforce.write", post.territory)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id FROM workforce_appointment WHERE post_id = ANY(%s)"
            " AND (ends_before IS NULL OR ends_before > GREATEST(%s, starts_on)) LIMIT 1",
            [list(posts), day],
        )
        held = cursor.fetchone()
    if held:
        raise PostNotEmpty(post=posts[held[0]].title_zh)
    bulk.update("workforce_post", ("id", "uuid"), [("closed_on", "date")], [(each, day) for each in posts])
    record("post", [Step(each, "closed", {}) for each in posts], by=by, now=now)
    outbox.publish([events.PostClosed(post_id=each) for each in posts], at=now)


@transaction.atomic
def set_duties(duties: Mapping[PostId, Sequence[Duty]], *, by: Actor, now: datetime) -> None:
    """Make these the lines of the duty list for each of the posts; no line means everything of its role.

    Raises UnknownKey, NotPermitted, DutyOutsidePost."""
    posts = lock_posts(list(duties))
    rows: list[tuple[UUID | str, ...]] = []
    steps = []
    for post_id, lines in duties.items():
        post = posts[post_id]
        by.require("workforce.write", post.territory)
        spelled = [rules.spelled_out(line, within=post.territory, post=post.title_zh) for line in lines]
        unique = list(dict.fromkeys((d.scenario, d.class_prefix, d.territory) for d in spelled))
        rows += [(post_id, *line) for line in unique]
        steps.append(Step(post_id, "duties-set", {"lines": unique}))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workforce_duty WHERE post_id = ANY(%s)", [list(duties)])
    columns = ("id", "post_id", "scenario", "class_prefix", "territory")
    bulk.insert(
        "workforce_duty",
        columns,
        [(fresh, *row) for fresh, row in zip(new_ids(len(rows)), rows, strict=True)],
    )
    record("post", steps, by=by, now=now)
    outbox.publish([events.DutyChanged(post_id=post_id) for post_id in duties], at=now)


@transaction.atomic
def set_responsibilities(lines: Sequence[Responsibility], *, by: Actor, now: datetime) -> None:
    """Make this the responsibility matrix: which departments answer for which class, and in which order.

    Raises KeyTaken for two lines of one class and territory, UnknownKey for an owner, NotPermitted."""
    by.require("workforce.write")
    refuse_repeated([f"{line.territory}/{line.class_prefix}" for line in lines])
    owners = [owner for line in lines for owner in line.owners]
    known = queries.units_by_key(owners)
    for owner in owners:
        _unit(known, owner)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workforce_responsibility")
    rows = [(line.territory, line.class_prefix, line.matter.value, list(line.owners)) for line in lines]
    bulk.insert("workforce_responsibility", ("territory", "class_prefix", "matter", "owners"), rows)
    listed = {"lines": [asdict(line) for line in lines]}
    record("responsibilities", [Step(MATRIX, "set", listed)], by=by, now=now)
