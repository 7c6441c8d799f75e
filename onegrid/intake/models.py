"""Tables of intake: reports, what each channel may do, bulk imports and their faulty rows, learned models."""

from dataclasses import fields

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from onegrid.intake.rules.imports import LIVE, Counts, ImportState
from onegrid.intake.rules.modelfile import KINDS
from onegrid.intake.rules.policy import Limits, Route
from onegrid.intake.rules.proposals import MOST_PER_REPORT, ProposalState
from onegrid.intake.rules.reports import Channel, OutcomeKind
from onegrid.kernel.coordinates import CoordinateSystem

CHANNELS = [str(channel) for channel in Channel]
STORED_KINDS = [str(kind) for kind in OutcomeKind if kind is not OutcomeKind.REPEATED]
OPEN_PROPOSAL = Q(state=str(ProposalState.OPEN))
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


class LearnedModel(models.Model):
    """A learned model that a city has adopted; of each kind one at most is in use, none is thrown away."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(db_collation="C")
    version = models.TextField(db_collation="C")
    made_at = models.DateTimeField()
    adopted_at = models.DateTimeField()
    adopted_by_name = models.TextField()
    card = models.JSONField()
    document = models.BinaryField()  # the model file itself
    active = models.BooleanField()

    class Meta:
        db_table = "intake_model"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="intake_model_version"),
            models.UniqueConstraint(fields=["kind"], condition=Q(active=True), name="intake_model_active"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="intake_model_kind"),
        ]


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


class Suggestion(models.Model):
    """What the learned classifier said of a report that neither its sender nor its words classed."""

    report_id = models.UUIDField(primary_key=True)
    model = models.TextField()  # version
    made_at = models.DateTimeField()
    class_code = models.TextField(db_collation="C")  # what it decided by itself; "" left to a person
    best = models.JSONField()  # target -> the likeliest values with their probabilities

    class Meta:
        db_table = "intake_suggestion"


class OpenMatter(models.Model):
    """What the redundancy filter knows of a case that a report opened: no text, only what it compares."""

    case_id = models.UUIDField(primary_key=True)
    square = models.BigIntegerField(null=True)  # the cell of some 300 m around the place; null without one
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
