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
from onegrid.intake.actions.deciding import confirm, refuse
from onegrid.intake.actions.filtering import end_matters, forget_matters, wake_matters
from onegrid.intake.actions.holding import forget_marks
from onegrid.intake.actions.hotspots import load_earlier, watch
from onegrid.intake.actions.imports import run_import, start_import
from onegrid.intake.actions.learning import adopt
from onegrid.intake.actions.matching import learn_matching, made_up_lesson
from onegrid.intake.actions.pointing import tell_of_hotspots
from onegrid.intake.actions.pool import assign, onboard, reject, unmerge
from onegrid.intake.actions.proposing import lapse_merged, lapse_run_out, lapse_void, propose
from onegrid.intake.actions.rating import rate
from onegrid.intake.actions.receiving import receive

__all__ = [
    "adopt",
    "alert_duty_rooms",
    "assign",
    "confirm",
    "end_matters",
    "forget_answers",
    "forget_marks",
    "forget_matters",
    "lapse_merged",
    "lapse_run_out",
    "lapse_void",
    "learn_matching",
    "load_earlier",
    "made_up_lesson",
    "mark_answered",
    "onboard",
    "propose",
    "rate",
    "receive",
    "refuse",
    "reject",
    "reveal_contact",
    "run_import",
    "set_channel_policy",
    "start_import",
    "tell_of_hotspots",
    "tell_rejected",
    "tell_reporters",
    "tell_taken_up",
    "unmerge",
    "wake_matters",
    "watch",
]
