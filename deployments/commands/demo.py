"""演示命令: `minsheng demo`: a city's sample projects through their whole life, or all cities'."""

import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deployments.commands.importing import receive
from deployments.commands.up import interface, start
from deployments.defaults import default_city
from deployments.demonstration.player import Player, StubbornError
from deployments.demonstration.run import Demonstration, StuckError
from deployments.demonstration.stories import story_of
from deployments.demonstration.summary import Outcome, outcomes, reports, troubles
from deployments.office import office
from deployments.places import DEMO, OFFICE, Place, place
from deployments.services import server
from deployments.soundness import check_rules
from deployments.terminal.console import chinese, console, refuse
from records.database import clock
from records.database.store import open_store
from records.migrate import migrate
from rulebooks.days.working_days import next_workday
from rulebooks.policy.limits import yuan
from rulebooks.reading.loader import cities, load_rulebook, rulebook_on
from rulebooks.vocabulary.model import Rulebook
from schemas.samples import sample_rows, sample_workbooks

SEED = 1
ALL = "all"


def demo(
    *,
    city: Annotated[
        str | None, Parameter(help="哪个城市，写代号；all 为各市并行；缺省见样例。")
    ] = None,
    projects: Annotated[
        int | None,
        Parameter(help="每市的项目件数；缺省照样例，样例写明的一件不少；没有样例的正好这么多。"),
    ] = None,
    serve: Annotated[bool, Parameter(help="演示完是否留着界面；--no-serve 全部停掉。")] = True,
    day_seconds: Annotated[
        float, Parameter(help="一天至少走多少秒；缺省为机器有多快走多快。")
    ] = 0.0,
    port: Annotated[int | None, Parameter(help="Prefect 界面的端口；缺省任选空闲的。")] = None,
) -> None:
    """演示：一市的示例项目在虚拟日历上从建议走到归档，结束后留下公文与界面。"""
    names = _cities(city or default_city())
    if projects is not None and projects < 1:
        refuse("--projects 填每市的项目件数，至少1件。")
    check_rules()
    began = time.monotonic()
    chosen = place(DEMO)
    try:
        url = _prepare(chosen, port, names, projects)
        for name in names:
            _import(chosen, name, projects)
        show = _perform(chosen, day_seconds)
    except (server.ServerError, StubbornError, StuckError) as error:
        server.stop(chosen.prefect)
        refuse(str(error), code=1)
    found = outcomes(office())
    _show(found, show, chosen)
    problems = troubles(office())
    _close(chosen, url, serve=serve, seconds=time.monotonic() - began)
    if problems:
        refuse("\n".join(problems), code=1)


def _cities(asked: str) -> tuple[str, ...]:
    """The cities to be shown."""
    known = cities()
    if asked != ALL and asked not in known:
        refuse(f"没有城市“{asked}”的规则手册，--city 可写：{'、'.join((*known, ALL))}。")
    return known if asked == ALL else (asked,)


def _last_suggestion(names: Sequence[str], projects: int | None) -> date:
    """The day of the last suggestion; the towns send their workbooks on the next working day."""
    days: list[date] = [
        row["proposed_on"]
        for name in names
        for row in sample_rows(name, seed=SEED, projects=projects)["suggestions"]
    ]
    return max(days)


def _prepare(chosen: Place, port: int | None, names: Sequence[str], projects: int | None) -> str:
    """A fresh place with a virtual clock, Prefect and driver running; Prefect's address."""
    server.stop(place(OFFICE).prefect)
    server.stop(chosen.prefect)
    shutil.rmtree(chosen.folder, ignore_errors=True)
    chosen.enter()
    store = open_store()
    migrate(store)
    first = next_workday(store.calendar, _last_suggestion(names, projects))
    with store.write() as connection:
        clock.advance(connection, Demonstration.morning(first), store.machine.now())
    chosen_versions = store.versions
    store.close()
    out = console()
    for name in names:
        used = rulebook_on(name, first, chosen=chosen_versions.get(name))
        _say_which_rules(used or load_rulebook(name))
    with out.status("正在启动 Prefect 服务与驱动进程……"):
        return start(chosen, port)


