"""What wraps every request: stamps are read at most once in it; pages and data get their content policy."""

from collections.abc import Callable
from typing import Final

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from onegrid.kernel import stamps

DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class ContentPolicyMiddleware(CSPMiddleware):
    """Pages get the content policy of the settings; data, which nobody may run or frame, the strictest."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(("application/json", "application/problem+json")):
            response["Content-Security-Policy"] = DATA_POLICY
            return response
        return super().process_response(request, response)


class StampsMiddleware:
    """One request sees one state of territory, duty list and scenarios, for one small query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with stamps.pinned():
            return self.get_response(request)
