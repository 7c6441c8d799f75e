"""`onegrid account …` as an administrator types it."""

import pytest
from typer.testing import CliRunner

from onegrid.accounts import queries
from onegrid.accounts.commands import app
from onegrid.accounts.models import Account
from onegrid.accounts.rules import BadAccount, BadScopes, UsernameTaken, password_faults
from onegrid.kernel import clock
from onegrid.kernel.refusals import NotFound

pytestmark = pytest.mark.django_db
runner = CliRunner()


def run(*arguments: str) -> str:
    result = runner.invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_person_is_created_with_a_password_that_is_printed_once() -> None:
    password = run("create", "audit-wu", "--name", "吴明", "--role", "audit-admin").split()[-1]
    account = Account.objects.get(username="audit-wu")
    assert (account.name, account.role) == ("吴明", "audit-admin")
    assert account.check_password(password)
    assert password_faults(password, username="audit-wu") == []


def test_a_forgotten_password_is_replaced() -> None:
    run("create", "lin", "--name", "林小梅")
    password = run("password", "lin").split()[-1]
    assert Account.objects.get(username="lin").check_password(password)


def test_a_machine_gets_an_account_and_a_token() -> None:
    assert "password" not in run("create", "hotline", "--name", "热线", "--machine", "--territory", "350583")
    line = run("token", "hotline", "--name", "host", "--scope", "report.create", "--scope", "case.read")
    secret = next(word for word in line.split() if word.startswith("og_"))
    known = queries.actor_by_token(secret, now=clock.now())
    assert known is not None
    assert known.actor.permissions == {"report.create", "case.read"}


def test_a_machine_is_given_no_password() -> None:
    run("create", "hotline", "--name", "热线", "--machine", "--territory", "350583")
    with pytest.raises(BadAccount):
        run("password", "hotline")


def test_an_account_is_closed_for_good() -> None:
    run("create", "lin", "--name", "林小梅")
    run("close", "lin")
    assert not Account.objects.get(username="lin").is_active
    for again in (("close", "lin"), ("password", "lin")):
        with pytest.raises(NotFound):
            run(*again)
    with pytest.raises(UsernameTaken):
        run("create", "lin", "--name", "另一个")


def test_what_is_refused_comes_out_as_a_refusal() -> None:
    run("create", "lin", "--name", "林小梅")
    with pytest.raises(UsernameTaken):
        run("create", "Lin", "--name", "另一个")
    with pytest.raises(BadScopes):
        run("token", "lin", "--name", "x", "--scope", "everything")
