"""认定申请的公文: the claim, the minutes of its recognition, and the notice of what is paid out.

They say what the journal holds: the lines as they were built, the conference's resolution, the
amounts recognised. A draft is written from the evidence as it stood when the draft became due.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from notices.blocks import Attachment, Paragraph
from notices.claim_tables import allocation_table, claim_lacks, claim_list
from notices.dates import day
from notices.drafting import OfficialDocument
from notices.forms import YUAN, Form
from notices.genres import Towards, choose_genre, genre_rule
from notices.money import capitals, yuan
from notices.tables import Column, Entry, Table
from records.money.claims import prospect_at
from rulebooks.judging.recognition import claimed_in, fund_of, recognized_in
from rulebooks.policy.lookups import name_of
from rulebooks.procedure.deadlines import local_day
from rulebooks.vocabulary.submissions import DRAFT
from tasks.reporting.reports import (
    Issue,
    Report,
    Subject,
    footnotes,
    offices,
    source_title,
    with_edition,
)

OPENINGS: Mapping[str, str] = {"函": "函告", "请示": "请示", "报告": "报告"}
CLOSINGS: Mapping[str, str] = {
    "函": "请予认定并按规定拨付市级资金。",
    "请示": "妥否，请批示。",
    "报告": "特此报告。",
}
RECOGNISED = (
    Column("community", "社区（村）"),
    Column("project", "项目"),
    Column("asked_fen", "申请资金", "money_yuan"),
    Column("recognised_fen", "认定资金", "money_yuan"),
    Column("reason", "说明"),
)


def write_claim(subject: Subject, issue: Issue) -> Report:
    """认定申请: what is claimed for which project, and what every other project lacks."""
    moment = subject.state.history[-1].recorded_at
    content = prospect_at(subject.store, subject.state, moment).content
    form = _form(subject, issue)
    lines = [_claimed(line) for line in content.get("lines", ())]
    waiting = [_lacking(item) for item in content.get("lacking", ())]
    tables = tuple(
        table for table in (claim_list(lines, form), claim_lacks(waiting, form)) if table.rows
    )
    towards: Towards = subject.duty.towards or "higher"
    genre = choose_genre("ask", towards)
    what = f"{subject.rulebook.programme}{subject.period.words}项目认定和市级资金"
    document = OfficialDocument(
        reference=issue.reference,
        genre=genre,
        issuer=subject.reporter,
        title=f"关于申请{what}的{genre}",
        date=issue.day,
        towards=towards,
        blocks=(*_claim_words(subject, content, genre), Paragraph(0, CLOSINGS[genre])),
        number=issue.number,
        recipients=offices(subject, subject.duty.to),
        attachments=_attached(tables),
        upward=form.responsible if genre_rule(genre).signer else None,
        copies=offices(subject, subject.duty.copies),
        footnotes=tuple(footnotes(subject)),
        draft=issue.draft,
    )
    return Report(with_edition(document), tables)


def write_minutes(subject: Subject, issue: Issue) -> Report:
    """认定纪要: who was there, how they voted, what was recognised, and what was not, and why."""
    content = recognized_in(subject.state)
    rule = subject.duty.recognition
    if rule is None:
        raise LookupError(f"义务“{subject.name}”没有写明由谁认定（recognition）。")
    issuer = name_of(subject.rulebook, rule.by)
    # Nobody fills in a table of the minutes, so it has no feet to sign.
    table = replace(_recognised_table(subject, _blank_form(subject, issue, issuer)), feet=())
    document = OfficialDocument(
        reference=issue.reference,
        genre=choose_genre("minute", "members"),
        issuer=issuer,
        title=f"{subject.reporter}{subject.period.words}{subject.rulebook.programme}项目认定纪要",
        date=issue.day,
        towards="members",
        blocks=tuple(_minutes_words(subject, content)),
        number=issue.number,
        attachments=_attached((table,)),
        copies=offices(subject, (*rule.to, subject.office.level)),
        attendance=(
            Entry("应到成员单位", f"{content['members']}个"),
            Entry("实到成员单位", f"{content['present']}个"),
        ),
        footnotes=tuple(footnotes(subject)),
        draft=issue.draft,
    )
    return Report(with_edition(document), (table,))


def write_notice(subject: Subject, issue: Issue) -> Report:
    """拨付通知（代拟稿）: what the finance bureau pays to the town; it numbers it itself."""
    rulebook, content = subject.rulebook, recognized_in(subject.state)
    fund = fund_of(rulebook)
    issuer = name_of(rulebook, fund.payer)
    form = _blank_form(subject, issue, issuer)
    table = replace(allocation_table(_allocated(subject), form, "money_yuan"), feet=())
    total = content["total"]
    words = (
        f"根据{name_of(rulebook, _conference(subject))}的决议（{content['resolution']}），"
        f"现下达你{_level(subject)}{subject.period.words}{fund.label}{yuan(total)}元"
        f"（大写：人民币{capitals(total)}），分项目的金额见附件。"
    )
    document = OfficialDocument(
        reference=issue.reference,
        genre=choose_genre("grant", "lower"),
        issuer=issuer,
        title=f"关于下达{subject.period.words}{fund.label}的通知",
        date=issue.day,
        towards="lower",
        blocks=(
            Paragraph(0, words),
            Paragraph(0, "请按规定专款专用，及时核对入账。"),
        ),
        number=issue.number,
        recipients=(subject.office.name,),
        attachments=_attached((table,)),
        copies=offices(subject, subject.duty.to[:1]),
        footnotes=tuple(footnotes(subject)),
        draft=issue.draft,
    )
    return Report(with_edition(document), (table,))


PAPERS: Mapping[str, Callable[[Subject, Issue], Report]] = {
    "quarterly_claim": write_claim,
    f"quarterly_claim{DRAFT}": write_claim,
    "recognition_minutes": write_minutes,
    # 拨付通知由财政部门用它自己的文号发出，这里只代拟。
    f"payment_notice{DRAFT}": write_notice,
}


def _form(subject: Subject, issue: Issue) -> Form:
    return Form(
        subject=f"{subject.reporter}{subject.period.words}",
        office=subject.reporter,
        cut_off=local_day(subject.cut_off - timedelta(seconds=1)),
        filled_on=issue.day,
        period="本季度",
        responsible=subject.who(_stage_of(subject, "decide")),
        filled_by=subject.who(_stage_of(subject, "claim")),
        phone=subject.office.phone or "",
    )


def _blank_form(subject: Subject, issue: Issue, office: str) -> Form:
    """The form of a table that another office fills in: who answers for it is left to a pen."""
    form = _form(subject, issue)
    return replace(form, office=office, responsible="", filled_by="", phone="")


def _level(subject: Subject) -> str:
    return subject.rulebook.levels[subject.office.level]


def _stage_of(subject: Subject, kind: str) -> str:
    """The first stage of a kind: the town builds, then its leader decides."""
    stages = subject.submission.stages.items()
    return next(name for name, stage in stages if stage.kind == kind)


def _attached(tables: Sequence[Table]) -> tuple[Attachment, ...]:
    return tuple(Attachment(table.caption, table) for table in tables)


def _conference(subject: Subject) -> str:
    rule = subject.duty.recognition
    return rule.by if rule is not None else ""


def _project(line: Mapping[str, Any]) -> str:
    return f"{line['project']} {line['title']}"


def _claimed(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "community": line["community"],
        "project": _project(line) + ("（扣回）" if line["reverses"] else ""),
        "audited_fen": line["audited"],
        "fiscal_fen": line["base"],
        "town_match_fen": line["matched"],
        "city_share_fen": line["city"],
        "lacks": (),
    }


def _lacking(item: Mapping[str, Any]) -> dict[str, Any]:
    before = (f"上次未获认定：{item['before']}",) if item["before"] else ()
    return {
        "community": item["community"],
        "project": _project(item),
        "audited_fen": item["audited"],
        "lacks": (*item["lacks"], *before),
    }


def _claim_words(subject: Subject, content: Mapping[str, Any], genre: str) -> Iterator[Paragraph]:
    article = subject.rulebook.article(subject.duty).partition(" ")[0]
    known = day(local_day(subject.cut_off - timedelta(seconds=1)))
    yield Paragraph(
        0,
        f"根据{source_title(subject)}{article}，我们对截至{known}的项目逐项核对了申请条件，"
        f"现将有关情况{OPENINGS[genre]}如下：",
    )
    lines = content.get("lines", ())
    if lines:
        yield Paragraph(1, f"申请认定的项目。{_counted(lines)}。")
        yield Paragraph(1, f"申请的资金。{_shared(subject, content)}。")
    else:
        yield Paragraph(1, "申请认定的项目。本季度没有条件齐全的项目。")
    yield from _again(lines)
    if content.get("lacking"):
        count = len(content["lacking"])
        yield Paragraph(1, f"暂不申请的项目。共{count}个，各项目尚未满足的条件见附件。")
    if content.get("by_hand"):
        listed = "、".join(content["by_hand"])
        yield Paragraph(1, f"须人工核对的条件。{listed}，已由经办人逐项核对。")


def _counted(lines: Sequence[Mapping[str, Any]]) -> str:
    own = [line for line in lines if not line["reverses"]]
    audited, base = (sum(line[key] for line in own) for key in ("audited", "base"))
    return f"共{len(own)}个，审定金额合计{yuan(audited)}元，其中计入基数的财政资金{yuan(base)}元"


def _shared(subject: Subject, content: Mapping[str, Any]) -> str:
    fund = fund_of(subject.rulebook)
    said = (
        f"申请{fund.label}{yuan(content['city'])}元，{_level(subject)}承担{yuan(content['town'])}元"
    )
    gone = -sum(line["city"] for line in content["lines"] if line["reverses"])
    if gone:
        said += f"；以前各季认定的资金因审定金额调减应扣回{yuan(gone)}元，已在申请中扣除"
    return said


def _again(lines: Sequence[Mapping[str, Any]]) -> Iterator[Paragraph]:
    again = [line for line in lines if line["before"]]
    if again:
        listed = "；".join(f"{line['title']}（{line['before']}）" for line in again)
        yield Paragraph(1, f"重新申请的项目。上次未获认定、现已补齐的有{listed}。")


def _minutes_words(subject: Subject, content: Mapping[str, Any]) -> Iterator[Paragraph]:
    article = subject.duty.recognition and subject.rulebook.article(subject.duty.recognition)
    basis = f"{source_title(subject)}{(article or '').partition(' ')[0]}"
    yield Paragraph(
        0,
        f"根据{basis}，会议对{subject.reporter}{subject.period.words}申请认定的项目进行了审议，"
        f"形成决议（{content['resolution']}）。现纪要如下：",
    )
    votes = f"同意{content['agree']}票，反对{content['against']}票，弃权{content['abstain']}票"
    yield Paragraph(1, f"表决情况。{votes}。")
    given = [line for line in content["lines"] if line["amount"] > 0]
    yield Paragraph(
        1, f"认定情况。认定项目{len(given)}个，市级资金合计{yuan(content['total'])}元。"
    )
    refused = [line for line in content["lines"] if not line["amount"]]
    if refused:
        titles = {line["project"]: line["title"] for line in claimed_in(subject.state)["lines"]}
        listed = "；".join(f"{titles[line['project']]}（{line['reason']}）" for line in refused)
        yield Paragraph(1, f"未获认定的项目。{listed}。补齐之后可以在以后季度再次申请。")
    if content["opinion"]:
        yield Paragraph(1, f"会议意见。{content['opinion']}")


def _recognised_table(subject: Subject, form: Form) -> Table:
    given = {line["project"]: line for line in recognized_in(subject.state)["lines"]}
    lines = claimed_in(subject.state)["lines"]
    rows = tuple(
        (
            line["community"],
            _project(line),
            line["city"],
            given[line["project"]]["amount"] or None,
            given[line["project"]]["reason"],
        )
        for line in lines
    )
    asked = sum(line["city"] for line in lines)
    amount = sum(given[line["project"]]["amount"] for line in lines)
    total = (None, None, asked, amount, None)
    return form.table("项目认定清单", RECOGNISED, rows, total, YUAN)


def _allocated(subject: Subject) -> Iterator[dict[str, Any]]:
    given = {line["project"]: line["amount"] for line in recognized_in(subject.state)["lines"]}
    for line in claimed_in(subject.state)["lines"]:
        amount = given[line["project"]]
        if amount:
            yield {
                "town": subject.office.name,
                "project": f"{line['community']}/{line['title']}",
                "due_fen": line["city"],
                "paid_fen": 0,
                "allocated_fen": amount,
                "remark": "扣回" if line["reverses"] else None,
            }
