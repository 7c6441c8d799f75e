"""Command line of scenario projects: the same moves as over HTTP, each made in the name of an account."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from onegrid.accounts import queries as accounts
from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.kernel import clock
from onegrid.kernel.ids import ProjectId
from onegrid.kernel.texts import read_utf8
from onegrid.scenarios import actions, queries
from onegrid.scenarios.rules.project_words import told, verb_zh

app = typer.Typer(no_args_is_help=True, help="场景项目 scenario projects, from proposal to retirement")
console = Console(soft_wrap=True, highlight=False)

Who = Annotated[str, typer.Option("--as", help="经办账号 the account in whose name it is done")]
Towns = Annotated[str, typer.Option(help="镇街编码，逗号分隔 town codes (9 digits), separated by commas")]
Reason = Annotated[str, typer.Option(help="理由 why, for the record")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="最后一日 the last day")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="最后一日 the last day")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def actor(username: str) -> Actor:
    """The person of that account with the posts held now; nobody acts as the system by this way."""
    found = accounts.accounts_by_username([username])
    people = accounts.actors(list(found.values()), now=clock.now())
    if not people:
        raise typer.BadParameter(f"没有可用的账号 no open account of a person: {username}", param_hint="--as")
    return next(iter(people.values()))


def codes(towns: str) -> list[str] | None:
    """The towns named, None where none is."""
    return list(filter(None, towns.split(","))) or None


def found(name: str) -> ProjectId:
    """The newest project of a scenario, or with `key/2` its second round."""
    key, _, number = name.partition("/")
    return queries.latest(key, number=int(number) if number.isdigit() else None)


def _told(project_id: ProjectId) -> None:
    page = queries.project(project_id, actor=SYSTEM)
    row = page.row
    number = f"第 {row.number} 版" if row.number else f"第 {page.draft} 稿" if page.draft else "无草案"
    where = "、".join(town or "全市" for town in row.towns) or "—"
    console.print(
        f"{row.key} 第 {row.round} 轮 [bold]{_state(row, _asleep())}[/bold] {number} {escape(where)}"
    )


@app.command("list")
def list_projects() -> None:
    """项目一览: all projects and where they stand."""
    asleep = _asleep()
    for row in queries.projects(SYSTEM):
        number = f"第 {row.number} 版" if row.number else ""
        state = _state(row, asleep)
        console.print(f"{row.key}  第 {row.round} 轮  {state}  {escape(row.name_zh)}  {number}")


def _asleep() -> frozenset[str]:
    """Dormant scenarios that no order has switched on: live, and yet they take no case."""
    live = queries.live(clock.now())
    return frozenset(one.key for one in live.dormant) - {one.key for one in live.versions}


def _state(row: queries.ProjectRow, asleep: frozenset[str]) -> str:
    return f"{row.state_zh}（休眠，待启用令）" if row.key in asleep and row.towns else row.state_zh


@app.command()
def show(key: str) -> None:
    """项目记录: the record of a scenario's newest project, or with KEY/2 of its second round."""
    project_id = found(key)
    _told(project_id)
    for step in queries.project(project_id, actor=SYSTEM).record:
        at = f"{clock.city_time(step.at):%Y-%m-%d %H:%M}"
        console.print(f"  {at}  {verb_zh(step.verb)}  {escape(step.by)}  {escape(told(step.body))}".rstrip())


@app.command()
def propose(
    key: str,
    *,
    who: Who,
    name: Annotated[str, typer.Option(help="名称 Chinese name")],
    owner: Annotated[str, typer.Option(help="牵头单位 key of the unit that answers for it")],
    need: Annotated[str, typer.Option(help="提出理由 why it is needed")],
    name_en: Annotated[str, typer.Option(help="英文名称 English name")] = "",
) -> None:
    """提出 a new scenario, or a change of one that is live."""
    now = clock.now()
    _told(actions.propose(key, name_zh=name, name_en=name_en, owner=owner, need=need, by=actor(who), now=now))


