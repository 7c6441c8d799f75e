"""The agenda of the joint conference."""

from django.db import models
from django.db.models import Q


class AgendaItem(models.Model):
    """A case before the conference: since when and why, and what was decided. One open item per case."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    since = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    handler = models.UUIDField(null=True)

    class Meta:
        db_table = "cases_agenda"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="cases_agenda_once", condition=Q(decided_at__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_agenda_decided_with_minutes",
                condition=Q(decided_at__isnull=True, minutes="")
                | (Q(decided_at__isnull=False) & ~Q(minutes="")),
            ),
        ]
        indexes = [models.Index(fields=["since"], name="cases_agenda_since")]
