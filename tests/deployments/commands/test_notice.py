"""公文命令: `minsheng notice check` tells a paper that was issued from one that was not."""

from pathlib import Path

import pytest

from records.database.store import Store
from records.files import attachments
from records.files.notices import Document, File, Notice, issue_notice
from tests.deployments.commands.conftest import Minsheng
from tests.records.world import opened

CODE = "3F2A 91BC 04DE 77A1"
PAGE = '<html><meta name="author" content="城西社区居民委员会 &amp; 党总支"></html>'


@pytest.fixture
def paper(store: Store) -> Notice:
    """发出的一件公示，连同可编辑件和网页版。"""
    number = opened(store)
    attachments.keep(store, PAGE.encode(), f"{number}-A1公示.html", "text/html")
    document = Document(
        key=f"{number}/publicity/1",
        case=number,
        kind="project_publicity",
        number=f"{number}-A1",
        title="关于凉亭修缮项目的公示",
        content_digest=CODE.replace(" ", "").lower() + "0" * 48,
        name=f"{number}-A1公示.pdf",
        media_type="application/pdf",
        data=b"%PDF-1.7",
        files=(File(f"{number}-A1公示.docx", "application/docx", b"PK docx"),),
    )
    return issue_notice(store, document)


def test_number_and_code_off_the_paper_say_what_was_issued_by_whom_and_when(
    minsheng: Minsheng, paper: Notice
) -> None:
    said = minsheng("notice", "check", paper.number, *CODE.split())
    assert said.code == 0
    for part in (
        "是发出的公文",
        "标题　关于凉亭修缮项目的公示",
        "发文单位　城西社区居民委员会 & 党总支",
        "发出日期　2026年3月2日",
        f"文件编号　{paper.number}",
        f"校验码　{CODE}",
    ):
        assert part in said.out


def test_a_draft_that_nobody_signed_is_not_taken_for_an_issued_document(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    draft = Document(
        key=f"{number}/draft/1",
        case=number,
        kind="monthly_report_draft",
        number=f"{number}-01",
        title="关于项目进展情况的函",
        content_digest="a" * 64,
        name=f"{number}-01月报（送审稿）.pdf",
        media_type="application/pdf",
        data=b"%PDF-1.7",
    )
    issue_notice(store, draft)
    said = minsheng("notice", "check", draft.number)
    assert "没有签发，不是发出的公文" in said.out
    assert "发出日期" not in said.out
    assert minsheng("notice", "check", draft.number, "--json").json["draft"] is True


def test_what_a_telephone_reads_off_the_picture_can_be_pasted_as_one_line(
    minsheng: Minsheng, paper: Notice
) -> None:
    assert minsheng("notice", "check", f"{paper.number} {CODE}").code == 0
    assert minsheng("notice", "check", CODE.lower().replace(" ", "")).code == 0


def test_a_number_alone_shows_the_code_to_compare(minsheng: Minsheng, paper: Notice) -> None:
    said = minsheng("notice", "check", paper.number)
    assert said.code == 0
    assert CODE in said.out


def test_a_code_that_does_not_belong_to_the_number_is_refused(
    minsheng: Minsheng, paper: Notice
) -> None:
    said = minsheng("notice", "check", paper.number, "0000", "0000", "0000", "0000")
    assert said.code == 1
    assert "发出过，但校验码不符" in said.err
    assert said.out == ""


def test_what_was_never_issued_is_said_in_one_sentence(minsheng: Minsheng, paper: Notice) -> None:
    assert paper.number
    number = minsheng("notice", "check", "某公文-9")
    assert (number.code, number.sentences) == (1, 1)
    assert "没有发出过编号为“某公文-9”的公文" in number.err
    code = minsheng("notice", "check", "00000000 00000000")
    assert (code.code, code.sentences) == (1, 1)
    assert "没有发出过这个校验码" in code.err


@pytest.mark.parametrize(("name", "content"), [("a.pdf", "%PDF-1.7"), ("b.docx", "PK docx")])
def test_a_file_is_known_by_its_content_whatever_its_name(
    minsheng: Minsheng, paper: Notice, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    said = minsheng("notice", "check", tmp_path / name, "--json")
    assert said.json["number"] == paper.number
    assert said.json["code"] == CODE
    assert said.json["issuer"] == "城西社区居民委员会 & 党总支"
    assert said.json["replaced_by"] is None
    assert Path(said.json["file"]).suffix == Path(name).suffix


def test_a_file_that_was_changed_is_not_the_one_that_was_issued(
    minsheng: Minsheng, paper: Notice, tmp_path: Path
) -> None:
    assert paper.digest
    changed = tmp_path / "改过.pdf"
    changed.write_bytes(b"%PDF-1.7 ")
    said = minsheng("notice", "check", changed)
    assert said.code == 1
    assert "“改过.pdf”不是发出的原件" in said.err


def test_a_file_that_is_not_there_and_no_words_at_all_are_refused(minsheng: Minsheng) -> None:
    missing = minsheng("notice", "check", "没有.pdf")
    assert (missing.code, missing.err.strip()) == (2, "没有文件“没有.pdf”，请核对路径。")
    nothing = minsheng("notice", "check")
    assert nothing.code == 2
    assert "请写文件编号和校验码" in nothing.err


def test_a_replaced_document_says_by_which(minsheng: Minsheng, store: Store, paper: Notice) -> None:
    later = Document(
        key=f"{paper.case}/publicity/2",
        case=paper.case,
        kind=paper.kind,
        number=f"{paper.case}-A2",
        title="关于凉亭修缮项目的公示（更正）",
        content_digest="9" * 64,
        name=f"{paper.case}-A2公示.pdf",
        media_type="application/pdf",
        data=b"%PDF-1.7 two",
        replaces=paper.key,
    )
    issue_notice(store, later)
    said = minsheng("notice", "check", paper.number)
    assert "发出过，但已被替代" in said.out
    assert f"（更正）（{paper.case}-A2，2026年3月2日）" in said.out
    assert "发文单位　见文件落款" in minsheng("notice", "check", later.number).out
