"""HTTP edge of notices: the inbox, the unread count, read marks."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import NoticeId
from onegrid.notices import actions, queries
from onegrid.notices.rules import Lang

router = Router(tags=["notices"])


class InboxQuery(Schema):
    lang: Lang = "zh"
    unread: bool = False
    cursor: str = ""
    limit: int = Field(20, ge=1, le=100)


class NoticeOut(Schema):
    """A notice in the reader's language; `post_id` says for which of his posts."""

    id: UUID
    template: str
    title: str
    body: str
    subject_id: UUID | None
    post_id: UUID | None
    urgent: bool
    at: datetime
    read_at: datetime | None


class InboxOut(Schema):
    """Newest first; `next_cursor` is "" on the last page."""

    items: list[NoticeOut]
    next_cursor: str


class UnreadOut(Schema):
    """Counted up to 99; `more` when there are more."""

    count: int
    more: bool


class ReadIn(Schema):
    ids: list[UUID] = Field(max_length=500)


@router.get("/notices", response={200: InboxOut, 400: Problem})
def inbox(request: ApiRequest, wanted: Query[InboxQuery]) -> queries.InboxPage:
    """What I and the posts I hold were told."""
    return queries.inbox(
        request.actor,
        now=request.now,
        lang=wanted.lang,
        unread=wanted.unread,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )


@router.get("/notices/unread", response=UnreadOut)
def unread(request: ApiRequest) -> queries.Unread:
    """How many I have not read (phones repeat this: send If-None-Match)."""
    return queries.unread(request.actor, now=request.now)


@router.post("/notices/read", response={204: None, 404: Problem})
def mark_read(request: ApiRequest, body: ReadIn) -> Status[None]:
    """Mark these notices as read, all or none."""
    actions.mark_read([NoticeId(each) for each in body.ids], by=request.actor, now=request.now)
    return Status(204, None)


@router.post("/notices/read-all", response={204: None})
def mark_all_read(request: ApiRequest) -> Status[None]:
    """Mark the whole inbox as read."""
    actions.mark_all_read(by=request.actor, now=request.now)
    return Status(204, None)


@router.post("/notices/{notice_id}/read", response={204: None, 404: Problem})
def mark_one_read(request: ApiRequest, notice_id: UUID) -> Status[None]:
    """Mark one notice as read."""
    actions.mark_read([NoticeId(notice_id)], by=request.actor, now=request.now)
    return Status(204, None)
