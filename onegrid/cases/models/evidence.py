"""Evidence: files stored by content hash, and what each of them shows in which case."""

from django.db import models


class StoredFile(models.Model):
    """One file as it came in. The same bytes are stored once; the name they had does not matter."""

    sha256 = models.TextField(primary_key=True)
    mime = models.TextField()
    size = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    phash = models.BigIntegerField(null=True)  # of a photo that shows something; see rules/photo_facts.py
    is_blank = models.BooleanField(null=True)
    stored_at = models.DateTimeField()
    stored_by = models.UUIDField(null=True)

    class Meta:
        db_table = "cases_stored_file"


class Evidence(models.Model):
    """A file as evidence in a case; `stage` is "" when it came with the report."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_column="sha256")
    kind = models.TextField()
    label = models.TextField(blank=True)
    stage = models.TextField(blank=True)
    distance_m = models.FloatField(null=True)
    added_at = models.DateTimeField()
    added_by = models.TextField()

    class Meta:
        db_table = "cases_evidence"
        indexes = [models.Index(fields=["case", "added_at"], name="cases_evidence_case")]
