"""Tables of the workforce. Days are days of the city's own time zone; periods are half-open."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from onegrid.workforce.rules import ROLES, Employment, Matter, UnitKind

CODE = "^[0-9]{6,15}$"  # a division or grid code


class Unit(models.Model):
    """A body that owns posts: county office, department, town or village."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(unique=True, db_collation="C")
    kind = models.TextField(choices=[(kind.value, kind.name) for kind in UnitKind])
    territory = models.TextField(db_collation="C")  # division code of its area
    name_zh = models.TextField()
    name_en = models.TextField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    matters_zh = models.TextField(default="")  # typical matters, and what it may order or punish
    matters_en = models.TextField(default="")
    powers_zh = models.TextField(default="")
    powers_en = models.TextField(default="")

    class Meta:
        db_table = "workforce_unit"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(map(str, UnitKind))), name="workforce_unit_kind"
            ),
            models.CheckConstraint(condition=Q(territory__regex=CODE), name="workforce_unit_place"),
        ]


class Post(models.Model):
    """A post bound to a grid or a unit; it answers for the places whose code starts with `territory`."""

    id = models.UUIDField(primary_key=True)
    key = models.TextField(unique=True, db_collation="C")
    role = models.TextField(db_collation="C")
    territory = models.TextField(db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title_zh = models.TextField()
    title_en = models.TextField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "workforce_post"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="workforce_post_role"),
            models.CheckConstraint(condition=Q(territory__regex=CODE), name="workforce_post_place"),
        ]
        indexes = [
            models.Index(fields=["territory", "key"], name="workforce_post_territory"),
            models.Index(fields=["role"], condition=Q(closed_on=None), name="workforce_post_by_role"),
        ]


class DutyLine(models.Model):
    """A line of the duty list; "" means all scenarios, all classes. `territory` is always spelled out."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    scenario = models.TextField(default="", db_collation="C")
    class_prefix = models.TextField(default="", db_collation="C")
    territory = models.TextField(db_collation="C")

    class Meta:
        db_table = "workforce_duty"
        constraints = [
            models.UniqueConstraint(
                fields=["post", "scenario", "class_prefix", "territory"], name="workforce_duty_once"
            ),
        ]


class Category(models.Model):
    """A kind of worker and who pays; the six village auxiliaries (六大员) are marked lines of this list."""

    key = models.TextField(primary_key=True, db_collation="C")
    position = models.SmallIntegerField()
    zh = models.TextField()
    en = models.TextField()
    employment = models.TextField(choices=[(e.value, e.name) for e in Employment])
    auxiliary = models.BooleanField(default=False)
    payer = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "workforce_category"
        constraints = [
            models.CheckConstraint(
                condition=Q(employment__in=list(map(str, Employment))), name="workforce_employment_known"
            ),
            models.CheckConstraint(
                condition=Q(auxiliary=False) | Q(employment=Employment.PART_TIME.value, payer__isnull=False),
                name="workforce_auxiliary_is_paid_part_time",
            ),
        ]


class Worker(models.Model):
    """A person who works for the grid service. Neither citizen number nor phone is kept here."""

    id = models.UUIDField(primary_key=True)
    staff_no = models.TextField(unique=True, db_collation="C")
    name = models.TextField()
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField("accounts.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "workforce_worker"


class Appointment(models.Model):
    """A worker in a post from `starts_on` until the day before `ends_before`.

    At most one principal at a time: an exclusion constraint (migration 0002), as are the delegates'."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    principal = models.BooleanField()
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)

    class Meta:
        db_table = "workforce_appointment"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_before=None) | Q(ends_before__gte=F("starts_on")),
                name="workforce_appointment_in_order",
            ),
        ]


class Delegation(models.Model):
    """代办: another worker acts in the post for its holder, who stays accountable.

    In force only while the holder's own appointment is."""

    id = models.UUIDField(primary_key=True)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    to_worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "workforce_delegation"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_before__gte=F("starts_on")), name="workforce_delegation_in_order"
            ),
        ]


class ResponsibilityLine(models.Model):
    """A line of the responsibility matrix: which departments answer for a class in a territory."""

    class_prefix = models.TextField(db_collation="C")
    territory = models.TextField(db_collation="C")
    matter = models.TextField(choices=[(matter.value, matter.name) for matter in Matter])
    owners = ArrayField(models.TextField())  # unit keys, the leading one first
    pk = models.CompositePrimaryKey("territory", "class_prefix")

    class Meta:
        db_table = "workforce_responsibility"
        constraints = [
            models.CheckConstraint(
                condition=Q(matter__in=list(map(str, Matter))), name="workforce_matter_known"
            ),
            models.CheckConstraint(condition=Q(owners__len__gte=1), name="workforce_matter_has_owner"),
        ]
