"""Command line of BPMN: a scenario file as BPMN 2.0, a BPMN 2.0 file as the draft of a scenario."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.texts import check_writable, read_utf8
from onegrid.scenarios import queries
from onegrid.scenarios.rules import DefinitionRefused, parse, soundness
from onegrid.scenarios.rules.accountability import unknown_roles
from onegrid.scenarios.rules.bpmn import to_bpmn
from onegrid.scenarios.rules.findings import located
from onegrid.scenarios.rules.refusals import not_sound

app = typer.Typer()
console = Console(soft_wrap=True, highlight=False)

Scenario = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A scenario file (YAML).")]
Drawing = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A BPMN 2.0 file.")]
Out = Annotated[Path, typer.Option(dir_okay=False, help="Where to write the result.")]


@app.command("bpmn")
def export(file: Scenario, out: Out) -> None:
    """导出 BPMN: write a scenario file as BPMN 2.0 with its diagram, for other engines and editors."""
    check_writable(out)
    draft = parse(read_utf8(file))
    if isinstance(draft, DefinitionRefused):
        raise not_sound(draft.findings)
    if faults := [*soundness(draft.definition), *unknown_roles(draft.definition)]:
        raise not_sound(located(faults, draft.lines))
    out.write_text(to_bpmn(draft.definition), encoding="utf-8")
    console.print(f"{draft.definition.name.zh} → {out}")


@app.command("from-bpmn")
def draft(file: Drawing, out: Out) -> None:
    """由 BPMN 拟稿: write the draft of a scenario from a BPMN 2.0 file, and name what is
    still missing in it."""
    check_writable(out)
    made = queries.imported_draft(file.read_bytes(), actor=SYSTEM)
    out.write_text(made.source, encoding="utf-8")
    for one in made.findings:
        where = ".".join(map(str, one.path))
        console.print(f"[bold]{out.name}:{one.line or 1}[/bold] {escape(where)}：{escape(one.zh)}")
    console.print(f"草稿已写入 {out}，还有 {len(made.findings)} 处待补")
