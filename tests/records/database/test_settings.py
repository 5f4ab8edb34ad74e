"""设置: what is not given is made beside the records, for its owner's eyes only."""

import stat
from pathlib import Path

import pytest

from records.database.settings import RecordsSettings, digest_key


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests."""
    for name in ("RECORDS_URL", "FILES", "DIGEST_KEY"):
        monkeypatch.delenv(f"MINSHENG_{name}", raising=False)


def in_folder(folder: Path) -> RecordsSettings:
    return RecordsSettings(records_url=f"sqlite:///{folder / 'r.sqlite'}", files=folder / "files")


def test_without_settings_everything_lies_under_one_folder() -> None:
    settings = RecordsSettings()
    assert settings.records_url == "sqlite:///.minsheng/records.sqlite"
    assert settings.files == Path(".minsheng/files")
    assert settings.folder == Path(".minsheng")


def test_the_environment_sets_where_the_records_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINSHENG_RECORDS_URL", "postgresql://clerk@db/records")
    monkeypatch.setenv("MINSHENG_FILES", "elsewhere/files")
    settings = RecordsSettings()
    assert settings.url.drivername == "postgresql+psycopg"
    assert settings.folder == Path("elsewhere")


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = digest_key(in_folder(tmp_path))
    assert len(key) == 64
    assert digest_key(in_folder(tmp_path)) == key
    assert stat.S_IMODE((tmp_path / "digest.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["digest.key"]


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    settings = in_folder(tmp_path).model_copy(
        update={"digest_key": RecordsSettings(digest_key="given").digest_key}
    )
    assert digest_key(settings) == b"given"
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_another_process_made_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "digest.key").write_text("theirs")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert digest_key(in_folder(tmp_path)) == b"theirs"


def test_an_empty_key_file_is_named_instead_of_used(tmp_path: Path) -> None:
    (tmp_path / "digest.key").touch()
    with pytest.raises(ValueError, match=r"digest\.key"):
        digest_key(in_folder(tmp_path))


def test_the_key_is_never_shown() -> None:
    assert "secret" not in repr(RecordsSettings(digest_key="secret"))
