"""Tables of the kernel: trail, seals, outbox, failed deliveries, stamps, idempotency, calendar."""

from django.db import models


class TrailRow(models.Model):
    """One step on record. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.UUIDField()
    seq = models.IntegerField()
    subject_kind = models.TextField()
    verb = models.TextField()
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    by_label = models.TextField()
    body = models.TextField()  # JSON text, byte for byte what was hashed
    recorded_at = models.DateTimeField()
    digest = models.BinaryField()

    class Meta:
        db_table = "kernel_trail"
        indexes = [models.Index(fields=["recorded_at"], name="kernel_trail_recorded")]


class Seal(models.Model):
    """A daily seal over the chain heads that moved since the seal before it."""

    number = models.IntegerField(primary_key=True)
    sealed_until = models.DateTimeField()
    heads = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        db_table = "kernel_seal"


class SealedHead(models.Model):
    """The head of one chain as a seal found it."""

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.UUIDField()
    seq = models.IntegerField()
    digest = models.BinaryField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "kernel_sealed_head"


class OutboxEvent(models.Model):
    """An event waiting for the worker."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    topic = models.TextField()
    payload = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "kernel_outbox"


class FailedDelivery(models.Model):
    """An event that one listener has not taken yet: retried later, or dead after ten times."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    listener = models.TextField()
    topic = models.TextField()
    payload = models.TextField()
    at = models.DateTimeField()
    attempts = models.IntegerField()
    next_at = models.DateTimeField(null=True)  # null: dead
    error = models.TextField()

    class Meta:
        db_table = "kernel_failed_delivery"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "listener"], name="kernel_delivery_once"),
        ]
        indexes = [models.Index(fields=["next_at"], name="kernel_delivery_next")]


class Stamp(models.Model):
    """The present version of slow-changing data (see stamps.py)."""

    name = models.TextField(primary_key=True)
    value = models.BigIntegerField()

    class Meta:
        db_table = "kernel_stamp"


class IdempotencyKey(models.Model):
    """The answer already given to a write, kept to be given again."""

    pk = models.CompositePrimaryKey("account_id", "key")
    account_id = models.UUIDField()
    key = models.TextField()
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "kernel_idempotency"
        indexes = [models.Index(fields=["at"], name="kernel_idempotency_at")]


class CalendarDay(models.Model):
    """One day of the office calendar that differs from Monday-to-Friday: holiday or make-up day."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.TextField(blank=True)

    class Meta:
        db_table = "kernel_calendar_day"


class OfficeHours(models.Model):
    """The office hours from one day of the year on, as a list of HH:MM-HH:MM (seasons)."""

    season_from = models.TextField(primary_key=True)  # MM-DD
    periods = models.TextField()  # "08:00-12:00 14:30-17:30"

    class Meta:
        db_table = "kernel_office_hours"
