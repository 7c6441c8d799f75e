"""Reports, what each channel may do, and what was sent lately."""

from dataclasses import fields

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from onegrid.intake.rules.policy import Limits, Route
from onegrid.intake.rules.reports import Channel, OutcomeKind

CHANNELS = [str(channel) for channel in Channel]
STORED_KINDS = [str(kind) for kind in OutcomeKind if kind is not OutcomeKind.REPEATED]
ON_CASE = [str(OutcomeKind.OPENED), str(OutcomeKind.JOINED)]


class Report(models.Model):
    """One report and what became of it. `holds_key` False: rejected at the door, its key stays free."""

    id = models.UUIDField(primary_key=True)
    channel = models.TextField()
    external_id = models.TextField(db_collation="C")
    holds_key = models.BooleanField()
    fingerprint = models.BinaryField()

    kind = models.TextField()
    reason = models.TextField(default="")
    reason_zh = models.TextField(default="")
    reason_en = models.TextField(default="")
    case_id = models.UUIDField(null=True)
    case_number = models.TextField(default="")
    settled_at = models.DateTimeField()  # when `kind` was decided

    class_code = models.TextField(default="", db_collation="C")  # "" unknown
    class_given = models.TextField(default="")  # as the sender named it
    grid_code = models.TextField(default="", db_collation="C")  # "" unknown
    area_code = models.TextField(db_collation="C")  # whose desk sees it: the grid, else the county
    urgent = models.BooleanField()
    threats = ArrayField(models.TextField(), default=list)

    lng = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    coordinate = models.BigIntegerField(null=True)  # counts towards repeated coordinates
    is_doubted = models.BooleanField(default=False)  # the coordinate is a fallback point
    given_lng = models.FloatField(null=True)
    given_lat = models.FloatField(null=True)
    given_system = models.TextField(default="")
    accuracy_m = models.FloatField(null=True)
    place_text = models.TextField(default="")

    source = models.TextField(default="")
    title = models.TextField(default="")
    description = models.TextField(default="")
    happened_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()  # never after received_at
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)  # account
    answer_to = models.UUIDField(null=True)  # the account of a person who reported: hears the answer
    promised_due = models.DateTimeField(null=True)
    photos = ArrayField(models.TextField(), default=list)  # content hashes
    source_detail = models.JSONField(default=dict)
    form = models.JSONField(default=dict)

    contact = models.BinaryField(null=True)  # name and phone, encrypted
    contact_digest = models.BinaryField(null=True)  # keyed hash of the phone

    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")

    class Meta:
        db_table = "intake_report"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], condition=Q(holds_key=True), name="intake_report_key"
            ),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="intake_report_channel"),
            models.CheckConstraint(condition=Q(kind__in=STORED_KINDS), name="intake_report_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=ON_CASE, case_id__isnull=False)
                | Q(~Q(kind__in=ON_CASE), case_id__isnull=True),
                name="intake_report_on_case",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ON_CASE) | ~Q(reason=""), name="intake_report_reason"
            ),
            models.CheckConstraint(
                condition=Q(reported_at__lte=models.F("received_at")), name="intake_report_not_future"
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], condition=Q(case_id__isnull=False), name="intake_report_case"),
            models.Index(
                fields=["coordinate", "reported_at"],
                condition=Q(coordinate__isnull=False),
                name="intake_report_coordinate",
            ),
            models.Index(
                fields=["area_code", "-urgent", "id"],
                condition=Q(kind=str(OutcomeKind.POOLED)),
                name="intake_report_pool",
            ),
            models.Index(
                fields=["answer_to", "-id"], condition=Q(answer_to__isnull=False), name="intake_report_mine"
            ),
            models.Index(  # what hot spots are counted from, read without the rows
                fields=["reported_at"],
                include=["lng", "lat", "grid_code", "channel", "kind"],
                condition=Q(lng__isnull=False, is_doubted=False) & ~Q(kind=str(OutcomeKind.REJECTED)),
                name="intake_report_placed",
            ),
            models.Index(
                fields=["class_code", "reported_at"],
                condition=Q(channel=str(Channel.DEVICE), case_id__isnull=False),
                name="intake_report_alarm",
            ),
        ]


class ChannelPolicyRow(models.Model):
    """What the site has decided for a channel; without a row the default policy holds."""

    channel = models.TextField(primary_key=True)
    route = models.TextField()
    repeat_limit = models.IntegerField()
    repeat_days = models.IntegerField()
    reporter_hourly = models.IntegerField(default=0)  # 0: any number
    reporter_daily = models.IntegerField(default=0)
    device_hourly = models.IntegerField(default=0)
    device_daily = models.IntegerField(default=0)
    same_text_daily = models.IntegerField(default=0)
    crowd_hourly = models.IntegerField(default=0)

    class Meta:
        db_table = "intake_channel"
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="intake_channel_known"),
            models.CheckConstraint(condition=Q(route__in=list(map(str, Route))), name="intake_channel_route"),
            models.CheckConstraint(
                condition=Q(repeat_limit__gte=0, repeat_days__gte=1), name="intake_channel_repeat"
            ),
            models.CheckConstraint(
                condition=Q(*((f"{each.name}__gte", 0) for each in fields(Limits))),
                name="intake_channel_limits",
            ),
        ]


class SentMark(models.Model):
    """By what the reports of the last days are counted: a keyed hash of who sent one, with which device, with
    which text. It leads to no report and to nobody, and is forgotten after two days."""

    mark = models.BigIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "intake_sent_mark"
        indexes = [models.Index(fields=["mark", "sent_at"], name="intake_sent_mark_at")]
