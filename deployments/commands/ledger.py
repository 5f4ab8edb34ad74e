"""资金账命令: `minsheng ledger`: how far the money has come, fund by fund, posting by posting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console

from deployments.office import office
from deployments.terminal.console import REFUSED, Json, chinese, console, print_json, refuse
from deployments.terminal.dues import owing, payment_text, plain_payment, show_dues
from deployments.terminal.lines import lean_table, say
from records.acting import overview
from records.acting.acts import today
from records.acting.foresight import state_now
from records.acting.overview import UnknownCaseError
from records.cases.ledger_rows import PostingRow
from records.database.ledger_tables import balances
from records.database.store import Store
from records.money import ledger as accounts
from records.money.ledger import FundTotals, Scope, Subsidy
from rulebooks.accounting.accounts import (
    ACCOUNT_LABELS,
    CHAIN,
    PAYABLE,
    STEP_LABELS,
    fund_label,
    is_donated,
    is_reversal,
)
from rulebooks.accounting.payment_clock import arrears
from rulebooks.policy.limits import yuan
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Rulebook

EMPTY = "资金账上还没有钱：项目立项之后才有分录。看在办事项：minsheng case list"
NOTHING_SUCH = "没有合于所选条件的资金，请放宽 --place、--fund、--year。"
COLUMN_LABELS = {
    "amount_fen": "金额",
    "ceiling_fen": "单项上限",
    "reason": "理由",
    "occurred_on": "日期",
    "recorded_at": "记入时刻",
    "sequence": "流水序号",
    "fund": "资金",
}
HEADS = ("资金", "项目", "已立项", "已签约", "已审定", "应付", "已付", "应付未付")


def ledger(  # noqa: PLR0913 - every way to narrow the view, as an option
    *,
    city: Annotated[str | None, Parameter(help="哪个城市，写代号；缺省为台账里的各市。")] = None,
    place: Annotated[str | None, Parameter(help="只看这个镇街或社区，写名称。")] = None,
    fund: Annotated[str | None, Parameter(help="只看这笔资金，写名称或代号。")] = None,
    year: Annotated[int | None, Parameter(help="只看这一年立项的。")] = None,
    number: Annotated[
        str | None, Parameter(name="--case", help="逐笔看一个事项的分录与付款期限。")
    ] = None,
    due: Annotated[
        bool, Parameter(negative="", help="列出应付未付的项目：何日到期，逾期几日，利息多少。")
    ] = False,
    check: Annotated[bool, Parameter(negative="", help="逐笔对照流水，有不符的列出。")] = False,
    as_json: Json = False,
) -> None:
    """资金账：各资金立项、签约、审定、应付、已付到哪里；社会资金单列。"""
    store = office()
    if check:
        _check(store, as_json=as_json)
    elif number is not None:
        _one_case(store, number, as_json=as_json)
    else:
        _known_place(store, city, place)
        scopes = _scopes(store, Scope(city=city, place=place, year=year), fund)
        (_due if due else _all)(store, scopes, as_json=as_json)


def _due(store: Store, scopes: Sequence[Scope], *, as_json: bool) -> None:
    rows = [row for scope in scopes for row in owing(store, scope)]
    rows.sort(key=lambda row: (row.due, row.case))
    if as_json:
        print_json([
            {"case": row.case, "title": row.title, **(plain_payment(row.found) or {})}
            for row in rows
        ])  # fmt: skip
    else:
        show_dues(console(), rows)


def _known_place(store: Store, city: str | None, place: str | None) -> None:
    cities, places = accounts.where_cases_are(store, city)
    if city is not None and city not in cities:
        listed = "、".join(cities) or "还没有"
        refuse(f"台账里没有城市“{city}”的事项，--city 可写：{listed}。")
    if place is not None and place not in places:
        refuse(f"台账里没有“{place}”的事项，--place 请写镇街或社区的全名，如{_example(places)}。")


def _example(places: Sequence[str]) -> str:
    return next(iter(places), "minsheng case list 所列")


def _scopes(store: Store, scope: Scope, fund: str | None) -> tuple[Scope, ...]:
    """所看的各市，一市一个；资金写名称或代号，没有这笔资金的市不在内。"""
    cities, _ = accounts.where_cases_are(store)
    asked = []
    for city in cities if scope.city is None else [scope.city]:
        code = None if fund is None else _code(store, city, fund)
        if fund is None or code is not None:
            asked.append(replace(scope, city=city, fund=code))
    if fund is not None and not asked:
        refuse(f"没有名为“{fund}”的资金，--fund 请写 minsheng ledger 所列的名称或代号。")
    return tuple(asked)


def _all(store: Store, scopes: Sequence[Scope], *, as_json: bool) -> None:
    found: dict[str, tuple[FundTotals, ...]] = {}
    aided: dict[str, tuple[Subsidy, ...]] = {}
    for scope in scopes:
        with store.read() as connection:
            found[scope.city or ""] = accounts.totals(connection, scope)
            aided[scope.city or ""] = accounts.subsidies(connection, scope)
    if as_json:
        plain = [row for city, rows in found.items() for row in _plain(city, rows)]
        print_json(plain + [row for city, rows in aided.items() for row in _plain_aid(city, rows)])
        return
    out = console()
    if not any((*found.values(), *aided.values())):
        with store.read() as connection:
            out.print(NOTHING_SUCH if accounts.anything_posted(connection) else EMPTY)
    for city, rows in found.items():
        if rows:
            _show_totals(out, load_rulebook(city), rows)
        if aided[city]:
            _show_aid(out, load_rulebook(city), aided[city])


def _plain_aid(city: str, rows: Sequence[Subsidy]) -> list[dict[str, Any]]:
    rulebook = load_rulebook(city)
    return [
        {
            "city": city,
            "fund": row.fund,
            "label": fund_label(rulebook, row.fund),
            "year": row.year,
            "place": row.place,
            "appropriated_fen": row.appropriated,
            "recognised_fen": row.recognised,
            "disbursed_fen": row.disbursed,
        }
        for row in rows
    ]


def _show_aid(out: Console, rulebook: Rulebook, rows: Sequence[Subsidy]) -> None:
    """市级补助的钱走到哪一步：年度安排、认定给哪个镇街、拨了多少。"""
    out.print(f"\n{rulebook.label}　年度安排与市级补助（不属于某一项目）", style="bold")
    table = lean_table("资金", "年度", "户头", "年度安排", "已认定", "已拨", "待拨")
    for column in table.columns[3:]:
        column.justify = "right"
    for row in rows:
        place = rulebook.label if row.place == rulebook.city else row.place
        label = fund_label(rulebook, row.fund)
        amounts = (row.appropriated, row.recognised, row.disbursed, row.recognised - row.disbursed)
        cells = (_plain_yuan(amount) if amount else "/" for amount in amounts)
        table.add_row(label, str(row.year), place, *cells)
    out.print(table)
    out.print("单位：元。逐笔看一件申请：minsheng ledger --case 申请的编号", style="dim")


def _code(store: Store, city: str, fund: str) -> str | None:
    """资金的代号：写的是名称或代号都认。"""
    rulebook = load_rulebook(city)
    with store.read() as connection:
        codes = [row.fund for row in accounts.totals(connection, Scope(city=city))]
    known = dict.fromkeys((*codes, *rulebook.funds))
    return next((code for code in known if fund in (code, fund_label(rulebook, code))), None)


def _plain(city: str, rows: Sequence[FundTotals]) -> list[dict[str, Any]]:
    rulebook = load_rulebook(city)
    return [
        {
            "city": city,
            "fund": row.fund,
            "label": fund_label(rulebook, row.fund),
            "donated": is_donated(rulebook, row.fund),
            "projects": row.projects,
            **{f"{account}_fen": amount for account, amount in row.steps.items()},
        }
        for row in rows
    ]


def _show_totals(out: Console, rulebook: Rulebook, rows: Sequence[FundTotals]) -> None:
    """财政资金一张表，社会资金另一张，从不相加。"""
    public = [row for row in rows if not is_donated(rulebook, row.fund)]
    donated = [row for row in rows if is_donated(rulebook, row.fund)]
    for title, group in (("财政资金", public), ("社会资金（单列，不与财政资金相加）", donated)):
        if group:
            out.print(f"\n{rulebook.label}　{title}", style="bold")
            out.print(_table(rulebook, group))
    out.print("单位：元。逐笔看一件：minsheng ledger --case 编号", style="dim")


def _table(rulebook: Rulebook, rows: Sequence[FundTotals]) -> Any:
    table = lean_table(*HEADS)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        steps = [_plain_yuan(row.steps[account]) for account in CHAIN]
        unpaid = _plain_yuan(row.steps[PAYABLE] - row.steps[PAID])
        label = fund_label(rulebook, row.fund)
        table.add_row(label, str(row.projects), *steps, unpaid)
    return table


def _plain_yuan(amount: int) -> str:
    return yuan(amount).removesuffix("元")


def _one_case(store: Store, number: str, *, as_json: bool) -> None:
    try:
        state = state_now(store, number)
    except UnknownCaseError as error:
        refuse(str(error), code=REFUSED)
    with store.read() as connection:
        rows = accounts.postings_of(connection, Scope(case=number))
        if state.rulebook.submission is not None:
            rows = accounts.postings_of_claim(connection, number)
        sums = accounts.totals(connection, Scope(case=number))
    owed = arrears(state, store.calendar, today(store))
    if as_json:
        found = {"case": number, "funds": _plain(state.rulebook.city, sums), "postings": rows}
        print_json(found | {"payment": plain_payment(owed)})
        return
    out = console()
    say(out, f"{number}　{state.facts['title']}", style="bold")
    if not rows:
        claims = "认定" if state.rulebook.submission is not None else "立项"
        out.print(f"这件事项还没有分录：{claims}之后才有。")
        return
    if sums:
        out.print(_table(state.rulebook, sums))
    out.print("\n分录", style="bold")
    out.print(_postings(state, rows))
    if owed is not None:
        say(out, f"付款　{payment_text(owed)}")


def _postings(state: State, rows: Sequence[PostingRow]) -> Any:
    table = lean_table("序号", "日期", "资金", "由", "至", "金额（元）", "说明")
    table.columns[5].justify = "right"
    for row in rows:
        table.add_row(
            str(row["sequence"] or row["case"] or row["claim"] or ""),
            row["occurred_on"].isoformat(),
            fund_label(state.rulebook, row["fund"]),
            ACCOUNT_LABELS[row["from_account"]],
            ACCOUNT_LABELS[row["to_account"]],
            _plain_yuan(row["amount_fen"]),
            _told(row),
        )
    return table


def _told(row: Mapping[str, Any]) -> str:
    """这一笔是什么：立项、签约……，冲回的写明，上限与越过的理由照写。"""
    if is_reversal(row["from_account"], row["to_account"]):
        return f"冲回{STEP_LABELS[row['from_account']]}"
    said = STEP_LABELS[row["to_account"]]
    if row["ceiling_fen"] is not None:
        said += f"，单项上限{yuan(row['ceiling_fen'])}"
    return said + (f"，超过，理由：{row['reason']}" if row["reason"] else "")


def _where(column: str) -> str:
    """哪一笔分录的哪一项，或哪个余额。"""
    table, _, rest = column.partition("[")
    key, _, name = rest.partition("].")
    if table == balances.name:
        return f"余额{key}"
    return f"分录{key}的{COLUMN_LABELS.get(name, name)}"


def _check(store: Store, *, as_json: bool) -> None:
    found = accounts.compare(store)
    if as_json:
        print_json([asdict(item) for item in found])
    else:
        out = console()
        for item in found:
            line = f"{item.case}　{_where(item.column)}：账上{item.stored}，应为{item.derived}"
            out.print(line, style="red", markup=False)
        said = f"有{len(found)}处不符" if found else "分录与流水、余额与分录全部相符"
        closed, total = overview.closed_and_total(store)
        where = f"核对事项{total}件（已办结{closed}件），{chinese(today(store))}"
        out.print(f"{where}：{said}。", style="bold red" if found else "bold green")
    if found:
        raise SystemExit(REFUSED)
