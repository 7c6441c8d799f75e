"""Tables of the territory: divisions with the editions that list them, and grids with their boundaries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from onegrid.territory.rules.divisions import KINDS

DIVISION, GRID = "^[0-9]{6}([0-9]{3}){0,2}$", "^[0-9]{15}$"


class Division(models.Model):
    """A county, town or village by its code, with the name of its last edition. Never deleted."""

    code = models.TextField(primary_key=True, db_collation="C")
    name = models.TextField()
    kind = models.TextField(choices=list(KINDS.items()))
    predecessors = ArrayField(models.TextField(), default=list)
    lies_in = models.TextField(default="", db_collation="C")  # of a pseudo-village: where it counts
    first_edition = models.IntegerField()
    last_edition = models.IntegerField()
    live = models.BooleanField()  # listed in the newest edition of its county

    class Meta:
        db_table = "territory_division"
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=DIVISION), name="territory_division_code"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="territory_division_kind"),
            models.CheckConstraint(
                condition=Q(first_edition__lte=F("last_edition")), name="territory_division_editions"
            ),
        ]


class Listing(models.Model):
    """One row of one edition: how the division was called then."""

    pk = models.CompositePrimaryKey("edition", "code")
    edition = models.IntegerField()
    code = models.TextField(db_collation="C")
    name = models.TextField()
    kind = models.TextField()

    class Meta:
        db_table = "territory_listing"


class Grid(models.Model):
    """A grid and its boundary (WGS-84). Triggers keep its code and shape for ever."""

    code = models.TextField(primary_key=True, db_collation="C")
    id = models.UUIDField(unique=True)  # of its record in the trail
    name = models.TextField()
    predecessors = ArrayField(models.TextField(), default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    area_m2 = models.FloatField()
    boundary = models.BinaryField()  # WKB, little-endian
    trail_seq = models.IntegerField()
    trail_digest = models.BinaryField()

    class Meta:
        db_table = "territory_grid"
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=GRID), name="territory_grid_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="territory_grid_period"
            ),
        ]
