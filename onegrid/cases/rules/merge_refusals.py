"""What is refused of merging, un-merging and repeated complaints."""

from onegrid.kernel.refusals import Refusal


class LeadEnded(Refusal):
    """Somebody ended or merged the target first."""

    status = 409
    code = "cases.lead-ended"
    zh = "目标事件 {number} 当前为「{phase_zh}」，不能再并入。请刷新后再操作。"
    en = "Case {number} is {phase}; nothing can be merged into it any more. Reload, then act."


class UnmergeTooLate(Refusal):
    status = 409
    code = "cases.unmerge-too-late"
    zh = "事件 {number} 并案已超过 {hours} 小时，不能再拆分；如有不同诉求，请作为新事件上报。"
    en = "Case {number} was merged more than {hours} hours ago and stays merged; report what differs anew."


class NotARepeat(Refusal):
    code = "cases.not-a-repeat"
    zh = "不能标记为重复投诉：{why_zh}。"
    en = "It cannot be marked as a repeated complaint: {why_en}."


class BadMerge(Refusal):
    code = "cases.bad-merge"
    zh = "不能并入该事件：{why_zh}。"
    en = "It cannot be merged into that case: {why_en}."


class NoCount(Refusal):
    status = 409
    code = "cases.nothing-to-unjoin"
    zh = "该事件没有可拆分的重复件。"
    en = "The case has no joined report to take away."
