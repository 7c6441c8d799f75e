"""What is audited: every sign-in, sign-out, failed sign-in, refusal and write (MLPS level 3: 安全审计)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onegrid.kernel.ids import AccountId


class AuditKind(StrEnum):
    """The kinds of audited events, as stored."""

    SIGN_IN = "sign-in"  # 登录
    SIGN_IN_FAILED = "sign-in-failed"  # 登录失败
    SIGN_OUT = "sign-out"  # 退出
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - 修改密码
    ACCOUNTS_CREATED = "accounts-created"  # 新建账号
    ACCOUNT_CLOSED = "account-closed"  # 停用账号
    TOKEN_ISSUED = "token-issued"  # noqa: S105 - 签发令牌
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - 撤销令牌
    EXPORT = "export"  # 导出
    WRITE = "write"  # 写入
    REFUSAL = "refusal"  # 拒绝
    FAILURE = "failure"  # 系统错误


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One audited event: who, when, from where, what, with which result."""

    kind: AuditKind
    at: datetime
    account_id: AccountId | None
    name: str
    address: str | None = None
    method: str = ""
    path: str = ""
    status: int | None = None
    code: str = ""
    detail: str = ""


def kind_of(method: str, status: int) -> AuditKind | None:
    """What an answered request is in the audit: a write, a refusal, a failure, or (a read) nothing."""
    if status >= 500:
        return AuditKind.FAILURE
    if status >= 400:
        return AuditKind.REFUSAL
    return None if method in SAFE_METHODS else AuditKind.WRITE
