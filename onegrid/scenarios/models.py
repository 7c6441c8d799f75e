"""Tables of scenarios: versions (never changed), where one is live, projects with drafts, matter classes."""

import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from psycopg.types.json import Json

from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import VersionId
from onegrid.scenarios.rules import Text, VersionInfo
from onegrid.scenarios.rules.class_document import milestones_from
from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, Urgency
from onegrid.scenarios.rules.parsing import stored
from onegrid.scenarios.rules.projects import IN_HAND, Side, State
from onegrid.scenarios.rules.projects import Project as ProjectFacts


class OrderedJSONField(models.JSONField):
    """Data whose order means something: stages, exits and fields stand as their author wrote them.

    PostgreSQL's `json` keeps it; its `jsonb` sorts keys by length."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else Json(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class Scenario(models.Model):
    """A scenario by its key; its id is the subject of the record of what was live when."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(unique=True, db_collation="C")
    prefix = models.TextField(unique=True, db_collation="C")

    class Meta:
        db_table = "scenarios_scenario"
        constraints = [
            models.CheckConstraint(condition=Q(prefix__regex="^[A-Z]{2}$"), name="scenarios_scenario_prefix")
        ]


class Version(models.Model):
    """A version, frozen when it was built: a trigger refuses every change."""

    id = models.UUIDField(primary_key=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    document = OrderedJSONField()  # as read from the file
    source = models.TextField()  # the file itself, comments included
    digest = models.BinaryField()  # SHA-256 of the document
    published_at = models.DateTimeField()
    published_by = models.TextField()

    class Meta:
        db_table = "scenarios_version"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenarios_version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scenarios_version_counts_from_one"),
        ]

    def state(self, key: str) -> VersionInfo:
        """The version as cases follow it."""
        return VersionInfo(VersionId(self.id), key, self.number, stored(self.document), None)


class Project(models.Model):
    """One round of work on a scenario, from its proposal to its end; its id is the subject of its record."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(db_collation="C")
    round = models.IntegerField()
    state = models.TextField()
    owner = models.TextField()  # key of the unit that answers for the scenario
    name_zh = models.TextField()
    name_en = models.TextField()
    need = models.TextField(blank=True)  # why the department asks for it
    installed = models.BooleanField(default=False)  # came ready with the product, without a proposal
    changed_at = models.DateTimeField()
    minutes = models.TextField(blank=True)  # of the joint conference
    minutes_sha = models.TextField(blank=True)  # SHA-256 of the document
    decided_on = models.DateField(null=True)
    draft = models.IntegerField(default=0)  # number of the present draft
    agreed = models.JSONField(default=dict)  # side -> number of the draft it agreed to last
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    resumes_to = models.TextField(null=True)
    running_out = models.BooleanField(default=False)

    class Meta:
        db_table = "scenarios_project"
        constraints = [
            models.UniqueConstraint(fields=["key", "round"], name="scenarios_project_round"),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=sorted(map(str, IN_HAND))),
                name="scenarios_one_project_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(map(str, State))), name="scenarios_project_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["built", "drilled", "trial", "live"]) | Q(version__isnull=False),
                name="scenarios_project_has_version",
            ),
        ]

    def facts(self) -> ProjectFacts:
        """The project as the rules see it."""
        return ProjectFacts(
            state=State(self.state),
            draft=self.draft,
            agreed={Side(side): number for side, number in self.agreed.items()},
            resumes_to=State(self.resumes_to) if self.resumes_to else None,
            running_out=self.running_out,
        )

    def apply(self, after: ProjectFacts) -> None:
        """Take over what a rule decided."""
        self.state = str(after.state)
        self.draft = after.draft
        self.agreed = {str(side): number for side, number in after.agreed.items()}
        self.resumes_to = str(after.resumes_to) if after.resumes_to else None
        self.running_out = after.running_out


class Draft(models.Model):
    """One saved text of a project's draft; saving again makes another, a trigger refuses to change one."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    source = models.TextField()
    remark = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.TextField()

    class Meta:
        db_table = "scenarios_draft"
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="scenarios_draft_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scenarios_draft_counts_from_one"),
        ]


class Drill(models.Model):
    """What a drill of a version predicted; a trigger refuses to change it."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    summary = models.JSONField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "scenarios_drill"


class Activation(models.Model):
    """An order that switches a dormant scenario on, until its last day or until it is ended."""

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    order_number = models.TextField()
    issued_by = models.TextField()
    towns = ArrayField(models.TextField(db_collation="C"), null=True)  # null: wherever it is live
    ends_on = models.DateField()
    until = models.DateTimeField()  # the end of that day in the city
    since = models.DateTimeField()
    by = models.TextField()
    ended_at = models.DateTimeField(null=True)  # early, or by a new order

    class Meta:
        db_table = "scenarios_activation"
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"], condition=Q(ended_at=None), name="scenarios_one_order_at_a_time"
            ),
            models.UniqueConstraint(fields=["scenario", "order_number"], name="scenarios_order_once"),
            models.CheckConstraint(condition=~Q(order_number=""), name="scenarios_order_has_number"),
        ]


class Live(models.Model):
    """The version that new cases follow in a town; an empty town is the whole county.

    A trial lies over what is live, in its towns, until its last day is over."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    town = models.TextField(db_collation="C")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # of a trial

    class Meta:
        db_table = "scenarios_live"
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "town"],
                condition=Q(until=None),
                name="scenarios_live_once_per_town",
            ),
            models.UniqueConstraint(fields=["project", "town"], name="scenarios_tried_once_per_town"),
            models.CheckConstraint(condition=Q(town__regex="^([0-9]{9})?$"), name="scenarios_live_town"),
        ]


class MatterClass(models.Model):
    """One entry of the class dictionary, with only what it says itself."""

    code = models.TextField(primary_key=True, db_collation="C")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    name_zh = models.TextField()
    name_en = models.TextField()
    kind = models.TextField(null=True)
    unit = models.TextField(null=True)
    urgency = models.TextField(null=True)
    life_threatening = models.BooleanField()
    time_limit = models.TextField(null=True)
    milestones = models.JSONField()
    filing_zh = models.TextField(null=True)
    filing_en = models.TextField(null=True)
    closing_zh = models.TextField(null=True)
    closing_en = models.TextField(null=True)
    keywords = ArrayField(models.TextField())

    class Meta:
        db_table = "scenarios_class"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=None) | Q(kind__in=list(map(str, ClassKind))), name="scenarios_class_kind"
            ),
            models.CheckConstraint(
                condition=Q(urgency=None) | Q(urgency__in=list(map(str, Urgency))),
                name="scenarios_class_urgency",
            ),
        ]

    def state(self) -> ClassInfo:
        """The class as the dictionary holds it, nothing inherited yet."""
        return ClassInfo(
            code=self.code,
            name=Text(self.name_zh, self.name_en),
            parent=self.parent_id,
            kind=ClassKind(self.kind) if self.kind else None,
            unit=self.unit,
            urgency=Urgency(self.urgency) if self.urgency else None,
            life_threatening=self.life_threatening,
            limit=Limit.parse(self.time_limit) if self.time_limit else None,
            milestones=milestones_from(self.milestones),
            filing=Text(self.filing_zh, self.filing_en or "") if self.filing_zh else None,
            closing=Text(self.closing_zh, self.closing_en or "") if self.closing_zh else None,
            keywords=tuple(self.keywords),
        )
