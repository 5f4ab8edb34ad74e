"""命令行: `minsheng`, or `python -m deployments`, the same command.

Each command is a module of its own, imported only when it is called: Prefect alone takes seconds.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

from deployments.terminal import usage
from deployments.terminal.console import refuse
from deployments.terminal.faults import sentence_of

# Name → where it is, and the sentence by which `minsheng --help` lists it.
COMMANDS = {
    "demo": ("deployments.commands.demo:demo", "演示：四十个示例项目从建议走到归档。"),
    "up": ("deployments.commands.up:up", "启动正式运行：台账、Prefect 与驱动进程。"),
    "down": ("deployments.commands.down:down", "停止 demo 或 up 启动的服务；台账与公文保留。"),
    "status": ("deployments.commands.status:status", "看运行状态：在办几件，各进程是否在运行。"),
    "import": (
        "deployments.commands.importing:import_workbooks",
        "校验并收入镇街报来的工作簿。",
    ),
    "case": ("deployments.commands.case:app", "事项：列出、查看、办理。"),
    "report": ("deployments.commands.report:app", "报送：月报、季报、年报、通报，追到项目。"),
    "claim": ("deployments.commands.claim:app", "认定申请：编制、查看、认定、拨付市级资金。"),
    "due": ("deployments.commands.due:due", "计算期限的末日，逐日说明理由。"),
    "rulebook": ("deployments.commands.rulebook:app", "规则手册：环节、时限、依据，逐条判定。"),
    "journal": ("deployments.commands.journal:app", "台账流水：核验，每日摘要。"),
    "ledger": ("deployments.commands.ledger:ledger", "资金账：各资金走到哪一步，逐笔分录。"),
    "notice": ("deployments.commands.notice:app", "公文：核验一件公文是不是发出过的。"),
    "calendar": ("deployments.commands.revising:app", "工作日历：放假安排公布后重算期限。"),
    "bench": ("deployments.commands.bench:bench", "测量本机的速度。"),
}

TOLD = """民生微实事项目管理：从建议到归档，时限自动计算，每一步有据可查。

每个命令的写法：minsheng 命令 --help；示例见 docs/commands.md。"""
MISTYPED = 2
INTERRUPTED = 130


def command_line() -> App:
    """The command line with all its commands, none of them imported yet."""
    app = App(
        name=usage.PROGRAM,
        help=TOLD,
        help_format="plaintext",
        version=lambda: version("minsheng-weishi"),
        help_formatter=usage.ChineseHelp(),
    )
    app["--help"].help = "显示写法与说明。"
    app["--version"].help = "显示版本。"
    for order, (name, (target, told)) in enumerate(COMMANDS.items()):
        app.command(target, name=name, help=told, sort_key=order)
    return app


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line; what went wrong is said in one sentence, never as a traceback."""
    try:
        command_line()(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        refuse(usage.sentence_of(error), code=MISTYPED)
    except (KeyboardInterrupt, EOFError):
        refuse("已中断，没有提交的不作数。", code=INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        refuse(sentence_of(error), code=1)


if __name__ == "__main__":
    main()
