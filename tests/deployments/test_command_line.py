"""命令行: every command explains itself in Chinese, and every mistake gets one sentence."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from deployments.__main__ import COMMANDS, command_line, main
from records.database.turns import BusyRecordsError

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "commands.md"
ENGLISH = re.compile(r"Usage|Commands|Parameters|Arguments|required|default|Display|choices")


def said_by(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(words)
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


def commands() -> Iterator[tuple[str, App]]:
    """Every command a person can type, with all its parts imported."""
    app = command_line()
    for name in COMMANDS:
        command = app[name]
        parts = [part for part in command if not part.startswith("-")]
        if not parts:
            yield name, command
        for part in parts:
            yield f"{name} {part}", command[part]


def options(command: App) -> list[str]:
    """The long options of a command, without the negative forms of yes and no."""
    found = command.assemble_argument_collection()
    return [argument.name for argument in found if argument.name.startswith("--")]


ALL = dict(commands())


@pytest.mark.parametrize("words", [[], ["--help"], *([*name.split(), "--help"] for name in ALL)])
def test_every_help_page_is_in_chinese(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, err = said_by(capsys, *words)
    assert code == 0
    assert out.startswith("用法：minsheng")
    assert not ENGLISH.search(out)
    assert " object at " not in out
    assert err == ""


def test_the_list_of_commands_says_what_each_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said_by(capsys, "--help")
    for name, (_, told) in COMMANDS.items():
        line = next(line for line in out.splitlines() if line.startswith(f"│ {name} "))
        assert told in line


@pytest.mark.parametrize("name", ALL)
def test_every_option_says_what_it_is_for(name: str) -> None:
    for argument in ALL[name].assemble_argument_collection():
        assert argument.parameter.help, f"{name} {argument.name}"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said_by(capsys, "--version")
    assert code == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", out)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("stauts", "没有“stauts”这个命令，是不是想写“status”？可用的有：demo、up、"),
        ("case sho", "没有“sho”这个命令，是不是想写“show”？可用的有：list、show、act、"),
        ("due --form 2026-03-02", "没有“--form”这个选项，是不是想写“--from”？写法见 minsheng due"),
        ("due --from", "--from 之后没有填写（起算日），写法见 minsheng due --help。"),
        ("case show", "缺少 编号（事项编号），写法见 minsheng case show --help。"),
        ("import", "缺少 文件"),
        ("down now", "多写了“now”，写法见 minsheng down --help。"),
        ("demo --projects forty", "--projects 填的是“forty”，须为整数，写法见 minsheng demo"),
        ("up --by magic", "--by 填的是“magic”，须为driver、pool之一，写法见 minsheng up --help。"),
        ("case show A --json --json", "--json 写了不止一次，请只留一个"),
    ],
)
def test_every_mistyped_command_gets_one_chinese_sentence(
    capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    code, out, err = said_by(capsys, *words.split())
    assert code == 2
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""


def test_an_unforeseen_error_leaves_a_sentence_and_keeps_its_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINSHENG_HOME", str(tmp_path))

    def fail() -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("deployments.commands.down.down", fail)
    code, out, err = said_by(capsys, "down")
    assert code == 1
    assert out == ""
    assert err.startswith("没有办成：出了意料之外的问题。")
    assert "a fault of ours" not in err
    kept = (tmp_path / "faults.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError: a fault of ours" in kept


def test_what_already_is_a_sentence_is_said_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise BusyRecordsError

    monkeypatch.setattr("deployments.commands.down.down", busy)
    code, _, err = said_by(capsys, "down")
    assert code == 1
    assert err.strip() == str(BusyRecordsError())


def test_a_reader_that_left_is_no_fault() -> None:
    command = f"{sys.executable} -m deployments due --from 2026-03-02 --count 400 --json | head -1"
    ended = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, check=False
    )
    assert ended.stderr == b""
    assert ended.stdout == b"{\n"


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_is_described_in_the_page_of_commands(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition(f"## minsheng {name}\n")[2].partition("\n## ")[0]
    assert section, f"Describe `minsheng {name}` in docs/commands.md under its own heading."
    missing = [option for option in options(ALL[name]) if f"`{option}" not in section]
    assert not missing, f"Describe in docs/commands.md, under `minsheng {name}`: {missing}"


def test_the_page_of_commands_describes_none_that_is_gone() -> None:
    described = re.findall(r"^## minsheng (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert described == list(ALL)


def test_no_command_imports_prefect_before_it_knows_which_server_is_meant() -> None:
    modules = sorted({target.partition(":")[0] for target, _ in COMMANDS.values()})
    words = f"import sys, {', '.join(modules)}; print('prefect' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert said.stdout == "False\n", "Prefect reads its settings when it is imported."
