"""Hot spots, their reports, and what is usual."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Hotspot(models.Model):
    """A burst of reports at one place, from the round that found it until it was over."""

    id = models.UUIDField(primary_key=True)
    is_active = models.BooleanField(default=True)
    name_zh = models.TextField()
    name_en = models.TextField()
    grid_code = models.TextField(db_collation="C")  # where most of its reports lie
    grids = ArrayField(models.TextField())  # all of them, that with most reports first
    lng = models.FloatField()  # WGS-84, the middle of the reports
    lat = models.FloatField()
    radius_m = models.FloatField()
    window_h = models.FloatField()
    observed = models.IntegerField()  # in circle and window when last seen
    expected = models.FloatField()
    score = models.FloatField()  # -log10 of the chance of so many
    reports = models.IntegerField()  # all that belonged to it
    classes = models.JSONField()  # class code -> reports, most first; "" unknown
    told = models.IntegerField()  # reports that the last news named
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last round that found it
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_hotspot"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, ended_at__isnull=True)
                | Q(is_active=False, ended_at__isnull=False),
                name="intake_hotspot_ended",
            ),
            models.CheckConstraint(
                condition=Q(observed__gte=1, expected__gt=0), name="intake_hotspot_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["is_active", "-id"], name="intake_hotspot_state"),
        ]


class HotspotMember(models.Model):
    """A report of a hot spot; `area_code` is the report's, for the scope of whoever looks."""

    pk = models.CompositePrimaryKey("hotspot_id", "report_id")
    hotspot_id = models.UUIDField()
    report_id = models.UUIDField()
    area_code = models.TextField(db_collation="C")

    class Meta:
        db_table = "intake_hotspot_member"


class HotspotLevel(models.Model):
    """The score that a burst must reach, reckoned once a day; `known`: the reports that it rests on."""

    id = models.SmallIntegerField(primary_key=True)  # always 1
    day = models.DateField()
    known = models.IntegerField()
    false_alarms = models.FloatField()  # a month
    threshold = models.FloatField()

    class Meta:
        db_table = "intake_hotspot_level"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="intake_hotspot_level_one")]


class EarlierCount(models.Model):
    """How many reports an earlier system had in one square and hour: what is usual before our own weeks
    tell."""

    pk = models.CompositePrimaryKey("slot", "square", "grid_code")
    slot = models.DateTimeField()  # the full hour
    square = models.BigIntegerField()
    grid_code = models.TextField(db_collation="C")
    count = models.IntegerField()

    class Meta:
        db_table = "intake_earlier"
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="intake_earlier_count")]
