"""What wraps every request: data stamps are read at most once in it; pages get their content policy."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from onegrid.kernel import stamps
from onegrid.kernel.http import CONTENT_POLICY


class PagePolicyMiddleware(CSPMiddleware):
    """The content policy of pages; an answer that carries its own (the API's data) keeps that one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if CONTENT_POLICY in response else super().process_response(request, response)


class StampsMiddleware:
    """One request sees one state of territory, duty list and scenarios, for one small query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with stamps.pinned():
            return self.get_response(request)
