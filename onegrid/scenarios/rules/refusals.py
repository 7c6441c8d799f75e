"""What scenarios refuse, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules.findings import Finding


class NotSound(Refusal):
    """The definition could lose a case or names nobody; `findings` says where and how to mend."""

    status = 422
    code = "scenarios.not-sound"
    zh = "场景定义有 {count} 处问题，不能发布。{first}"
    en = "The definition has {count} faults and cannot be published. {first_en}"


class NoScenario(Refusal):
    status = 404
    code = "scenarios.no-scenario"
    zh = "没有场景“{key}”。"
    en = "There is no scenario '{key}'."


class UnknownScenario(Refusal):
    """A filter names a scenario that there is not: an empty list would look like an answer."""

    code = "scenarios.unknown-scenario"
    zh = "没有场景“{key}”。{hint}"
    en = "There is no scenario '{key}'.{hint_en}"


class NoVersion(Refusal):
    status = 404
    code = "scenarios.no-version"
    zh = "没有这个场景版本（{version_id}）。"
    en = "There is no such version of a scenario ({version_id})."


class NoSuchNumber(Refusal):
    status = 404
    code = "scenarios.no-version-number"
    zh = "场景“{key}”没有第 {number} 版，最新是第 {last} 版。"
    en = "The scenario '{key}' has no version {number}: the newest is {last}."


class NoChineseFont(Refusal):
    """A PDF would show boxes instead of letters, so it is not printed."""

    status = 503
    code = "scenarios.no-chinese-font"
    zh = "服务器上没有中文字体，不能生成 PDF 和图片。请重新安装依赖（其中带有字体），或安装 fonts-noto-cjk。"
    en = "This server has no Chinese font: install the requirements anew (they bring one) or fonts-noto-cjk."


class ClassTaken(Refusal):
    status = 409
    code = "scenarios.class-taken"
    zh = "事项类别“{class_code}”已由场景“{other}”办理，不能由两个场景同时办理。请先调整类别范围或停用该场景。"
    en = "Class '{class_code}' is already taken by the scenario '{other_key}': change its classes first."


class PrefixTaken(Refusal):
    status = 409
    code = "scenarios.prefix-taken"
    zh = "编号前缀“{prefix}”已由场景“{other}”使用，请换一个。"
    en = "The number prefix '{prefix}' is used by the scenario '{other}': choose another."


class NoGrids(Refusal):
    status = 422
    code = "scenarios.no-grids"
    zh = "“{towns}”没有启用中的网格，场景无处可用。请核对镇街编码或先导入网格。"
    en = "There are no live grids in '{towns}'. Check the town codes, or import the grids first."


class NotLive(Refusal):
    status = 409
    code = "scenarios.not-live"
    zh = "场景“{key}”目前没有启用。"
    en = "The scenario '{key}' is not live."


class BadClasses(Refusal):
    """The class dictionary contradicts itself or names what does not exist."""

    status = 422
    code = "scenarios.bad-classes"
    zh = "类别字典有 {count} 处问题：{first}"
    en = "The class dictionary has {count} faults: {first_en}"


def not_sound(findings: Sequence[Finding]) -> NotSound:
    """The refusal that carries every finding."""
    first = findings[0]
    where = first.where_zh
    return NotSound(
        count=len(findings),
        first=f"{where}：{first.zh}" if where else first.zh,
        first_en=str(first),
        findings=[as_params(one) for one in findings],
    )


def as_params(one: Finding) -> dict[str, Any]:
    """A finding as JSON for an editor: what, where, how to mend."""
    return {
        "code": one.code,
        "zh": one.zh,
        "en": one.en,
        "path": list(one.path),
        "line": one.line,
        "column": one.column,
        "stage": one.stage,
        "exit": one.exit,
        "post": one.post,
        "grids": list(one.grids),
        "grid_count": one.grid_count,
    }
