"""What wraps every request: data stamps are read at most once in it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from onegrid.kernel import stamps


class StampsMiddleware:
    """One request sees one state of territory, duty list and scenarios, for one small query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with stamps.pinned():
            return self.get_response(request)
