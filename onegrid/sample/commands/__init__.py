"""Commands of sample, by subject."""

from onegrid.sample.commands.replay import replay_app

__all__ = ["replay_app"]
