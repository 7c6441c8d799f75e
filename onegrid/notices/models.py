"""Tables of notices: notices, their deliveries per channel, read marks."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something told to a post, an account or a reporter."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(db_collation="C")  # idempotency
    to_kind = models.TextField()  # post | account | reporter
    recipient = models.UUIDField(null=True)  # the post or the account
    reporter = models.TextField(null=True)
    template = models.TextField()
    params = models.TextField()  # JSON text
    subject_id = models.UUIDField(null=True)
    urgent = models.BooleanField()
    told_at = models.DateTimeField()
    deliver_after = models.DateTimeField()

    class Meta:
        db_table = "notices_notice"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notices_told_once"),
            models.CheckConstraint(
                condition=Q(to_kind__in=["post", "account"], recipient__isnull=False, reporter__isnull=True)
                | Q(to_kind="reporter", recipient__isnull=True, reporter__isnull=False),
                name="notices_one_recipient",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "deliver_after", "id"],
                name="notices_inbox",
                condition=Q(recipient__isnull=False),
            ),
            models.Index(fields=["reporter"], name="notices_reporter", condition=Q(reporter__isnull=False)),
            models.Index(fields=["subject_id"], name="notices_subject"),
        ]


class Delivery(models.Model):
    """How one notice went out over one channel."""

    pk = models.CompositePrimaryKey("notice_id", "channel")
    notice_id = models.UUIDField()
    channel = models.TextField()
    delivered_at = models.DateTimeField()

    class Meta:
        db_table = "notices_delivery"


class ReadMark(models.Model):
    """Somebody has read a notice; several people may hold the post it went to."""

    pk = models.CompositePrimaryKey("account_id", "notice_id")
    account_id = models.UUIDField()
    notice_id = models.UUIDField()
    read_at = models.DateTimeField()

    class Meta:
        db_table = "notices_read"
        indexes = [models.Index(fields=["notice_id"], name="notices_read_notice")]
