"""Evidence that a move brings: of the right kind, and how far from the place it was taken."""

from onegrid.cases.rules.change import Asker, Shown, StoredFile
from onegrid.cases.rules.commands import Command, Exhibit, Join
from onegrid.cases.rules.file_refusals import UnknownFile, WrongKind
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.coordinates import distance_m
from onegrid.scenarios.rules import EvidenceKind, Given

KIND_ZH = {
    EvidenceKind.PHOTO: "照片",
    EvidenceKind.VIDEO: "视频",
    EvidenceKind.VOICE: "录音",
    EvidenceKind.DOCUMENT: "文书",
    EvidenceKind.SIGNATURE: "签名",
}
_TYPES = {
    EvidenceKind.PHOTO: ("image/",),
    EvidenceKind.SIGNATURE: ("image/",),
    EvidenceKind.VIDEO: ("video/",),
    EvidenceKind.VOICE: ("audio/", "video/mp4"),
    EvidenceKind.DOCUMENT: ("application/", "image/"),
}


def shown(case: CaseState, command: Command, asker: Asker) -> tuple[Shown, ...]:
    """The evidence of a move, checked. Raises UnknownFile, WrongKind."""
    stage = "" if isinstance(command, Join) else case.stage
    return tuple(_one(case, exhibit, stage, asker) for exhibit in command.evidence)


def _one(case: CaseState, exhibit: Exhibit, stage: str, asker: Asker) -> Shown:
    file = asker.files.get(exhibit.sha)
    if file is None:
        raise UnknownFile(sha=exhibit.sha[:12])
    kinds = {kind.value: kind for kind in KIND_ZH}
    kind = kinds.get(exhibit.kind)
    if kind is None or not file.mime.startswith(_TYPES[kind]):
        zh = KIND_ZH[kind] if kind else exhibit.kind
        raise WrongKind(mime=file.mime, kind=exhibit.kind, kind_zh=zh)
    return Shown(exhibit.sha, kind.value, exhibit.label, stage, distance(case.place, file))


def distance(place: tuple[float, float] | None, file: StoredFile) -> float | None:
    """Metres between the case and where the camera was; None where either is unknown."""
    if place is None or file.place is None:
        return None
    return float(distance_m(*place, *file.place))


def given(evidence: tuple[Shown, ...]) -> tuple[Given, ...]:
    """The evidence as the scenario's needs count it."""
    return tuple(Given(EvidenceKind(one.kind), one.label, one.distance_m) for one in evidence)
