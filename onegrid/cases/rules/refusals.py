"""What the rules of cases refuse, each with its sentence and how to mend it."""

from onegrid.kernel.refusals import Refusal


class CaseNotFound(Refusal):
    status = 404
    code = "cases.not-found"
    zh = "没有找到该事件，或不在您的管辖范围内。"
    en = "No such case, or it lies outside your territory."


class Stale(Refusal):
    """Someone acted first; the present state is in the parameters."""

    status = 409
    code = "cases.stale"
    zh = "事件 {number} 已被他人办理：现处于「{stage_name}」，版本 {version}。请刷新后再操作。"
    en = "Case {number} has moved on: it is now at {stage}, version {version}. Reload, then act."


class NotNow(Refusal):
    """The case is in a phase in which this move does not exist."""

    status = 409
    code = "cases.not-now"
    zh = "事件 {number} 当前为「{phase_zh}」，不能{verb_zh}。"
    en = "Case {number} is {phase}; it cannot be asked to {verb}."


class NotYours(Refusal):
    status = 403
    code = "cases.not-yours"
    zh = "{verb_zh}须由{doer_zh}进行，您的岗位不在其中。"
    en = "Only {doer_en} may {verb}; none of your posts is."


class AlreadyAcknowledged(Refusal):
    status = 409
    code = "cases.already-acknowledged"
    zh = "事件 {number} 已签收，无需重复签收。"
    en = "Case {number} has been signed in already."


class UnknownExit(Refusal):
    code = "cases.unknown-exit"
    zh = "「{stage_name}」环节没有“{exit}”这一出口，可选：{exits}。"
    en = "Stage {stage} has no exit '{exit}'; it has {exits}."


class ExitNotOffered(Refusal):
    code = "cases.exit-not-offered"
    zh = "按目前填写的内容，不能选择“{exit_zh}”。"
    en = "With these answers the exit '{exit}' is not offered."


class TakenByTheClock(Refusal):
    status = 409
    code = "cases.exit-by-clock"
    zh = "“{exit_zh}”到期由系统自动办理，不能人工选择。请选择其他出口，或等待到期。"
    en = "The exit '{exit}' is taken by the clock when the limit passes: choose another, or wait."


class ExitUsedUp(Refusal):
    status = 409
    code = "cases.exit-used-up"
    zh = "“{exit_zh}”已用满 {times} 次，不能再用。"
    en = "The exit '{exit}' has been taken {times} times, which is the most allowed."


class Incomplete(Refusal):
    """Answers, opinion or evidence are missing; `problems` names each."""

    code = "cases.incomplete"
    zh = "有 {count} 项未填写或不符合要求：{first}"
    en = "Missing or wrong ({count}): {first_en}"


class OwnWork(Refusal):
    status = 403
    code = "cases.own-work"
    zh = "办理人不能核查自己办理的事件，请由其他岗位核查。"
    en = "Nobody checks his own work; another post must do it."


class TasksOpen(Refusal):
    status = 409
    code = "cases.tasks-open"
    zh = "尚有 {count} 个会签任务未办结（{units}），办结或强制结束后方可{exit_zh}。"
    en = "{count} co-sign tasks are still open ({units}); finish or force-close them first."


class NotATarget(Refusal):
    code = "cases.not-a-target"
    zh = "不能交给岗位「{post}」：{why_zh}。"
    en = "It cannot be given to the post {post}: {why_en}."


class NotACopy(Refusal):
    code = "cases.not-a-copy"
    zh = "岗位「{post}」不在「{stage_name}」环节可选送的范围内。"
    en = "The stage {stage} does not let you inform the post {post}."


class PickOne(Refusal):
    """`posts` are those that may be picked."""

    code = "cases.pick-one"
    zh = "「{stage_name}」环节有 {count} 个可办理的岗位（{names}），请选定一个主送。"
    en = "The stage {stage} may go to any of {count} posts: pick the one that answers."


class NotOnAgenda(Refusal):
    status = 409
    code = "cases.not-on-agenda"
    zh = "该议题不存在，或联席会议已经议定。请刷新后再操作。"
    en = "There is no such item, or the conference has decided it already. Reload, then act."


class NoReturn(Refusal):
    code = "cases.no-return"
    zh = "「{stage_name}」环节不能退回。"
    en = "The stage {stage} cannot be returned."


class ReturnTooLate(Refusal):
    code = "cases.return-too-late"
    zh = "签收已超过{limit_zh}，不能再退回；可申请延期或请调度台转派。"
    en = "It was signed in more than {limit} ago and cannot be returned any more."


class RightOwnerNeeded(Refusal):
    code = "cases.right-owner-needed"
    zh = "退回须指明应由谁办理（部门或岗位），“{given}”不在单位名录中。"
    en = "A return must name the right owner; '{given}' is no known unit or post."


