"""Which class a batch of reports belongs to: the sender's, else that of its words, else the model's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onegrid.intake.queries import models, settings
from onegrid.intake.rules.classify import Classed
from onegrid.intake.rules.learned.model import LearnedClassifier
from onegrid.intake.rules.learned.samples import Sample
from onegrid.intake.rules.reports import ReportIn
from onegrid.intake.rules.suggestions import Suggestion, suggested, with_suggestion
from onegrid.intake.rules.threats import threats_in
from onegrid.kernel.stamps import Cached
from onegrid.scenarios import queries as scenarios


@dataclass(frozen=True, slots=True)
class Asked:
    """A report with what is known of its place: grid "" unknown, no coordinate unless it is relied on."""

    report: ReportIn
    grid_code: str
    lng: float | None
    lat: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The class of a report; `suggestion`: where the model was asked."""

    classed: Classed
    suggestion: Suggestion | None = None


def _load() -> LearnedClassifier | None:
    model = models.active("classes")
    return None if model is None else LearnedClassifier.read(model)


_learned = Cached(models.STAMP, _load)


def learned() -> LearnedClassifier | None:
    """The learned classifier in use, if any, loaded again when another is adopted."""
    return _learned.get()


def told(asked: Sequence[Asked]) -> list[Told]:
    """Class the whole batch; the model is asked only about those that nothing else classes."""
    classifier = settings.classifier()
    known = [Told(classifier.classify(each.report)) for each in asked]
    unknown = [nth for nth, each in enumerate(known) if each.classed.code is None]
    model = learned() if unknown else None
    if model is None:
        return known
    classes = scenarios.classes()
    answers = model.tell([sample_of(asked[nth]) for nth in unknown])
    for nth, answer in zip(unknown, answers, strict=True):
        report = asked[nth].report
        may_decide = not report.class_code and not threats_in(report.text)
        suggestion = suggested(model.version, answer, classes=classes, may_decide=may_decide)
        known[nth] = Told(with_suggestion(known[nth].classed, suggestion), suggestion)
    return known


def sample_of(asked: Asked) -> Sample:
    """What the model sees of a report."""
    report = asked.report
    return Sample(
        text=report.text,
        named=report.class_code or "",
        channel=report.channel.value,
        town=asked.grid_code[:9],
        grid=asked.grid_code,
        place=report.place_text,
        lng=asked.lng,
        lat=asked.lat,
        at=asked.at,
    )
