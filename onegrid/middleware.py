"""What wraps every request: one state of the city, refusals as problem documents, the content policy."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from onegrid.kernel import http, stamps
from onegrid.kernel.refusals import MethodNotAllowed

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


class MethodsMiddleware:
    """A method that an address of the API does not take is refused like everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not request.path.startswith("/api/"):
            return answer
        allowed = answer.get("Allow", "")
        refused = http.problem(MethodNotAllowed(method=request.method, allowed=allowed))
        refused["Allow"] = allowed
        return refused