@app.command()
def decide(
    key: str,
    *,
    who: Who,
    minutes: Annotated[str, typer.Option(help="会议纪要 the minutes")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="会议日期 day of the conference")],
    document: Annotated[str, typer.Option(help="文件 SHA-256 of the signed paper")] = "",
    decline: Annotated[bool, typer.Option("--decline", help="不予立项 not approved")] = False,
) -> None:
    """立项 as the joint conference decided."""
    project_id = found(key)
    actions.decide(
        project_id,
        granted=not decline,
        minutes=minutes,
        decided_on=on.date(),
        document=document,
        by=actor(who),
        now=clock.now(),
    )
    _told(project_id)


@app.command()
def draft(
    key: str,
    file: File,
    *,
    who: Who,
    seen: Annotated[int, typer.Option(help="所依据的稿号 number of the draft it is written upon")],
    remark: Annotated[str, typer.Option(help="说明 what changed")] = "",
) -> None:
    """拟稿: save a file as the next draft."""
    project_id = found(key)
    source = read_utf8(file)
    actions.save_draft(project_id, source, seen=seen, remark=remark, by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def agree(
    key: str, who: Who, seen: Annotated[int, typer.Option(help="同意的稿号 number of the draft")]
) -> None:
    """同意草案: the owner unit, and the grid office."""
    project_id = found(key)
    missing = actions.agree(project_id, seen=seen, by=actor(who), now=clock.now())
    _told(project_id)
    if missing:
        console.print(f"还须同意 still to agree: {'、'.join(side.zh for side in missing)}")


@app.command()
def build(key: str, who: Who, towns: Towns = "") -> None:
    """定版: check the draft against the city and freeze it as a numbered version."""
    project_id = found(key)
    actions.build(project_id, towns=codes(towns), by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def trial(key: str, who: Who, towns: Towns, ends_on: Day) -> None:
    """试运行 in chosen towns."""
    project_id = found(key)
    chosen = codes(towns) or []
    actions.start_trial(project_id, towns=chosen, ends_on=ends_on.date(), by=actor(who), now=clock.now())
    _told(project_id)


@app.command("go-live")
def go_live(key: str, who: Who, towns: Towns = "") -> None:
    """正式运行 in the whole county, or in towns."""
    project_id = found(key)
    actions.go_live(project_id, towns=codes(towns), by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def suspend(key: str, who: Who, reason: Reason) -> None:
    """停用: no new case follows it; running cases go on."""
    project_id = found(key)
    actions.suspend(project_id, reason=reason, by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def resume(key: str, who: Who, towns: Towns = "", ends_on: Until = None) -> None:
    """恢复 a suspended project."""
    project_id, day = found(key), ends_on.date() if ends_on else None
    actions.resume(project_id, towns=codes(towns), ends_on=day, by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def retire(
    key: str,
    *,
    who: Who,
    reason: Reason,
    run_out: Annotated[bool, typer.Option("--run-out", help="办完即退 let the running cases end")] = False,
) -> None:
    """退出 for good."""
    project_id = found(key)
    actions.retire(project_id, reason=reason, run_out=run_out, by=actor(who), now=clock.now())
    _told(project_id)


@app.command()
def activate(
    key: str,
    *,
    who: Who,
    order: Annotated[str, typer.Option(help="启用令文号 number of the order")] = "",
    issued_by: Annotated[str, typer.Option(help="签发机关 who issued it")] = "",
    ends_on: Until = None,
    towns: Towns = "",
) -> None:
    """启用休眠场景 by an order with a number and a last day."""
    actions.activate(
        key,
        order_number=order,
        issued_by=issued_by,
        ends_on=ends_on.date() if ends_on else None,
        towns=codes(towns),
        by=actor(who),
        now=clock.now(),
    )
    console.print(f"{key} 已启用 switched on")


@app.command()
def deactivate(key: str, who: Who, reason: Reason) -> None:
    """提前停用 a dormant scenario that is on."""
    actions.deactivate(key, reason=reason, by=actor(who), now=clock.now())
    console.print(f"{key} 已停用 switched off")
