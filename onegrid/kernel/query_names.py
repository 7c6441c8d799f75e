"""Which names the query of an address may carry: an unknown one is refused, never silently ignored.

A misspelt filter that is ignored answers with more than was asked for, and nobody notices."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from ninja import NinjaAPI

from onegrid.kernel.refusals import Refusal

Run = Callable[..., HttpResponseBase]


class UnknownParameter(Refusal):
    status = 422
    code = "kernel.unknown-parameter"
    zh = "没有这个查询参数：{names}。这个地址可用的参数：{known}。请核对拼写。"
    en = "No such query parameter: {names}. This address knows {known_en}; check the spelling."


def note_names(api: NinjaAPI) -> None:
    """Let every request of this API know which query names its operation declares."""
    api.add_decorator(_noting, mode="view")


def _noting(run: Run) -> Run:
    operation: Any = run.__self__  # type: ignore[attr-defined]  # ninja decorates the bound method
    known = frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )

    @wraps(run)
    def noted(request: HttpRequest, **path: Any) -> HttpResponseBase:
        request.query_names = known  # type: ignore[attr-defined]
        return run(request, **path)

    return noted


def refuse_unknown(request: HttpRequest) -> None:
    """Raise UnknownParameter where the query carries a name that its operation does not declare."""
    known: frozenset[str] = getattr(request, "query_names", frozenset(request.GET))
    unknown = sorted(set(request.GET) - known)
    if unknown:
        there_are = sorted(known)
        raise UnknownParameter(
            names="、".join(unknown),
            known="、".join(there_are) or "无",
            known_en=", ".join(there_are) or "none",
        )
