"""Which learned model is in use: a person adopts one; nothing that was trained adopts itself."""

from datetime import datetime

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.intake.models import LearnedModel
from onegrid.intake.queries.models import STAMP
from onegrid.intake.queries.settings import county_code
from onegrid.intake.rules.modelfile import ModelFile, ModelVersionTaken, unpack
from onegrid.kernel import history, stamps
from onegrid.kernel.ids import new_id

PERMISSION = "scenario.write"


@transaction.atomic
def adopt(data: bytes, *, by: Actor, now: datetime) -> ModelFile:
    """Put a model file in use in place of the one of its kind; an earlier one can be adopted again.

    Raises NotPermitted, ModelUnreadable, ModelVersionTaken."""
    by.require(PERMISSION, county_code())
    model = unpack(data)
    row = LearnedModel.objects.filter(kind=model.kind, version=model.version).first()
    if row is not None and bytes(row.document) != data:
        raise ModelVersionTaken(version=model.version)
    kept = row or LearnedModel(
        id=new_id(), kind=model.kind, version=model.version, made_at=model.made_at, card=dict(model.card),
        document=data,
    )  # fmt: skip
    LearnedModel.objects.filter(kind=model.kind, active=True).update(active=False)
    kept.adopted_at, kept.adopted_by_name, kept.active = now, by.name, True
    kept.save()
    stamps.bump(STAMP)
    who = history.By(by.account_id, None, by.name)
    body = {"kind": model.kind, "version": model.version}
    history.append([history.Entry("model", kept.id, "adopt", now, who, body)])
    return model
