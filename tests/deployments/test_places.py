"""运行场所: every command looks at the same records, from whatever folder it is typed in."""

import os
from pathlib import Path

import pytest

from deployments import places
from deployments.places import DEMO, FILES, HOME, OFFICE, PROJECT, RECORDS_URL, current, home, place


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME, str(tmp_path))
    return tmp_path


def test_the_office_is_in_use_until_another_place_was_started(own_home: Path) -> None:
    assert current() == place(OFFICE)
    place(DEMO).mark()
    assert current().folder == own_home / DEMO
    (own_home / "current").write_text("elsewhere", encoding="utf-8")
    assert current() == place(OFFICE)


def test_without_a_setting_the_home_is_the_projects_own_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME)
    monkeypatch.chdir(tmp_path)
    assert home() == PROJECT / ".minsheng"
    assert (PROJECT / "pyproject.toml").is_file()


def test_each_place_has_its_own_records_unless_a_database_is_named(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (RECORDS_URL, FILES, places.DESK, places.HEARTBEAT):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert place(DEMO).environment()[RECORDS_URL] == f"sqlite:///{own_home}/demo/records.sqlite"
    monkeypatch.setenv(RECORDS_URL, "postgresql://city/minsheng")
    assert place(OFFICE).environment()[RECORDS_URL] == "postgresql://city/minsheng"
    place(OFFICE).enter()
    assert os.environ[FILES] == str(own_home / "office" / "files")
