"""Evidence is asked for by a Chinese name, so that nobody reads a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onegrid.scenarios.rules import Definition, Need, OneOf
from onegrid.scenarios.rules.answers import LABEL_ZH
from onegrid.scenarios.tests.files import SCENARIOS, definition


def needs(found: Definition) -> Iterator[Need]:
    """Everything that any exit, task, report or request asks for."""
    for stage in found.stages.values():
        yield from stage.evidence
        for leave in stage.exits.values():
            yield from leave.needs
        if stage.joint is not None:
            yield from stage.joint.needs
        for rule in (found.extension_of(stage), found.hold_of(stage)):
            yield from rule.needs if rule is not None else ()
    for follow_up in found.follow_ups.values():
        yield from follow_up.evidence


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_photo_paper_and_signature_has_a_chinese_name(file: Path) -> None:
    choices = (need.of if isinstance(need, OneOf) else (need,) for need in needs(definition(file.stem)))
    labels = {one.label for choice in choices for one in choice if one.label}
    assert labels - set(LABEL_ZH) == set()
