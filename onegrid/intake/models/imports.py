"""Bulk imports and their faulty rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from onegrid.intake.models.reports import CHANNELS
from onegrid.intake.rules.imports import LIVE, Counts, ImportState
from onegrid.kernel.coordinates import CoordinateSystem


class Import(models.Model):
    """One file of reports on its way in. `last_row` is the last row whose outcome is committed."""

    id = models.UUIDField(primary_key=True)
    file_name = models.TextField()
    stored_as = models.TextField(default="")  # name in the file storage; "" once read to the end
    mark = models.TextField(db_collation="C")  # content hash: the same file is the same import
    channel = models.TextField()
    system = models.TextField(default="")
    state = models.TextField()
    last_row = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    joined = models.IntegerField(default=0)
    pooled = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    repeated = models.IntegerField(default=0)
    headings = ArrayField(models.TextField(), default=list)
    unnamed = ArrayField(models.TextField(), default=list)  # headings kept as the sender's details
    reason = models.TextField(default="")  # why the whole file failed
    reason_zh = models.TextField(default="")
    reason_en = models.TextField(default="")
    started_by = models.UUIDField(null=True)
    started_by_name = models.TextField()
    rows = models.IntegerField(default=0)  # about how many there are, for the progress shown
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    @property
    def counts(self) -> Counts:
        return Counts(self.opened, self.joined, self.pooled, self.rejected, self.repeated)

    class Meta:
        db_table = "intake_import"
        constraints = [
            models.UniqueConstraint(fields=["mark", "channel", "system"], name="intake_import_once"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="intake_import_channel"),
            models.CheckConstraint(
                condition=Q(state__in=list(map(str, ImportState))), name="intake_import_state"
            ),
            models.CheckConstraint(
                condition=Q(system__in=["", *map(str, CoordinateSystem)]), name="intake_import_system"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=list(map(str, LIVE))),
                name="intake_import_waiting",
            )
        ]


class ImportFault(models.Model):
    """One row of a file that became no report, with its cells, for the error file."""

    pk = models.CompositePrimaryKey("import_id", "row")
    import_id = models.UUIDField()
    row = models.IntegerField()
    reason = models.TextField()
    reason_zh = models.TextField()
    reason_en = models.TextField()
    cells = ArrayField(models.TextField())

    class Meta:
        db_table = "intake_import_fault"
