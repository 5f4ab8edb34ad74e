"""台账命令: `minsheng journal verify|digest`: finds any edit, deletion or reordering."""

from dataclasses import asdict

from cyclopts import App

from deployments.office import office
from deployments.terminal.console import REFUSED, Json, chinese, console, print_json
from deployments.terminal.periods import chinese_moment
from records.cases.journal import verify as verify_chain
from records.running.digests import latest_digest, verify_digests

app = App(name="journal", help="台账流水：核验，每日摘要。")


@app.command
def verify(*, as_json: Json = False) -> None:
    """核验流水逐条相扣、每日摘要相符；有一处不符即以非零码退出，并指明事项与序号。"""
    store = office()
    chain, days = verify_chain(store), verify_digests(store)
    broken = (*chain.broken, *days.broken)
    if as_json:
        found = {"events": chain.events, "days": days.events}
        print_json(found | {"broken": [asdict(item) for item in broken]})
    else:
        out = console()
        for item in broken:
            line = f"{item.case} 第{item.sequence}条：{item.what}"
            out.print(line, style="red", markup=False)
        verdict = f"有{len(broken)}处不符" if broken else "逐条相扣，全部相符"
        read = f"核验流水{chain.events}条、每日摘要{days.events}日"
        out.print(f"{read}：{verdict}。", style="bold red" if broken else "bold green")
    if broken:
        raise SystemExit(REFUSED)


@app.command
def digest(*, as_json: Json = False) -> None:
    """最近一日的摘要，供抄录到台账之外；日后与之不符，即知流水被截短或改动。"""
    with office().glance() as connection:
        latest = latest_digest(connection)
    if as_json:
        print_json(asdict(latest) if latest else {})
        return
    out = console()
    if latest is None:
        out.print("还没有取定过每日摘要；minsheng up 之后每日自动取定。")
        return
    out.print(f"{chinese(latest.day)}　{latest.digest}", style="bold")
    out.print(f"取定于{chinese_moment(latest.taken_at)}，当日有{latest.cases}件事项变动。")
