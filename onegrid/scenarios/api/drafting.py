"""What an editor of scenario files needs besides the projects: the check while typing, the words to offer."""

from typing import Annotated, Any

from ninja import Field, Router, Schema

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.scenarios import queries
from onegrid.scenarios.rules.printing import as_json
from onegrid.scenarios.rules.refusals import as_params

router = Router()

Town = Annotated[str, Field(pattern="^[0-9]{9}$")]
Source = Annotated[str, Field(max_length=1_000_000, description="a scenario file (YAML)")]


class CheckIn(Schema):
    """`towns`: where it is meant to run; without them the whole county."""

    source: Source
    towns: Annotated[list[Town] | None, Field(min_length=1, max_length=500)] = None


class FindingOut(Schema):
    """One fault: where (line and column from 1, path of keys, stage, exit, post, grids), how to mend it."""

    code: str
    zh: str
    en: str
    path: list[str | int]
    line: int | None
    column: int | None
    stage: str | None
    exit: str | None
    post: str | None
    grids: list[str]
    grid_count: int


class CheckOut(Schema):
    """`sound`: it may be built. `definition` is null where the text could not be read.

    `grids`: in how many grids each stage was found to have its one post (0: not asked yet)."""

    sound: bool
    grids: int
    findings: list[FindingOut]
    definition: dict[str, Any] | None


class WordOut(Schema):
    """A word of the file; `kind` is the level of a role, the channel of a source."""

    key: str
    zh: str
    en: str
    kind: str


class VocabularyOut(Schema):
    """What a file may name: roles and relative recipients, units, classes, sources, field kinds, towns …"""

    roles: list[WordOut]
    relatives: list[WordOut]
    units: list[WordOut]
    classes: list[WordOut]
    sources: list[WordOut]
    areas: list[WordOut]
    ends: list[WordOut]
    fields: list[WordOut]
    evidence: list[WordOut]
    clocks: list[WordOut]
    placeholders: list[WordOut]
    towns: list[WordOut]


@router.post("/scenarios/check", response={200: CheckOut, 403: Problem, 422: Problem})
def check_scenario(request: ApiRequest, body: CheckIn) -> dict[str, Any]:
    """Check a text without saving it: form, flow, names, and one accountable post in every grid."""
    review = queries.live_check(body.source, towns=body.towns, actor=request.actor)
    return {
        "sound": review.draft is not None and not review.findings,
        "grids": review.grids,
        "findings": [as_params(one) for one in review.findings],
        "definition": as_json(review.draft.definition) if review.draft else None,
    }


@router.get("/scenarios/vocabulary", response={200: VocabularyOut, 403: Problem})
def scenario_vocabulary(request: ApiRequest) -> queries.Vocabulary:
    """Every word that a scenario file may use in this city, with its label."""
    return queries.vocabulary(request.actor)
