"""安装: brings a fresh clone to a working ``.venv`` with nothing but a system Python.

Runs on the standard library alone, because it runs before anything is installed, and is quick
when nothing is to do, because every ``make`` target that needs the environment calls it first.
Everything it makes lies in ``.venv/`` and ``.minsheng/`` inside the clone; the user's home is
neither read nor written.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deployments import install_system
from deployments.install_tools import ROOT, InstallationError, complaint, mirror_of, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3")
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ENVIRONMENT / "bin" / "uv"
STAMP = ENVIRONMENT / "minsheng-installed.json"
STATE = ROOT / ".minsheng"
REQUIREMENTS = ROOT / "requirements"
LOCKS = {"use": "runtime.txt", "development": "development.txt"}


def main(arguments: Sequence[str] | None = None) -> int:
    """安装: does whatever of the set-up is still missing; returns the exit code.

    Args:
        arguments: the command line after the program's name; ``None`` means the real one.
    """
    parser = argparse.ArgumentParser(prog="make setup", description="安装运行环境。")
    parser.add_argument("--for", dest="purpose", choices=sorted(LOCKS), default="use")
    parser.add_argument("--again", action="store_true", help="此前失败的可选步骤也再试一次")
    options = parser.parse_args(arguments)
    STATE.mkdir(exist_ok=True)
    try:
        # Two `make` at once must not install into one environment at the same time.
        with (STATE / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _install_python_side(LOCKS[options.purpose])
            tests_too = options.purpose == "development"
            install_system.install(STATE, tests_too=tests_too, again=options.again)
    except (InstallationError, OSError) as problem:
        print(f"安装中止：{problem}", file=sys.stderr)
        return 1
    if options.again:
        print("环境已就绪。运行 make help 查看全部命令。")
    return 0


def _install_python_side(lock: str) -> None:
    """Makes the virtual environment hold the locked packages and this project."""
    found = _read_stamp()
    if not runs(PYTHON) or found.get("place", str(ROOT)) != str(ROOT):
        _make_virtual_environment()
        found = {}
    # The development lock holds all that the runtime lock does: demo never undoes test's set-up.
    enough = {_digest(REQUIREMENTS / name) for name in (lock, LOCKS["development"])}
    if found.get("lock") not in enough:
        STAMP.unlink(missing_ok=True)
        _install_locked(REQUIREMENTS / lock)
        found = {"place": str(ROOT), "lock": _digest(REQUIREMENTS / lock)}
    project = _digest(ROOT / "pyproject.toml")
    if found.get("project") != project:
        _install_project()
        STAMP.write_text(json.dumps({**found, "project": project}), encoding="utf-8")


def _make_virtual_environment() -> None:
    """Makes ``.venv``, with pip inside it where Debian's python3-venv allows that."""
    interpreter = _python()
    print(f"建立虚拟环境 .venv（{interpreter}）……", flush=True)
    make = [interpreter, "-m", "venv", "--clear"]
    if complaint([*make, str(ENVIRONMENT)]) is None:
        return
    # Without python3-venv only the pip inside is missing; the system's pip can work from outside.
    system_pip = [interpreter, "-m", "pip", "--version"]
    bare = [*make, "--without-pip", str(ENVIRONMENT)]
    if complaint(system_pip) is None and complaint(bare) is None:
        return
    whole = [*make, str(ENVIRONMENT)]
    if install_system.installed_by_apt(["python3-venv"]) and complaint(whole) is None:
        return
    raise InstallationError(
        "没有 python3-venv，请以管理员身份运行 apt-get install python3-venv 后重试。"
        " / python3-venv is missing: run apt-get install python3-venv, then retry."
    )


def _python() -> str:
    """The interpreter to build on: the one running, or a newer one on the path."""
    if sys.version_info >= NEEDED_PYTHON:
        return sys.executable
    check = f"import sys; sys.exit(sys.version_info < {NEEDED_PYTHON})"
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and complaint([found, "-c", check]) is None:
            return found
    wanted = ".".join(str(part) for part in NEEDED_PYTHON)
    raise InstallationError(
        f"需要 Python {wanted} 或更高版本，请安装后重试（Debian 12 自带 3.11）。"
        f" / Python {wanted} or newer is needed: install it, then retry."
    )


def _install_locked(lock: Path) -> None:
    """Installs exactly what the lock names, every file checked against its hash."""
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(f"安装 {lock.name} 锁定的 {count} 个软件包，首次约需一两分钟……", flush=True)
    pip = _pip()
    own_tools = ["--no-deps", "-r", str(REQUIREMENTS / "install.txt")]
    problem = complaint([*pip, "install", "--quiet", "--require-hashes", *own_tools])
    if problem is None and runs(UV):
        sync = [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
        problem = complaint([*sync, str(lock)], mirror=mirror_of(tuple(pip)))
        if problem is None:
            return
        print(f"uv 未能完成，改用 pip（{problem}）……", flush=True)
    # The lock names every package, so pip has nothing to resolve; old ones even get that wrong.
    whole = ["--no-deps", "-r", str(lock)]
    problem = complaint([*pip, "install", "--quiet", "--require-hashes", *whole])
    if problem is not None:
        raise InstallationError(
            f"requirements/{lock.name} 未能装完，请检查网络或 pip 的镜像设置后重试。"
            f" / The locked packages could not be installed: check the network and retry."
            f"（{problem}）"
        )


def _install_project() -> None:
    """Puts this folder on the environment's path, and the ``minsheng`` command beside it."""
    print("安装本项目的 minsheng 命令……", flush=True)
    # The build tool comes out of the lock, so nothing is fetched here.
    project = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    problem = complaint([*_pip(), *project])
    if problem is not None:
        raise InstallationError(
            "minsheng 命令未能装入 .venv，请删除 .venv 后重试 make setup。"
            f" / The command could not be installed: remove .venv and retry.（{problem}）"
        )


def _pip() -> list[str]:
    """The pip inside the environment, or the system's pip told to work on the environment."""
    inside = [str(PYTHON), "-m", "pip"]
    if complaint([*inside, "--version"]) is None:
        return inside
    return [_python(), "-m", "pip", "--python", str(PYTHON)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str]:
    """What was installed last; empty when that is not known."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()}


if __name__ == "__main__":
    sys.exit(main())
