"""认定申请命令: `minsheng claim build|show|recognise|pay`: a quarter's claim, to its payment.

Every step is one of the claim's own: the same questions, the same records as `case act`.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.markup import escape

from deployments.commands import case
from deployments.commands.together import Evidence, Key, Person, Yes
from deployments.office import office
from deployments.terminal.console import REFUSED, Json, console, print_json, refuse
from deployments.terminal.lines import lean_table, named
from records.acting.overview import state_of
from records.cases.commands import Refused
from records.database.store import Store
from records.money.claims import Prospect, is_claim, prospect
from records.people.organisations import Organisation, find_organisation
from records.reporting.submissions import (
    Submission,
    find_submission,
    open_submission,
    submission_problem,
)
from rulebooks.judging.outside import Envelope
from rulebooks.judging.recognition import CLAIM, RECOGNIZE, drafts, fund_of, recognized_in
from rulebooks.policy.duties import UnknownPeriodError, period_of
from rulebooks.policy.funds import Shortfall
from rulebooks.policy.limits import yuan
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Rulebook
from rulebooks.vocabulary.submissions import serving

City = Annotated[str | None, Parameter(help="哪个城市，写代号；缺省为该机关所在的市。")]
Place = Annotated[str, Parameter(help="哪个镇街的申请，写名称。")]
When = Annotated[str, Parameter(name="--period", help="哪一期，如 2026-Q3。")]
Answers = Annotated[
    list[str] | None,
    Parameter(name="--set", negative="", help="所填的一项，如 --set agree=8；可多次。"),
]
DRAFT_LABELS = {"by_time_of_claim": "按申报先后", "pro_rata": "按比例"}

app = App(name="claim", help="认定申请：编制、查看、认定、拨付。")


@app.command
def build(  # noqa: PLR0913 - every answer the form can ask for, as an option
    *,
    place: Place,
    period: When,
    city: City = None,
    person: Person = None,
    answers: Answers = None,
    key: Key = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """编制：列出条件齐全的项目与其余的所缺，确认后记入；还没有开立的先开立。"""
    store = office()
    submission = _submission(store, city, place, period)
    answer = open_submission(store, submission)
    if isinstance(answer, Refused):
        refuse(answer.sentence, code=REFUSED)
    if not as_json and not answer.repeated:
        console().print(f"已开立：{answer.case}")
    case.act(
        answer.case, action=CLAIM, person=person, answers=answers, key=key, yes=yes, as_json=as_json
    )


@app.command
def show(*, place: Place, period: When, city: City = None, as_json: Json = False) -> None:
    """查看：各项目申请多少、其余的各缺什么、年度余额；余额不足的列出供议定的分法。"""
    store = office()
    state = state_of(store, _number(store, city, place, period))
    seen = prospect(store, state)
    if seen.refusal is not None:
        refuse(seen.refusal.sentence, code=REFUSED)
    short = _short(state, seen)
    if as_json:
        print_json(_plain(state, seen, short))
        return
    _print(state, seen, short)


@app.command
def recognise(  # noqa: PLR0913 - every answer the form can ask for, as an option
    *,
    place: Place,
    period: When,
    city: City = None,
    person: Person = None,
    answers: Answers = None,
    evidence: Evidence = None,
    key: Key = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """认定：登记联席会议的决议、表决人数与不予认定的项目；余额不足的逐项写明金额。"""
    number = _number(office(), city, place, period)
    case.act(
        number,
        action=RECOGNIZE,
        person=person,
        answers=answers,
        evidence=evidence,
        key=key,
        yes=yes,
        as_json=as_json,
    )


@app.command
def pay(  # noqa: PLR0913 - every answer the form can ask for, as an option
    *,
    place: Place,
    period: When,
    city: City = None,
    person: Person = None,
    answers: Answers = None,
    evidence: Evidence = None,
    key: Key = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """拨付：登记市财政局拨付的金额与凭证；可以分次，合计等于认定的金额即办结。"""
    number = _number(office(), city, place, period)
    case.act(
        number,
        action="pay",
        person=person,
        answers=answers,
        evidence=evidence,
        key=key,
        yes=yes,
        as_json=as_json,
    )


def _submission(store: Store, city: str | None, place: str, period: str) -> Submission:
    """The claim that is meant: the one duty of the city that claims money."""
    where = _office(store, place)
    if city not in (None, where.city):
        refuse(f"“{place}”不在城市“{city}”，请核对 --city 与 --place。")
    try:
        period_of(period)
    except UnknownPeriodError as error:
        refuse(str(error))
    book = load_rulebook(where.city or "")
    return Submission(where.city or "", where.id, _duty(book), period)


def _office(store: Store, name: str) -> Organisation:
    with store.glance() as connection:
        found = find_organisation(connection, name)
    if found is None or found.city is None:
        refuse(f"没有登记“{name}”，请核对 --place，或先用 minsheng import 收入机构名单。")
    return found


def _duty(book: Rulebook) -> str:
    found = [
        name
        for name in book.submissions
        if any(stage.kind == CLAIM for stage in serving(book, name).stages.values())
    ]
    if not found:
        refuse(f"{book.label}的规则手册没有资金申请这种报送件。")
    return found[0]


def _number(store: Store, city: str | None, place: str, period: str) -> str:
    submission = _submission(store, city, place, period)
    found = find_submission(store, submission)
    if found is None:
        problem = submission_problem(store, submission)
        if problem is not None:
            refuse(problem.sentence, code=REFUSED)
        refuse(
            f"{place}{period_of(period).words}的申请还没有开立，"
            f"请先用 minsheng claim build --place {place} --period {period}。",
            code=REFUSED,
        )
    if not is_claim(state_of(store, found.case)):
        refuse(f"{found.case}不是资金申请，请核对 --place 与 --period。", code=REFUSED)
    return found.case


def _short(state: State, seen: Prospect) -> Shortfall | None:
    """The ways to divide what is left, this claim counted in even before it is signed."""
    if recognized_in(state):
        return None
    own = {line["project"]: line["city"] for line in seen.content.get("lines", ())}
    known = seen.envelope
    waiting = {**known.waiting, **own}
    together = Envelope(known.year, known.limit, known.left, known.appropriated, waiting)
    return drafts(state.rulebook, together)


def _plain(state: State, seen: Prospect, short: Shortfall | None) -> dict[str, Any]:
    return {
        "claim": state.number,
        "title": state.facts["title"],
        "frozen": seen.frozen,
        **seen.content,
        "envelope": {"year": seen.envelope.year, "limit": seen.envelope.limit,
                     "left": seen.envelope.left},
        "drafts": short.drafts if short is not None else {},
        "recognised": dict(recognized_in(state)),
    }  # fmt: skip


def _print(state: State, seen: Prospect, short: Shortfall | None) -> None:
    out, content = console(), seen.content
    kept = "已编制" if seen.frozen else "尚未编制，照此刻所知"
    out.print(f"[bold]{state.number}　{escape(str(state.facts['title']))}[/bold]　{kept}")
    given = {line["project"]: line for line in recognized_in(state).get("lines", ())}
    lines = content.get("lines", ())
    if lines:
        table = lean_table("编号", "项目", "审定", "基数", "镇街承担", "市级申请", "认定")
        for line in lines:
            table.add_row(*_cells(line, given.get(line["project"])))
        out.print(table)
    named(out, "申请市级", f"{yuan(content.get('city', 0))}，共{len(lines)}个项目", indent=0)
    named(out, "镇街承担", yuan(content.get("town", 0)), indent=0)
    if given:
        named(out, "认定", yuan(recognized_in(state)["total"]), indent=0)
    for item in content.get("lacking", ()):
        before = f"；上次未获认定：{item['before']}" if item["before"] else ""
        missing = "、".join(item["lacks"])
        out.print(
            f"  {item['project']}　{escape(item['title'])}　尚未满足：{escape(missing + before)}"
        )
    if content.get("by_hand"):
        named(out, "须人工核对", "、".join(content["by_hand"]), indent=0)
    _print_envelope(state, seen.envelope, short)


def _cells(line: Mapping[str, Any], given: Mapping[str, Any] | None) -> tuple[str, ...]:
    amount = "" if given is None else yuan(given["amount"]) if given["amount"] else given["reason"]
    title = f"{line['title']}（扣回）" if line["reverses"] else line["title"]
    return (
        line["project"],
        escape(title),
        yuan(line["audited"]),
        yuan(line["base"]),
        yuan(line["town"]),
        _signed(line["city"]),
        escape(amount),
    )


def _signed(amount: int) -> str:
    return f"-{yuan(-amount)}" if amount < 0 else yuan(amount)


def _print_envelope(state: State, envelope: Envelope, short: Shortfall | None) -> None:
    out, label = console(), fund_of(state.rulebook).label
    told = f"总额{yuan(envelope.limit)}，余额{yuan(envelope.left)}"
    named(out, f"{label}{envelope.year}年度", told, indent=0)
    if short is None:
        return
    out.print(f"[red]{escape(short.refusal.sentence)}[/red]")
    table = lean_table("编号", *(DRAFT_LABELS.get(name, name) for name in short.drafts))
    for project in next(iter(short.drafts.values()), {}):
        table.add_row(project, *(yuan(draft[project]) for draft in short.drafts.values()))
    out.print(table)
