"""The findings of a drill in plain sentences, and what another limit or one more person changes."""

from typing import Any

from onegrid.cases.rules.drill.results import Found
from onegrid.workforce.rules import role_label

BUSY = 0.85  # above, a queue grows with every chance event
LATE = 0.05
_NOTICED_H = 0.05


def findings(result: Found) -> list[str]:
    """What a reader must know, the worst first."""
    if not result["cases"]["arrived"]:
        return ["演练期间没有事件进来，无从判断。请延长天数，或改用模拟流量并指定每天件数。"]
    return [
        *_given_up(result), *_vacant(result), *_busiest(result), *_slowest(result), *_causes(result),
        *_grids(result), *_backlog(result), *_refused(result),
    ]  # fmt: skip


def _given_up(result: Found) -> list[str]:
    day = result["given_up_on_day"]
    return (
        [f"演练到第 {day} 天中止：在办事件超过 {result['cases']['open_most'] - 1:,} 件，人力远远不足。"]
        if day
        else []
    )


def _vacant(result: Found) -> list[str]:
    vacant = result["vacant"]
    if not vacant:
        return []
    names = "、".join(one["zh"] for one in vacant[:3])
    return [f"有 {len(vacant)} 个岗位无人任职却有任务：{names}{'等' if len(vacant) > 3 else ''}。"]


def _busiest(result: Found) -> list[str]:
    held = [one for one in result["posts"] if one["people"]]
    if not held:
        return []
    top = held[0]
    used = top["utilisation_all_posts"]
    text = (
        f"最拥堵：{top['zh']}（{top['people']} 人），占用率 {used:.0%}，"
        f"平均排队 {top['waited_mean_h']:.1f} 个工作时，最多同时等待 {top['queue_most']} 件。"
    )
    busy = sum(one["utilisation_all_posts"] > BUSY for one in held)
    more = f"列出的岗位中有 {busy} 个占用率超过 {BUSY:.0%}。" if busy > 1 else ""
    return [text, more] if more else [text]


def _slowest(result: Found) -> list[str]:
    seen = [one for one in result["stages"] if one["waited"]["count"]]
    if not seen:
        return []
    top = max(seen, key=lambda one: one["waited"]["mean_h"])
    return [
        f"等待最久的环节：{top['zh']}（{role_label(top['role'])}），"
        f"平均等待 {top['waited']['mean_h']:.1f} 个工作时，"
        f"九成在 {top['waited']['p90_h']:.1f} 个工作时内。"
    ]


def _causes(result: Found) -> list[str]:
    late = [one for one in result["stages"] if one["overdue_rate"] > LATE and one["overdue"]]
    late.sort(key=lambda one: -one["overdue"])
    return [
        f"超期最多：{one['zh']}，超期率 {one['overdue_rate']:.1%}，主要原因是{_main(one)}。" if nth == 0
        else f"{one['zh']}超期率 {one['overdue_rate']:.1%}，主要原因是{_main(one)}。"
        for nth, one in enumerate(late[:3])
    ]  # fmt: skip


def _main(stage: Found) -> str:
    causes: dict[str, int] = stage["causes_zh"]
    name = max(causes, key=lambda each: causes[each], default="反映人未评价")
    if not causes:
        return name
    return f"{name}（占 {causes[name] / sum(causes.values()):.0%}）"


def _grids(result: Found) -> list[str]:
    worst = [one for one in result["worst_grids"] if one["overdue"]]
    if not worst:
        return ["没有网格出现超期。"] if result["cases"]["closed"] else []
    return [f"最差网格：{worst[0]['grid']}，{worst[0]['stages']} 个环节中 {worst[0]['overdue']} 个超期。"]


def _backlog(result: Found) -> list[str]:
    days = result["cases"]["open_by_day"]
    if len(days) < 8:
        return []
    half, last = days[len(days) // 2], days[-1]
    if last > 1.5 * half + 20:
        return [f"积压持续增长：中期在办 {half:,} 件，期末 {last:,} 件。"]
    return [f"积压平稳：期末在办 {last:,} 件。"]


def _refused(result: Found) -> list[str]:
    refused, stuck = sum(result["cases"]["refused"].values()), sum(result["cases"]["stuck"].values())
    told = []
    if refused:
        told.append(f"有 {refused:,} 件无法立案（无起点或无责任岗位）。")
    if stuck:
        told.append(f"有 {stuck:,} 件卡在某环节，没有可走的出口。")
    return told


def effect(base: Found, other: Found, *, label: str) -> Found:
    """What changes between two drills of the same cases, stage by stage and over all."""
    stages = {one["stage"]: one for one in other["stages"]}
    rows = [_row(one, stages[one["stage"]]) for one in base["stages"] if one["entered"]]
    changed = {
        "label": label,
        "stages": rows,
        "on_time_before": _on_time(base),
        "on_time_after": _on_time(other),
        "lead_before_h": base["cases"]["lead"]["mean_h"],
        "lead_after_h": other["cases"]["lead"]["mean_h"],
        "open_before": base["cases"]["open_at_end"],
        "open_after": other["cases"]["open_at_end"],
    }
    return changed | {"finding": _said(changed)}


def _row(before: Found, after: Found) -> Found:
    return {
        "stage": before["stage"],
        "zh": before["zh"],
        "waited_before_h": before["waited"]["mean_h"],
        "waited_after_h": after["waited"]["mean_h"],
        "overdue_rate_before": before["overdue_rate"],
        "overdue_rate_after": after["overdue_rate"],
    }


def _on_time(result: Found) -> float:
    cases = result["cases"]
    return round(cases["closed_on_time"] / cases["closed"], 4) if cases["closed"] else 0.0


def _said(changed: dict[str, Any]) -> str:
    return (
        f"若{changed['label']}：按期办结率由 {changed['on_time_before']:.1%} 变为"
        f" {changed['on_time_after']:.1%}，平均办结用时由 {changed['lead_before_h'] / 24:.1f} 天变为"
        f" {changed['lead_after_h'] / 24:.1f} 天{_most(changed['stages'])}。"
    )


def _most(rows: list[Found]) -> str:
    """The stages whose lateness and whose waiting change most, where anything does."""
    said = ""
    late = max(
        rows, key=lambda one: abs(one["overdue_rate_before"] - one["overdue_rate_after"]), default=None
    )
    if late is not None and late["overdue_rate_before"] != late["overdue_rate_after"]:
        first, then = late["overdue_rate_before"], late["overdue_rate_after"]
        said += f"；“{late['zh']}”超期率由 {first:.1%} 变为 {then:.1%}"
    wait = max(rows, key=lambda one: abs(one["waited_before_h"] - one["waited_after_h"]), default=None)
    if wait is not None and abs(wait["waited_before_h"] - wait["waited_after_h"]) > _NOTICED_H:
        before, after = wait["waited_before_h"], wait["waited_after_h"]
        said += f"；“{wait['zh']}”平均等待由 {before:.1f} 变为 {after:.1f} 个工作时"
    return said
