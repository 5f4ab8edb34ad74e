"""报送件制作: makes the files of a submission's document: the letter, its workbook, its text."""

import json
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from notices.charts import Chart
from notices.document_lint import UnfitDocumentError, check_document
from notices.documents import Rendered
from notices.drafting import official_number
from notices.official import render_official
from notices.pdf import Enclosed, write_pdf
from notices.word import write_docx
from notices.workbooks import write_workbook
from records.acting.acts import today
from records.acting.codes import code_wanted, issuing_office
from records.acting.foresight import state_after
from records.database.store import Store
from records.files import attachments, notices
from records.files.notices import REGISTERS, File
from records.files.numbering import document_number
from records.people.organisations import Organisation
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.position import Effect
from rulebooks.procedure.state import State
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.vocabulary.submissions import DRAFT, is_draft
from tasks.desk import EffectError
from tasks.passages import document_number as reference_of
from tasks.reporting.claim_papers import PAPERS
from tasks.reporting.reports import Issue, Report, Subject, drawn, write_report

PDF = "application/pdf"
HTML = "text/html"
JSON = "application/json"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_documents() -> frozenset[str]:
    """The documents of all submissions of all cities: each submission's own, and its draft."""
    names = [name for city in cities() for name in load_rulebook(city).submissions]
    return frozenset(PAPERS) | {form for name in names for form in (name, name + DRAFT)}


def issue_report(store: Store, state: State, effect: Effect, name: str) -> notices.Notice:
    """出具报送件: made and entered once; asked again, it gives what was entered.

    Raises:
        UnfitDocumentError: the document breaks a rule of its kind.
        IncompleteDocumentError: something the document must say is missing; names it.
    """
    subject = Subject(store, _when_owed(state, effect))
    issue = _issue(subject, effect, today(store))
    made = _made(_numbered(store, subject, effect, _written(subject, issue)), issue, name)
    attachments.keep(store, made.rendered.html.encode(), f"{name}.html", HTML)
    paper, *others = made.files
    return notices.issue_notice(
        store,
        notices.Document(
            key=effect.key,
            case=state.number,
            kind=str(effect.content["document"]),
            number=issue.reference,
            title=made.rendered.title,
            content_digest=made.rendered.content_digest,
            name=paper.name,
            media_type=paper.media_type,
            data=paper.data,
            stage=effect.stage,
            round=effect.round,
            files=(*others, _registers(subject, issue.day)),
        ),
    )


def made_again(store: Store, state: State) -> tuple[tuple[File, ...], bool | None]:
    """重新编制: the files of a submission's latest document, and whether they are what was issued.

    Nothing is entered. Before anything was issued, it is the draft as it would be today.
    """
    effect = [item for item in state.effects if item.kind == "issue"][-1]
    with store.glance() as connection:
        issued = notices.find(connection, effect.key)
        others = notices.files_of(connection, effect.key)
    subject, day = _as_made(store, state, effect, issued)
    issue = _issue(subject, effect, day, preview=issued is None)
    report = _written(subject, issue)
    if issued is not None:
        report = _numbered(store, subject, effect, report)
    files = _made(report, issue, f"{issue.reference}{effect.label}").files
    if issued is None:
        return files, None
    kept = [issued.digest, *others.values()]
    return files, [sha256(file.data).hexdigest() for file in files] == kept


def _registers(subject: Subject, day: date) -> File:
    """制作时的名册: the day, and what the registers of offices and people said on it."""
    told = json.dumps(
        {"day": day.isoformat(), "registers": subject.told}, ensure_ascii=False, sort_keys=True
    )
    return File(REGISTERS, JSON, told.encode())


def _when_made(store: Store, issued: notices.Notice) -> dict[str, Any]:
    """The day a document was made on and the registers of that day; of older ones only the day."""
    with store.glance() as connection:
        digest = notices.registers_of(connection, issued.key)
    if digest is None:
        return {"day": local_day(issued.issued_at).isoformat()}
    known: dict[str, Any] = json.loads(attachments.read(store, digest))
    return known


def charts_of(store: Store, state: State, effect: Effect) -> dict[str, Chart]:
    """图: the charts in the document `effect` issues, by name; only reports have any."""
    if state.rulebook.submission is None or effect.content["document"] in PAPERS:
        return {}
    with store.glance() as connection:
        issued = notices.find(connection, effect.key)
    subject, day = _as_made(store, state, effect, issued)
    return drawn(subject, _issue(subject, effect, day))


def _as_made(
    store: Store, state: State, effect: Effect, issued: notices.Notice | None
) -> tuple[Subject, date]:
    """The submission, and the day, as the document was made; before that, as it would be today."""
    known = {} if issued is None else _when_made(store, issued)
    subject = Subject(store, _when_owed(state, effect), known.get("registers", {}))
    return subject, date.fromisoformat(known["day"]) if known else today(store)


def _when_owed(state: State, effect: Effect) -> State:
    """The submission as it stood when the document became due: what came later is not in it."""
    befores = (state_after(state, upto) for upto in range(1, len(state.history) + 1))
    return next(before for before in befores if effect in before.effects)


@dataclass(frozen=True, slots=True)
class _Made:
    rendered: Rendered
    files: tuple[File, ...]


def _written(subject: Subject, issue: Issue) -> Report:
    """The report, checked as a document before a number is taken for it."""
    report = PAPERS.get(issue.document, write_report)(subject, issue)
    try:
        check_document(report.document)
    except UnfitDocumentError as error:
        raise EffectError(str(error)) from error
    return report


def _numbered(store: Store, subject: Subject, effect: Effect, report: Report) -> Report:
    """The same report under its own 文号; a draft has none."""
    if report.document.draft:
        return report
    number = _number(store, subject, effect, report.document.date)
    return replace(report, document=replace(report.document, number=number))


def _made(report: Report, issue: Issue, name: str) -> _Made:
    """The paper first, with the workbook inside; then the workbook and the editable text."""
    rendered = render_official(report.document)
    workbook = _workbook(report, name, issue.day)
    enclosed = tuple(Enclosed(file.name, file.data, issue.day) for file in workbook)
    paper = File(f"{name}.pdf", PDF, write_pdf(rendered.html, enclosed=enclosed))
    text = File(f"{name}.docx", DOCX, write_docx(report.document))
    return _Made(rendered, (paper, text, *workbook))


def _workbook(report: Report, name: str, day: date) -> tuple[File, ...]:
    if not report.tables:
        return ()
    return (File(f"{name}.xlsx", XLSX, write_workbook(report.tables, made_on=day)),)


def _issue(subject: Subject, effect: Effect, day: date, *, preview: bool = False) -> Issue:
    """Under the first number of the year, until its own is taken; a preview is a draft."""
    document = str(effect.content["document"])
    draft = preview or is_draft(document)
    reference = reference_of(subject.state, effect)
    number = None if draft else official_number(_code(subject, effect)[1], day.year, 1)
    return Issue(reference, number, day, draft, document)


def _number(store: Store, subject: Subject, effect: Effect, day: date) -> str:
    """文号: the office's own 机关代字, the year and the next number of that year."""
    office, code = _code(subject, effect)
    taken = document_number(store, effect.key, office.id, day.year)
    return official_number(code, taken.year, taken.serial)


def _code(subject: Subject, effect: Effect) -> tuple[Organisation, str]:
    """Who issues the document, and its 机关代字."""
    office = issuing_office(subject.rulebook, subject.chain, str(effect.stage)) or subject.office
    if office.document_code is None:
        raise EffectError(code_wanted(office))
    return office, office.document_code
