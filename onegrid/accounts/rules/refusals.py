"""What accounts refuses, by name."""

from onegrid.kernel.refusals import Refusal


class SessionOver(Refusal):
    status = 401
    code = "accounts.session-over"
    zh = "登录已过期或已退出，请重新登录。"
    en = "The session has ended; please sign in again."


class BadToken(Refusal):
    """The token is unknown, expired, revoked, or its account is closed (not told which)."""

    status = 401
    code = "accounts.bad-token"
    zh = "令牌无效、已过期或已撤销。请向系统管理员申请新的令牌。"
    en = "The token is not valid, has expired or was revoked. Ask the system administrator for a new one."


class WrongCredentials(Refusal):
    status = 401
    code = "accounts.wrong-credentials"
    zh = "账号或密码不正确。连续输错 {limit} 次后，该账号将锁定 {minutes} 分钟。"
    en = "Wrong account or password. After {limit} wrong tries the account is locked for {minutes} minutes."


class TooManyTries(Refusal):
    status = 429
    code = "accounts.too-many-tries"
    zh = "密码连续输错 {limit} 次，账号已锁定 {minutes} 分钟。请稍后再试，或联系系统管理员。"
    en = "{limit} wrong tries: the account is locked for {minutes} minutes. Try again later."


class ForeignOrigin(Refusal):
    """A browser sent the request from another site's page (cross-site request forgery)."""

    status = 403
    code = "accounts.foreign-origin"
    zh = "请求来自其他网站，已拒绝。请在本平台页面内操作；如仍出现，请刷新页面。"
    en = "The request came from another site and was refused. Use this platform's own page, or reload it."


class CsrfTokenMissing(Refusal):
    """A write by session cookie without the header that only the platform's own pages can set."""

    status = 403
    code = "accounts.csrf-token-missing"
    zh = "缺少请求头 X-CSRFToken：用会话 Cookie 提交时，须把 Cookie“{cookie}”的值放进去。程序调用请改用令牌。"
    en = (
        "The header X-CSRFToken is missing: a write by session cookie carries the value of the cookie"
        " '{cookie}' in it. Programs better use a token (Authorization: Bearer)."
    )


class NotPermitted(Refusal):
    status = 403
    code = "accounts.not-permitted"
    zh = "您的岗位没有“{label}”权限，或该地不在您的管辖范围内。"
    en = "Your post does not have the permission {permission}, or the place lies outside your territory."


class WeakPassword(Refusal):
    status = 422
    code = "accounts.weak-password"
    zh = "密码不合要求：{faults_zh}。"
    en = "The password is not acceptable: {faults_en}."


class BadUsername(Refusal):
    status = 422
    code = "accounts.bad-username"
    zh = "账号名“{username}”不合要求：2 至 64 个字符，只能用字母、汉字、数字和 . _ @ -。"
    en = "The account name {username} is not valid: 2 to 64 letters, digits, or . _ @ -."


class UsernameTaken(Refusal):
    status = 409
    code = "accounts.username-taken"
    zh = "账号名已被使用：{usernames}。"
    en = "These account names are taken: {usernames}."


class BadAccount(Refusal):
    """Role and territory do not fit the kind of account."""

    status = 422
    code = "accounts.bad-account"
    zh = "账号“{username}”的类型与角色、辖区不符：只有机器账号有自己的辖区，只有人员账号有角色和密码。"
    en = "Account {username}: only machines have a territory of their own, only people a role and a password."


class BadScopes(Refusal):
    status = 422
    code = "accounts.bad-scopes"
    zh = "令牌权限不可用：{scopes}。可选：{allowed}。"
    en = "These scopes cannot be given to a token of this account: {scopes}. Possible are: {allowed}."


class BadLifetime(Refusal):
    status = 422
    code = "accounts.bad-lifetime"
    zh = "令牌有效期须在 1 至 {longest} 天之间。"
    en = "A token lives between 1 and {longest} days."
