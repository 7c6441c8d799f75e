"""Ways through a definition: all its forms, conditions, recipients and messages, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onegrid.scenarios.rules.conditions import Condition
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.fields import Field, Form
from onegrid.scenarios.rules.findings import Path
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Exit, Message, ReturnRule, Stage
from onegrid.scenarios.rules.words import Text, Who


def stage_path(stage: Stage) -> Path:
    """Where a stage stands in the file."""
    return ("stages", stage.key)


def exit_path(stage: Stage, leave: Exit) -> Path:
    """Where an exit stands in the file."""
    return ("stages", stage.key, "exits", leave.key)


def exits(definition: Definition) -> Iterator[tuple[Stage, Exit, Path]]:
    """Every exit with its stage and place."""
    for stage in definition.stages.values():
        for leave in stage.exits.values():
            yield stage, leave, exit_path(stage, leave)


def forms(definition: Definition) -> Iterator[tuple[Path, Form, Stage | None]]:
    """Every form, with the stage whose exits its conditions may name."""
    yield ("form",), definition.form, None
    for stage in definition.stages.values():
        path = stage_path(stage)
        yield (*path, "form"), stage.form, stage
        if stage.joint is not None:
            yield ("joint", stage.key, "form"), stage.joint.form, stage
        if stage.extension is not None:
            yield (*path, "extension", "form"), stage.extension.form, stage
    for key, follow_up in definition.follow_ups.items():
        yield ("follow_ups", key, "form"), follow_up.form, None
    if definition.extension is not None:
        yield ("extension", "form"), definition.extension.form, None


def fields(definition: Definition) -> Iterator[tuple[Path, Field, Form, Stage | None]]:
    """Every field of every form, with its form."""
    for path, form, stage in forms(definition):
        for index, one in enumerate(form.fields):
            yield (*path, index), one, form, stage


def conditions(definition: Definition) -> Iterator[tuple[Path, Condition, Form, Stage | None]]:
    """Every condition with the form whose fields it may name first, and the stage whose exits."""
    for path, one, form, stage in fields(definition):
        yield (*path, "required"), one.required, form, stage
        yield (*path, "visible"), one.visible, form, stage
        if one.hidden is not None:
            yield (*path, "hidden"), one.hidden.when, form, stage
        for index, choice in enumerate(one.choices):
            yield (*path, "choices", index), choice.when, form, stage
    for index, start in enumerate(definition.starts):
        yield ("start", index, "when"), start.when, definition.form, None
    for stage in definition.stages.values():
        yield from _message_conditions(stage.messages, stage_path(stage), stage)
    for stage, leave, path in exits(definition):
        yield (*path, "when"), leave.when, stage.form, stage
        yield from _message_conditions(leave.messages, path, stage)
        for index, opinion in enumerate(leave.opinions):
            yield (*path, "opinions", index), opinion.when, stage.form, stage
        for index, linked in enumerate(leave.opens):
            yield (*path, "opens", index), linked.when, stage.form, stage
    for path, rule, form, owner in limits(definition):
        for index, case in enumerate(rule.cases):
            yield (*path, "when", index), case.when, form, owner
    for key, follow_up in definition.follow_ups.items():
        for index, alert in enumerate(follow_up.alerts):
            yield ("follow_ups", key, "alerts", index), alert.when, follow_up.form, None


def _message_conditions(
    messages: Sequence[Message], path: Path, stage: Stage
) -> Iterator[tuple[Path, Condition, Form, Stage | None]]:
    for index, message in enumerate(messages):
        yield (*path, "messages", index), message.when, stage.form, None


def limits(definition: Definition) -> Iterator[tuple[Path, LimitRule, Form, Stage | None]]:
    """Every limit rule, with the form its conditions may ask."""
    for stage in definition.stages.values():
        yield (*stage_path(stage), "limit"), stage.limit, stage.form, stage
        if stage.joint is not None and stage.joint.limit is not None:
            yield ("joint", stage.key, "limit"), stage.joint.limit, stage.form, stage
    for stage, leave, path in exits(definition):
        if leave.limit is not None:
            yield (*path, "limit"), leave.limit, stage.form, stage
    for key, follow_up in definition.follow_ups.items():
        if follow_up.every is not None:
            yield ("follow_ups", key, "every"), follow_up.every, follow_up.form, None


def accountable_whos(definition: Definition) -> Iterator[tuple[Path, Who]]:
    """Recipients that must be exactly one post: they own a stage, a report or a decision."""
    for stage in definition.stages.values():
        path = stage_path(stage)
        yield (*path, "who"), stage.who
        for name in ("extension", "hold"):
            rule = getattr(stage, name)
            if rule is not None:
                yield (*path, name, "decided_by"), rule.decided_by
        yield from _return_whos(stage.return_, path)
    for key, follow_up in definition.follow_ups.items():
        yield from ((("follow_ups", key, "who"), one) for one in follow_up.whos)
    if definition.extension is not None:
        yield ("extension", "decided_by"), definition.extension.decided_by
    if definition.hold is not None:
        yield ("hold", "decided_by"), definition.hold.decided_by
    yield from _return_whos(definition.return_, ())


def _return_whos(rule: ReturnRule | None, path: Path) -> Iterator[tuple[Path, Who]]:
    if rule is not None:
        yield (*path, "return", "to"), rule.to
        if rule.ruling is not None:
            yield (*path, "return", "ruling"), rule.ruling


def told_whos(definition: Definition) -> Iterator[tuple[Path, Who]]:
    """Recipients that are only told, or may be chosen."""
    for stage in definition.stages.values():
        path = stage_path(stage)
        for name in ("copy", "may_copy", "assignable"):
            for one in getattr(stage, name):
                yield (*path, name), one
        for index, message in enumerate(stage.messages):
            yield from (((*path, "messages", index, "to"), one) for one in message.to)
    for _, leave, path in exits(definition):
        yield from (((*path, "copy"), one) for one in leave.copy)
        yield from (((*path, "tell"), one) for one in leave.tell)
        for index, message in enumerate(leave.messages):
            yield from (((*path, "messages", index, "to"), one) for one in message.to)
    for key, follow_up in definition.follow_ups.items():
        for index, alert in enumerate(follow_up.alerts):
            yield from ((("follow_ups", key, "alerts", index, "tell"), one) for one in alert.tell)
        if follow_up.late is not None:
            yield from ((("follow_ups", key, "late", "tell"), one) for one in follow_up.late.tell)
    for index, step in enumerate(definition.escalation):
        yield from ((("escalation", index), one) for one in (*step.remind, *step.tell))


def templates(definition: Definition) -> Iterator[tuple[Path, Text]]:
    """Every sentence with placeholders."""
    for stage in definition.stages.values():
        for index, message in enumerate(stage.messages):
            yield (*stage_path(stage), "messages", index), message.text
    for _, leave, path in exits(definition):
        for index, message in enumerate(leave.messages):
            yield (*path, "messages", index), message.text
        for index, opinion in enumerate(leave.opinions):
            yield (*path, "opinions", index), opinion
        for index, linked in enumerate(leave.opens):
            yield (*path, "opens", index, "title"), linked.title
    for key, follow_up in definition.follow_ups.items():
        for index, alert in enumerate(follow_up.alerts):
            yield ("follow_ups", key, "alerts", index), alert.text
        if follow_up.late is not None:
            yield ("follow_ups", key, "late", "text"), follow_up.late.text
    for index, step in enumerate(definition.escalation):
        if step.text is not None:
            yield ("escalation", index), step.text


def every_field(definition: Definition) -> Form:
    """All fields of all forms, each key once: the first form that asks for it tells its kind."""
    found: dict[str, Field] = {}
    for _, one, _, _ in fields(definition):
        found.setdefault(one.key, one)
    return Form(tuple(found.values()))


def charted(definition: Definition, leave: Exit) -> frozenset[str]:
    """The stages and ends to which a flow chart draws the exit's arrows: those behind virtual stages."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [one for one in (leave.to, leave.beyond) if one is not None]
    while waiting:
        key = waiting.pop()
        stage = definition.stages.get(key)
        if stage is None or not stage.virtual:
            found.add(key)
        elif key not in seen:
            seen.add(key)
            ways = stage.exits.values()
            waiting.extend(one for way in ways for one in (way.to, way.beyond) if one is not None)
    return frozenset(found)
