"""Reads of notices: templates, inboxes, unread counts, what was delivered when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import yaml
from django.conf import settings
from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.ids import NoticeId, PostId
from onegrid.notices import rules
from onegrid.notices.rules import Lang, Template

TEMPLATES: Final = Path(__file__).parent / "templates"
COUNTED: Final = 99  # unread notices; beyond it nobody wants the number
COUNTED_FOR: Final = timedelta(days=90)  # older ones stay in the inbox but no longer press

Row = tuple[NoticeId, str, str, UUID | None, UUID | None, str, bool, datetime, datetime | None]


@cache
def templates() -> Mapping[str, Template]:
    """All templates by key; they are part of the program and don't change while it runs."""
    documents = (yaml.safe_load(file.read_text("utf-8")) for file in sorted(TEMPLATES.glob("*.yaml")))
    return {
        key: rules.read_template(key, document)
        for documents_of_file in documents
        for key, document in documents_of_file.items()
    }


def recipients(actor: Actor) -> list[UUID]:
    """Whose notices the actor reads: his own and those of the posts he holds now."""
    own: list[UUID] = [actor.account_id] if actor.account_id else []
    return [*own, *sorted(actor.post_ids)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as its reader sees it. `at` is when it appeared."""

    id: NoticeId
    template: str
    title: str
    body: str
    subject_id: UUID | None
    post_id: PostId | None
    urgent: bool
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of an inbox, newest first; `next_cursor` is "" on the last one."""

    items: list[Shown]
    next_cursor: str


# Asked per notice by primary key: as a join, stale statistics turn it into a quadratic scan.
_READ_AT: Final = (
    "(SELECT r.read_at FROM notices_read r WHERE r.account_id = %(account)s AND r.notice_id = n.id)"
)
# One index walk per recipient, each stopping after a page, then the newest of them.
_INBOX: Final = f"""
SELECT n.*, {_READ_AT} FROM unnest(%(recipients)s::uuid[]) AS mine (recipient) CROSS JOIN LATERAL (
    SELECT n.id, n.template, n.params, n.subject_id, n.recipient, n.to_kind, n.urgent, n.deliver_after
    FROM notices_notice n
    WHERE n.recipient = mine.recipient AND n.deliver_after <= %(now)s
      AND (n.deliver_after, n.id) < (%(at)s, %(id)s) AND (NOT %(unread)s OR {_READ_AT} IS NULL)
    ORDER BY n.deliver_after DESC, n.id DESC LIMIT %(limit)s) AS n
ORDER BY n.deliver_after DESC, n.id DESC LIMIT %(limit)s
"""  # noqa: S608
_UNREAD: Final = f"""
SELECT count(*) FROM (
    SELECT 1 FROM notices_notice n
    WHERE n.recipient = ANY(%(recipients)s) AND n.deliver_after <= %(now)s AND n.deliver_after > %(since)s
      AND {_READ_AT} IS NULL LIMIT %(limit)s) AS found
"""  # noqa: S608


def inbox(
    actor: Actor, *, now: datetime, lang: Lang = "zh", unread: bool = False, cursor: str = "", limit: int = 20
) -> InboxPage:
    """What the actor's posts and he himself were told, newest first; `unread` leaves out what he has read."""
    at, last = decode_cursor(cursor, 2) if cursor else ("infinity", UUID(int=0))
    parameters = {
        "recipients": recipients(actor),
        "account": actor.account_id,
        "now": now,
        "at": at,
        "id": last,
        "unread": unread,
        "limit": limit + 1,
    }
    with connection.cursor() as database:
        database.execute(_INBOX, parameters)
        rows = database.fetchall()
    items = [_shown(row, lang=lang) for row in rows[:limit]]
    more = len(rows) > limit
    return InboxPage(items, encode_cursor(items[-1].at.isoformat(), items[-1].id) if more else "")


def _shown(row: Row, *, lang: Lang) -> Shown:
    notice_id, template, params, subject_id, recipient, to_kind, urgent, at, read_at = row
    title, body = _rendered(template, params, lang=lang)
    post_id = PostId(recipient) if recipient and to_kind == "post" else None
    return Shown(notice_id, template, title, body, subject_id, post_id, urgent, at, read_at)


def _rendered(template: str, params: str, *, lang: Lang) -> tuple[str, str]:
    """Title and body; a template that a later version dropped leaves its key readable."""
    words, zone = templates().get(template), ZoneInfo(settings.CITY_TIME_ZONE)
    if words is None:
        return template, ""
    values = orjson.loads(params)
    return (
        rules.render(words.title, values, lang=lang, zone=zone),
        rules.render(words.body, values, lang=lang, zone=zone),
    )


@dataclass(frozen=True, slots=True)
class Unread:
    """How many unread notices, counted up to 99; `more` when there are more."""

    count: int
    more: bool


def unread(actor: Actor, *, now: datetime) -> Unread:
    """How many notices of the last 90 days in his inbox the actor has not read."""
    parameters = {
        "recipients": recipients(actor),
        "account": actor.account_id,
        "now": now,
        "since": now - COUNTED_FOR,
        "limit": COUNTED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, parameters)
        found = int(cursor.fetchone()[0])
    return Unread(min(found, COUNTED), found > COUNTED)


def told_reporter(reporter: str, *, now: datetime, lang: Lang = "zh") -> list[Shown]:
    """What a reporter has been told, newest first; whoever asks must have proved to be the reporter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, template, params, subject_id, recipient, to_kind, urgent, deliver_after,"
            " NULL::timestamptz FROM notices_notice WHERE reporter = %s AND deliver_after <= %s"
            " ORDER BY deliver_after DESC, id DESC",
            [reporter, now],
        )
        return [_shown(row, lang=lang) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The record of one notice over one channel, and when somebody first read it."""

    notice_id: NoticeId
    template: str
    to_kind: str
    recipient: UUID | None
    channel: str
    told_at: datetime
    delivered_at: datetime
    first_read_at: datetime | None


def deliveries(subject_id: UUID) -> list[Delivered]:
    """Everything that was told about a subject, to whom, how, and whether it was read; oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.id, n.template, n.to_kind, n.recipient, d.channel, n.told_at, d.delivered_at,"
            " (SELECT min(r.read_at) FROM notices_read r WHERE r.notice_id = n.id)"
            " FROM notices_notice n JOIN notices_delivery d ON d.notice_id = n.id"
            " WHERE n.subject_id = %s ORDER BY n.id, d.channel",
            [subject_id],
        )
        return [Delivered(*row) for row in cursor.fetchall()]
