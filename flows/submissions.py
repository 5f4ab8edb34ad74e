"""报送: the waiting flow of a report or claim, and the scheduled flows that only open them.

Which places report what, for which period and until when stands in the rulebooks; the schedules
are the same for every city. A firing too many opens nothing twice, one too few is made up for by
the next, because the records know one submission per place, duty and period: a firing opens every
period whose time has come, so the one it was planned for is among them however late it runs.
What Prefect shows of a flow before it is started is Chinese, as everything that people read.
"""

from typing import Any, Literal

from prefect import Task, flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.waiting import carry
from tasks.desk import Wanted
from tasks.submissions import open_submissions, show_claim


@flow(name="submission_lifecycle", persist_result=False, log_prints=False)
async def run_submission(number: str, generation: int) -> State[Any]:
    """报送全流程: carries a report or claim until it is signed and counts as sent.

    Args:
        number: the case number, such as XX-BS-2026-0001.
        generation: which of the case's runs this is; a run that was replaced only leaves.
    """
    return await carry(number, generation)


@flow(name="monthly_reports", persist_result=False, log_prints=False)
async def open_monthly_reports(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> State[Any]:
    """月报开立：开立每月一报的。

    Args:
        period: 期次，写如 2026-10；不写即到期而没有开立的各期。
        city: 只要这个城市的，写代号，即其规则手册文件夹的名称。
        place: 只要这个机关的，写登记的名称，如 城东镇。
    """
    return await _open(Wanted("month", None, period, city, place))


@flow(name="quarterly_claims", persist_result=False, log_prints=False)
async def open_quarterly_claims(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> State[Any]:
    """季度申报开立：开立每季一报的认定申请与资金申请。

    Args:
        period: 期次，写如 2026-Q3；不写即到期而没有开立的各期。
        city: 只要这个城市的，写代号，即其规则手册文件夹的名称。
        place: 只要这个机关的，写登记的名称，如 城东镇。
    """
    return await _open(Wanted("quarter", None, period, city, place))


@flow(name="dated_submissions", persist_result=False, log_prints=False)
async def open_dated_submissions(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> State[Any]:
    """逐日开立：开立规则手册另定日期的，以及前面各班漏开的。

    Args:
        period: 期次，写如 2026-10、2026-Q3、2026-H1、2026；不写即到期而没有开立的各期。
        city: 只要这个城市的，写代号，即其规则手册文件夹的名称。
        place: 只要这个机关的，写登记的名称，如 城东镇。
    """
    return await _open(Wanted(None, None, period, city, place))


@flow(name="report", persist_result=False, log_prints=False)
async def open_report(
    report: str, period: str, city: str | None = None, place: str | None = None
) -> State[Any]:
    """编制报送：按种类与期次开立，早已开立的不重复；期未满的说明何日起可以开立。

    Args:
        report: 种类，monthly 月报，quarterly_claim 季度申报，annual 年度总结，bulletin 通报；
            其余写规则手册 duties.yaml 里的名称。
        period: 期次，写如 2026-10、2026-Q3、2026-H1、2026。
        city: 只要这个城市的，写代号，即其规则手册文件夹的名称。
        place: 只要这个机关的，写登记的名称，如 城东镇。
    """
    return await _open(Wanted(None, report, period, city, place))


@flow(name="claim", persist_result=False, log_prints=False)
async def look_at_claim(
    place: str, period: str, step: Literal["show", "build"] = "show"
) -> State[Any]:
    """认定申请：开立或查看一件；编制、认定、拨付由有权的人在台账办理，不在这里。

    Args:
        place: 哪个镇街的申请，写登记的名称，如 城东镇。
        period: 哪个季度，写如 2026-Q3。
        step: 做什么，show 只看；build 还没有开立的先开立，再看。
    """
    return await _ended(show_claim, place, period, opens=step == "build")


async def _open(wanted: Wanted) -> State[Any]:
    return await _ended(open_submissions, wanted)


async def _ended(task: Task[..., Any], *given: Any, **named: Any) -> State[Any]:
    """What the task said, as the run's own state: a refusal is read where one looks first."""
    state: State[Any] = await task(*given, **named, return_state=True)
    ended = Completed if state.is_completed() else Failed
    return ended(message=state.message)
