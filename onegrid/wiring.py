"""Who listens to whom, and what the worker does by itself: the only place that knows both sides."""

from importlib import import_module
from importlib.util import find_spec

from procrastinate import App

from onegrid.kernel import http


def connect(app: App) -> None:
    """Plug the contexts together; called once per process when Django is ready."""
    if find_spec("onegrid.accounts.queries"):
        accounts = import_module("onegrid.accounts.queries")
        signing = import_module("onegrid.accounts.actions")
        try:
            http.set_authenticator(signing.authenticate)
            accounts.set_standings(import_module("onegrid.workforce.queries").standings)
        except (ImportError, AttributeError):
            pass