class BasisNeeded(Refusal):
    code = "cases.basis-needed"
    zh = "已退回 {returns} 次，再退须写明法定依据（如“三定方案”条款），由{desk}裁定。"
    en = "It was returned {returns} times; once more needs the legal basis and goes to a ruling."


class Ruled(Refusal):
    status = 409
    code = "cases.ruled"
    zh = "该事件已经裁定责任单位，不能再退回。"
    en = "A desk has ruled whose case this is; it cannot be returned again."


class NotExtendable(Refusal):
    code = "cases.not-extendable"
    zh = "「{stage_name}」环节不能延期。"
    en = "The stage {stage} cannot be extended."


class AskedTooLate(Refusal):
    code = "cases.asked-too-late"
    zh = "须在到期（{due}）前申请，现已超期。"
    en = "It must be asked for before it is due ({due})."


class NoMore(Refusal):
    code = "cases.no-more"
    zh = "「{stage_name}」环节最多{what_zh} {most} 次，已用 {used} 次。"
    en = "The stage {stage} allows {most} times to {what_en}; {used} are used."


class RequestPending(Refusal):
    status = 409
    code = "cases.request-pending"
    zh = "已有一项{kind_zh}申请待审批，请等待审批结果。"
    en = "A request ({kind}) is waiting for its approver already."


class NoRequest(Refusal):
    status = 409
    code = "cases.no-request"
    zh = "没有待审批的申请。"
    en = "No request is waiting."


class OwnRequest(Refusal):
    status = 403
    code = "cases.own-request"
    zh = "申请人不能审批自己的申请。"
    en = "Nobody decides on his own request."


class NoHold(Refusal):
    code = "cases.no-hold"
    zh = "「{stage_name}」环节不能挂账。"
    en = "The stage {stage} cannot be put on hold."


class HoldIncomplete(Refusal):
    code = "cases.hold-incomplete"
    zh = "挂账须写明恢复条件、复查日期和临时防护措施；复查日期须晚于现在且不超过{longest}。"
    en = "A hold needs its condition, a review date ahead (at most {longest}) and the interim measure."


class UrgedTooSoon(Refusal):
    status = 409
    code = "cases.urged-too-soon"
    zh = "同一事件两次催办须间隔 {hours} 小时，{next} 后可再催。"
    en = "Urging again is possible {hours} hours after the last time, from {next}."


class BadCard(Refusal):
    code = "cases.bad-card"
    zh = "督办卡须为黄牌（yellow）或红牌（red），并给出晚于现在的回复时限。"
    en = "A card is yellow or red, with a reply time ahead."


class LinkedCaseWorked(Refusal):
    status = 409
    code = "cases.linked-case-worked"
    zh = "该出口关联开出的事件 {number} 已有人办理，不能再撤回。请与其责任岗位协商。"
    en = "The linked case {number} that this exit opened is being worked on: speak to its owner."


class CannotRecall(Refusal):
    status = 409
    code = "cases.cannot-recall"
    zh = "对方已签收，或没有可撤回的上一环节。"
    en = "The new owner has signed in, or there is no stage to take back."


class ReasonNeeded(Refusal):
    code = "cases.reason-needed"
    zh = "{verb_zh}须写明{what_zh}。"
    en = "{what} is needed to {verb}."

    def __init__(self, *, what_zh: str = "理由", what: str = "A reason", **params: object) -> None:
        super().__init__(what_zh=what_zh, what=what, **params)


class TooLateToReopen(Refusal):
    code = "cases.too-late-to-reopen"
    zh = "结案已超过 {days} 天，请作为新事件上报。"
    en = "It was closed more than {days} days ago; report it as a new matter."


class AlreadyRated(Refusal):
    status = 409
    code = "cases.already-rated"
    zh = "该事件已经评价。"
    en = "The case has been rated already."


class NotYetDone(Refusal):
    status = 409
    code = "cases.not-yet-done"
    zh = "该事件尚在办理，办结后才能评价。"
    en = "The case is still being worked on; it can be rated once the work is done."


class TaskNotOpen(Refusal):
    status = 409
    code = "cases.task-not-open"
    zh = "该任务不存在或已结束。"
    en = "There is no such open task."


class BadTimes(Refusal):
    code = "cases.bad-times"
    zh = "接收时限须晚于现在，反馈时限不得早于接收时限，且至少选择一个岗位。"
    en = "Receive-by must lie ahead, feedback-by not before it, and at least one post is needed."


class NotInTheGrid(Refusal):
    code = "cases.unknown-grid"
    zh = "网格 {grid} 不存在或已撤销。"
    en = "There is no live grid {grid}."


class NoStart(Refusal):
    """The scenario does not begin from this channel."""

    code = "cases.no-start"
    zh = "场景「{scenario}」没有为来源“{channel}”设置起始环节。"
    en = "The scenario {scenario} has no start for the channel {channel}."
