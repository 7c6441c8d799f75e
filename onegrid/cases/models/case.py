"""The case table. One row holds one stage, one owner and one clock: its constraints allow nothing else."""

from django.db import models
from django.db.models import Q

LIVE = Q(phase__in=["open", "held"])


class Case(models.Model):
    """A running or ended case. JSON is text, written and read in rows.py."""

    id = models.UUIDField(primary_key=True)
    trail_seq = models.IntegerField()
    trail_digest = models.BinaryField()
    number = models.TextField(unique=True)
    scenario = models.TextField()
    version_id = models.UUIDField()
    class_code = models.TextField(db_collation="C")
    grid_code = models.TextField(db_collation="C")
    town = models.TextField(db_collation="C")
    unit = models.TextField(blank=True)
    title = models.TextField()
    description = models.TextField(blank=True)
    place_text = models.TextField(blank=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)
    channel = models.TextField()
    source = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    promised_due = models.DateTimeField(null=True)
    phase = models.TextField()
    stage = models.TextField()
    owner = models.UUIDField(null=True)
    sender = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    clock_limit = models.TextField()
    due_at = models.DateTimeField(null=True)
    held_left = models.FloatField(null=True)
    urgency = models.SmallIntegerField()
    report_count = models.IntegerField()
    returns = models.SmallIntegerField()
    ruled = models.BooleanField()
    extensions = models.SmallIntegerField()
    holds = models.SmallIntegerField()
    reworks = models.SmallIntegerField()
    late_stages = models.SmallIntegerField()
    urged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    rating = models.TextField(blank=True)
    merged_into = models.UUIDField(null=True)
    repeat_of = models.UUIDField(null=True)  # the ended case whose matter came back with this one
    repeated_at = models.DateTimeField(null=True)  # when the matter of this ended case came back
    linked_to = models.UUIDField(null=True)  # the case out of which it was opened
    approver = models.UUIDField(null=True)
    detail = models.TextField()
    answers = models.TextField()
    alarm_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    open_tasks = models.SmallIntegerField()

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(
                name="cases_one_owner_one_clock",
                condition=(
                    Q(phase="open", owner__isnull=False, due_at__isnull=False, held_left__isnull=True)
                    | Q(phase="held", owner__isnull=False, due_at__isnull=True, held_left__isnull=False)
                    | Q(phase__in=["closed", "void", "merged"], owner__isnull=True, closed_at__isnull=False)
                ),
            ),
            models.CheckConstraint(name="cases_live_not_closed", condition=~LIVE | Q(closed_at__isnull=True)),
            models.CheckConstraint(name="cases_has_stage", condition=~Q(stage="")),
            models.CheckConstraint(name="cases_urgency", condition=Q(urgency__range=(1, 3))),
            models.CheckConstraint(name="cases_counts_reports", condition=Q(report_count__gte=1)),
            models.CheckConstraint(
                name="cases_merged_into_another",
                condition=(
                    Q(phase="merged", merged_into__isnull=False)
                    | (~Q(phase="merged") & Q(merged_into__isnull=True))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["town", "due_at", "id"], name="cases_town_due", condition=Q(phase="open")),
            models.Index(fields=["town", "opened_at", "id"], name="cases_town_opened"),
            models.Index(fields=["due_at", "id"], name="cases_due", condition=Q(phase="open")),
            models.Index(fields=["opened_at", "id"], name="cases_opened"),
            models.Index(
                fields=["owner", "due_at", "id"], name="cases_owner", condition=Q(owner__isnull=False)
            ),
            models.Index(fields=["unit", "opened_at", "id"], name="cases_unit", condition=~Q(unit="")),
            models.Index(fields=["alarm_at"], name="cases_alarm", condition=Q(alarm_at__isnull=False)),
            models.Index(fields=["approver"], name="cases_approver", condition=Q(approver__isnull=False)),
            models.Index(fields=["linked_to"], name="cases_linked", condition=Q(linked_to__isnull=False)),
            models.Index(fields=["repeat_of"], name="cases_repeat_of", condition=Q(repeat_of__isnull=False)),
            models.Index(fields=["merged_into"], name="cases_merged", condition=Q(merged_into__isnull=False)),
        ]


class NumberDay(models.Model):
    """Where the running sequence stood when the day's first case was numbered."""

    day = models.DateField(primary_key=True)
    base = models.BigIntegerField()

    class Meta:
        db_table = "cases_number_day"
