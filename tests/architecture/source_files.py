"""Where the project's files are, for the tests that hold its shape."""

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".minsheng", ".hypothesis", "build", "dist"}


@cache
def settings() -> dict[str, Any]:
    """The project's own settings, which name the layers."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def layers() -> list[str]:
    """The top-level packages, as the layering contract names them."""
    return list(settings()["tool"]["importlinter"]["root_packages"])


def modules(*folders: str) -> list[Path]:
    """Every Python file below the folders, or below all layers when none is named."""
    return sorted(path for folder in folders or layers() for path in (ROOT / folder).rglob("*.py"))


@cache
def texts() -> tuple[Path, ...]:
    """Every file a person reads or a tool runs, sources of policy excepted."""
    kinds = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".html", ".css", ".in", ".txt", ""}
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        # What is not ours is not even entered: it has a hundred times as many files.
        folders[:] = [name for name in folders if not _is_made(name)]
        paths = [Path(folder, name) for name in names]
        found += [path for path in paths if path.suffix in kinds and not _is_made(path.name)]
    return tuple(sorted(found))


def _is_made(name: str) -> bool:
    """Whether a file or folder of this name was made by a tool."""
    return name in NOT_OURS or name.endswith(("cache", "cache__", ".egg-info"))


@cache
def tree(path: Path) -> ast.Module:
    """The file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of the file, methods and inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, line: int | None = None) -> str:
    """The file, and the line where there is one, as an editor can open it."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def told(found: list[str], advice: str) -> str:
    """The message of a structural test: what to do, then every place where."""
    return "\n  ".join([advice, *found])
