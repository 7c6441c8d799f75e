"""Why a BPMN file gives no draft, each construct by its name and place."""

from __future__ import annotations

from collections.abc import Sequence

from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules.findings import Finding, finding
from onegrid.scenarios.rules.refusals import as_params


class BadBpmn(Refusal):
    """The file is no BPMN process made of user tasks and exclusive gateways; `findings` says what is not."""

    status = 422
    code = "scenarios.bad-bpmn"
    zh = "BPMN 文件不能读取，有 {count} 处问题：{first}"
    en = "The BPMN file cannot be read for {count} reasons: {first_en}"


def bad_bpmn(findings: Sequence[Finding]) -> BadBpmn:
    """The refusal that carries every reason."""
    first = findings[0]
    return BadBpmn(
        count=len(findings),
        first=first.zh,
        first_en=first.en,
        findings=[as_params(one) for one in findings],
    )


def refused(code: str, zh: str, en: str) -> BadBpmn:
    """The refusal for one reason."""
    return bad_bpmn([finding(code, zh=zh, en=en)])
