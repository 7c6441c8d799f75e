"""Tasks beside the flow in a drill: card replies before all else, follow-up reports at half their time."""

from collections.abc import Iterable

from onegrid.cases.rules import commands as do
from onegrid.cases.rules.change import Asker, Change
from onegrid.cases.rules.drill.book import Book
from onegrid.cases.rules.drill.chance import draw
from onegrid.cases.rules.drill.clockwork import Clockwork, Wanted
from onegrid.cases.rules.drill.deeds import Deeds, given
from onegrid.cases.rules.drill.going import Going
from onegrid.cases.rules.drill.road import Road
from onegrid.cases.rules.drill.setting import Habits
from onegrid.cases.rules.drill.staff import Job
from onegrid.cases.rules.drill.tallies import Tally
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.state import Task, TaskKind, TaskStatus
from onegrid.kernel.refusals import Refusal
from onegrid.kernel.stepping import moment, ticks

DONE_ZH = "已按职责办理。"
_AT_ONCE = frozenset({TaskKind.COSIGN, TaskKind.CARD})
_TASK_DRAWS = 1 << 20  # draws for tasks lie beyond those for stages


class Beside:
    """Gives tasks to their posts, and takes what they report."""

    def __init__(self, works: Clockwork, road: Road, deeds: Deeds, habits: Habits, book: Book) -> None:
        self._works, self._road, self._deeds, self._habits, self._book = works, road, deeds, habits, book

    def touched(self, going: Going, tasks: Iterable[Task], now: int) -> None:
        """Begin tasks that were opened or renewed, drop the work on those that ended."""
        for task in tasks:
            job = going.tasks.pop(task.id, None)
            if job is not None:
                self._works.staff.drop(job)
            if task.status is not TaskStatus.OPEN:
                continue
            if task.kind in _AT_ONCE:
                self._give(going, task, now)
            elif task.kind is TaskKind.FOLLOW_UP and task.due_at is not None:
                self._works.put((now + ticks(task.due_at)) // 2, Wanted(going, task.id))

    def wanted(self, wanted: Wanted, now: int) -> None:
        """The time for a follow-up report has come, if the task still stands and nobody is at it."""
        task = _open(wanted.going, wanted.task)
        if task is not None and task.id not in wanted.going.tasks:
            self._give(wanted.going, task, now)

    def _give(self, going: Going, task: Task, now: int) -> None:
        going.draws += 1
        seconds = self._habits.tasks[task.kind].at(draw(going.key, _TASK_DRAWS + going.draws))
        job = Job(self._works.staff.desks[task.post_id], going, task.id, max(1, int(seconds * 1e6)))
        going.tasks[task.id] = job
        self._works.queue(job, now, urgent=task.kind is TaskKind.CARD)

    def done(self, job: Job, now: int) -> Task | None:
        """The task's post reports by the rules; the task that was done, None where it was refused."""
        going = job.going
        assert job.task is not None
        going.tasks.pop(job.task, None)
        task = _open(going, job.task)
        if task is None:
            return None
        try:
            change = self._reported(going, task, now)
        except Refusal as refusal:
            self._road.counts.refused[refusal.code] += 1
            return None
        waited, counts = self._book.tasks.setdefault(task.kind, (Tally(), [0, 0]))
        waited.add((job.begun - job.ready) / 1e6)
        counts[0] += 1
        counts[1] += task.due_at is not None and moment(now) > task.due_at
        self._road.stand(going, change.state, now)
        self.touched(going, change.tasks, now)
        return task

    def _reported(self, going: Going, task: Task, now: int) -> Change:
        case, ground = self._road.whole(going), self._road.ground
        post = self._road.asker(task.post_id, moment(now))
        command: do.Command = do.ReplyCard(case_id=case.id, task_id=task.id, text=DONE_ZH)
        papers: tuple[tuple[str, str], ...] = ()
        if task.kind is TaskKind.COSIGN:
            joint = ground.stage(case.stage).joint
            form: dict[str, object] = {}
            if joint is not None:
                form, papers = self._deeds.report(joint.form, joint.needs, case, nth=going.draws, now=post.at)
            command = do.Cosign(case_id=case.id, task_id=task.id, result=DONE_ZH, form=form)
        elif task.kind is TaskKind.FOLLOW_UP:
            rule = ground.definition.follow_ups[task.key]
            form, papers = self._deeds.report(rule.form, rule.evidence, case, nth=going.draws, now=post.at)
            command = do.ReportFollowUp(case_id=case.id, task_id=task.id, form=form, text=DONE_ZH)
        asker = Asker(post.by, None, post.at, given(papers))
        self._road.counts.asked += 1
        return decide(case, command, asker, ground)


def _open(going: Going, task_id: object) -> Task | None:
    if going.state is None:
        return None
    return next((task for task in going.state.tasks if task.id == task_id), None)
