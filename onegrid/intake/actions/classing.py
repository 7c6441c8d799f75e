"""What a report is about: class, scenario, urgency; and whether it may open a case by itself."""

from collections.abc import Sequence
from datetime import datetime

from onegrid.intake.actions.incoming import Incoming
from onegrid.intake.actions.placing import Policies
from onegrid.intake.queries import classing
from onegrid.intake.queries.classing import Asked
from onegrid.intake.rules import reasons
from onegrid.intake.rules.classify import faulty_answers
from onegrid.intake.rules.policy import Route
from onegrid.kernel.ids import ClassCode, GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Source, VersionInfo


def classify(incoming: Sequence[Incoming], *, now: datetime) -> None:
    """Set class, scenario and urgency; a class that cannot be told makes the report wait."""
    tree = scenarios.classes()
    asked = [
        Asked(each.report, each.grid_code or "", lng, lat, each.at)
        for each in incoming
        for lng, lat in [each.place]
    ]
    for each, told in zip(incoming, classing.told(asked), strict=True):
        classed, each.suggestion = told.classed, told.suggestion
        each.class_code = classed.code
        listed = tree.get(classed.code) if classed.code is not None else None
        each.is_urgent = bool(each.threats) or (listed is not None and listed.life_threatening)
        if listed is None:
            each.waits = each.waits or classed.doubt
        elif each.grid_code is not None:
            found = scenario_of(ClassCode(listed.code), each.grid_code, now=now)
            each.version = found if isinstance(found, VersionInfo) else None
            each.waits = each.waits or (found if isinstance(found, Refusal) else _faulty_form(each))


def _faulty_form(each: Incoming) -> Refusal | None:
    report = each.report
    if not report.form or each.version is None or each.class_code is None:
        return None
    facts = facts_of(report.channel.value, report.source, each.class_code)
    problems = list(faulty_answers(report.form, each.version, facts).values())
    if not problems:
        return None
    return reasons.FormInvalid(count=len(problems), first=problems[0].zh)


def facts_of(channel: str, source: Source | None, class_code: str) -> dict[str, object]:
    """What the conditions of a registration form may ask about a report."""
    return {"channel": channel, "source": source, "class": class_code}


def scenario_of(class_code: ClassCode, grid_code: GridCode, *, now: datetime) -> VersionInfo | Refusal:
    """The live scenario of a class in a town, or the reason why none can take it."""
    version = scenarios.live(now).for_class(class_code, grid_code[:9])
    if version is None:
        return reasons.NoScenario(class_name=scenarios.classes().get(class_code).name.zh)
    return version


def decide_routes(incoming: Sequence[Incoming], policies: Policies) -> None:
    """Let a desk look first where the channel asks for it; a danger to life never waits for that."""
    for each in incoming:
        channel = each.report.channel
        if policies[channel].route is Route.POOL and not each.is_urgent:
            each.waits = each.waits or reasons.VerifyFirst(channel=channel.zh)
