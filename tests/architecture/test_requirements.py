"""The locks hold what is asked for, with hashes, and nothing of the machine that made them."""

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.source_files import ROOT, layers, modules, place, told, tree

FOLDER = ROOT / "requirements"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def _wishes(name: str) -> list[Requirement]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def _locked(name: str) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for package, version in PINNED.findall((FOLDER / name).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(package), set()).add(Version(version))
    return found


@pytest.mark.parametrize(
    ("lock", "wishes"),
    [
        ("install.txt", ["install.in"]),
        ("runtime.txt", ["install.in", "runtime.in"]),
        ("development.txt", ["install.in", "runtime.in", "development.in"]),
    ],
)
def test_every_wish_is_locked_at_a_version_it_allows(lock: str, wishes: list[str]) -> None:
    locked = _locked(lock)
    found = [
        str(wish)
        for name in wishes
        for wish in _wishes(name)
        if not any(wish.specifier.contains(v) for v in locked.get(canonicalize_name(wish.name), ()))
    ]
    assert not found, told(found, f"Run make lock, so that requirements/{lock} holds these:")


def test_what_runs_is_what_was_tested() -> None:
    development = _locked("development.txt")
    found = [
        name
        for lock in ("install.txt", "runtime.txt")
        for name, versions in _locked(lock).items()
        if development.get(name) != versions
    ]
    assert not found, told(found, "Run make lock, so that all locks agree about these:")


def test_every_locked_file_has_its_hash_and_no_address() -> None:
    for lock in ("install.txt", "runtime.txt", "development.txt"):
        text = (FOLDER / lock).read_text(encoding="utf-8")
        bare = [entry for entry in re.split(r"\n(?=\S)", text) if "--hash=sha256:" not in entry]
        assert not bare, told(bare, f"Run make lock, so that these in {lock} have a hash:")
        assert "://" not in text, f"Run make lock: {lock} names an address, which is no one's here."


def test_the_versions_that_break_prefect_are_kept_out() -> None:
    wishes = {wish.name: wish.specifier for wish in _wishes("runtime.in")}
    # With these the server dies on import, or cron schedules silently create no runs.
    assert not wishes["fastapi"].contains("0.165.0")
    assert not wishes["sqlalchemy"].contains("2.1.0")
    assert [str(version) for version in _locked("runtime.txt")["prefect"]] == ["3.8.8"]


def test_what_the_code_imports_is_asked_for_by_name() -> None:
    runtime = {canonicalize_name(wish.name) for wish in _wishes("runtime.in")}
    tests = runtime | {canonicalize_name(wish.name) for wish in _wishes("development.in")}
    found = [
        f"{place(path)}: {package}"
        for folders, wished in ((layers(), runtime), (["tests"], tests))
        for path in modules(*folders)
        for package in sorted(_imported(path))
        if not wished.intersection(_distributions(package))
    ]
    advice = "Ask for the package in requirements/runtime.in or development.in, then make lock:"
    assert not found, told(found, advice)


def _imported(path: Path) -> set[str]:
    """The top-level packages the file takes from outside the project and Python itself."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    # Stubs of the type checker, and a part of pydantic that has its own name.
    return found - sys.stdlib_module_names - {*layers(), "tests", "_typeshed", "pydantic_core"}


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def _distributions(package: str) -> set[str]:
    return {canonicalize_name(name) for name in _installed().get(package, [package])}
