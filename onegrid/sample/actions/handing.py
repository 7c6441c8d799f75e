"""Uploads made-up photos and papers, and puts their hashes where forms and moves want them."""

from collections.abc import Sequence
from dataclasses import dataclass

from onegrid.cases.rules.drill.filling import NOT_YET_UPLOADED
from onegrid.sample.ports import Api
from onegrid.sample.rules.pictures import paper, picture

_PAPERS = frozenset({"document", "signature", "file"})


@dataclass(frozen=True, slots=True)
class Hand:
    """Who uploads for one matter: `number` is printed on each file, photos are taken `at` that place."""

    api: Api
    token: str
    number: str
    at: tuple[float, float] | None

    def upload(self, kind: str, label: str, *, part: str = "") -> str:
        """Upload one file and return its hash; "" where the API did not take it."""
        number = f"{self.number}{part}"
        is_paper = kind in _PAPERS
        content = paper(label, number) if is_paper else picture(label, number, at=self.at)
        file = ("sample.pdf" if is_paper else "sample.jpg", content)
        reply = self.api.call("POST", "/evidence", token=self.token, file=file)
        return "" if reply.refused else str(reply.data["sha"])

    def evidence(self, wanted: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        """Upload what a move needs; the same kind and label twice are two files."""
        found = [
            {"sha": self.upload(kind, label, part=f"-{k}"), "kind": kind, "label": label}
            for k, (kind, label) in enumerate(wanted)
        ]
        return [one for one in found if one["sha"]]

    def answers(self, value: object, *, part: str = "") -> object:
        """The same answers with every file in them uploaded."""
        if isinstance(value, list):
            return [self.answers(one, part=f"{part}-{k}") for k, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if value.get("sha") == NOT_YET_UPLOADED:
            return {**value, "sha": self.upload("photo", str(value.get("label", "")), part=part)}
        return {key: self.answers(one, part=f"{part}-{key}") for key, one in value.items()}
