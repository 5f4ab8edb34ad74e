"""附件: kept under the digest of their content, once, and never handed out when they changed."""

from hashlib import sha256
from pathlib import Path

import pytest

from records.database.store import Store
from records.files import attachments
from records.files.attachments import BrokenAttachmentError


def file_of(store: Store, digest: str) -> Path:
    return store.files / digest[:2] / digest


def test_an_attachment_is_found_by_the_digest_of_its_content(store: Store) -> None:
    digest = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf", "town_clerk")
    assert digest == sha256(b"minutes").hexdigest()
    assert attachments.read(store, digest) == b"minutes"
    with store.read() as connection:
        found = attachments.find(connection, digest)
    assert found is not None
    assert (found.name, found.size, found.added_by) == ("minutes.pdf", 7, "town_clerk")


def test_the_same_content_is_kept_once_under_its_first_name(store: Store) -> None:
    first = attachments.keep(store, b"minutes", "first.pdf", "application/pdf")
    assert attachments.keep(store, b"minutes", "second.pdf", "application/pdf") == first
    with store.read() as connection:
        found = attachments.find(connection, first)
    assert found is not None
    assert found.name == "first.pdf"
    assert [path.name for path in store.files.rglob("*") if path.is_file()] == [first]


def test_a_changed_file_is_never_handed_out(store: Store) -> None:
    digest = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf")
    file_of(store, digest).write_bytes(b"forged")
    with pytest.raises(BrokenAttachmentError, match=digest):
        attachments.read(store, digest)


def test_a_lost_file_is_named_by_its_digest(store: Store) -> None:
    digest = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf")
    file_of(store, digest).unlink()
    with pytest.raises(BrokenAttachmentError, match="备份"):
        attachments.read(store, digest)


def test_what_was_never_uploaded_is_named(store: Store) -> None:
    known = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf")
    with store.read() as connection:
        assert attachments.missing(connection, [known, "f" * 64]) == ("f" * 64,)
        assert attachments.missing(connection, []) == ()
        assert attachments.find(connection, "f" * 64) is None


def test_odd_file_names_never_leave_the_folder(store: Store) -> None:
    digest = attachments.keep(store, b"x", "../../etc/passwd\n", "text/plain")
    assert [path for path in store.files.rglob("*") if path.is_file()] == [file_of(store, digest)]
