"""Invariants of the repository: what the documents say exists, and the code keeps its own rules."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
CONTEXTS = [folder.name for folder in sorted((ROOT / "onegrid").iterdir()) if (folder / "apps.py").exists()]
WRITING = re.compile(
    r"\.objects\.(create|bulk_create|bulk_update|update_or_create|get_or_create)\(|\.save\(\)"
)


def tracked(*patterns: str) -> list[Path]:
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in out.stdout.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    named = re.findall(r"`((?:onegrid|bench|tests|docs|\.ci)/[\w./-]+)`", text)
    named += re.findall(r"\]\((?!http|#)([\w./-]+)", text)
    missing = [name for name in named if not (ROOT / name.split(":")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_a_document_names_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / document).read_text())) - {"it"}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_onegrid_command_a_document_names_exists(document: str) -> None:
    import typer

    from onegrid.cli import DJANGO_COMMANDS, build

    known = {"onegrid"}
    command = typer.main.get_command(build())
    for name, sub in command.commands.items():  # type: ignore[attr-defined]
        known.add(name)
        known.update(f"{name} {each}" for each in getattr(sub, "commands", {}))
    text = (ROOT / document).read_text()
    for first, second in re.findall(r"onegrid ([a-z]+)(?: ([a-z]+))?", text):
        assert first in known | DJANGO_COMMANDS, f"onegrid {first}"
        if second and hasattr(command.commands.get(first), "commands"):  # type: ignore[attr-defined]
            assert f"{first} {second}" in known, f"onegrid {first} {second}"


def test_no_file_is_longer_than_400_lines() -> None:
    skip = ("migrations/", "/tests/", "tests/", "bench/")
    files = [f for f in tracked("*.py") if not any(part in f"{f.relative_to(ROOT)}" for part in skip)]
    long = {f"{f.relative_to(ROOT)}": len(f.read_text().splitlines()) for f in files}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_rows_change_only_in_actions() -> None:
    """One writer: no ORM write outside `actions`, models' `apply`, and the kernel."""
    found = []
    for file in tracked("onegrid/*.py"):
        path = f"{file.relative_to(ROOT)}"
        if re.search(r"/(actions|models|migrations|tests|kernel)(/|\.py)", path):
            continue
        found += [f"{path}: {line.strip()}" for line in file.read_text().splitlines() if WRITING.search(line)]
    assert found == []


def test_every_context_says_what_it_owns() -> None:
    for context in CONTEXTS:
        module = ast.parse((ROOT / "onegrid" / context / "__init__.py").read_text())
        assert ast.get_docstring(module), context
        assert len(module.body) == 1, f"{context}/__init__.py holds more than its docstring"


def test_every_event_has_a_route_or_is_named_as_having_none() -> None:
    from onegrid.kernel.events import Event
    from onegrid.kernel.outbox import routed_topics

    kinds = {
        kind for kind in descendants(Event) if hasattr(kind, "topic") and ".tests." not in kind.__module__
    }
    ours = {kind.topic for kind in kinds if kind.__module__.startswith("onegrid.")}
    assert ours == set(routed_topics())


def descendants(kind: type) -> set[type]:
    return {each for child in kind.__subclasses__() for each in (child, *descendants(child))}


def test_the_lock_names_no_index_and_no_path() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?://|--index|--find-links|file:|/opt/|/tmp/", lock)


def test_nothing_of_the_test_data_is_copied_into_the_project() -> None:
    assert [f for f in tracked() if f.stat().st_size > 1_000_000] == []
