"""Learned models: the one in use of each kind, kept in memory, and all that were adopted."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from django.db import connection

from onegrid.intake.rules.modelfile import KINDS, ModelFile, ModelUnreadable, unpack
from onegrid.intake.rules.reports import JsonValue
from onegrid.kernel.refusals import NotFound
from onegrid.kernel.stamps import Cached

STAMP: Final = "intake-models"
LIBRARY: Final = Path(__file__).resolve().parents[1] / "library"
"""Models that come with the platform, one file per kind; used until a city adopts its own."""

log = logging.getLogger(__name__)


def active(kind: str) -> ModelFile | None:
    """The model of this kind in use: the city's own, else the one that came along, else none.

    In memory until another is adopted."""
    return _active[kind].get()


def _load(kind: str) -> ModelFile | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM intake_model WHERE kind = %s AND active", [kind])
        row = cursor.fetchone()
    if row is not None:
        try:
            return unpack(bytes(row[0]), kind=kind)
        except ModelUnreadable as refusal:  # kept by a newer release: reports go on without it
            log.error("the adopted model of kind %s cannot be used: %s", kind, refusal)
    return shipped(kind)


def shipped(kind: str) -> ModelFile | None:
    """The model of this kind that came with the platform, if one did. Raises ModelUnreadable."""
    file = LIBRARY / f"{kind}.npz"
    return unpack(file.read_bytes(), kind=kind) if file.exists() else None


_active: Final[Mapping[str, Cached[ModelFile | None]]] = {
    kind: Cached(STAMP, partial(_load, kind)) for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class AdoptedModel:
    """One adopted model without its contents."""

    kind: str
    version: str
    made_at: datetime
    adopted_at: datetime
    adopted_by_name: str
    is_active: bool
    size: int
    card: Mapping[str, JsonValue]


def adopted_models() -> list[AdoptedModel]:
    """All models that were ever adopted, kind by kind, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, version, made_at, adopted_at, adopted_by_name, active, length(document), card"
            " FROM intake_model ORDER BY kind, active DESC, adopted_at DESC, version"
        )
        rows = cursor.fetchall()
    return [
        AdoptedModel(kind, version, made_at, adopted_at, by, is_active, size, _card(card))
        for kind, version, made_at, adopted_at, by, is_active, size, card in rows
    ]


def _card(value: Any) -> Mapping[str, JsonValue]:
    card: Mapping[str, JsonValue] = orjson.loads(value) if isinstance(value, str) else value
    return card


def model_document(kind: str, version: str = "") -> bytes:
    """The file of an adopted model; without a version of the one in use, be it adopted or come along.

    Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document FROM intake_model WHERE kind = %s AND (version = %s OR (%s = '' AND active))",
            [kind, version, version],
        )
        row = cursor.fetchone()
    if row is not None:
        return bytes(row[0])
    file = LIBRARY / f"{kind}.npz"
    if file.exists() and version in {"", unpack(file.read_bytes()).version}:
        return file.read_bytes()
    raise NotFound(what=f"模型 model {kind} {version}".rstrip())
