"""What the lifecycle of scenario projects refuses, each with its sentence."""

from __future__ import annotations

from onegrid.kernel.refusals import Refusal


class NoProject(Refusal):
    status = 404
    code = "scenarios.no-project"
    zh = "没有这个场景项目（{project}）。"
    en = "There is no such scenario project ({project})."


class NotPossible(Refusal):
    status = 409
    code = "scenarios.project-not-possible"
    zh = "项目目前“{state_zh}”，不能{verb_zh}。现在可以：{possible_zh}。"
    en = "The project is {state_en}, so nobody can {verb} now. Possible: {possible_en}."


class NotYourProject(Refusal):
    status = 403
    code = "scenarios.not-your-project"
    zh = "“{verb_zh}”只能由{who_zh}办理。"
    en = "Only {who} may {verb}."


class ProjectInHand(Refusal):
    status = 409
    code = "scenarios.project-in-hand"
    zh = "场景“{key}”已有进行中的项目（第 {round} 轮，{state_zh}），请先办完或退出该项目。"
    en = "'{key}' has a project in hand already (round {round}, {state}): finish or retire it first."


class BadKey(Refusal):
    code = "scenarios.bad-key"
    zh = "场景标识“{key}”不合要求：请用小写字母、数字和连字符，以字母开头，最长 60 个字符。"
    en = "The key '{key}' must be lower-case letters, digits and hyphens, begin with a letter, at most 60."


class WordsNeeded(Refusal):
    code = "scenarios.words-needed"
    zh = "请填写{what_zh}。"
    en = "Give {what}."


class BadDocument(Refusal):
    code = "scenarios.bad-document-hash"
    zh = "文件校验值应为 64 位十六进制的 SHA-256。"
    en = "The document hash must be a SHA-256 of 64 hexadecimal digits."


class DecidedInFuture(Refusal):
    code = "scenarios.decided-in-future"
    zh = "联席会议的日期 {day} 还没有到。"
    en = "The day of the conference, {day}, lies ahead."


class DraftMoved(Refusal):
    """Somebody else saved in between; the present draft comes with the refusal."""

    status = 409
    code = "scenarios.draft-moved"
    zh = "草案已是第 {number} 稿（{saved_by}），您看到的是第 {seen} 稿。请对照最新一稿后再提交。"
    en = (
        "The draft is number {number} by now (by {saved_by}); you have seen {seen}. Compare, then send again."
    )


class NoDraft(Refusal):
    status = 404
    code = "scenarios.no-draft"
    zh = "该项目没有第 {number} 稿。"
    en = "The project has no draft number {number}."


class NotBuilt(Refusal):
    status = 409
    code = "scenarios.not-built"
    zh = "项目 {project} 还没有建成版本，请先建成再演练；草案可以用文件演练。"
    en = "Project {project} has no built version yet: build it first, or drill the draft from its file."


class NotAgreed(Refusal):
    status = 409
    code = "scenarios.not-agreed"
    zh = "第 {number} 稿还须{missing_zh}同意，才能定版。"
    en = "Draft {number} cannot be built before {missing_en} agreed to it."


class OtherKey(Refusal):
    code = "scenarios.other-key"
    zh = "草案的 {name} 是“{given}”，与项目的“{wanted}”不一致，请改正。"
    en = "The draft says {name} '{given}', the project '{wanted}': make them the same."


class NoTowns(Refusal):
    code = "scenarios.no-towns"
    zh = "试运行须写明镇街（9 位编码）。"
    en = "A trial needs its towns (codes of 9 digits)."


class BadDay(Refusal):
    code = "scenarios.bad-day"
    zh = "截止日期 {day} 须晚于今天，且不超过 {longest} 天。"
    en = "The end date {day} must lie ahead, at most {longest} days."


class CasesRunning(Refusal):
    status = 409
    code = "scenarios.cases-running"
    zh = (
        "还有 {count} 件在办事件，不能直接退出。请等待办结，或选择“办完即退”（run_out）："
        "不再受理新事件，最后一件办结后自动退出。"
    )
    en = "{count} cases are running. Wait for their end, or choose run_out: retired with the last of them."


class CityOwn(Refusal):
    """An installation may not push aside what the city decided itself."""

    status = 409
    code = "scenarios.city-own"
    zh = "场景“{key}”已由本市第 {round} 轮项目启用（{state_zh}），不能用系统安装覆盖。请提出修订项目。"
    en = "'{key}' runs by the city's own project (round {round}, {state}): propose a revision instead."


class InstallationOnly(Refusal):
    status = 403
    code = "scenarios.installation-only"
    zh = "直接安装场景只能由系统管理命令完成；部门和网格办请走项目流程。"
    en = "Only the installation itself installs ready scenarios; people take the road of a project."


class NotDormant(Refusal):
    status = 409
    code = "scenarios.not-dormant"
    zh = "场景“{key}”不是休眠场景，无须启用令。"
    en = "'{key}' is not dormant and needs no order."


class OrderNeeded(Refusal):
    code = "scenarios.order-needed"
    zh = "启用“{name_zh}”须有{missing_zh}。{kind_zh}"
    en = "To switch on '{name_en}' it takes {missing_en}. {kind_en}"


class BadEndDate(Refusal):
    code = "scenarios.bad-end-date"
    zh = "启用令的截止日期 {day} 须晚于今天，且最多 {longest} 天；到期可凭新的启用令续期。"
    en = "The order's end date {day} must lie ahead, at most {longest} days; a new order renews it."


class OrderUsed(Refusal):
    status = 409
    code = "scenarios.order-used"
    zh = "启用令“{order}”已经用过，续期须有新的启用令。"
    en = "The order '{order}' was used before; renewing takes a new one."


class TownsNotLive(Refusal):
    status = 409
    code = "scenarios.towns-not-live"
    zh = "场景“{key}”未在“{towns}”运行，不能在那里启用。"
    en = "'{key}' is not live in {towns} and cannot be switched on there."


class NotActive(Refusal):
    status = 409
    code = "scenarios.not-active"
    zh = "场景“{key}”目前没有启用。"
    en = "'{key}' is not switched on."
