"""Refusals: what cannot be done is said by name, with a stable code and a sentence for the user."""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """Something a user asked for that a rule forbids. Subclass it once per reason.

    `status` is the HTTP status, `code` the stable name that programs may rely on
    (`context.reason`), `zh` and `en` the sentence shown, with `{names}` of the parameters;
    the sentence says what is wrong, where, and how to mend it."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "kernel.refused"
    zh: ClassVar[str] = "无法办理。"
    en: ClassVar[str] = "This cannot be done."

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params: Mapping[str, object] = params

    def message(self, lang: str = "zh") -> str:
        """The sentence in Chinese (default) or English, with the parameters filled in."""
        template = self.en if lang.startswith("en") else self.zh
        return template.format_map(_Forgiving(self.params))

    def __str__(self) -> str:
        return f"{self.code}: {self.message('en')}"


class _Forgiving(dict[str, object]):
    """Leaves an unknown name readable, so that a refusal never hides behind a KeyError."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class NotFound(Refusal):
    """There is no such thing, or the actor's scope does not include it (the two look alike on purpose)."""

    status = 404
    code = "kernel.not-found"
    zh = "没有找到{what}，或不在您的管辖范围内。"
    en = "No such {what}, or it lies outside your territory."


class BadRequest(Refusal):
    """The request itself cannot be read."""

    status = 400
    code = "kernel.bad-request"
    zh = "请求无法读取，请核对内容和格式。"
    en = "The request cannot be read: {reason}"


class NotJson(BadRequest):
    zh = "请求内容不是有效的 JSON，请核对引号、逗号和括号，编码用 UTF-8。"
    en = "The body is no valid JSON: check quotes, commas and brackets; the encoding is UTF-8."


class OutOfRange(BadRequest):
    zh = "请求中有数值超出范围，或含有不能保存的字符（NUL）。"
    en = "A value is out of range, or holds a character that cannot be kept (NUL)."


class MethodNotAllowed(Refusal):
    status = 405
    code = "kernel.method-not-allowed"
    zh = "这个地址不接受 {method} 请求，可以用：{allowed}。接口说明见 /api/docs。"
    en = "This address takes no {method} request, but: {allowed}. /api/docs describes it."
