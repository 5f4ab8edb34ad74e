"""The folders say what the project is; these tests say what is missing and where it belongs."""

import ast

from tests.architecture.source_files import (
    ROOT,
    functions,
    layers,
    modules,
    place,
    settings,
    told,
    tree,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
OUTSIDE_THE_LAYERS = {"architecture", "journeys", "faults", "browser", "policies", "benchmarks"}


def test_every_layer_is_a_folder_that_says_what_it_holds() -> None:
    found = [
        f"{layer}/__init__.py"
        for layer in layers()
        if not (ROOT / layer / "__init__.py").is_file()
        or not ast.get_docstring(tree(ROOT / layer / "__init__.py"))
    ]
    assert not found, told(found, "Add the file with one sentence: 中文名, then what it holds.")


def test_every_tool_is_told_of_the_same_layers() -> None:
    tools = settings()["tool"]
    packages = {
        name.removesuffix("*") for name in tools["setuptools"]["packages"]["find"]["include"]
    }
    typed = set(tools["mypy"]["files"]) - {"tests"}
    sorted_first = set(tools["ruff"]["lint"]["isort"]["known-first-party"]) - {"tests"}
    contract = next(c for c in tools["importlinter"]["contracts"] if c["id"] == "layers")
    stacked = {name.strip() for row in contract["layers"] for name in row.split("|")}
    for lists in (packages, typed, sorted_first, stacked):
        difference = sorted(lists.symmetric_difference(layers()))
        advice = "Name the same folders in pyproject.toml under every tool; these differ:"
        assert not difference, told(difference, advice)


def test_every_module_begins_by_saying_what_it_is_for() -> None:
    found = [place(path) for path in modules() if not ast.get_docstring(tree(path))]
    assert not found, told(found, "Begin the file with a docstring: 中文名, then one sentence.")


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in modules()}
    found = [place(folder) for folder in folders if not (folder / "__init__.py").is_file()]
    assert not found, told(sorted(found), "Add an __init__.py with a docstring to the folder.")


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    found = []
    for path in modules(*layers(), "tests"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(f"{place(path)} ({lines} lines)")
    advice = f"Split by subject; {LONGEST_FILE} lines are the most one file may have:"
    assert not found, told(found, advice)


def test_no_function_is_longer_than_one_screen() -> None:
    found = []
    for path in modules(*layers(), "tests"):
        for node in functions(path):
            # The signature of a command lists its options; a migration lists its columns.
            lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
            if lines > LONGEST_FUNCTION and "versions" not in path.parts:
                found.append(f"{place(path, node.lineno)} {node.name} ({lines} lines)")
    advice = f"Give each step its own function; {LONGEST_FUNCTION} lines are the most:"
    assert not found, told(found, advice)


def test_the_tests_lie_in_folders_named_like_what_they_test() -> None:
    known = OUTSIDE_THE_LAYERS.union(layers())
    folders = {path.relative_to(ROOT).parts[1] for path in modules("tests")}
    found = sorted(name for name in folders if name not in known and not name.endswith(".py"))
    advice = "Move the tests below tests/<layer>/, or name the new kind of test in this file:"
    assert not found, told(found, advice)
