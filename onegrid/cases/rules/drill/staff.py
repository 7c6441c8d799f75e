"""The posts of a drill as queues, and the people behind them: who holds several posts is one person."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from onegrid.kernel.ids import PostId

if TYPE_CHECKING:
    from onegrid.cases.rules.drill.going import Going


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post as the report names it, and who may act in it."""

    post_id: PostId
    key: str
    title: str
    role: str
    territory: str
    people: tuple[str, ...]


class Job:
    """A piece of work for one post. Office times in microseconds; `task` is None for the stage itself."""

    __slots__ = ("begun", "desk", "going", "gone", "order", "person", "ready", "task", "work")

    def __init__(self, desk: "Desk", going: "Going", task: UUID | None, work: int) -> None:
        self.desk, self.going, self.task, self.work = desk, going, task, work
        self.order, self.ready, self.begun = 0, 0, -1
        self.person: Person | None = None
        self.gone = False  # nobody needs it any more


class Person:
    """Somebody who works one thing after the other, for all posts that he may act in."""

    __slots__ = ("busy", "desks", "job", "key")

    def __init__(self, key: str) -> None:
        self.key = key
        self.desks: list[Desk] = []
        self.job: Job | None = None
        self.busy = 0


class Desk:
    """One post: its queue in the order of arrival, its people, and what became of its work."""

    __slots__ = ("busy", "card", "done", "longest", "most", "people", "queue", "waited", "waiting")

    def __init__(self, card: PostCard) -> None:
        self.card = card
        self.people: list[Person] = []
        self.queue: deque[Job] = deque()
        self.waiting, self.most, self.done = 0, 0, 0
        self.busy, self.waited, self.longest = 0, 0, 0

    def idle(self) -> Person | None:
        """Somebody with nothing to do, the first one of the post first."""
        for person in self.people:
            if person.job is None:
                return person
        return None

    def first(self) -> Job | None:
        """The longest waiting job that is still needed."""
        queue = self.queue
        while queue and queue[0].gone:
            queue.popleft()
        return queue[0] if queue else None


class Staff:
    """All posts of the drill with their people, by id."""

    def __init__(self, cards: Iterable[PostCard]) -> None:
        self.desks: Mapping[PostId, Desk] = {card.post_id: Desk(card) for card in cards}
        self.people: dict[str, Person] = {}
        self._order = 0
        for desk in self.desks.values():
            for key in desk.card.people:
                person = self.people.setdefault(key, Person(key))
                desk.people.append(person)
                person.desks.append(desk)

    def arrive(self, job: Job, office: int, *, urgent: bool = False) -> Person | None:
        """Put a job into its post's queue, an urgent one before all; returns who begins it at once."""
        self._order += 1
        job.order, job.ready = -self._order if urgent else self._order, office
        desk = job.desk
        if urgent:
            desk.queue.appendleft(job)
        else:
            desk.queue.append(job)
        desk.waiting += 1
        desk.most = max(desk.most, desk.waiting)
        return desk.idle()

    def next_for(self, person: Person) -> Job | None:
        """What the person does next: whatever has waited longest at any of his posts."""
        found: Job | None = None
        for desk in person.desks:
            job = desk.first()
            if job is not None and (found is None or job.order < found.order):
                found = job
        return found

    def begin(self, person: Person, job: Job, office: int) -> None:
        """The person takes the job out of its queue."""
        desk = job.desk
        assert desk.first() is job
        desk.queue.popleft()
        desk.waiting -= 1
        waited = office - job.ready
        desk.waited += waited
        desk.longest = max(desk.longest, waited)
        job.begun, job.person, person.job = office, person, job

    def finish(self, person: Person, office: int) -> Job:
        """The person has done his job and is free."""
        job = person.job
        assert job is not None
        spent = office - job.begun
        person.job = None
        person.busy += spent
        job.desk.busy += spent
        job.desk.done += 1
        return job

    def drop(self, job: Job) -> None:
        """Nobody needs the job any more; who is at it finishes what he has begun."""
        if not job.gone:
            job.gone = True
            if job.begun < 0:
                job.desk.waiting -= 1


def with_more(cards: Sequence[PostCard], role: str, code: str) -> list[PostCard]:
    """The same posts, with one more person in each post of this role whose territory begins with the code."""
    return [
        card
        if card.role != role or not card.territory.startswith(code)
        else PostCard(
            card.post_id, card.key, card.title, card.role, card.territory,
            (*card.people, f"{card.key}/one-more"),
        )
        for card in cards
    ]  # fmt: skip
