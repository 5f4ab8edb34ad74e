"""A document is kept whole or not at all, and what was announced never changes."""

from pathlib import Path

import pytest

from rulebooks.procedure.position import Effect
from tasks import issue
from tasks.desk import Case, EffectError, use
from tasks.issue import Paper
from tests.deployments.fake_desk import FakeDesk

NUMBER = "ZJG-2026-0001"
EFFECT = Effect(f"{NUMBER}/issue/note/publicize/1", "issue", "publicize", 1, "项目公示", "第九条", {
    "document": "note"
})  # fmt: skip


@pytest.fixture(autouse=True)
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDesk:
    monkeypatch.setattr(issue, "_makers", {})
    fake = FakeDesk(tmp_path)
    fake.opens(NUMBER)
    use(fake)
    return fake


def test_a_document_is_made_by_the_maker_registered_for_it(fake: FakeDesk) -> None:
    def maker(case: Case, effect: Effect) -> list[Paper]:
        return [Paper("公示.txt", f"{case.number} {effect.label}".encode())]

    issue.register("note", maker)
    receipt = issue._make(fake.read(NUMBER), EFFECT)
    [file] = [path for path in fake.papers().rglob("*") if path.is_file()]
    assert file.name == "公示.txt"
    assert file.read_text(encoding="utf-8") == f"{NUMBER} 项目公示"
    assert list(receipt) == ["公示.txt"]
    assert issue.documents() == {"note"}


def test_a_file_that_was_announced_is_not_written_again(tmp_path: Path) -> None:
    first = issue.keep(tmp_path, Paper("公示.txt", b"first"))
    assert issue.keep(tmp_path, Paper("公示.txt", b"second")) == first
    assert (tmp_path / "公示.txt").read_bytes() == b"first"


def test_no_half_written_file_is_left_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        issue.keep(tmp_path, Paper("公示.txt", b"half"))
    assert not (tmp_path / "公示.txt").exists()


@pytest.mark.parametrize("name", ["../公示.txt", "a/b.txt", ".hidden", ""])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EffectError, match="文件名"):
        issue.keep(tmp_path, Paper(name, b""))


def test_a_document_nobody_can_make_is_named_in_the_failure(fake: FakeDesk) -> None:
    with pytest.raises(EffectError, match="“note”没有登记制作方法"):
        issue._make(fake.read(NUMBER), EFFECT)
