"""Writes of notices: tell, and mark as read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import NoticeId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.notices import queries, rules
from onegrid.notices.rules import Channel, Telling

# One JSON text instead of an array per column: psycopg dumps it several times faster.
_TELL: Final = """
WITH told AS (
    INSERT INTO notices_notice (id, key, to_kind, recipient, reporter, template, params, subject_id, urgent,
        told_at, deliver_after)
    SELECT * FROM json_to_recordset(%s::json) AS new (id uuid, key text, to_kind text, recipient uuid,
        reporter text, template text, params text, subject_id uuid, urgent boolean, told_at timestamptz,
        deliver_after timestamptz)
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
        {
            **_recipient(each),
            "id": notice_id,
            "key": each.key,
            "template": each.template,
            "params": orjson.dumps(dict(each.params), default=str, option=orjson.OPT_UTC_Z).decode(),
            "subject_id": each.subject_id,
            "urgent": each.urgent,
            "told_at": at,
            "deliver_after": rules.appears(each, at=at, morning=morning),
        }
        for notice_id, each in zip(new_ids(len(ordered)), ordered, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [orjson.dumps(rows).decode(), Channel.IN_APP.value])
        return int(cursor.rowcount)


def _recipient(telling: Telling) -> dict[str, object]:
    if telling.to_reporter is not None:
        return {"to_kind": "reporter", "reporter": telling.to_reporter}
    if telling.to_post is not None:
        return {"to_kind": "post", "recipient": telling.to_post}
    return {"to_kind": "account", "recipient": telling.to_account}


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
