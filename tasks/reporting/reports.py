"""报送公文: the report of a submission, written from the figures as they were known at its cut-off.

What the report says, which tables and charts it carries and to whom it goes stands in the
rulebook; the same submission gives the same bytes however often it is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from notices.blocks import Attachment, FigureBlock, Paragraph
from notices.bulletins import bulletin_sentences
from notices.charts import Chart
from notices.drafting import ContactPerson, OfficialDocument
from notices.forms import YEAR, Form
from notices.genres import Towards, choose_genre, genre_rule
from notices.plain_text import full_width, inner_title
from notices.report_text import report_paragraphs
from notices.tables import Table
from rulebooks.policy.duties import titled
from rulebooks.procedure.deadlines import local_day
from rulebooks.vocabulary.articles import sources
from tasks.reporting.sheets import CHARTS, TABLES, breakdown_of, lines_of
from tasks.reporting.subject import Subject
from tasks.silences import readings_reported

__all__ = [
    "CHARTS", "TABLES", "Issue", "Report", "Subject", "drawn", "footnotes", "offices",
    "source_title", "with_edition", "write_report",
]  # fmt: skip

PERIOD_WORDS = {1: "本月", 3: "本季度", 6: "本半年"}
TOLD = {"函": "函告", "报告": "报告"}


@dataclass(frozen=True, slots=True)
class Issue:
    """出文的要素: number in the programme, 文号 or None, the day, and whether it is a draft."""

    reference: str
    number: str | None
    day: date
    draft: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """报送件的内容: the document, and the tables that also make its workbook."""

    document: OfficialDocument
    tables: tuple[Table, ...]


def write_report(subject: Subject, issue: Issue) -> Report:
    """编制报送件: document and tables; figures in the words, the tables and the charts agree."""
    form = _form(subject, issue)
    made = (table for name in subject.submission.tables for table in TABLES[name](subject, form))
    tables = tuple(table for table in made if table.rows)
    towards: Towards = subject.duty.towards or "higher"
    genre = choose_genre("circulate" if towards == "lower" else "report", towards)
    document = OfficialDocument(
        reference=issue.reference,
        genre=genre,
        issuer=subject.reporter,
        title=_title(subject, genre),
        date=issue.day,
        towards=towards,
        blocks=(*_paragraphs(subject, form, genre), _closing(genre)),
        number=None if issue.draft else issue.number,
        recipients=offices(subject, subject.duty.to or subject.duty.copies),
        attachments=(
            *(Attachment(table.caption, table) for table in tables),
            *(_illustrated(chart) for chart in drawn(subject, issue).values()),
        ),
        contact=_contact(subject, form),
        upward=subject.who(_last_stage(subject)) if genre_rule(genre).signer else None,
        copies=offices(subject, subject.duty.copies if subject.duty.to else ()),
        readings=readings_reported(subject.rulebook, subject.duty),
        footnotes=tuple(footnotes(subject)),
        draft=issue.draft,
    )
    return Report(with_edition(document), tables)


def with_edition(document: OfficialDocument) -> OfficialDocument:
    """版记: printed by the office that issues it, on its day; letters and drafts have none."""
    if document.head not in ("file", "minutes"):
        return document
    return replace(document, printed_by=document.issuer, printed_on=document.date)


def drawn(subject: Subject, issue: Issue) -> dict[str, Chart]:
    """图: the submission's charts by their names; those with nothing to show are left out."""
    form = _form(subject, issue)
    made = {name: CHARTS[name](subject, form) for name in subject.submission.charts}
    return {name: chart for name, chart in made.items() if chart.shows}


def _form(subject: Subject, issue: Issue) -> Form:
    first, last = next(iter(subject.submission.stages)), _last_stage(subject)
    return Form(
        subject=f"{subject.reporter}{subject.period.words}",
        office=subject.reporter,
        cut_off=local_day(subject.cut_off - timedelta(seconds=1)),
        filled_on=issue.day,
        period=PERIOD_WORDS.get(subject.period.months, YEAR),
        # Who alone checked it has filled it in; who answers for the office signs by hand.
        responsible=subject.who(last) if last != first else "",
        filled_by=subject.who(first),
        phone=subject.office.phone or "",
    )


def _last_stage(subject: Subject) -> str:
    return list(subject.submission.stages)[-1]


def _title(subject: Subject, genre: str) -> str:
    programme = subject.rulebook.programme
    what = full_width(titled(subject.period, subject.duty.label))
    if genre == "函":
        return f"关于报送{programme}{what}的函"
    return f"关于{programme}{what.removesuffix(genre).removesuffix('情况')}情况的{genre}"


def _paragraphs(subject: Subject, form: Form, genre: str) -> Sequence[Paragraph]:
    if genre not in TOLD:
        by = breakdown_of(subject)
        found = bulletin_sentences(lines_of(subject, by), form, by)
        return tuple(Paragraph(0, sentence) for sentence in found)
    article = subject.rulebook.article(subject.duty).partition(" ")[0]
    opening = (
        f"根据{source_title(subject)}{article}，"
        f"现将{subject.period.words}有关情况{TOLD[genre]}如下："
    )
    said = report_paragraphs(subject.figures, form, subject.submission.rounding)
    return (Paragraph(0, opening), *said)


def source_title(subject: Subject) -> str:
    """依据的文件: the title of the version's first source."""
    return f"《{inner_title(sources()[subject.rulebook.version.sources[0]].title)}》"


def _closing(genre: str) -> Paragraph:
    return Paragraph(0, {"函": "特此函报。", "报告": "特此报告。"}.get(genre, "特此通报。"))


def _contact(subject: Subject, form: Form) -> ContactPerson | None:
    if not form.filled_by or not form.phone:
        return None
    return ContactPerson(form.filled_by, form.phone)


def offices(subject: Subject, names: Sequence[str]) -> tuple[str, ...]:
    """收文机关: an office of the chain by its level, any other by its name in the rulebook.

    A body that also acts for the programme is called as its role is.
    """
    levels = {office.level: office.name for office in subject.chain}
    below = {level: f"各{full_width(label)}" for level, label in subject.rulebook.levels.items()}
    acting = {name: role.label for name, role in subject.rulebook.roles.items()}
    known = {**acting, **below, **subject.rulebook.bodies, **levels}
    return tuple(known.get(name, name) for name in names)


def footnotes(subject: Subject) -> Iterator[str]:
    """页脚: what the version in force says about itself."""
    version = subject.rulebook.version
    if version.notice:
        yield full_width(version.notice)


def _illustrated(chart: Chart) -> Attachment:
    """图与表: the chart below the table it was drawn from, on an upright page that holds both."""
    caption = f"{chart.table.caption}图"
    table = replace(chart.table, landscape=False, feet=())
    return Attachment(caption, table, blocks=(FigureBlock(chart.svg, caption),))
