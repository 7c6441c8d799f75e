"""Learned models, and what one said of a report."""

from django.db import models
from django.db.models import Q

from onegrid.intake.rules.modelfile import KINDS


class LearnedModel(models.Model):
    """A learned model that a city has adopted; of each kind one at most is in use, none is thrown away."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(db_collation="C")
    version = models.TextField(db_collation="C")
    made_at = models.DateTimeField()
    adopted_at = models.DateTimeField()
    adopted_by_name = models.TextField()
    card = models.JSONField()
    document = models.BinaryField()  # the model file itself
    active = models.BooleanField()

    class Meta:
        db_table = "intake_model"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="intake_model_version"),
            models.UniqueConstraint(fields=["kind"], condition=Q(active=True), name="intake_model_active"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="intake_model_kind"),
        ]


class Suggestion(models.Model):
    """What the learned classifier said of a report that neither its sender nor its words classed."""

    report_id = models.UUIDField(primary_key=True)
    model = models.TextField()  # version
    made_at = models.DateTimeField()
    class_code = models.TextField(db_collation="C")  # what it decided by itself; "" left to a person
    best = models.JSONField()  # target -> the likeliest values with their probabilities

    class Meta:
        db_table = "intake_suggestion"
