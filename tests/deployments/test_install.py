"""Set-up does only what is missing, says in one sentence what it cannot do, and goes on."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deployments import install, install_system
from deployments.install_tools import InstallationError, complaint

Command = list[str]


class Clone:
    """A folder that set-up takes for the clone, and a record of what it ran there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: list[Command] = []
        self.fails: Callable[[Command], bool] = lambda command: False
        for name in ("runtime.txt", "development.txt", "install.txt"):
            (folder / "requirements").mkdir(exist_ok=True)
            (folder / "requirements" / name).write_text(f"one==1\n# {name}\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text("", encoding="utf-8")
        (folder / ".venv").mkdir()

    def complaint(self, command: Command, *, mirror: str | None = None) -> str | None:
        self.ran.append(command)
        return f"{mirror or ''} did not work" if self.fails(command) else None

    def ran_with(self, *words: str) -> bool:
        return any(all(word in command for word in words) for command in self.ran)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    made = Clone(tmp_path)
    environment = tmp_path / ".venv"
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "ENVIRONMENT", environment)
    monkeypatch.setattr(install, "STAMP", environment / "minsheng-installed.json")
    monkeypatch.setattr(install, "STATE", tmp_path / ".minsheng")
    monkeypatch.setattr(install, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(install, "complaint", made.complaint)
    monkeypatch.setattr(install, "mirror_of", lambda pip: None)
    monkeypatch.setattr(install, "runs", lambda program: True)
    monkeypatch.setattr(install_system, "install", lambda state, **wishes: None)
    return made


def test_the_second_set_up_has_nothing_to_do_and_says_nothing(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install.main(["--for", "development"]) == 0
    assert clone.ran_with("sync")
    clone.ran.clear()
    capsys.readouterr()
    assert install.main(["--for", "development"]) == 0
    assert clone.ran == []
    assert capsys.readouterr().out == ""


def test_a_changed_lock_is_installed_again(clone: Clone) -> None:
    install.main([])
    clone.ran.clear()
    (clone.folder / "requirements" / "runtime.txt").write_text("one==2\n", encoding="utf-8")
    install.main([])
    assert clone.ran_with("sync", str(clone.folder / "requirements" / "runtime.txt"))
    assert clone.ran_with("--editable")


def test_the_demo_never_takes_away_what_the_tests_need(clone: Clone) -> None:
    install.main(["--for", "development"])
    clone.ran.clear()
    install.main(["--for", "use"])
    assert clone.ran == []


def test_an_environment_that_was_moved_is_built_again(clone: Clone) -> None:
    install.main([])
    stamp = clone.folder / ".venv" / "minsheng-installed.json"
    found = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps({**found, "place": "elsewhere"}), encoding="utf-8")
    clone.ran.clear()
    install.main([])
    assert clone.ran_with("venv", "--clear")
    assert clone.ran_with("sync")


def test_pip_finishes_what_uv_could_not(clone: Clone, capsys: pytest.CaptureFixture[str]) -> None:
    clone.fails = lambda command: "sync" in command
    assert install.main([]) == 0
    assert clone.ran_with("install", "--require-hashes", "--no-deps")
    assert "改用 pip" in capsys.readouterr().out


def test_without_a_network_one_sentence_says_what_to_do(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    clone.fails = lambda command: "--require-hashes" in command
    assert install.main([]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "runtime.txt" in said
    assert "检查网络" in said
    assert not (clone.folder / ".venv" / "minsheng-installed.json").exists()


def test_without_python3_venv_the_pip_of_the_system_helps_out(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "runs", lambda program: program.name != "python")
    clone.fails = lambda command: "venv" in command and "--without-pip" not in command
    assert install.main([]) == 0
    assert clone.ran_with("venv", "--without-pip")


def test_with_neither_venv_nor_pip_the_package_to_install_is_named(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "runs", lambda program: False)
    monkeypatch.setattr(install_system, "installed_by_apt", lambda names: False)
    clone.fails = lambda command: True
    assert install.main([]) == 1
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_a_newer_python_on_the_path_is_used_when_this_one_is_too_old(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "NEEDED_PYTHON", (99, 0))
    monkeypatch.setattr("shutil.which", lambda name: f"somewhere/{name}")
    clone.fails = lambda command: "python3.13" in command[0]
    assert install._python() == "somewhere/python3.12"
    clone.fails = lambda command: True
    with pytest.raises(InstallationError, match="需要 Python"):
        install._python()


def test_a_program_that_fails_is_quoted_with_its_last_line() -> None:
    program = "import sys; sys.exit('first\\nlast')"
    assert complaint(["python3", "-c", program]) == "last"
    assert complaint(["python3", "-c", ""]) is None
    assert complaint(["no-such-program-here"])


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every package is missing, apt refuses, and TeX is not installed; gives what apt was asked."""
    asked: list[list[str]] = []

    def refuse(names: list[str]) -> bool:
        asked.append(names)
        return False

    monkeypatch.setattr(install_system, "_missing", lambda packages: packages)
    monkeypatch.setattr(install_system, "installed_by_apt", refuse)
    monkeypatch.setattr(install_system, "_unpacked_from_package", lambda state, fonts: False)
    monkeypatch.setattr(install_system, "FONT_FOLDERS", (tmp_path / "tex", tmp_path / "doc"))
    return asked


def test_what_is_missing_is_named_with_what_will_not_work(
    refused: list[list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_system.install(tmp_path, tests_too=False, again=False)
    packages, fonts = capsys.readouterr().out.splitlines()
    assert "apt-get install libpango-1.0-0" in packages
    assert "不能生成 PDF" in packages
    assert "no PDF" in packages
    assert "chromium" not in packages
    assert "Fandol" in fonts


def test_an_attempt_that_failed_is_repeated_only_when_asked(
    refused: list[list[str]], tmp_path: Path
) -> None:
    for again in (False, False, True):
        install_system.install(tmp_path, tests_too=True, again=again)
    assert len(refused) == 2


def test_the_fonts_of_an_installed_tex_are_taken_without_a_download(
    refused: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install_system, "_missing", lambda packages: [])
    faces, papers = install_system.FONT_FOLDERS
    faces.mkdir()
    papers.mkdir()
    for name in install_system.FONT_FILES[:-1]:
        (faces / name).write_bytes(name.encode())
    (papers / "COPYING.gz").write_bytes(gzip.compress(b"free"))
    install_system.install(tmp_path, tests_too=False, again=False)
    assert (tmp_path / "fonts" / "COPYING").read_bytes() == b"free"
    assert len(list((tmp_path / "fonts").iterdir())) == len(install_system.FONT_FILES)
