"""A drill that somebody ordered, and its report."""

from django.db import models
from django.db.models import Q

from onegrid.cases.rules.drill.ordering import LIVE, DrillState


class DrillOrder(models.Model):
    """One ordered drill. `report` is its whole result as JSON text, in the order of the report; "" before."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(db_collation="C")  # of the scenario
    version_id = models.UUIDField(null=True)  # null: a draft that is only `source`
    number = models.IntegerField()  # of the version; 0 is a draft
    source = models.TextField(default="")
    asked = models.JSONField()
    record = models.BooleanField()  # keep the result with the project
    ordered_by = models.UUIDField(null=True)  # account; null is the installation itself
    ordered_by_name = models.TextField()
    ordered_at = models.DateTimeField()
    state = models.TextField(default=str(DrillState.WAITING))
    progress = models.FloatField(default=0.0)  # share that is played, 0 to 1
    begun = models.IntegerField(default=0)  # how often a process began it
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    report = models.TextField(default="")
    recorded = models.BooleanField(default=False)
    reason = models.TextField(default="")  # why it failed, or why it was not recorded
    reason_zh = models.TextField(default="")
    reason_en = models.TextField(default="")
    findings = models.JSONField(default=list)  # what is not sound, with positions

    class Meta:
        db_table = "cases_drill"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(map(str, DrillState))), name="cases_drill_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=str(DrillState.DONE)) | ~Q(report=""), name="cases_drill_has_report"
            ),
            models.CheckConstraint(
                condition=Q(version_id__isnull=False) | ~Q(source=""), name="cases_drill_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["key", "-id"], name="cases_drill_newest"),
            models.Index(
                fields=["id"], condition=Q(state__in=list(map(str, LIVE))), name="cases_drill_waiting"
            ),
        ]
