"""Every move of a case: POST /cases/{id}/<verb>. Same answer for all: where the case stands now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from onegrid.cases import actions
from onegrid.cases.api import bodies
from onegrid.cases.api.answers import MoveOut, moved_out, table_out
from onegrid.cases.rules import commands as do
from onegrid.kernel.http import Problem, idempotent
from onegrid.kernel.refusals import Refusal

router = Router()
ANSWERS: dict[Any, Any] = {200: MoveOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem}

# Every verb of the table of moves: its path is its verb, its body has the fields of its command.
_ENDPOINTS: tuple[tuple[type[do.Command], type[bodies.MoveIn], str], ...] = (
    (do.Acknowledge, bodies.MoveIn, "签收: the owner has it"),
    (do.TakeExit, bodies.ExitIn, "办理: finish the stage by one of its exits"),
    (do.Return, bodies.ReturnIn, "退回: not mine, and whose it is"),
    (do.HandOver, bodies.HandOverIn, "转派: another post answers from now on"),
    (do.Reassign, bodies.ReassignIn, "改派网格: the place lies in another grid"),
    (do.Recall, bodies.ReasonIn, "撤回: take it back before the new owner signs in"),
    (do.AskExtension, bodies.ExtensionIn, "申请延期"),
    (do.AskHold, bodies.HoldIn, "申请挂账"),
    (do.Decide, bodies.DecideIn, "审批: grant or deny an extension or a hold"),
    (do.Resume, bodies.ReasonIn, "恢复办理: the hold ends"),
    (do.Note, bodies.NoteIn, "办理记录: progress or evidence on record"),
    (do.Urge, bodies.UrgeIn, "催办"),
    (do.Supervise, bodies.SuperviseIn, "督办: a yellow or red card"),
    (do.Instruct, bodies.InstructIn, "批示: to several posts beside the flow"),
    (do.Cosign, bodies.CosignIn, "会签办结: one department has done its part"),
    (do.ReportFollowUp, bodies.FollowUpIn, "跟踪上报"),
    (do.Receive, bodies.TaskIn, "接收批示"),
    (do.Feedback, bodies.TaskTextIn, "批示反馈"),
    (do.ReplyCard, bodies.TaskTextIn, "督办回复"),
    (do.DecideAgenda, bodies.AgendaIn, "联席会议决定: who handles it, with the minutes"),
    (do.MoveVersion, bodies.MoveVersionIn, "改用版本: it follows another version of its scenario"),
    (do.Merge, bodies.MergeIn, "并案: it goes on in another case"),
    (do.Unmerge, bodies.ReasonIn, "拆分事件: within 24 hours it goes on by itself again"),
    (do.MarkRepeat, bodies.MarkRepeatIn, "标记重复投诉: the matter of an ended case came back with it"),
    (do.Void, bodies.ReasonIn, "作废: it should never have been opened"),
    (do.Rate, bodies.RateIn, "评价"),
    (do.Reopen, bodies.ReasonIn, "返工 of a closed case"),
)


def _add(kind: type[do.Command], body_type: type[bodies.MoveIn], summary: str) -> None:
    def move(request: HttpRequest, case_id: UUID, body: bodies.MoveIn) -> HttpResponse:
        return made(request, bodies.command(kind, case_id, body))

    move.__annotations__["body"] = body_type
    name = kind.verb.replace("-", "_")
    move.__name__ = name
    router.post(
        f"/cases/{{uuid:case_id}}/{kind.verb}", response=ANSWERS, summary=summary, operation_id=f"case_{name}"
    )(move)


def made(request: Any, command: do.Command) -> HttpResponse:
    """Make the move and answer where the case stands now; a repeated request gets the first answer."""

    def run() -> tuple[int, MoveOut]:
        result = actions.perform([command], by=request.actor, now=request.now)[0]
        if isinstance(result, Refusal):
            raise result
        return 200, moved_out(result)

    return idempotent(request, run, together=True)


for _kind, _body, _summary in _ENDPOINTS:
    _add(_kind, _body, _summary)


@router.get("/moves", summary="The table of moves: names, who may, when")
def moves(request: HttpRequest) -> list[dict[str, object]]:
    """The same table that decides, for the labels of buttons."""
    return table_out()
