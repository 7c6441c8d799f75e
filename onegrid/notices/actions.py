"""Writes of notices: tell, and mark as read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import NoticeId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.notices import queries, rules
from onegrid.notices.rules import Channel, Telling

_TELL: Final = """
WITH told AS (
    INSERT INTO notices_notice (id, key, to_kind, recipient, reporter, template, params, subject_id, urgent,
        told_at, deliver_after)
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[],
        %s::uuid[], %s::boolean[], %s::timestamptz[], %s::timestamptz[])
    ON CONFLICT (key) DO NOTHING
    RETURNING id, deliver_after)
INSERT INTO notices_delivery (notice_id, channel, delivered_at) SELECT id, %s, deliver_after FROM told
"""


def tell(tellings: Sequence[Telling], *, at: datetime) -> int:
    """Put the notices into their inboxes, once per key, and return how many were new.

    What can wait and is told during the quiet hours appears in the morning. Raises `UnknownTemplate`
    and `MissingParameters`. The in-app delivery is the row in the inbox: it cannot fail on its own."""
    if not tellings:
        return 0
    templates, zone = queries.templates(), ZoneInfo(settings.CITY_TIME_ZONE)
    morning = rules.QuietHours.parse(*settings.ONEGRID_QUIET_HOURS).over(at, zone=zone)
    ordered = sorted((rules.checked(each, templates) for each in tellings), key=lambda each: each.key)
    rows = [
        (notice_id, each.key, *_recipient(each), each.template, _json(each), each.subject_id, each.urgent, at,
         rules.appears(each, at=at, morning=morning))
        for notice_id, each in zip(new_ids(len(ordered)), ordered, strict=True)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [*map(list, zip(*rows, strict=True)), Channel.IN_APP.value])
        return int(cursor.rowcount)


def _recipient(telling: Telling) -> tuple[str, UUID | None, str | None]:
    if telling.to_reporter is not None:
        return "reporter", None, telling.to_reporter
    if telling.to_post is not None:
        return "post", telling.to_post, None
    return "account", telling.to_account, None


def _json(telling: Telling) -> str:
    return orjson.dumps(dict(telling.params), default=str, option=orjson.OPT_UTC_Z).decode()


_MARK: Final = """
WITH mine AS (
    SELECT id FROM notices_notice WHERE recipient = ANY(%s) AND deliver_after <= %s AND id = ANY(%s)),
marked AS (
    INSERT INTO notices_read (account_id, notice_id, read_at) SELECT %s, id, %s FROM mine
    ON CONFLICT DO NOTHING)
SELECT count(*) FROM mine
"""


@transaction.atomic
def mark_read(notice_ids: Sequence[NoticeId], *, by: Actor, now: datetime) -> None:
    """Remember that the actor has read these notices of his inbox; a second time changes nothing.

    Raises `NotFound`, and marks none, when one of them isn't in his inbox."""
    wanted = list(set(notice_ids))
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [queries.recipients(by), now, wanted, by.account_id, now])
        if cursor.fetchone()[0] < len(wanted):
            raise NotFound(what="通知")


def mark_all_read(*, by: Actor, now: datetime) -> int:
    """Remember that the actor has read everything in his inbox; returns how many were unread."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_read (account_id, notice_id, read_at)"
            " SELECT %s, id, %s FROM notices_notice WHERE recipient = ANY(%s) AND deliver_after <= %s"
            " ON CONFLICT DO NOTHING",
            [by.account_id, now, queries.recipients(by), now],
        )
        return int(cursor.rowcount)
