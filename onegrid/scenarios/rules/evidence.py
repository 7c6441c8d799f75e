"""What must be shown before an exit may be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class EvidenceKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"  # legal or working paper: filing-decision, penalty-decision, minutes
    SIGNATURE = "signature"  # label = role of the signer: householder, neighbour-east ...
    OPINION = "opinion"  # written opinion of whoever takes the exit


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that must be there.

    `label` for photos: before 处理前, during 处理中, after 处理后, site, close, surroundings.
    `near_m`: metres the photo may lie from the case's point (None: anywhere); without a place it fails.
    """

    kind: EvidenceKind
    label: str = ""
    at_least: int = 1
    near_m: float | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any one of these suffices (after photo, or else the legal document)."""

    of: tuple[Evidence, ...]


Need = Evidence | OneOf


@dataclass(frozen=True, slots=True)
class Given:
    """Evidence handed in; `distance_m` = metres from the case's point, None = place unknown."""

    kind: EvidenceKind
    label: str = ""
    distance_m: float | None = None


def is_met(need: Need, given: Sequence[Given], *, opinion: str, located: bool) -> bool:
    """Whether the evidence satisfies the need; nearness counts only where the case has a point."""
    if isinstance(need, OneOf):
        return any(is_met(one, given, opinion=opinion, located=located) for one in need.of)
    if need.kind is EvidenceKind.OPINION:
        return bool(opinion.strip())
    return sum(_counts(one, need, located=located) for one in given) >= need.at_least


def _counts(one: Given, need: Evidence, *, located: bool) -> bool:
    if one.kind is not need.kind or (need.label and one.label != need.label):
        return False
    if need.near_m is None or not located:
        return True
    return one.distance_m is not None and one.distance_m <= need.near_m
