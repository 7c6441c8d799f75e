"""Builds the sample city and plays its day."""

from onegrid.sample.actions.building import FOUNDED, SEED, Built, build
from onegrid.sample.actions.playing import Player, planned_day, play_day

__all__ = ["FOUNDED", "SEED", "Built", "Player", "build", "planned_day", "play_day"]
