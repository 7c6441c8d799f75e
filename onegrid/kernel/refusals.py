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
    zh = "请求无法读取：{reason}"
    en = "The request cannot be read: {reason}"
