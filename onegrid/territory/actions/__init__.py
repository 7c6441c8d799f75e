"""Writes of territory: load divisions, create, retire, replace and import grids."""

from onegrid.territory.actions.divisions import load_divisions
from onegrid.territory.actions.grids import create_grids, replace_grids, retire_grids
from onegrid.territory.actions.importing import ImportReport, import_grids, replace_from
from onegrid.territory.actions.reading import Boundaries, read_boundaries

__all__ = [
    "Boundaries",
    "ImportReport",
    "create_grids",
    "import_grids",
    "load_divisions",
    "read_boundaries",
    "replace_from",
    "replace_grids",
    "retire_grids",
]
