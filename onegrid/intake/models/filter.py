"""What the redundancy filter knows of running cases, and what it proposed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from onegrid.intake.rules.proposals import MOST_PER_REPORT, ProposalState

OPEN_PROPOSAL = Q(state=str(ProposalState.OPEN))


class Real(models.FloatField):  # type: ignore[type-arg]
    """Single precision: half the room, and more exact than any score is."""

    def db_type(self, connection: object) -> str:
        return "real"


class Proposal(models.Model):
    """This report may be about that earlier case. What people decide of it is what the filter learns from."""

    id = models.UUIDField(primary_key=True)
    report_id = models.UUIDField()
    case_id = models.UUIDField()  # the earlier matter
    rank = models.SmallIntegerField()
    score = Real()  # probability that they are the same
    reasons = ArrayField(models.TextField())
    facts = ArrayField(Real())  # the features as they were then
    model = models.TextField()  # version that scored
    state = models.TextField(default=str(ProposalState.OPEN))
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)  # or lapsed
    decided_by = models.UUIDField(null=True)  # account
    decided_by_name = models.TextField(default="")

    class Meta:
        db_table = "intake_proposal"
        constraints = [
            models.UniqueConstraint(fields=["report_id", "case_id"], name="intake_proposal_once"),
            models.CheckConstraint(
                condition=Q(rank__range=(1, MOST_PER_REPORT)), name="intake_proposal_rank"
            ),
            models.CheckConstraint(condition=Q(score__range=(0, 1)), name="intake_proposal_score"),
            models.CheckConstraint(
                condition=Q(state__in=list(map(str, ProposalState))), name="intake_proposal_state"
            ),
            models.CheckConstraint(
                condition=Q(state=str(ProposalState.OPEN), decided_at__isnull=True)
                | (~Q(state=str(ProposalState.OPEN)) & Q(decided_at__isnull=False)),
                name="intake_proposal_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], condition=OPEN_PROPOSAL, name="intake_proposal_case"),
            models.Index(fields=["-score", "-id"], condition=OPEN_PROPOSAL, name="intake_proposal_open"),
            models.Index(fields=["-score", "-id"], condition=~OPEN_PROPOSAL, name="intake_proposal_past"),
        ]


class OpenMatter(models.Model):
    """What the redundancy filter knows of a case that a report opened: no text, only what it compares."""

    case_id = models.UUIDField(primary_key=True)
    square = models.BigIntegerField(null=True)  # the cell of some 150 m around the place; null without one
    family = models.TextField(db_collation="C")
    class_code = models.TextField(db_collation="C")
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    urgent = models.BooleanField()
    address = models.BigIntegerField()  # 0 unknown
    reporter = models.BigIntegerField()  # of a keyed hash; 0 unknown
    channel = models.TextField()
    photos = ArrayField(models.BigIntegerField(), default=list)
    head = models.BinaryField()
    words = models.BinaryField()

    class Meta:
        db_table = "intake_matter"
        constraints = [
            models.CheckConstraint(
                condition=Q(lng__isnull=True, lat__isnull=True, square__isnull=True)
                | Q(lng__isnull=False, lat__isnull=False, square__isnull=False),
                name="intake_matter_place",
            )
        ]
        indexes = [
            models.Index(
                fields=["square", "family", "-opened_at"],
                condition=Q(square__isnull=False),
                name="intake_matter_near",
            ),
            models.Index(
                fields=["family", "-opened_at"],
                condition=Q(square__isnull=True),
                name="intake_matter_placeless",
            ),
            models.Index(fields=["address"], condition=~Q(address=0), name="intake_matter_address"),
            models.Index(fields=["reporter"], condition=~Q(reporter=0), name="intake_matter_reporter"),
            models.Index(
                fields=["ended_at"], condition=Q(ended_at__isnull=False), name="intake_matter_ended"
            ),
        ]
