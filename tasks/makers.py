"""公文制作: makes a document once: written, laid out, entered in the records, kept for good."""

from collections.abc import Mapping

from notices.documents import Document, Rendered, render
from notices.drafting import OfficialDocument
from notices.fingerprint import short_code
from notices.official import render_official
from notices.pdf import write_pdf
from notices.word import write_docx
from records.acting import overview
from records.cases.dossiers import peek
from records.database.store import Store
from records.files import attachments, notices
from records.files.notices import File
from rulebooks.procedure.position import Effect
from rulebooks.procedure.state import State
from tasks.papers import WRITERS, write
from tasks.passages import Dossier, Issued, document_number
from tasks.reporting.makers import DOCX, issue_report, report_documents

PDF = "application/pdf"
HTML = "text/html"


def make(store: Store, number: str, effect: Effect) -> Mapping[str, bytes]:
    """The files of the document `effect` asks for, by name; the same bytes however often asked.

    Raises:
        LookupError: no such case.
        IncompleteDocumentError: something the document must say is missing; names it.
        MissingFontError: no Chinese font to print with.
    """
    with store.glance() as connection:
        known = notices.find(connection, effect.key)
        dossier = peek(store, connection, number)
    if dossier is None:
        raise LookupError(f"没有编号为“{number}”的事项。")
    name = f"{document_number(dossier.state, effect)}{effect.label}"
    if known is None:
        known = _issue(store, dossier.state, effect, name)
    with store.glance() as connection:
        others = notices.files_of(connection, known.key)
    kept = {f"{name}.pdf": known.digest, **others}
    return {file: attachments.read(store, digest) for file, digest in kept.items()}


def _issue(store: Store, state: State, effect: Effect, name: str) -> notices.Notice:
    if state.rulebook.submission is not None:
        return issue_report(store, state, effect, name)
    written = write(_dossier(store, state), effect)
    rendered, editable = _rendered(written, name)
    page = rendered.html.encode()
    attachments.keep(store, page, f"{name}.html", HTML)
    return notices.issue_notice(
        store,
        notices.Document(
            key=effect.key,
            case=state.number,
            kind=str(effect.content["document"]),
            number=document_number(state, effect),
            title=rendered.title,
            content_digest=rendered.content_digest,
            name=f"{name}.pdf",
            media_type=PDF,
            data=write_pdf(rendered.html),
            stage=effect.stage,
            round=effect.round,
            files=editable,
        ),
    )


def _rendered(written: Document | OfficialDocument, name: str) -> tuple[Rendered, tuple[File, ...]]:
    """The page, and for an official document the text that an office may amend and fill in."""
    if isinstance(written, OfficialDocument):
        return render_official(written), (File(f"{name}.docx", DOCX, write_docx(written)),)
    return render(written), ()


def _dossier(store: Store, state: State) -> Dossier:
    with store.glance() as connection:
        issued = notices.notices_of(connection, state.number)
    return Dossier(
        state=state,
        offices=overview.offices(store, state.number),
        calendar=store.calendar,
        issued_at=store.clock.now(),
        issued={
            item.key: Issued(item.number, item.title, short_code(item.content_digest))
            for item in issued
        },
    )


def documents() -> frozenset[str]:
    """The documents that can be made: those of a project, and those of the submissions."""
    return frozenset(WRITERS) | report_documents()
