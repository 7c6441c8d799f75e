"""What the workforce refuses, each with its sentence."""

from onegrid.kernel.refusals import Refusal


class UnknownRole(Refusal):
    """A role key that the role table does not have."""

    status = 422
    code = "workforce.unknown-role"
    zh = "没有「{role}」这种岗位角色。"
    en = "There is no role '{role}'."


class TerritoryUnfit(Refusal):
    """The role is bound to another kind of place."""

    status = 422
    code = "workforce.territory-unfit"
    zh = "「{role}」应绑定到{level}，不能绑定到编码 {code}。"
    en = "A {role_en} is bound to a {level_en}; the code {code} is none."


class NoPost(Refusal):
    """Nobody answers: the duty list has a hole here."""

    status = 422
    code = "workforce.no-post"
    zh = "网格 {grid} 没有承担「{scenario}」的{role}岗位{unit}。请在职责清单中补设。"
    en = "Grid {grid} has no {role_key} post{unit_en} for {scenario}. Add one to the duty list."


class SeveralPosts(Refusal):
    """More than one post answers: accountability would be shared, which it must not be."""

    status = 422
    code = "workforce.several-posts"
    zh = "网格 {grid} 有 {count} 个{role}岗位{unit}同时承担「{scenario}」，必须明确唯一责任岗位。"
    en = "Grid {grid} has {count} {role_key} posts{unit_en} for {scenario}; exactly one must answer."


class NothingToCover(Refusal):
    """A coverage check where there is no grid yet would pass without having looked at anything."""

    status = 422
    code = "workforce.nothing-to-cover"
    zh = "您的管辖范围内还没有网格，无法检查职责覆盖。请先导入网格。"
    en = "There is no grid in your territory yet, so there is no coverage to check. Import the grids first."


class UnitNeeded(Refusal):
    """A department role without its department names nobody."""

    status = 422
    code = "workforce.unit-needed"
    zh = "「{role}」须指明是哪个部门。"
    en = "The role {role_key} needs the key of its department."


class PostVacant(Refusal):
    """The post exists, but no one holds it: a handler without appointment."""

    status = 422
    code = "workforce.post-vacant"
    zh = "岗位「{post}」目前无人任职，请先任命或调整职责清单。"
    en = "The post '{post}' has no holder. Appoint one, or change the duty list."


class PostHasPrincipal(Refusal):
    """A post has one principal holder at a time."""

    status = 409
    code = "workforce.post-has-principal"
    zh = "岗位「{post}」在该期间已有主责任职人，同一时间只能有一人。请先结束其任职。"
    en = "The post '{post}' already has a principal holder in that period. End that appointment first."


class AlreadyAppointed(Refusal):
    """The same worker cannot hold one post twice at a time."""

    status = 409
    code = "workforce.already-appointed"
    zh = "{worker}在该期间已任职于岗位「{post}」。"
    en = "{worker} already holds the post '{post}' in that period."


class DatesOutOfOrder(Refusal):
    """An end that is not after its start."""

    status = 422
    code = "workforce.dates-out-of-order"
    zh = "结束时间必须晚于开始时间。"
    en = "The end must come after the start."


class DelegationWithoutHolder(Refusal):
    """Only a held post can be delegated: the holder stays accountable."""

    status = 422
    code = "workforce.delegation-without-holder"
    zh = "岗位「{post}」在代办期间没有主责任职人，不能设置代办。"
    en = "The post '{post}' has no principal holder for the whole period, so it cannot be delegated."


class DelegationToHolder(Refusal):
    """A delegation to oneself."""

    status = 422
    code = "workforce.delegation-to-holder"
    zh = "{worker}本人就是岗位「{post}」的任职人，不能代办自己的岗位。"
    en = "{worker} holds the post '{post}' and cannot be their own delegate."


class DelegationOverlaps(Refusal):
    """One delegate at a time."""

    status = 409
    code = "workforce.delegation-overlaps"
    zh = "岗位「{post}」在该期间已有代办人。"
    en = "The post '{post}' already has a delegate in that period."


class AlreadyOver(Refusal):
    """An appointment or delegation that has ended, or that would lie wholly in the past."""

    status = 409
    code = "workforce.already-over"
    zh = "该任职或代办已于 {ended} 结束。"
    en = "That appointment or delegation ended at {ended}."


class DutyOutsidePost(Refusal):
    """A duty can narrow a post's territory, never widen it."""

    status = 422
    code = "workforce.duty-outside-post"
    zh = "职责范围 {territory} 不在岗位「{post}」的管辖范围 {within} 内。"
    en = "The duty territory {territory} lies outside {within}, the territory of the post '{post}'."


class KeyTaken(Refusal):
    """A key names one thing, for ever."""

    status = 409
    code = "workforce.key-taken"
    zh = "编号「{key}」已被使用。"
    en = "The key '{key}' is already taken."


class UnknownKey(Refusal):
    """A unit, post, worker or category that does not exist or is closed."""

    status = 422
    code = "workforce.unknown-key"
    zh = "没有编号为「{key}」的{what}。"
    en = "There is no {what_en} '{key}'."


class AccountTaken(Refusal):
    """An account belongs to one worker."""

    status = 409
    code = "workforce.account-taken"
    zh = "该登录账号已属于另一名工作人员。"
    en = "That account already belongs to another worker."


class StaffNoTaken(Refusal):
    """A staff number that belongs to somebody of another name."""

    status = 409
    code = "workforce.staff-no-taken"
    zh = "工号 {staff_no} 已属于{name}。"
    en = "The staff number {staff_no} belongs to {name}."


class PostNotEmpty(Refusal):
    """A post is closed only after its holders have left it."""

    status = 409
    code = "workforce.post-not-empty"
    zh = "岗位「{post}」仍有人任职，不能撤销。"
    en = "The post '{post}' still has a holder and cannot be closed."


class CategoryInUse(Refusal):
    """A category that workers have cannot be taken off the list."""

    status = 409
    code = "workforce.category-in-use"
    zh = "人员类别「{category}」仍有工作人员，不能删除。"
    en = "The worker categories {keys} are in use and cannot be removed."


class AuxiliaryUnpaid(Refusal):
    """One of the six auxiliaries without the department that pays, or not part time."""

    status = 422
    code = "workforce.auxiliary-unpaid"
    zh = "六大员「{category}」须为兼职，并注明发放补贴的部门。"
    en = "The auxiliary '{category}' must be part time and name the department that pays the subsidy."


class RowUnreadable(Refusal):
    """A row of an import file that cannot be understood."""

    status = 422
    code = "workforce.row-unreadable"
    zh = "{reason}"
    en = "{reason_en}"


class RosterUnreadable(Refusal):
    """An import file that is no roster at all."""

    status = 422
    code = "workforce.roster-unreadable"
    zh = "花名册无法读取：{reason}。"
    en = "The roster cannot be read: {reason_en}."
