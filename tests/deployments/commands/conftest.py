"""An office of its own for every test, with the small town in it, and the real command line."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deployments.__main__ import main
from deployments.office import office
from deployments.places import DESK, FILES, HEARTBEAT, HOME, RECORDS_URL, place
from records.acting.ticks import tick
from records.database import clock
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.migrate import migrate
from rulebooks.days.working_days import BEIJING
from tests.records.world import MONDAY, settle_town

LEAST_TICKS = 100
SPRING = datetime(2026, 4, 1, 9, 30, tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentences(self) -> int:
        """How many sentences stand on the error stream."""
        return self.err.count("。")


Minsheng = Callable[..., Said]


@pytest.fixture(scope="session")
def settled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an office where the small town is registered, on a Monday morning."""
    return _home(tmp_path_factory.mktemp("settled"), MONDAY, settle_town)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an office that nobody ever sent anything, in spring."""
    return _home(tmp_path_factory.mktemp("empty"), SPRING, lambda _: None)


def _home(home: Path, moment: datetime, settle: Callable[[Store], None]) -> Path:
    folder = home / "office"
    settings = RecordsSettings(
        records_url=f"sqlite:///{folder / 'records.sqlite'}", files=folder / "files"
    )
    store = open_store(settings)
    migrate(store)
    settle(store)
    with store.write() as connection:
        clock.advance(connection, moment, store.machine.now())
    store.close()
    return home


@pytest.fixture
def starting_home(settled_home: Path) -> Path:
    """What a test starts from; a module may choose another."""
    return settled_home


@pytest.fixture
def home(starting_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's own home; whatever a command puts into the environment goes with it."""
    folder = tmp_path / "home"
    shutil.copytree(starting_home, folder)
    for name in (RECORDS_URL, FILES, DESK, HEARTBEAT):
        # Set first, so that the name is taken away again at the end.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv(HOME, str(folder))
    monkeypatch.setenv("COLUMNS", "140")
    office.cache_clear()
    yield folder
    if office.cache_info().currsize:
        office().close()
    office.cache_clear()


@pytest.fixture
def minsheng(home: Path, capsys: pytest.CaptureFixture[str]) -> Minsheng:
    """`minsheng` with the given words, through the whole command line."""
    assert place("office").folder == home / "office"

    def run(*words: object) -> Said:
        capsys.readouterr()
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def store(home: Path) -> Store:
    """The office's records, as the commands see them."""
    assert home.is_dir()
    return office()


@dataclass(frozen=True, slots=True)
class Typist:
    """Answers at a terminal, one after the other; an answer too few is the end of the input."""

    monkeypatch: pytest.MonkeyPatch

    def types(self, *answers: str, meanwhile: Callable[[], object] | None = None) -> None:
        """Have these typed; `meanwhile` happens while the last of them is being typed."""
        left = list(answers)

        def read(_: str) -> str:
            if not left:
                raise EOFError
            if len(left) == 1 and meanwhile is not None:
                meanwhile()
            return left.pop(0)

        self.monkeypatch.setattr("builtins.input", read)
        self.monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Typist:
    return Typist(monkeypatch)


def let_pass(store: Store, moment: datetime) -> None:
    """Move the office's clock forward and let what is due happen."""
    with store.write() as connection:
        clock.advance(connection, moment, store.machine.now())
    tick(store, LEAST_TICKS)
