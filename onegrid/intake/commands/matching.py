"""`onegrid train matching`, `onegrid evaluate matching`: the redundancy filter, learned and judged."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.queries.models import shipped
from onegrid.intake.rules.filter import evaluation, tables
from onegrid.intake.rules.filter.model import KIND, Model
from onegrid.intake.rules.filter.stored import from_file
from onegrid.intake.rules.modelfile import pack, unpack
from onegrid.intake.rules.reports import JsonValue
from onegrid.kernel import clock
from onegrid.kernel.refusals import Refusal

Burden = Annotated[
    float,
    typer.Option(min=0.01, max=0.2, help="可带并案建议的上报占比 share of reports that may carry proposals"),
]
BurdenOf = Annotated[
    list[str], typer.Option(help="某一大类另定占比 another share for one family: FAMILY=0.05")
]


class NoMatchingModel(Refusal):
    code = "intake.no-matching-model"
    zh = "没有随附的同一事项识别模型，无法评测留言。请用 --model 指定模型文件。"
    en = "No matching model came along to judge messages by; name a model file with --model."


class BadBurden(Refusal):
    code = "intake.bad-burden"
    zh = "“{given}”应写作 大类=占比，占比在 0.01 至 0.2 之间。"
    en = "'{given}' should be FAMILY=SHARE, the share between 0.01 and 0.2."


def train(
    out: Annotated[Path | None, typer.Option(help="写入文件 the model file to write")] = None,
    burden: Burden = 0.10,
    burden_of: BurdenOf = [],  # noqa: B006 - typer reads the default
    adopt: Annotated[bool, typer.Option("--adopt", help="立即启用 put it in use at once")] = False,
    generated: Annotated[
        bool, typer.Option("--generated", help="用虚构数据训练随附模型 from made-up reports")
    ] = False,
) -> None:
    """Learn which reports are redundant from the proposals that people confirmed or refused."""
    now, burdens = clock.now(), _burdens(burden_of)
    lesson = actions.made_up_lesson() if generated else queries.decided_lesson(now=now)
    model = actions.learn_matching(lesson, now=now, burden=burden, burdens=burdens)
    if out is not None:
        out.write_bytes(pack(model))
    if adopt:
        actions.adopt(pack(model), by=SYSTEM, now=now)
    typer.echo(orjson.dumps({"version": model.version, "adopted": adopt, "card": dict(model.card)}).decode())


def _burdens(given: list[str]) -> dict[str, float]:
    found = {}
    for each in given:
        family, _, share = each.partition("=")
        try:
            found[family] = float(share)
        except ValueError:
            raise BadBurden(given=each) from None
        if not family or not 0.01 <= found[family] <= 0.2:
            raise BadBurden(given=each)
    return found


def evaluate(
    data: Annotated[Path, typer.Option(exists=True, help="文件夹或文件 a folder of tables, or one of them")],
    train_until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="训练截止日 learn from what came before this day"),
    ] = None,
    *,
    burden: Burden = 0.10,
    curve: Annotated[bool, typer.Option("--curve", help="学习曲线 also learn from less")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON one line of JSON only")] = False,
    out: Annotated[Path | None, typer.Option(help="评测卡写入 where to write the card")] = None,
    model: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="评测留言所用模型，缺省为随附模型 a model file"),
    ] = None,
) -> None:
    """Judge the filter on a city's record: cases with links (in order of time), or messages with clusters.

    Without --train-until the last quarter of the time is tested. Messages are judged by the model that came
    along, or by that of --model. The last line is one JSON object."""
    read = _read(data)
    if isinstance(read, tables.Messages):
        card = evaluation.same_matter(_model(model), read)
        told = _figure("match-zh", card["recall_at_3"], 0.975, "all words alike", card["plain_recall_at_3"])
    else:
        card = _judged(read, train_until, burden, curve)
        plain = card["plain_rule"]
        assert isinstance(plain, dict)
        told = _figure("match-recall", card["recall"], 0.78, "same class, 100 m, 7 days", plain["recall"])
    if out is not None:
        out.write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2))
    if not as_json:
        typer.echo(orjson.dumps(card, option=orjson.OPT_INDENT_2).decode())
    typer.echo(orjson.dumps(told).decode())


def _figure(
    name: str, value: JsonValue, goal: float, peer: str, peer_value: JsonValue
) -> dict[str, JsonValue]:
    assert isinstance(value, float)
    assert isinstance(peer_value, float)
    return {
        "name": name, "value": value, "unit": "share found", "goal": goal, "peer": peer,
        "peer_value": peer_value, "ratio": round(value / peer_value, 2) if peer_value else None,
    }  # fmt: skip


def _read(data: Path) -> tables.Stream | tables.Messages:
    folder = sorted(data.iterdir()) if data.is_dir() else sorted(data.parent.iterdir())
    return tables.read([(each.name, each.read_bytes()) for each in folder if each.is_file()])


def _model(file: Path | None) -> Model:
    found = shipped(KIND) if file is None else unpack(file.read_bytes(), kind=KIND)
    if found is None:
        raise NoMatchingModel()
    return from_file(found)


def _judged(
    read: tables.Stream, train_until: datetime | None, burden: float, curve: bool
) -> dict[str, JsonValue]:
    at = read.matters.at
    if train_until is None:
        since = float(at[int(len(at) * 0.75)])
    else:
        since = train_until.replace(tzinfo=UTC).timestamp()
    return evaluation.judge(read, since=since, burden=burden, curve=curve)
