"""The definitions that come with the product say what domain practice asks for."""

import json
from pathlib import Path

import pytest

from onegrid.scenarios.rules import (
    Draft,
    parse,
    soundness,
)
from onegrid.scenarios.rules.accountability import named_units, unknown_names
from onegrid.scenarios.rules.document import schema
from onegrid.scenarios.rules.parsing import stored
from onegrid.scenarios.rules.printing import as_json
from onegrid.scenarios.tests.files import LIBRARY, SCENARIOS, definition, tree


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_definition_is_sound_and_names_only_what_exists(file: Path) -> None:
    found = definition(file.stem)
    assert found.key == file.stem
    assert soundness(found) == []
    assert unknown_names(found, units=named_units(found), classes=tree()) == []


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_sentence_stands_in_chinese_and_english(file: Path) -> None:
    def texts(value: object) -> list[dict[str, str]]:
        if isinstance(value, dict):
            own = [value] if set(value) == {"zh", "en"} else []
            return own + [one for part in value.values() for one in texts(part)]
        return [one for part in value for one in texts(part)] if isinstance(value, list) else []

    found = texts(as_json(definition(file.stem)))
    assert len(found) > 50
    for one in found:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one["zh"]) or one["zh"] == "12345", one
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in one["en"]), one


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_definition_read_back_from_its_stored_data_is_the_same(file: Path) -> None:
    draft = parse(file.read_text())
    assert isinstance(draft, Draft)
    assert isinstance(draft.data, dict)
    assert stored(json.loads(json.dumps(draft.data))) == draft.definition


def test_the_published_schema_is_the_one_the_files_are_read_by() -> None:
    assert json.loads((LIBRARY / "scenario.schema.json").read_text()) == schema()


def test_the_published_schema_takes_the_library_and_refuses_a_wrong_key() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    check = jsonschema.Draft202012Validator(schema())
    for file in SCENARIOS:
        draft = parse(file.read_text())
        assert isinstance(draft, Draft)
        assert isinstance(draft.data, dict)
        assert list(check.iter_errors(draft.data)) == []
        assert list(check.iter_errors({**draft.data, "stagess": {}}))
        assert list(check.iter_errors({**draft.data, "escalation": [{"at": "half"}]}))
