"""安装: runs other people's installers quietly, and keeps their files inside the clone.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class InstallationError(Exception):
    """安装无法继续: carries the one sentence the person at the terminal is shown."""


def complaint(command: list[str], *, mirror: str | None = None) -> str | None:
    """Runs a program without a word; ``None`` when it worked, else what it last said.

    Args:
        command: the program and its arguments.
        mirror: the package index uv shall ask, where pip has been told to ask a mirror.
    """
    settings = {"UV_DEFAULT_INDEX": mirror} if mirror else {}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**_environment(), **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as problem:
        return str(problem)
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return lines[-1] if lines else f"{command[0]} → {done.returncode}"


def runs(program: Path) -> bool:
    """Whether the program is there and starts: a moved or half-made environment does not."""
    return program.exists() and complaint([str(program), "--version"]) is None


@cache
def mirror_of(pip: tuple[str, ...]) -> str | None:
    """The index pip is set to ask, so that uv asks the same one; hashes keep a mirror honest."""
    if "UV_DEFAULT_INDEX" in os.environ:
        return None
    done = subprocess.run(
        [*pip, "config", "get", "global.index-url"],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return os.environ.get("PIP_INDEX_URL") or done.stdout.strip() or None


def _environment() -> dict[str, str]:
    """What the installers see: caches inside the clone, and the system's own certificates."""
    caches = ROOT / ".minsheng" / "cache"
    return {
        **os.environ,
        "PIP_CACHE_DIR": str(caches / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "UV_CACHE_DIR": str(caches / "uv"),
        "UV_SYSTEM_CERTS": "true",
    }
