"""Tasks beside the flow."""

from django.db import models
from django.db.models import Q


class Task(models.Model):
    """A co-sign task, follow-up, instruction or supervision card; `key` is department, name or colour."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    key = models.TextField(blank=True)
    post_id = models.UUIDField()
    text = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    receive_by = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    status = models.TextField()
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    reports = models.SmallIntegerField()
    alarm_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_task"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"],
                name="cases_one_cosign_per_unit",
                condition=Q(status="open", kind="cosign"),
            ),
            models.CheckConstraint(
                name="cases_task_ends_once",
                condition=Q(status="open", done_at__isnull=True)
                | Q(status__in=["done", "closed", "void"], done_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "opened_at"], name="cases_task_case"),
            models.Index(fields=["post_id", "due_at"], name="cases_task_post", condition=Q(status="open")),
            models.Index(fields=["alarm_at"], name="cases_task_alarm", condition=Q(alarm_at__isnull=False)),
        ]
