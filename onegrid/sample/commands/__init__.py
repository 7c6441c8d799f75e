"""Commands of the sample, by subject."""

from onegrid.sample.commands.city import app, play, prepare, show
from onegrid.sample.commands.replay import replay_app

__all__ = ["app", "play", "prepare", "replay_app", "show"]
