"""Who listens to whom, and what the worker does by itself: the only place that knows both sides."""

from collections.abc import Callable
from functools import partial

from django.db import close_old_connections
from procrastinate import App

from onegrid.accounts import actions as signing
from onegrid.accounts import queries as accounts
from onegrid.accounts.tasks import forget_ended_sessions
from onegrid.cases import events as cases
from onegrid.cases import queries as running
from onegrid.cases.actions.telling import tell_posts
from onegrid.cases.tasks import escalate, start_ordered_drills
from onegrid.intake import actions as intake
from onegrid.intake import events as reports
from onegrid.intake.tasks import run_waiting_imports, watch_hotspots
from onegrid.kernel import actions as kernel
from onegrid.kernel import clock, http, outbox, seals
from onegrid.scenarios import actions as drafting
from onegrid.scenarios import events as projects
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.tasks import retire_run_out
from onegrid.territory import events as territory
from onegrid.workforce import events as posts
from onegrid.workforce import queries as workforce

# What each case event means to contexts above cases; posts are told of every one.
TO_INTAKE: dict[type[cases.CaseEvent], tuple[Callable[..., None], ...]] = {
    cases.CaseClosed: (intake.mark_answered, intake.lapse_void, intake.end_matters),
    cases.CaseMerged: (intake.lapse_merged, intake.end_matters),
    cases.CaseMoved: (intake.wake_matters,),
    cases.CaseTold: (intake.tell_reporters,),
    cases.CaseErased: (intake.forget_answers,),
}
# Kept for whoever keeps counters and pictures; the caches behind them follow their stamps.
UNHEARD = (
    territory.GridsReplaced, posts.PostFilled, posts.PostVacated, posts.PostClosed, posts.PostDelegated,
    posts.DelegationEnded, posts.DutyChanged,
)  # fmt: skip

# Name, cron with the seconds as sixth field, what to run.
PERIODIC: tuple[tuple[str, str, Callable[[], object]], ...] = (
    ("escalate", "* * * * * */20", escalate),
    ("run-imports", "* * * * * */5", lambda: run_waiting_imports(now=clock.now())),
    ("hold-drills", "* * * * * */5", start_ordered_drills),
    ("seal-record", "10 0 * * * 30", lambda: seals.seal(now=clock.now())),
    ("watch-hotspots", "*/5 * * * * 35", watch_hotspots),
    ("retire-run-out", "*/5 * * * * 50", retire_run_out),
    ("lapse-proposals", "37 * * * * 0", lambda: intake.lapse_run_out(now=clock.now())),
    ("forget-sessions", "17 * * * * 0", forget_ended_sessions),
    ("forget-marks", "37 * * * * 0", lambda: intake.forget_marks(now=clock.now())),
    ("forget-matters", "47 * * * * 0", lambda: intake.forget_matters(now=clock.now())),
    ("forget-keys", "27 3 * * * 0", lambda: kernel.forget_idempotency_keys(now=clock.now())),
)


def connect(tasks: App) -> None:
    """Plug the contexts together; called once per process when Django is ready."""
    http.set_authenticator(signing.authenticate)
    accounts.set_standings(workforce.standings)
    workforce.set_requirements(scenarios.requirements)
    scenarios.set_running_cases(running.count_running)
    seals.HEAD_SOURCES.update(
        case="SELECT id AS subject_id, trail_seq AS seq, trail_digest AS digest FROM cases_case",
        grid="SELECT id AS subject_id, trail_seq AS seq, trail_digest AS digest FROM territory_grid",
    )
    for event in cases.ALL:
        outbox.route(event, tell_posts, *TO_INTAKE.get(event, ()))
    outbox.route(reports.LifeThreatReported, intake.alert_duty_rooms)
    outbox.route(reports.ReportTakenUp, intake.tell_taken_up)
    outbox.route(reports.ReportRejected, intake.tell_rejected)
    outbox.route(projects.ProjectMoved, drafting.tell_project_moved)
    for hotspot in (reports.HotspotBegan, reports.HotspotGrew, reports.HotspotEnded):
        outbox.route(hotspot, intake.tell_of_hotspots)
    for unheard in UNHEARD:
        outbox.route(unheard)
    for name, cron, work in PERIODIC:
        task = tasks.task(name=name, queueing_lock=name, lock=name, pass_context=False)(partial(_run, work))
        tasks.periodic(cron=cron, periodic_id=name)(task)


def _run(work: Callable[[], object], timestamp: int) -> None:
    """One periodic run on a connection that is not older than its server."""
    close_old_connections()
    work()
