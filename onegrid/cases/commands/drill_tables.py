"""The report of a drill on a terminal: tables in Chinese, and the findings as plain sentences."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onegrid.kernel.clock import city_time
from onegrid.workforce.rules import role_label

Found = Mapping[str, Any]
BUSIEST = 15


def show(result: Found, console: Console) -> None:
    """Print the whole report; the findings come last."""
    console.print(_cases(result))
    if not result["cases"]["arrived"]:
        console.print(f"[bold]结论[/bold]\n· {escape(result['findings'][0])}", soft_wrap=True)
        return
    for table in (_stages(result), _causes(result), _posts(result), _roles(result)):
        if table.row_count:
            console.print(table)
    if result["tasks"]:
        console.print(_tasks(result))
    if result["worst_grids"]:
        console.print(_grids(result))
    for one in result["what_if"]:
        console.print(_what_if(one))
    console.print(_basis(result))
    console.print("[bold]结论[/bold]")
    for sentence in result["findings"]:
        console.print(f"· {escape(sentence)}", soft_wrap=True)


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for nth, column in enumerate(columns):
        table.add_column(column, justify="left" if nth == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _cases(result: Found) -> Table:
    cases, told, steps = result["cases"], result["scenario"], result["steps"]
    lead = cases["lead"]
    first = city_time(datetime.fromisoformat(told["start"]))
    return _table(
        f"{told['zh']} 实战演练：{first:%Y-%m-%d} 起 {told['days']} 天", ("项目", "数值"),
        (
            ("流量", told["stream"]),
            ("来件 / 立案 / 办结", f"{cases['arrived']:,} / {cases['opened']:,} / {cases['closed']:,}"),
            ("全程按期办结率", _percent(cases["closed_on_time"], cases["closed"])),
            ("平均办结用时", f"{lead['mean_h'] / 24:.1f} 天，九成在 {lead['p90_h'] / 24:.1f} 天内"),
            ("期末在办（其中超期）", f"{cases['open_at_end']:,}（{cases['open_overdue_at_end']:,}）"),
            ("在办最多", f"{cases['open_most']:,}"),
            ("规则判定 / 同类沿用 / 复核", f"{steps['decided_by_rules']:,} / {steps['taken_from_memory']:,}"
             f" / {steps['checked_again']:,}"),
        ),
    )  # fmt: skip


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _stages(result: Found) -> Table:
    columns = (
        "环节",
        "责任岗位",
        "时限",
        "进入",
        "平均等待（工作时）",
        "九成等待",
        "平均办理（工作时）",
        "平均历时（小时）",
        "超期率",
    )
    rows = (
        (
            one["zh"], role_label(one["role"]), one["limit_zh"], f"{one['entered']:,}",
            f"{one['waited']['mean_h']:.2f}", f"{one['waited']['p90_h']:.1f}", f"{one['work']['mean_h']:.2f}",
            f"{one['sojourn']['mean_h']:.1f}", f"{one['overdue_rate']:.1%}",
        )
        for one in result["stages"]
    )  # fmt: skip
    return _table("各环节", columns, rows)


def _causes(result: Found) -> Table:
    names = list(dict.fromkeys(name for one in result["stages"] for name in one["causes_zh"]))
    rows = (
        (one["zh"], f"{one['overdue']:,}", *(f"{one['causes_zh'].get(name, 0):,}" for name in names))
        for one in result["stages"]
        if one["overdue"]
    )
    return _table("超期原因", ("环节", "超期", *names), rows)


def _posts(result: Found) -> Table:
    columns = (
        "岗位",
        "人数",
        "办理",
        "占用率",
        "连同兼任",
        "平均等待（工作时）",
        "最长等待",
        "最多排队",
        "期末等待",
    )
    rows = (
        (
            one["zh"], str(one["people"]), f"{one['done']:,}", f"{one['utilisation']:.0%}",
            f"{one['utilisation_all_posts']:.0%}", f"{one['waited_mean_h']:.2f}",
            f"{one['waited_max_h']:.1f}", f"{one['queue_most']:,}", f"{one['waiting']:,}",
        )
        for one in result["posts"][:BUSIEST]
    )  # fmt: skip
    return _table("最忙的岗位", columns, rows)


def _roles(result: Found) -> Table:
    columns = (
        "岗位类别",
        "岗位",
        "人数",
        "办理",
        "平均占用率",
        "最高占用率",
        "平均等待（工作时）",
        "期末等待",
    )
    rows = (
        (
            role_label(one["role"]), f"{one['posts']:,}", f"{one['people']:,}", f"{one['done']:,}",
            f"{one['utilisation_mean']:.0%}", f"{one['utilisation_max']:.0%}", f"{one['waited_mean_h']:.2f}",
            f"{one['waiting_at_end']:,}",
        )
        for one in result["roles"]
    )  # fmt: skip
    return _table("各类岗位", columns, rows)


def _tasks(result: Found) -> Table:
    rows = (
        (one["zh"], f"{one['done']:,}", f"{one['late']:,}", f"{one['waited']['mean_h']:.2f}")
        for one in result["tasks"]
    )
    return _table("流程旁任务", ("任务", "完成", "超期", "平均等待（工作时）"), rows)


def _grids(result: Found) -> Table:
    rows = (
        (
            one["grid"], f"{one['cases']:,}", f"{one['stages']:,}", f"{one['overdue']:,}",
            f"{one['overdue_rate']:.1%}", f"{one['waited_mean_h']:.2f}",
        )
        for one in result["worst_grids"]
    )  # fmt: skip
    return _table(
        "超期最多的十个网格", ("网格", "事件", "环节", "超期", "超期率", "平均等待（工作时）"), rows
    )


def _what_if(one: Found) -> Table:
    rows = (
        (
            row["zh"], f"{row['waited_before_h']:.2f} → {row['waited_after_h']:.2f}",
            f"{row['overdue_rate_before']:.1%} → {row['overdue_rate_after']:.1%}",
        )
        for row in one["stages"]
    )  # fmt: skip
    return _table(f"若{one['label']}", ("环节", "平均等待（工作时）", "超期率"), rows)


def _basis(result: Found) -> Table:
    told = result["assumptions"]
    weights = {one["stage"]: one for one in told["exits"]}
    rows = [
        (
            one["zh"], f"{one['mean_min']:g} 分钟", _from(one), _from(weights[one["stage"]]),
        )
        for one in told["handling"]
    ]  # fmt: skip
    rows += [(one["zh"], f"{one['mean_min']:g} 分钟", one["from"], "—") for one in told["tasks"]]
    table = _table("演练依据", ("环节或任务", "平均办理用时", "用时来源", "出口比例来源"), rows)
    table.caption = f"{told['people']}。{told['exits_assumed']}。{told['left_out']}。"
    table.caption_justify = "left"
    return table


def _from(one: Found) -> str:
    return f"{one['from']}（{one['samples']:,} 件）" if one["samples"] else str(one["from"])
