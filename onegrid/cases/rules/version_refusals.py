"""When a case cannot be moved to another version of its scenario."""

from onegrid.kernel.refusals import Refusal


class SameVersion(Refusal):
    status = 409
    code = "cases.same-version"
    zh = "事件 {number} 已按第 {to} 版办理。"
    en = "Case {number} follows version {to} already."


class OtherScenario(Refusal):
    code = "cases.other-scenario"
    zh = "事件 {number} 属于场景“{scenario}”，不能改用“{other}”的版本。"
    en = "Case {number} belongs to '{scenario}' and cannot follow a version of '{other}'."


class StageNotThere(Refusal):
    """Running cases stay on their version where the other one does not know their stage."""

    status = 409
    code = "cases.stage-not-there"
    zh = "事件 {number} 正处于「{stage_name}」，第 {to} 版没有这个环节，请办完该环节后再改。"
    en = "Case {number} is at {stage}, which version {to} does not have; finish the stage first."
