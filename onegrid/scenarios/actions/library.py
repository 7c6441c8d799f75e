"""Loading what comes with the product: the class dictionary and the scenario definitions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.texts import read_utf8
from onegrid.scenarios.actions.classes import load_classes
from onegrid.scenarios.actions.publishing import city_own, publish
from onegrid.scenarios.rules import Draft, VersionInfo, parse

LIBRARY: Final = Path(__file__).parents[1] / "library"
CLASSES: Final = "classes.yaml"


@transaction.atomic
def load_library(
    *, by: Actor, now: datetime, folder: Path = LIBRARY, towns: Sequence[str] | None = None
) -> list[VersionInfo]:
    """Load the class dictionary and install every scenario of the folder, all or none; returns them.

    Loading it again changes nothing that is the same, and leaves alone what the city runs by a project of its
    own. Raises what `publish` and `load_classes` raise."""
    classes = folder / CLASSES
    if classes.exists():
        load_classes(read_utf8(classes), by=by, now=now)
    files = sorted(one for one in folder.glob("*.yaml") if one.name != CLASSES)
    texts = [read_utf8(one) for one in files]
    return [publish(text, towns=towns, by=by, now=now) for text in texts if not _is_city_own(text)]


def _is_city_own(text: str) -> bool:
    draft = parse(text)
    return isinstance(draft, Draft) and city_own(draft.definition.key) is not None
