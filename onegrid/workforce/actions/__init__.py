"""Writes of the workforce, by subject."""

from onegrid.workforce.actions.appointments import NewAppointment, appoint, end_appointments
from onegrid.workforce.actions.delegations import NewDelegation, delegate, end_delegation
from onegrid.workforce.actions.imports import Imported, import_roster
from onegrid.workforce.actions.posts import (
    NewPost,
    close_posts,
    create_posts,
    set_duties,
    set_responsibilities,
)
from onegrid.workforce.actions.starter import load_starter
from onegrid.workforce.actions.units import NewUnit, create_units, set_categories
from onegrid.workforce.actions.workers import NewWorker, change_worker, create_workers

__all__ = [
    "Imported",
    "NewAppointment",
    "NewDelegation",
    "NewPost",
    "NewUnit",
    "NewWorker",
    "appoint",
    "change_worker",
    "close_posts",
    "create_posts",
    "create_units",
    "create_workers",
    "delegate",
    "end_appointments",
    "end_delegation",
    "import_roster",
    "load_starter",
    "set_categories",
    "set_duties",
    "set_responsibilities",
]
