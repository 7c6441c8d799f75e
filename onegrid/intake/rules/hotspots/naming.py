"""What a hot spot is called: its place, what is reported most there, and how many reports: 水头镇仁福社区 ·
路灯不亮等 14 件."""

from collections.abc import Mapping
from typing import Final

from onegrid.scenarios.rules import Text

UNCLASSED: Final = Text("未分类事项", "Unclassed matters")


def name_of(path: str, counts: Mapping[str, int], classes: Mapping[str, Text]) -> Text:
    """The name in both languages. `path`: 南安市/水头镇/某村/第3网格, told without county and grid;
    `counts`: the reports of each class code, "" where it is unknown; `classes`: their names."""
    place = "".join(path.split("/")[1:3]) or path
    known = {code: count for code, count in counts.items() if code in classes}
    main = max(sorted(known), key=lambda code: known[code], default="")
    what, total = classes.get(main, UNCLASSED), sum(counts.values())
    others = len([code for code in counts if code != main]) > 0
    return Text(
        f"{place} · {what.zh}{'等' if others else ''} {total} 件",
        f"{place} · {what.en}{' and others' if others else ''}, {total} reports",
    )