def _say_which_rules(rulebook: Rulebook) -> None:
    version = rulebook.version
    label = f"{rulebook.label}{rulebook.programme}"
    console().print(f"{label}所用规则：{version.label}。{version.notice or ''}", style="yellow")


def _import(chosen: Place, city: str, projects: int | None) -> None:
    folder = chosen.inbox / city
    folder.mkdir(parents=True, exist_ok=True)
    for path in sample_workbooks(folder, city, seed=SEED, projects=projects):
        received = receive(path, city, None, valid_only=False)
        refused = [item.sentence for item in received.taken if item.sentence]
        if received.checked.findings or refused:
            raise StubbornError(f"样例工作簿 {path.name} 没有全部收入：{refused}。")
        console().print(f"收入 {path.name}：{len(received.taken)}件（合成数据，非真实）")


def _perform(chosen: Place, day_seconds: float) -> Demonstration:
    store = office()

    def restart_driver() -> None:
        server.kill_driver(chosen.prefect)
        server.start_driver(chosen.prefect, chosen.environment())

    show = Demonstration(store, Player(store), restart_driver, day_seconds)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console()) as progress:
        bar = progress.add_task("演示", total=None)
        for day, closed, total in chain(show.days(), _reports(chosen, show)):
            progress.update(bar, description=chinese(day), completed=closed, total=total)
    return show


def _reports(chosen: Place, show: Demonstration) -> Iterator[tuple[date, int, int]]:
    """The reports at the end, once the projects are done; Prefect is imported only then."""
    server.adopt(chosen.prefect, server.address(chosen.prefect) or "")
    from deployments.demonstration.reporting import report  # noqa: PLC0415

    yield from report(show)


def _show(found: list[Outcome], show: Demonstration, chosen: Place) -> None:
    columns = ("编号", "项目", "金额", "结果", "公文", "情况")
    table = Table(*columns, title=f"演示结果（{len(found)}件）")
    for column in table.columns:
        column.overflow = "fold"
    for column in (table.columns[0], table.columns[2], table.columns[3]):
        column.no_wrap = True
    for item in found:
        story = story_of(item.city, item.title)
        told = [*([story.name] if story else []), *item.remarks]
        table.add_row(
            item.number,
            escape(item.title),
            yuan(item.budget),
            item.outcome,
            str(item.notices),
            "；".join(told),
        )
    out = console()
    out.print(table)
    _show_reports()
    if show.killed_on:
        out.print(
            f"驱动进程在{chinese(show.killed_on)}办理途中被强行终止（kill -9），重启后接着办。"
        )
    out.print(f"公文：{shown(chosen.files / 'notices')}")


def _show_reports() -> None:
    """What was reported at the end, and the files of it."""
    found = reports(office())
    if not found:
        return
    table = Table("编号", "报送件", "结果", "文件", title=f"报送（{len(found)}件）")
    for item in found:
        table.add_row(item.number, escape(item.title), item.standing, "\n".join(item.files))
    console().print(table)
    console().print("追溯一个数：minsheng report drill completed_new --place 镇街 --period 期次")


def _close(chosen: Place, url: str, *, serve: bool, seconds: float) -> None:
    out = console()
    if not serve:
        server.stop(chosen.prefect)
        out.print(f"演示完毕，用时{seconds:.0f}秒；服务已全部停止。", style="bold green")
        return
    out.print(f"演示完毕，用时{seconds:.0f}秒。", style="bold green")
    out.print(f"Prefect 界面：{interface(url)}", style="bold")
    out.print("看某件：minsheng case show 编号　停止：make down")


def shown(path: Path) -> str:
    """A path as people type it, from the folder they stand in when it lies below."""
    absolute = path.absolute()
    here = Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)
