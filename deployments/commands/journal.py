"""台账命令: `minsheng journal verify` finds any edit, deletion or reordering of the journal."""

from dataclasses import asdict
from typing import Annotated

from cyclopts import App, Parameter

from deployments.console import console, print_json
from deployments.office import office
from records.digests import verify_digests
from records.journal import verify as verify_chain

app = App(name="journal", help="核验台账流水。")


@app.command
def verify(
    *, as_json: Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON。")] = False
) -> None:
    """核验流水逐条相扣、每日摘要相符；有一处不符即以非零码退出，并指明事项与序号。"""
    store = office()
    chain, days = verify_chain(store), verify_digests(store)
    broken = (*chain.broken, *days.broken)
    if as_json:
        print_json({"events": chain.events, "broken": [asdict(item) for item in broken]})
    else:
        out = console()
        for item in broken:
            out.print(f"{item.case} 第{item.sequence}条：{item.what}", style="red")
        verdict = f"有{len(broken)}处不符" if broken else "逐条相扣，全部相符"
        out.print(f"核验{chain.events}条流水：{verdict}。")
    if broken:
        raise SystemExit(1)
