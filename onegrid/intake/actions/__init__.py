"""Writes of intake: receiving, the desk's decisions, imports, answers."""

from onegrid.intake.actions.answers import (
    alert_duty_rooms,
    forget_answers,
    mark_answered,
    tell_rejected,
    tell_reporters,
    tell_taken_up,
)
from onegrid.intake.actions.channels import set_channel_policy
from onegrid.intake.actions.contact import reveal_contact
from onegrid.intake.actions.imports import run_import, start_import
from onegrid.intake.actions.learning import adopt
from onegrid.intake.actions.pool import assign, onboard, reject, unmerge
from onegrid.intake.actions.rating import rate
from onegrid.intake.actions.receiving import receive

__all__ = [
    "adopt",
    "alert_duty_rooms",
    "assign",
    "forget_answers",
    "mark_answered",
    "onboard",
    "rate",
    "receive",
    "reject",
    "reveal_contact",
    "run_import",
    "set_channel_policy",
    "start_import",
    "tell_rejected",
    "tell_reporters",
    "tell_taken_up",
    "unmerge",
]
