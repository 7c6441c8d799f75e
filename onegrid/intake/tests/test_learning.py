"""Which model is in use: the city's own once adopted, never two of a kind, each adoption on record."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.commands import models as commands
from onegrid.intake.models import LearnedModel
from onegrid.intake.queries import models as stored
from onegrid.intake.rules.modelfile import KINDS, ModelDamaged, ModelFile, ModelVersionTaken, pack, versioned
from onegrid.intake.tests.factories import NOW, Staff
from onegrid.kernel import history, stamps
from onegrid.kernel.refusals import NotFound, Refusal

MADE = datetime(2026, 11, 24, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def model(n: int) -> ModelFile:
    return versioned("matching", made_at=MADE, card={"rows": n}, arrays={"a": np.arange(n)}, words={})


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform that came without models, and holds none in memory."""
    monkeypatch.setattr(stored, "LIBRARY", tmp_path)
    fresh = {kind: stamps.Cached(stored.STAMP, partial(stored._load, kind)) for kind in KINDS}
    monkeypatch.setattr(stored, "_active", fresh)
    return tmp_path


def test_the_adopted_model_is_in_use_at_once_and_the_earlier_one_can_be_gone_back_to(
    world: Staff, bare: Path
) -> None:
    assert queries.active_model("matching") is None
    first, second = model(3), model(4)
    for each in (first, second, first):
        actions.adopt(pack(each), by=SYSTEM, now=LATER)
        held = queries.active_model("matching")
        assert held is not None
        assert held.version == each.version
    listed = queries.adopted_models()
    assert [(one.version, one.is_active) for one in listed] == [
        (first.version, True),
        (second.version, False),
    ]
    assert listed[0].card == {"rows": 3}
    rows = LearnedModel.objects.get(version=first.version)
    assert [step.verb for step in history.trail(rows.id)] == ["adopt", "adopt"]


def test_the_model_that_came_along_serves_until_a_city_adopts_its_own(world: Staff, bare: Path) -> None:
    (bare / "matching.npz").write_bytes(pack(model(2)))
    stamps.bump(stored.STAMP)
    held = queries.active_model("matching")
    assert held is not None
    assert held.version == model(2).version
    assert queries.model_document("matching") == pack(model(2))
    actions.adopt(pack(model(5)), by=SYSTEM, now=NOW)
    held = queries.active_model("matching")
    assert held is not None
    assert held.version == model(5).version


def test_two_models_of_a_kind_are_never_in_use_at_once(world: Staff, bare: Path) -> None:
    actions.adopt(pack(model(3)), by=SYSTEM, now=NOW)
    actions.adopt(pack(model(4)), by=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        LearnedModel.objects.update(active=True)


def test_who_may_not_and_what_is_no_model_is_refused(world: Staff, bare: Path) -> None:
    with pytest.raises(Refusal):
        actions.adopt(pack(model(3)), by=world.actor("lin"), now=NOW)
    with pytest.raises(ModelDamaged):
        actions.adopt(b"PK", by=SYSTEM, now=NOW)
    actions.adopt(pack(model(3)), by=SYSTEM, now=NOW)
    forged = ModelFile("matching", model(3).version, MADE, {}, {"a": np.arange(9)})
    with pytest.raises(ModelVersionTaken):
        actions.adopt(pack(forged), by=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        queries.model_document("matching", "20200101-0")


def test_a_model_that_cannot_be_read_leaves_the_platform_without_one(world: Staff, bare: Path) -> None:
    actions.adopt(pack(model(3)), by=SYSTEM, now=NOW)
    LearnedModel.objects.update(document=b"kept by a newer release")
    stamps.bump(stored.STAMP)
    assert queries.active_model("matching") is None


def test_the_command_line_lists_shows_adopts_and_exports(world: Staff, bare: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(commands.app, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    file, out = tmp_path / "in.npz", tmp_path / "out.npz"
    file.write_bytes(pack(model(3)))
    assert model(3).version in run("adopt", str(file))
    assert model(3).version in run("list").replace("\n", "")
    assert '"rows": 3' in run("show", "matching")
    run("export", "matching", "--out", str(out))
    assert out.read_bytes() == file.read_bytes()
