"""`onegrid account …`: create accounts, set passwords, issue tokens."""

import secrets
from typing import Annotated

import typer

from onegrid.accounts import actions
from onegrid.accounts.rules import SYSTEM, AccountRole
from onegrid.accounts.rules.passwords import password_faults
from onegrid.kernel import clock

app = typer.Typer(no_args_is_help=True, help="账号 accounts: people, machines, tokens")


@app.command()
def create(
    username: str,
    name: Annotated[str, typer.Option(help="显示的姓名或名称 the name shown")],
    role: Annotated[
        AccountRole, typer.Option(help="账号自带的角色 a role of the account itself")
    ] = AccountRole.NONE,
    machine: Annotated[
        bool, typer.Option(help="机器账号，只用令牌 a machine, which has tokens only")
    ] = False,
    territory: Annotated[
        str, typer.Option(help="机器账号的辖区代码前缀 a machine's territory (code prefix)")
    ] = "",
) -> None:
    """创建账号: create an account; a person's first password is made and printed once."""
    password = None if machine else _password(username)
    kind = "machine" if machine else "person"
    new = actions.NewAccount(username, name, kind, password, role, territory)
    actions.create_accounts([new], by=SYSTEM, now=clock.now())
    shown = f"  初始密码 password: {password}" if password else ""
    typer.echo(f"已创建账号 created: {username}{shown}")


@app.command()
def password(username: str) -> None:
    """重设密码: give a person a new password, printed once; open sessions end."""
    fresh = _password(username)
    actions.set_password(username, fresh, by=SYSTEM, now=clock.now())
    typer.echo(f"新密码 new password of {username}: {fresh}")


@app.command()
def close(username: str) -> None:
    """停用账号: close an account for good: sessions end, tokens are revoked."""
    actions.close_account(username, by=SYSTEM, now=clock.now())
    typer.echo(f"已停用账号 closed: {username}")


@app.command()
def token(
    username: str,
    name: Annotated[str, typer.Option(help="用途 what uses it")],
    scope: Annotated[list[str], typer.Option(help="权限，可多次给出 a permission; may be given again")],
    days: Annotated[int, typer.Option(help="有效天数 days it lives")] = 90,
) -> None:
    """Issue a token; its secret is printed once."""
    issued = actions.issue_token(username, name=name, scopes=scope, days=days, by=SYSTEM, now=clock.now())
    typer.echo(f"令牌 token: {issued.secret}  有效至 until {issued.expires_at:%Y-%m-%d}")


def _password(username: str) -> str:
    """Random, and good enough whatever chance brings."""
    while True:
        kinds = (secrets.choice(each) for each in ("ACEHK", "bdfgm", "2479"))
        password = f"{secrets.token_urlsafe(9)}-{''.join(kinds)}"
        if not password_faults(password, username=username):
            return password
