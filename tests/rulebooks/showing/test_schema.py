"""词汇的说明与编辑器提示：每个键都写在 docs/rulebook.md，JSON Schema 与词汇一致。"""

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from rulebooks.reading.loader import CITIES
from rulebooks.showing.schema import (
    DOCUMENT,
    FILLED_IN,
    RENEW,
    WRITTEN,
    documented,
    models,
    schema,
    text,
)
from rulebooks.vocabulary.events import STAGE_ACTIONS
from rulebooks.vocabulary.model import (
    AmountName,
    PeriodUnit,
    Rulebook,
    Severity,
    SourceStatus,
    StageKind,
)
from tests.rulebooks.json_schema import complaints

PAGES = ("rulebook", "project", "limits", "funds", "duties", "recusal", "registries", "towns/*")
NAMES = tuple(f"{page}.yaml" for page in PAGES)
FILES = sorted(path for name in NAMES for path in CITIES.glob(f"*/{name}"))
SCHEMA = schema()


def own_keys(model: type[BaseModel]) -> set[str]:
    """The keys a model adds to those it inherits."""
    inherited = {name for base in model.__bases__ for name in getattr(base, "model_fields", {})}
    return {
        info.alias or name for name, info in model.model_fields.items() if name not in inherited
    }


def test_every_key_of_the_vocabulary_is_documented_with_an_example() -> None:
    sections = documented()
    for name, model in models().items():
        assert name in sections, f"{DOCUMENT.name} 缺少“（`{name}`）”一节，请补写。"
        filled_in = FILLED_IN if model is Rulebook else frozenset()
        missing = own_keys(model) - filled_in - set(sections[name])
        assert not missing, f"{DOCUMENT.name} 的 {name} 一节缺少 {missing}，请补写意思与例。"


def test_no_key_is_documented_that_does_not_exist() -> None:
    for name, keys in documented().items():
        if name == "Cited":
            continue
        fields = {info.alias or key for key, info in models()[name].model_fields.items()}
        assert set(keys) <= fields, f"{DOCUMENT.name} 的 {name} 一节有不存在的键，请删去。"


def test_every_allowed_value_and_outcome_is_documented() -> None:
    words = DOCUMENT.read_text(encoding="utf-8")
    values = [
        value
        for kind in (StageKind, PeriodUnit, Severity, SourceStatus, AmountName)
        for value in get_args(kind)
    ]
    outcomes = [
        outcome
        for offered in STAGE_ACTIONS.values()
        for found in offered.values()
        for outcome in found
    ]
    assert [value for value in (*values, *outcomes) if f"`{value}`" not in words] == []


def test_the_written_schema_is_up_to_date() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == text(), f"词汇或说明改了，请运行 {RENEW}"


def test_every_key_in_the_schema_is_explained_in_chinese() -> None:
    stage = SCHEMA["$defs"]["Stage"]["properties"]
    assert set(stage) > {"label", "kind", "then", "rests_on", "cites"}
    assert all("例：" in item["description"] for item in stage.values())
    assert stage["kind"]["enum"] == list(get_args(StageKind))


def plain(node: Any) -> Any:
    """YAML as JSON has it: days as text."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return node.isoformat() if isinstance(node, date) else node


@pytest.mark.parametrize("path", FILES, ids=["/".join(path.parts[-3:]) for path in FILES])
def test_every_rulebook_file_agrees_with_the_schema(path: Path) -> None:
    content = plain(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    assert complaints(SCHEMA, content) == []


@pytest.mark.parametrize(
    ("file", "find", "put"),
    [
        ("project.yaml", "waits: 待居民议事会商议", "wait: 待居民议事会商议"),
        ("project.yaml", "kind: vote", "kind: ballot"),
        ("project.yaml", "unit: working_days", "unit: days"),
        ("limits.yaml", "  severity: must", "  severity: strict"),
        ("towns/example.yaml", "like: publicize_project", "alike: publicize_project"),
    ],
)
def test_the_schema_marks_what_the_loader_would_refuse(file: str, find: str, put: str) -> None:
    content = (CITIES / "zhangjiagang" / file).read_text(encoding="utf-8")
    assert find in content
    assert complaints(SCHEMA, plain(YAML(typ="safe").load(content.replace(find, put, 1))))


def test_the_schema_can_be_read_by_any_editor() -> None:
    stored = json.loads(WRITTEN.read_text(encoding="utf-8"))
    assert stored["$schema"].startswith("http://json-schema.org/")
    assert stored == SCHEMA
