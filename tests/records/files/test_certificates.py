"""公文核验: a paper is known by its code, its number or its bytes, and by nothing less."""

from dataclasses import replace
from hashlib import sha256

from records.database.store import Store
from records.files import attachments, certificates
from records.files.certificates import Certificate
from records.files.notices import Document, File, issue_notice
from tests.records.world import opened

CODE = "3F2A 91BC 04DE 77A1"


def issued(store: Store, **changes: object) -> Document:
    """发出一件公文，连同可编辑件。"""
    document = Document(
        key="case/publicity/1",
        case=opened(store),
        kind="project_publicity",
        number="示例-A1",
        title="关于凉亭修缮项目的公示",
        content_digest=CODE.replace(" ", "").lower() + "0" * 48,
        name="示例-A1公示.pdf",
        media_type="application/pdf",
        data=b"%PDF",
        files=(File("示例-A1公示.docx", "application/docx", b"PK docx"),),
    )
    issue_notice(store, replace(document, **changes))  # type: ignore[arg-type]
    return document


def by_file(store: Store, data: bytes) -> Certificate | None:
    with store.read() as connection:
        return certificates.by_file(connection, sha256(data).hexdigest())


def test_a_code_is_found_with_or_without_its_spaces_in_either_case(store: Store) -> None:
    issued(store)
    with store.read() as connection:
        for typed in (CODE, CODE.lower(), CODE.replace(" ", "")):
            found = certificates.by_code(connection, typed)
            assert found is not None
            assert found.notice.number == "示例-A1"
        assert certificates.by_code(connection, "0000 0000 0000 0000") is None


def test_a_sign_that_stands_for_anything_finds_nothing(store: Store) -> None:
    issued(store)
    with store.read() as connection:
        assert certificates.by_code(connection, "%") is None
        assert certificates.by_code(connection, "_" * 16) is None


def test_a_number_is_found_exactly(store: Store) -> None:
    issued(store)
    with store.read() as connection:
        found = certificates.by_number(connection, "示例-A1")
        assert found is not None
        assert found.file == "示例-A1公示.pdf"
        assert certificates.by_number(connection, "示例-A") is None


def test_every_file_of_a_document_is_known_by_its_bytes(store: Store) -> None:
    issued(store)
    attachments.keep(store, b"<p>page</p>", "示例-A1公示.html", "text/html")
    names = {
        data: found.file
        for data in (b"%PDF", b"PK docx", b"<p>page</p>")
        if (found := by_file(store, data)) is not None
    }
    assert names == {
        b"%PDF": "示例-A1公示.pdf",
        b"PK docx": "示例-A1公示.docx",
        b"<p>page</p>": "示例-A1公示.html",
    }


def test_one_byte_more_is_another_file(store: Store) -> None:
    issued(store)
    assert by_file(store, b"%PDF ") is None


def test_a_file_that_is_kept_but_was_never_issued_is_not_certified(store: Store) -> None:
    issued(store)
    attachments.keep(store, b"draft", "别的.html", "text/html")
    attachments.keep(store, b"photo", "照片.jpg", "image/jpeg")
    assert by_file(store, b"draft") is None
    assert by_file(store, b"photo") is None


def test_a_replaced_document_names_the_last_that_replaces_it(store: Store) -> None:
    first = issued(store)
    for turn in (2, 3):
        later = replace(
            first,
            key=f"case/publicity/{turn}",
            number=f"示例-A{turn}",
            content_digest=f"{turn}" * 64,
            name=f"示例-A{turn}公示.pdf",
            data=f"%PDF {turn}".encode(),
            files=(),
            replaces=f"case/publicity/{turn - 1}",
        )
        issue_notice(store, later)
    found = by_file(store, b"%PDF")
    assert found is not None
    assert found.replaced_by is not None
    assert found.replaced_by.number == "示例-A3"
    last = by_file(store, b"%PDF 3")
    assert last is not None
    assert last.replaced_by is None


def test_the_page_of_a_document_is_found_beside_its_paper(store: Store) -> None:
    issued(store)
    page = attachments.keep(store, b"<p>page</p>", "示例-A1公示.html", "text/html")
    found = by_file(store, b"%PDF")
    assert found is not None
    assert found.page == page
