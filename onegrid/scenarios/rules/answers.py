"""Whether a form is filled in and the evidence is there, before an exit may be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onegrid.scenarios.rules.answer_kinds import wrong_answer
from onegrid.scenarios.rules.conditions import holds, is_empty
from onegrid.scenarios.rules.evidence import Evidence, EvidenceKind, Given, Need, OneOf, is_met
from onegrid.scenarios.rules.fields import Field, FieldKind, Form
from onegrid.scenarios.rules.stages import Exit, Stage


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend before the form is taken; `field`: its key ("floors.2.area" in a table) or empty."""

    code: str
    zh: str
    en: str
    field: str = ""


def check_form(
    stage: Stage,
    leave: Exit,
    *,
    values: Mapping[str, object],
    evidence: Sequence[Given],
    opinion: str = "",
    answers: Mapping[str, object] | None = None,
    base: Form | None = None,
    located: bool = True,
) -> list[Problem]:
    """Everything that keeps this exit from being taken with these answers and this evidence.

    `answers`: what the case already knows (earlier answers; source, channel, class, urgency);
    `base`: the definition's own form, whose fields named in `stage.edits` may be corrected here;
    `located`: whether the case has a point, without which nearness of photos is not asked.
    """
    editable = tuple(one for one in (base or Form()).fields if one.key in stage.edits)
    known = {**(answers or {}), **values, "exit": leave.key}
    problems = check_values(stage.form, values, answers=known, extra=editable)
    if not holds(leave.when, known):
        zh, en = (
            f"按所填内容，不能走“{leave.label.zh}”。",
            f"With these answers '{leave.label.en}' is not open.",
        )
        problems.append(Problem("scenarios.exit-not-open", zh, en))
    if leave.new_grid and is_empty(values.get(leave.assigns.grid or "")):
        zh, en = "请选择转往哪个网格。", "Choose the grid that the case goes to."
        problems.append(Problem("scenarios.answer-missing", zh, en, leave.assigns.grid or ""))
    needs = (*stage.evidence, *leave.needs)
    return problems + check_needs(needs, evidence=evidence, opinion=opinion, located=located)


def check_values(
    form: Form,
    values: Mapping[str, object],
    *,
    answers: Mapping[str, object] | None = None,
    extra: tuple[Field, ...] = (),
    within: str = "",
) -> list[Problem]:
    """Problems of the answers to any form: unknown, hidden, missing or wrong ones.

    `answers`: everything conditions may ask; `extra`: base facts that may be corrected, and must be given
    where they are required and not known yet; `within`: prefix of field keys for rows of a table.
    """
    known = {**(answers or {}), **values}
    fields = {one.key: one for one in (*extra, *form.fields)}
    problems = [
        Problem("scenarios.answer-unknown", f"没有字段“{key}”。", f"There is no field '{key}'.", within + key)
        for key in values
        if key not in fields
    ]
    for one in fields.values():
        given_before = form.get(one.key) is None and not is_empty(known.get(one.key))
        must = holds(one.required, known) and not given_before
        problems.extend(_answer(one, values.get(one.key), known, must=must, within=within))
    return problems


def _answer(
    one: Field, answer: object, known: Mapping[str, object], *, must: bool, within: str
) -> list[Problem]:
    key, label = within + one.key, one.label
    visible = holds(one.visible, known)
    if is_empty(answer):
        if must and visible:
            return [
                Problem("scenarios.answer-missing", f"请填写“{label.zh}”。", f"'{label.en}' is missing.", key)
            ]
        return []
    if not visible:
        zh, en = f"“{label.zh}”此时不适用，请清空。", f"'{label.en}' does not apply here: clear it."
        return [Problem("scenarios.answer-not-asked", zh, en, key)]
    wrong = wrong_answer(one, answer, answers=known)
    if wrong is not None:
        zh, en = f"“{label.zh}”{wrong[0]}。", f"'{label.en}' {wrong[1]}."
        return [Problem("scenarios.answer-wrong", zh, en, key)]
    return _table(one, answer, known, key) if one.kind is FieldKind.TABLE else []


def _table(one: Field, answer: object, known: Mapping[str, object], key: str) -> list[Problem]:
    rows = answer if isinstance(answer, list) else []
    columns = Form(one.columns)
    return [
        problem
        for index, row in enumerate(rows)
        for problem in check_values(columns, row, answers={**known, **row}, within=f"{key}.{index}.")
    ]


def check_needs(
    needs: Sequence[Need], *, evidence: Sequence[Given], opinion: str = "", located: bool = True
) -> list[Problem]:
    """One problem per need that the evidence does not meet."""
    return [
        Problem(
            "scenarios.evidence-missing",
            f"缺少{_said(one)[0]}{why[0]}。",
            f"Missing: {_said(one)[1]}{why[1]}.",
            _need_key(one),
        )
        for one in needs
        for why in (_why_not(one, evidence),)
        if not is_met(one, evidence, opinion=opinion, located=located)
    ]


