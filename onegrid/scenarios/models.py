"""Tables of scenarios: the project, its versions (never changed), where one is live, the matter classes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import VersionId
from onegrid.scenarios.rules import Text, VersionInfo
from onegrid.scenarios.rules.class_document import milestones_from
from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, Urgency
from onegrid.scenarios.rules.parsing import stored


class Scenario(models.Model):
    """A scenario project by its key; its id is also the subject of its record."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(unique=True, db_collation="C")
    prefix = models.TextField(unique=True, db_collation="C")

    class Meta:
        db_table = "scenarios_scenario"
        constraints = [
            models.CheckConstraint(condition=Q(prefix__regex="^[A-Z]{2}$"), name="scenarios_scenario_prefix")
        ]


class Version(models.Model):
    """A published version: a trigger refuses every change."""

    id = models.UUIDField(primary_key=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    document = models.JSONField()  # as read from the file
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

    def state(self, key: str, *, towns: tuple[str, ...] | None) -> VersionInfo:
        """The version as cases follow it."""
        return VersionInfo(VersionId(self.id), key, self.number, stored(self.document), towns)


class Live(models.Model):
    """The version that new cases follow in a town; an empty town is the whole county."""

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    town = models.TextField(db_collation="C")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        db_table = "scenarios_live"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "town"], name="scenarios_live_once_per_town"),
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
