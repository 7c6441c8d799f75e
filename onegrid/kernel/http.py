"""HTTP conventions of every endpoint: problem details, idempotent writes, keyset pages.

Refusals are answered as RFC 9457 problem details with the stable code and the sentence in
Chinese and English. Writes may carry `Idempotency-Key`: the first answer is given again."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

from onegrid.kernel import bulk, clock, query_names
from onegrid.kernel.field_faults import field_errors, where_zh
from onegrid.kernel.refusals import BadRequest, NotJson, OutOfRange, Refusal

PROBLEM = "application/problem+json"
_NINJA_CANNOT_PARSE = "Cannot parse request body"
KEY_COLUMNS = ("account_id", "key", "fingerprint", "status", "body", "at")


class ApiRequest(HttpRequest):
    """A request after authentication: `actor` is accounts.rules.Actor, `now` the moment it came in."""

    actor: Any
    now: datetime


class Authenticator(Protocol):
    """Who sends this request: an actor, None for nobody; refuses a bad, expired or revoked credential."""

    def __call__(self, request: HttpRequest, *, now: datetime) -> object | None: ...


_authenticator: list[Authenticator] = []


def set_authenticator(authenticator: Authenticator) -> None:
    """wiring.py names the one authenticator of this installation."""
    _authenticator[:] = [authenticator]


class NotSignedIn(Refusal):
    status = 401
    code = "kernel.not-signed-in"
    zh = "请先登录。登录状态可能已过期，请重新登录后再试。"
    en = "Sign in first; your session may have expired."


def signed_in(request: HttpRequest) -> object:
    """Ninja `auth=` of every endpoint that needs somebody: sets `actor` and `now`.

    Raises UnknownParameter for a query name that the endpoint does not declare."""
    request.now = moment = clock.now()  # type: ignore[attr-defined]
    actor = _authenticator[0](request, now=moment)
    if actor is None:
        raise NotSignedIn
    request.actor = actor  # type: ignore[attr-defined]
    query_names.refuse_unknown(request)
    return actor


class Problem(Schema):
    """RFC 9457 problem details of a refusal."""

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    code: str
    params: dict[str, Any] = Field(default_factory=dict)
    errors: list[dict[str, Any]] = Field(default_factory=list)


class KeyReused(Refusal):
    status = 422
    code = "kernel.idempotency-key-reused"
    zh = "同一个幂等键（{key}）已用于另一份内容。请换一个新的键再提交。"
    en = "The idempotency key {key} was already used for another body; send it with a new key."


class BadCursor(BadRequest):
    code = "kernel.bad-cursor"
    zh = "翻页标记无效。请从第一页重新开始。"
    en = "The page cursor is not valid; start again from the first page."


class JsonRenderer(BaseRenderer):
    """orjson instead of the standard library: several times faster on lists."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def problem(refusal: Refusal, *, errors: Sequence[dict[str, Any]] = ()) -> HttpResponse:
    """The refusal as an HTTP answer."""
    body = {
        "type": f"urn:onegrid:{refusal.code}",
        "title": refusal.code,
        "status": refusal.status,
        "detail": refusal.message("zh"),
        "detail_en": refusal.message("en"),
        "code": refusal.code,
        "params": {name: _plain(value) for name, value in refusal.params.items()},
        "errors": list(errors),
    }
    return HttpResponse(orjson.dumps(body, default=str), status=refusal.status, content_type=PROBLEM)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


class InvalidFields(Refusal):
    status = 422
    code = "kernel.invalid-fields"
    zh = "有 {count} 处内容不符合要求：{first}"
    en = "Not valid ({count}): {first_en}"


class NoSuchAddress(Refusal):
    status = 404
    code = "kernel.no-such-address"
    zh = "没有这个地址：{path}。请核对地址和编号的格式，接口说明见 /api/docs。"
    en = "No such address: {path}. Check it and the form of its ids; /api/docs lists them."


class Unavailable(Refusal):
    status = 503
    code = "kernel.unavailable"
    zh = "数据库暂时连不上，您的内容没有写入。请稍后再试，重复提交是安全的。"
    en = "The database cannot be reached and nothing was written. Try again; sending twice is harmless."


