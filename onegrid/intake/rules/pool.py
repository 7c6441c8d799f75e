"""Decisions about waiting and joined reports, and when they are refused."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from onegrid.kernel.ids import ReportId
from onegrid.kernel.refusals import Refusal

UNMERGE_WITHIN: Final = timedelta(hours=24)  # domain 3.6
REASON_LIMIT: Final = 500


class ReportNotFound(Refusal):
    status = 404
    code = "intake.report-not-found"
    zh = "没有找到该上报，或不在您的管辖范围内。"
    en = "No such report, or it lies outside your territory."


class NotYourReport(Refusal):
    status = 403
    code = "intake.not-your-report"
    zh = "只有反映人本人可以评价这条上报；工作人员回访后请在事件页代为评价。"
    en = "Only the resident who sent this report may rate it here; a desk rates on the page of the case."


class NoCaseYet(Refusal):
    status = 409
    code = "intake.no-case-yet"
    zh = "这条上报还没有成为事件，办结后才能评价。"
    en = "This report has not become a case yet; it can be rated once it is dealt with."


class NotWaiting(Refusal):
    status = 409
    code = "intake.not-waiting"
    zh = "该上报已不在核实池中（现状：{kind_zh}）。请刷新后再操作。"
    en = "The report no longer waits in the pool (it is {kind}); reload."


class NotJoined(Refusal):
    status = 409
    code = "intake.not-joined"
    zh = "该上报没有并入其他事件（现状：{kind_zh}），无需拆分。"
    en = "The report has not joined a case (it is {kind}), so there is nothing to undo."


class UnmergeTooLate(Refusal):
    status = 409
    code = "intake.unmerge-too-late"
    zh = "并案已超过 {hours} 小时，不能再拆分。"
    en = "It joined more than {hours} hours ago and stays joined."


class ReasonMissing(Refusal):
    code = "intake.reason-missing"
    zh = "请写明理由（1 至 {limit} 个字符），上报人会看到。"
    en = "Give the reason, 1 to {limit} characters; the reporter will read it."


class NotInGrid(Refusal):
    code = "intake.onboard-without-grid"
    zh = "入格前请先确定所在网格。"
    en = "Choose the grid before onboarding."


class NotInClass(Refusal):
    code = "intake.onboard-without-class"
    zh = "入格前请先选择事项类别。"
    en = "Choose the matter class before onboarding."


class RejectedByDesk(Refusal):
    code = "intake.rejected-by-desk"
    zh = "{text}"
    en = "{text}"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """入格: this waiting report becomes work; grid and class fix what was unknown (None: as it stands)."""

    report_id: ReportId
    grid_code: str | None = None
    class_code: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """不予入格, with the reason the reporter will read."""

    report_id: ReportId
    reason: str
