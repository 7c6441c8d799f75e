"""Writes of territory: load divisions, create, retire, replace and import grids."""

from onegrid.territory.actions.divisions import load_divisions
from onegrid.territory.actions.grids import create_grids, replace_grids, retire_grids

__all__ = ["create_grids", "load_divisions", "replace_grids", "retire_grids"]