_KIND_ZH = {
    EvidenceKind.PHOTO: "照片",
    EvidenceKind.VIDEO: "视频",
    EvidenceKind.VOICE: "录音",
    EvidenceKind.DOCUMENT: "文书",
    EvidenceKind.SIGNATURE: "签名",
    EvidenceKind.OPINION: "办理意见",
}
LABEL_ZH = {
    "before": "处理前",
    "during": "处理中",
    "after": "处理后",
    "site": "现场",
    "close": "近景",
    "surroundings": "周边环境",
    "filing-decision": "立案决定书",
    "penalty-decision": "行政处罚决定书",
    "service-receipt": "送达回证",
    "stop-notice": "责令停止通知书",
    "mediation-agreement": "调解协议书",
    "mediation-record": "调解记录",
    "consent-of-parties": "双方同意延长书",
    "case-folder": "一案一卷",
    "guidance-notice": "法律途径告知书",
    "court-ruling": "司法确认裁定书",
    "acceptance-notice": "受理告知书",
    "not-accepted-notice": "不予受理告知书",
    "extension-notice": "延期告知书",
    "response-order": "应急响应指令",
    "shelter-register": "安置点签到册",
    "return-order": "返回令",
    "awareness-card": "明白卡",
    "expert-report": "专家意见",
    "completion-report": "完工报告",
    "lifting-notice": "解除通知书",
    "consent": "同意书",
    "notice-to-landlord": "房东责任告知书",
    "correction-order": "责令改正通知书",
    "parties": "双方当事人",
    "consenting-person": "同意人",
    "business-owner": "食品单位负责人",
    "host": "举办人",
    "visited-person": "被访人",
    "site-record": "现场勘查记录",
    "self-demolition-pledge": "自行拆除承诺书",
    "reply": "答复函",
    "minutes": "会议纪要",
    "hold-basis": "挂账依据",
    "monitoring-report": "监测报告",
    "no-penalty-decision": "不予行政处罚决定书",
    "persuasion-record": "劝导记录",
    "no-filing-decision": "不予立案决定书",
    "rectification-notice": "整改通知书",
    "acceptance-record": "验收记录",
    "emergency-plan": "应急预案",
    "listing-notice": "挂牌督办通知书",
    "delisting-notice": "摘牌公告",
    "judgement-form": "现场判定表",
    "hazard-notice": "隐患告知书",
    "appraisal-report": "鉴定报告",
    "cure-plan": "整改方案",
    "rights-notice": "权利义务告知书",
    "transfer-note": "转运单",
    "test-result": "检测结果",
    "diagnosis": "诊断意见书",
    "investigation-record": "流行病学调查记录",
    "release-notice": "解除通知书",
    "density-report": "蚊媒密度监测报告",
    "outbreak-over-notice": "疫情解除通知",
    "building-notice": "建房告知书",
    "notice-board": "公示牌",
    "setting-out-sketch": "放样草图",
    "side-note-east": "东侧情况说明",
    "side-note-west": "西侧情况说明",
    "side-note-south": "南侧情况说明",
    "side-note-north": "北侧情况说明",
    "written-reply": "书面答复",
    "quality-paper": "质量合格资料",
    "completion-record": "竣工验收记录",
    "file-list": "资料移交清单",
    "ruler": "带尺裂缝",
    "neighbour-east": "东邻",
    "neighbour-west": "西邻",
    "neighbour-south": "南邻",
    "neighbour-north": "北邻",
    "householder": "户主",
    "builder": "施工方",
    "village": "村干部",
    "owner": "产权人",
    "expert": "专家",
    "enterprise": "企业",
    "interim-safety-measure": "期间安全措施",
    "seal-decision": "临时查封决定书",
    "acceptance-team": "验收组成员",
    "operator": "经营者",
    "authorisation": "信息查询授权书",
    "decision": "审定文书",
    "lift-proposal": "解除建议",
    "village-notice": "公示材料",
    "approval": "审批文书",
    "receipt": "签收单",
    "call": "通话",
    "repair-order": "责令修缮通知书",
}
"""Chinese names of the usual labels; a label not listed is shown as written."""


def _said(need: Need) -> tuple[str, str]:
    if isinstance(need, OneOf):
        parts = [_said(one) for one in need.of]
        return "或".join(zh for zh, _ in parts), " or ".join(en for _, en in parts)
    label, kind = LABEL_ZH.get(need.label, need.label), _KIND_ZH[need.kind]
    count = f" {need.at_least} 张" if need.kind is EvidenceKind.PHOTO and need.at_least > 1 else ""
    near = f"（距现场 {need.near_m:g} 米内）" if need.near_m else ""
    en = f"{need.at_least} {need.label} {need.kind}".replace("  ", " ")
    return f"{label}{kind}{count}{near}", en + (f" within {need.near_m:g} m" if need.near_m else "")


def _why_not(need: Need, evidence: Sequence[Given]) -> tuple[str, str]:
    """Why evidence that was handed in does not count: no position in the file, or taken too far away."""
    if isinstance(need, OneOf) or need.near_m is None:
        return "", ""
    alike = [one for one in evidence if one.kind is need.kind and need.label in ("", one.label)]
    known = [one.distance_m for one in alike if one.distance_m is not None]
    if known and min(known) > need.near_m:
        metres = round(min(known))
        return f"：已交的最近一份距现场 {metres} 米", f": the nearest one is {metres} m away"
    if alike and len(known) < len(alike):
        return "：已交的没有定位信息", ": the one handed in has no position"
    return "", ""


def need_zh(need: Need) -> str:
    """What the need asks for, in words for the user."""
    return _said(need)[0]


def _need_key(need: Need) -> str:
    if isinstance(need, Evidence):
        return f"{need.kind}:{need.label}" if need.label else need.kind.value
    return "|".join(_need_key(one) for one in need.of)