def install_handlers(api: NinjaAPI) -> None:
    """Answer refusals, invalid fields and a lost database as problem details; refuse unknown query names."""
    query_names.note_names(api)

    def answer(
        request: HttpRequest, refusal: Refusal, *, errors: Sequence[dict[str, Any]] = ()
    ) -> HttpResponse:
        request.refusal = refusal  # type: ignore[attr-defined]  # the audit middleware reads it
        return problem(refusal, errors=errors)

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return answer(request, refusal)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = field_errors(error.errors)
        first = "；".join(f"{where_zh(each['where'])}：{each['zh']}" for each in errors[:3])
        first_en = "; ".join(f"{each['where']}: {each['what']}" for each in errors[:3])
        invalid = InvalidFields(count=len(errors), first=first, first_en=first_en)
        return answer(request, invalid, errors=errors)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        unreadable = error.status_code == BadRequest.status and str(error).startswith(_NINJA_CANNOT_PARSE)
        response = answer(request, NotJson() if unreadable else BadRequest(reason=str(error)))
        response.status_code = error.status_code
        return response

    @api.exception_handler(DataError)
    def on_data(request: HttpRequest, error: DataError) -> HttpResponse:
        return answer(request, OutOfRange())

    @api.exception_handler(DatabaseError)
    def on_database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
        if isinstance(error, IntegrityError):
            raise error
        connection.close()  # the next request opens a fresh one
        return answer(request, Unavailable())


def idempotent(
    request: ApiRequest, run: Callable[[], tuple[int, Any]], *, together: bool = False
) -> HttpResponse:
    """Run a write once per (account, `Idempotency-Key`); a repeat gets the first answer again.

    The answer and the audit row are stored in the same transaction as the write. Without the header it just
    runs. `together`: the small writes of `run`, which then reads none of them back, go out as one text with
    these rows."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic(), bulk.together() if together else nullcontext():
            status, data = run()
            note_write(request, status)
        return _answer(status, _body(data))
    account = request.actor.account_id
    fingerprint = _fingerprint(request)
    try:
        with transaction.atomic(), bulk.together() if together else nullcontext():
            status, data = run()
            body = _body(data)
            row = (account, key, fingerprint, status, body, request.now)
            with bulk.together():
                bulk.insert("kernel_idempotency", KEY_COLUMNS, [row])
                note_write(request, status)
        return _answer(status, body)
    except (Refusal, IntegrityError):
        first = _first_answer(account, key, fingerprint)
        if first is None:
            raise
        return first


def _fingerprint(request: ApiRequest) -> bytes:
    """What tells one body from another; of an upload its files and fields: its raw body is gone once read."""
    mark = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        mark.update(request.body)
        return mark.digest()
    for name, values in request.POST.lists():
        mark.update(orjson.dumps([name, values]))
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            mark.update(orjson.dumps([name, file.name]))
            for chunk in file.chunks():
                mark.update(chunk)
            file.seek(0)
    return mark.digest()


def note_write(request: ApiRequest, status: int) -> None:
    """Put the write on the audit log within its own transaction, where the edge around it offers to."""
    note: Callable[[int], None] | None = getattr(request, "note_write", None)
    if note is not None:
        note(status)


def _first_answer(account: UUID, key: str, fingerprint: bytes) -> HttpResponse | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, body FROM kernel_idempotency WHERE account_id = %s AND key = %s",
            [account, key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[0]) != fingerprint:
        raise KeyReused(key=key)
    answer = _answer(row[1], bytes(row[2]))
    answer["Idempotency-Replayed"] = "true"
    return answer


def _body(data: Any) -> bytes:
    if isinstance(data, Schema):
        data = data.model_dump(mode="json", by_alias=True)
    return orjson.dumps(data, default=_default, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def _default(value: object) -> object:
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, Schema) else str(value)


def _answer(status: int, body: bytes) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")


def encode_cursor(*values: object) -> str:
    """An opaque page mark from the sort values of the last row shown."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The sort values of a page mark; raises `BadCursor` when it was not ours."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if not isinstance(values, list) or len(values) != length:
        raise BadCursor
    return values
