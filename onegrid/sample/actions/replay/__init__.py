"""Replays a city's own past cases through the road of a report: the city is founded, fed, and measured."""

from onegrid.sample.actions.replay.database import recreate_database
from onegrid.sample.actions.replay.running import Order, Replayed, Watch, replay

__all__ = ["Order", "Replayed", "Watch", "recreate_database", "replay"]
