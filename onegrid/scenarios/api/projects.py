"""The life of scenario projects over HTTP: each move answers with the project as it is then."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.kernel.ids import ProjectId
from onegrid.scenarios import actions, queries
from onegrid.scenarios.api import bodies
from onegrid.scenarios.api.bodies import shown
from onegrid.scenarios.rules.projects import State

router = Router()
ANSWERS: dict[Any, Any] = {
    200: bodies.ProjectOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem,
}  # fmt: skip
PATH = "/scenarios/projects/{uuid:project_id}"


def _moved(request: ApiRequest, project_id: UUID, move: Callable[[], object]) -> HttpResponse:
    def run() -> tuple[int, Any]:
        move()
        return 200, shown(queries.project(ProjectId(project_id), actor=request.actor))

    return idempotent(request, run)


@router.get("/scenarios/projects", response={200: list[bodies.ProjectRowOut], 403: Problem})
def list_projects(
    request: ApiRequest, key: str = "", state: State | None = None
) -> Sequence[queries.ProjectRow]:
    """All scenario projects, the one changed last first."""
    return queries.projects(request.actor, key=key, states=[state] if state else [])


@router.post("/scenarios/projects", response={**ANSWERS, 201: bodies.ProjectOut})
def propose_project(request: ApiRequest, body: bodies.ProposalIn) -> HttpResponse:
    """提出: a department asks for a scenario, or for a change of one that is live."""

    def run() -> tuple[int, Any]:
        made = actions.propose(**body.model_dump(), by=request.actor, now=request.now)
        return 201, shown(queries.project(made, actor=request.actor))

    return idempotent(request, run)


@router.get(PATH, response={200: bodies.ProjectOut, 403: Problem, 404: Problem})
def get_project(request: ApiRequest, project_id: UUID) -> queries.ProjectPage:
    """A project with its record, its drills and what the actor may do with it now."""
    return queries.project(ProjectId(project_id), actor=request.actor)


@router.post(f"{PATH}/decide", response=ANSWERS)
def decide_project(request: ApiRequest, project_id: UUID, body: bodies.DecisionIn) -> HttpResponse:
    """立项: what the joint conference decided, with its minutes."""
    return _moved(request, project_id, lambda: actions.decide(
        ProjectId(project_id), **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip


@router.get(f"{PATH}/draft", response={200: bodies.DraftOut, 403: Problem, 404: Problem})
def get_draft(request: ApiRequest, project_id: UUID, response: HttpResponse) -> queries.DraftText:
    """The present draft; its `ETag` is its number."""
    found = queries.draft(ProjectId(project_id), actor=request.actor)
    response["ETag"] = f'"draft-{found.number}"'
    return found


@router.put(f"{PATH}/draft", response=ANSWERS)
def save_draft(request: ApiRequest, project_id: UUID, body: bodies.DraftIn) -> HttpResponse:
    """拟稿: save the next draft. 409 with the present one when somebody else saved in between."""
    return _moved(request, project_id, lambda: actions.save_draft(
        ProjectId(project_id), **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip


@router.get(f"{PATH}/drafts", response={200: list[bodies.DraftRowOut], 403: Problem, 404: Problem})
def list_drafts(request: ApiRequest, project_id: UUID) -> Sequence[queries.DraftText]:
    """Every draft ever saved, newest first."""
    return queries.drafts(ProjectId(project_id), actor=request.actor)


@router.get(PATH + "/drafts/{int:number}", response={200: bodies.DraftOut, 403: Problem, 404: Problem})
def get_earlier_draft(request: ApiRequest, project_id: UUID, number: int) -> queries.DraftText:
    """One draft in full."""
    return queries.draft(ProjectId(project_id), number=number, actor=request.actor)


@router.post(f"{PATH}/agree", response=ANSWERS)
def agree_to_draft(request: ApiRequest, project_id: UUID, body: bodies.AgreeIn) -> HttpResponse:
    """同意草案: by the owner unit, and by the grid office."""
    return _moved(request, project_id, lambda: actions.agree(
        ProjectId(project_id), seen=body.seen, by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/build", response=ANSWERS)
def build_project(request: ApiRequest, project_id: UUID, body: bodies.BuildIn) -> HttpResponse:
    """定版: check the draft against the city and freeze it as a numbered version."""
    return _moved(request, project_id, lambda: actions.build(
        ProjectId(project_id), towns=body.towns, by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/drill", response=ANSWERS)
def record_drill(request: ApiRequest, project_id: UUID, body: bodies.DrillIn) -> HttpResponse:
    """记录演练: attach what a drill predicted."""
    return _moved(request, project_id, lambda: actions.record_drill(
        ProjectId(project_id), summary=body.summary, by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/trial", response=ANSWERS)
def try_project(request: ApiRequest, project_id: UUID, body: bodies.TrialIn) -> HttpResponse:
    """试运行: in chosen towns until a last day."""
    return _moved(request, project_id, lambda: actions.start_trial(
        ProjectId(project_id), **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/go-live", response=ANSWERS)
def put_project_live(request: ApiRequest, project_id: UUID, body: bodies.LiveIn) -> HttpResponse:
    """正式运行: in the whole county, or in towns."""
    return _moved(request, project_id, lambda: actions.go_live(
        ProjectId(project_id), towns=body.towns, by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/suspend", response=ANSWERS)
def suspend_project(request: ApiRequest, project_id: UUID, body: bodies.ReasonIn) -> HttpResponse:
    """停用: no new case; running ones go on."""
    return _moved(request, project_id, lambda: actions.suspend(
        ProjectId(project_id), reason=body.reason, by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/resume", response=ANSWERS)
def resume_project(request: ApiRequest, project_id: UUID, body: bodies.ResumeIn) -> HttpResponse:
    """恢复: back to where it was suspended."""
    return _moved(request, project_id, lambda: actions.resume(
        ProjectId(project_id), **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip


@router.post(f"{PATH}/retire", response=ANSWERS)
def retire_project(request: ApiRequest, project_id: UUID, body: bodies.RetireIn) -> HttpResponse:
    """退出: for good; with cases running only by letting them run out."""
    return _moved(request, project_id, lambda: actions.retire(
        ProjectId(project_id), **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip
