"""认定申请页: what a quarter's claim asks for and what is missing, for administrators in Prefect.

It only shows. To claim, to recognise and to pay are decisions of people who answer for them by
name; they are entered where the records know who is asking.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from records.acting.overview import state_of
from records.cases.commands import Refused
from records.database.store import Store
from records.money.claims import Prospect, is_claim, prospect
from records.people.organisations import find_organisation
from records.reporting.submissions import Submission, find_submission, open_submission
from rulebooks.judging.recognition import CLAIM, fund_of, recognized_in
from rulebooks.policy.duties import UnknownPeriodError, period_of
from rulebooks.policy.limits import yuan
from rulebooks.procedure.position import look
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.submissions import serving
from tasks.desk import EffectError, Page
from tasks.wording import markdown, plain

PAGE_LIMIT = 20_000
CELL = 120


def claim_page(store: Store, place: str, period: str, *, opens: bool) -> Page:
    """The page of one place's claim for one quarter; `opens` it first where it is not open yet.

    Raises:
        EffectError: place or period is unknown, or the claim is not open or not due.
    """
    submission = _submission(store, place, period)
    found = open_submission(store, submission) if opens else find_submission(store, submission)
    if isinstance(found, Refused):
        raise EffectError(found.sentence)
    if found is None:
        raise EffectError(f"{place}{period_of(period).words}的申请还没有开立，请先以 build 运行。")
    state = state_of(store, found.case)
    seen = prospect(store, state)
    if not is_claim(state) or seen.refusal is not None:
        raise EffectError(seen.refusal.sentence if seen.refusal else f"{found.case}不是资金申请。")
    text = markdown("\n".join(_lines(store, state, seen)), PAGE_LIMIT)
    return Page(f"{state.number}-claim".lower(), str(state.facts["title"]), text)


def _submission(store: Store, place: str, period: str) -> Submission:
    try:
        period_of(period)
    except UnknownPeriodError as error:
        raise EffectError(str(error)) from error
    with store.glance() as connection:
        office = find_organisation(connection, place)
    if office is None or office.city is None:
        raise EffectError(f"没有登记“{place}”，请核对名称，或先收入机构名单。")
    book = load_rulebook(office.city)
    for name in book.submissions:
        if any(stage.kind == CLAIM for stage in serving(book, name).stages.values()):
            return Submission(office.city, office.id, name, period)
    raise EffectError(f"{book.label}的规则手册没有资金申请这种报送件。")


def _lines(store: Store, state: State, seen: Prospect) -> Iterator[str]:
    content, known = seen.content, seen.envelope
    position = look(state, store.calendar, store.clock.now())
    kept = "已编制" if seen.frozen else "尚未编制，照此刻所知"
    yield f"## {state.number} {_cell(str(state.facts['title']))}"
    yield f"\n{_cell(position.outcome_label or position.waits_for)} · {kept}\n"
    yield "| 编号 | 项目 | 审定 | 镇街承担 | 市级申请 | 认定 |"
    yield "|---|---|---:|---:|---:|---:|"
    given = {line["project"]: line["amount"] for line in recognized_in(state).get("lines", ())}
    for line in content.get("lines", ()):
        yield _line(line, given.get(line["project"]))
    yield f"\n申请市级{_yuan(content.get('city', 0))}，镇街承担{_yuan(content.get('town', 0))}。"
    fund = fund_of(state.rulebook).label
    yield f"\n{fund}{known.year}年度总额{yuan(known.limit)}，余额{yuan(known.left)}。\n"
    yield from _lacking(content)
    if position.open:
        yield f"办理：终端执行 `minsheng case act {state.number}`，由有权的人以本人名义登记。"


def _line(line: Mapping[str, Any], given: int | None) -> str:
    recognised = "" if given is None else yuan(given)
    money = (yuan(line["audited"]), yuan(line["town"]), _yuan(line["city"]), recognised)
    return f"| {line['project']} | {_cell(line['title'])} | {' | '.join(money)} |"


def _lacking(content: Mapping[str, Any]) -> Iterator[str]:
    if content.get("lacking"):
        yield "### 未列入的项目\n\n| 编号 | 项目 | 尚未满足 |\n|---|---|---|"
    for item in content.get("lacking", ()):
        missing = _cell("、".join(item["lacks"]))
        yield f"| {item['project']} | {_cell(item['title'])} | {missing} |"
    yield ""


def _yuan(amount: int) -> str:
    return f"-{yuan(-amount)}" if amount < 0 else yuan(amount)


def _cell(text: str) -> str:
    return plain(text, CELL).replace("|", "、")
