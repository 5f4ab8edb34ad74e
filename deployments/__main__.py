"""命令行: `minsheng`, or `python -m deployments`, the same command.

Each command is a module of its own, imported only when it is called: Prefect alone takes seconds.
"""

from cyclopts import App

from deployments.console import refuse

COMMANDS = {
    "demo": "deployments.commands.demo:demo",
    "up": "deployments.commands.up:up",
    "down": "deployments.commands.down:down",
    "status": "deployments.commands.status:status",
    "import": "deployments.commands.importing:import_workbooks",
    "case": "deployments.commands.case:app",
    "due": "deployments.commands.due:due",
    "rulebook": "deployments.commands.rulebook:app",
    "journal": "deployments.commands.journal:app",
    "bench": "deployments.commands.bench:bench",
}

app = App(name="minsheng", help="民生微实事项目管理：从建议到归档，时限自动计算，每一步有据可查。")
for name, target in COMMANDS.items():
    app.command(target, name=name)


def main() -> None:
    """Run the command line; what went wrong is said in one sentence, never as a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        refuse("已中断。", code=130)
    except Exception as error:
        refuse(sentence_of(error), code=1)


def sentence_of(error: Exception) -> str:
    """One Chinese sentence about an unforeseen error, with where its traceback is kept."""
    from deployments.faults import keep_traceback  # noqa: PLC0415 - only when something failed

    return f"未能完成：{error}（详情见 {keep_traceback(error)}，可交管理员查看）。"


if __name__ == "__main__":
    main()
