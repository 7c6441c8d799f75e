"""What a county starts with: offices, departments and worker categories from `library/starter.yaml`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.workforce import queries
from onegrid.workforce.actions.units import NewUnit, create_units, set_categories
from onegrid.workforce.rules import Employment, UnitKind, WorkerCategory

STARTER: Final = Path(__file__).parents[1] / "library" / "starter.yaml"


@transaction.atomic
def load_starter(*, county: str, by: Actor, now: datetime) -> None:
    """Create the offices and departments that the county (6 digits) does not have yet, and the worker
    categories where it has none. What is there already is left as the county made it."""
    data = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    there = queries.units_by_key([line["key"] for line in data["units"]])
    missing = [_unit(line, county) for line in data["units"] if line["key"] not in there]
    create_units(missing, by=by, now=now)
    if not queries.categories():
        set_categories([_category(line) for line in data["categories"]], by=by, now=now)


def _unit(line: Mapping[str, Any], county: str) -> NewUnit:
    matters, powers = line.get("matters", {}), line.get("powers", {})
    return NewUnit(
        line["key"],
        UnitKind(line["kind"]),
        county,
        line["zh"],
        line["en"],
        matters_zh=matters.get("zh", ""),
        matters_en=matters.get("en", ""),
        powers_zh=powers.get("zh", ""),
        powers_en=powers.get("en", ""),
    )


def _category(line: Mapping[str, Any]) -> WorkerCategory:
    return WorkerCategory(
        line["key"],
        line["zh"],
        line["en"],
        Employment(line["employment"]),
        auxiliary=line.get("auxiliary", False),
        payer=line.get("payer"),
    )
