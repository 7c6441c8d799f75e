"""Who may drill what: the two that draft a scenario, and who keeps a drill with its project."""

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import ProjectId, VersionId
from onegrid.scenarios.models import Project, Version
from onegrid.scenarios.queries.projects import latest, sides
from onegrid.scenarios.rules import VersionInfo, projects
from onegrid.scenarios.rules.project_refusals import NoProject, NotYourProject
from onegrid.scenarios.rules.refusals import NoScenario, NoSuchNumber


def numbered(key: str, number: int) -> VersionInfo:
    """The version of that number, live or not. Raises NoScenario, NoSuchNumber."""
    rows = Version.objects.select_related("scenario").filter(scenario__key=key)
    last = rows.order_by("-number").first()
    if last is None:
        raise NoScenario(key=key)
    found = rows.filter(number=number).first()
    if found is None:
        raise NoSuchNumber(key=key, number=number, last=last.number)
    return found.state(key)


def speaks_for(key: str, *, actor: Actor) -> bool:
    """Whether the actor is of the unit that answers for the scenario, or of the grid office.

    Raises NoProject where nobody ever proposed it."""
    owner = Project.objects.values_list("owner", flat=True).get(id=latest(key))
    return bool(sides(actor, owner))


def check_drill(key: str, *, actor: Actor) -> None:
    """Raise NotYourProject unless the actor may drill this scenario and read its drills, NoProject."""
    if not speaks_for(key, actor=actor):
        raise NotYourProject(
            verb="drill it",
            verb_zh="演练",
            who_zh="牵头单位或市网格办",
            who="the owner unit or the grid office",
        )


def drilled_project(of: ProjectId | VersionId) -> ProjectId:
    """The project of that id, or the newest that built that version. Raises NoProject."""
    row = Project.objects.filter(id=of).first() or (
        Project.objects.filter(version_id=of).order_by("-round").first()
    )
    if row is None:
        raise NoProject(project=of)
    return ProjectId(row.id)


def check_drill_record(version_id: VersionId, *, actor: Actor) -> None:
    """Raise what keeping a drill of the version would: NoProject, NotYourProject, NotPossible."""
    row = Project.objects.get(id=drilled_project(version_id))
    projects.check(row.facts(), "drill", sides(actor, row.owner))
