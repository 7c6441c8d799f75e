"""Where a YAML text first goes wrong, and what is wrong there in the author's language."""

from __future__ import annotations

from typing import Final

import yaml

_WORDS: Final = (
    ("did not find expected key", "这里应为“键: 值”，可能缩进不对或引号没有成对"),
    ("could not find expected ':'", "这里缺少冒号"),
    ("found unexpected end of stream", "引号没有闭合"),
    ("mapping values are not allowed", "这里不能出现冒号，可能缩进不对或少了引号"),
    ("did not find expected '-'", "列表的每一项应以“-”开头，且缩进一致"),
    ("did not find expected ',' or", "括号没有闭合，或缺少逗号"),
    ("did not find expected node content", "括号里缺少内容或多了逗号"),
    ("cannot start any token", "这个字符不能开头，请加引号"),
    ("did not find expected <document start>", "文件结构中断，可能缩进不对"),
    ("control characters are not allowed", "含有不能显示的控制字符，请删去"),
)


def said_zh(what: str) -> str:
    """What the parser found, in Chinese."""
    return next((zh for start, zh in _WORDS if start in what), "结构有误")


def first_fault(text: str, error: yaml.YAMLError, loader: type[yaml.CSafeLoader]) -> yaml.YAMLError:
    """The error of the shortest beginning of the text that is already wrong: the parser itself often goes on
    for many lines before it notices. `error` is that of the whole text."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return error
    lines = text.splitlines(keepends=True)
    sound, wrong, found = 0, min(mark.line + 1, len(lines)), error
    while wrong - sound > 1:
        middle = (sound + wrong) // 2
        fault = _fault("".join(lines[:middle]), loader, last=middle)
        if fault is None:
            sound = middle
        else:
            wrong, found = middle, fault
    return found


def _fault(text: str, loader: type[yaml.CSafeLoader], *, last: int) -> yaml.YAMLError | None:
    """What is wrong with a beginning; brackets that are still open at its end are nothing."""
    try:
        yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        if mark is None or "flow" not in str(error.context) or mark.line < last - 1:
            return error
        return error if text[mark.index :].strip() else None
    except yaml.YAMLError as error:
        return error
    return None
