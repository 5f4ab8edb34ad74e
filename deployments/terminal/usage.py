"""命令写法: how commands are explained and what is said when one is mistyped, in Chinese.

Cyclopts speaks English; here its help pages get Chinese words, and each of its errors becomes one
sentence with what to do.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from cyclopts import CycloptsError
from cyclopts.argument import Argument
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from cyclopts.help import ColumnSpec, DefaultFormatter, HelpEntry, HelpPanel
from rich.console import Console, ConsoleOptions
from rich.text import Text

PROGRAM = "minsheng"
NAME_SHARE = 0.4
KINDS = {"STR": "文字", "INT": "整数", "FLOAT": "数", "PATH": "文件", "DATE": "日期"}
TITLES = {"Commands": "命令", "Arguments": "参数", "Parameters": "选项"}
USAGE_WORDS = {
    "COMMAND": "命令",
    "[ARGS]": "[参数]",
    "[OPTIONS]": "[选项]",
    "[ARGS...]": "[参数……]",
    **KINDS,
}
CLAUSE_END = re.compile("[。，；：（]")
# What is left out when nothing is said is plain from the words themselves.
UNTOLD = frozenset({None, "None", "False", "True", ""})
WANTED: Mapping[Any, str] = {int: "整数", float: "数"}


class ChineseHelp(DefaultFormatter):
    """中文说明页: cyclopts' panels with Chinese words for its own English ones."""

    def __init__(self) -> None:
        super().__init__(column_specs=_columns)

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """One panel, under a Chinese title."""
        title = str(panel.title)
        super().__call__(console, options, panel.copy(title=TITLES.get(title, title)))

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """The line that shows how the command is written."""
        words = [USAGE_WORDS.get(word, word) for word in str(usage or "").split()]
        console.print(Text("用法：" + " ".join(words), style="bold"))
        console.print()


def _columns(
    console: Console, options: ConsoleOptions, entries: list[HelpEntry]
) -> tuple[ColumnSpec, ...]:
    widest = int(console.width * NAME_SHARE)
    return (
        ColumnSpec(renderer=_names, style="cyan", max_width=widest, overflow="fold"),
        ColumnSpec(renderer=_description, overflow="fold"),
    )


def _names(entry: HelpEntry) -> Text:
    names = [*entry.positive_names, *entry.positive_shorts]
    if entry.positional_label:
        names.insert(0, entry.positional_label)
    elif entry.metavar:
        kind = entry.metavar.rstrip(".")
        names[-1] += f" {'|'.join(entry.choices or ()) or KINDS.get(kind, kind)}"
    return Text("，".join([*names, *entry.negative_names]))


def _description(entry: HelpEntry) -> Text:
    said = getattr(entry.description, "primary_renderable", entry.description)
    text = Text(str(said or "").strip())
    if entry.required:
        text.append("（必填）", "bold")
    if entry.default not in UNTOLD and "缺省" not in text.plain:
        text.append(f"（缺省 {entry.default}）", "dim")
    return text


def sentence_of(error: CycloptsError) -> str:
    """命令写错: one sentence about what is wrong, and where to read how it is written."""
    for kind, say in SENTENCES:
        if isinstance(error, kind):
            return say(error)
    return f"命令的写法有误，请对照 {_help(error)}。"


def _help(error: CycloptsError) -> str:
    chain = [*(error.command_chain or ())]
    return " ".join([PROGRAM, *chain, "--help"])


def _unknown_command(error: UnknownCommandError) -> str:
    word = (error.unused_tokens or [""])[0]
    app = error.app
    known = [name for name in app if not name.startswith("-")] if app else []
    return f"没有“{word}”这个命令，{_meant(word, known)}可用的有：{'、'.join(known)}。"


def _unknown_option(error: UnknownOptionError) -> str:
    word = error.token.keyword or error.token.value
    known = [name for argument in error.argument_collection for name in argument.names]
    return f"没有“{word}”这个选项，{_meant(word, known)}写法见 {_help(error)}。"


def _missing(error: MissingArgumentError) -> str:
    name = error.keyword or (error.argument.name if error.argument else "")
    what = _explained(error.argument)
    if error.keyword is not None:
        return f"{name} 之后没有填写{what}，写法见 {_help(error)}。"
    return f"缺少 {name}{what}，写法见 {_help(error)}。"


def _coercion(error: CoercionError) -> str:
    token = error.token
    value = token.value if token else ""
    name = (token.keyword if token else None) or (error.argument.name if error.argument else "")
    wanted = WANTED.get(error.target_type) or _one_of(error.target_type)
    return f"{name} 填的是“{value}”，须为{wanted}，写法见 {_help(error)}。"


def _one_of(choices: Any) -> str:
    """The words of a `Literal`, to choose from."""
    return "、".join(map(str, get_args(choices))) + "之一" if get_args(choices) else "合适的写法"


def _unused(error: UnusedCliTokensError) -> str:
    words = "”“".join(error.unused_tokens or [])
    return f"多写了“{words}”，写法见 {_help(error)}。"


def _repeated(error: RepeatArgumentError) -> str:
    return f"{error.token.keyword} 写了不止一次，请只留一个，写法见 {_help(error)}。"


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"是不是想写“{close[0]}”？" if close else ""


def _explained(argument: Argument | None) -> str:
    """What a parameter is for: the first clause of its help."""
    said = (argument.parameter.help or "") if argument else ""
    clause = CLAUSE_END.split(said)[0]
    return f"（{clause}）" if clause else ""


SENTENCES: tuple[tuple[type[CycloptsError], Callable[[Any], str]], ...] = (
    (UnknownCommandError, _unknown_command),
    (UnknownOptionError, _unknown_option),
    (MissingArgumentError, _missing),
    (CoercionError, _coercion),
    (UnusedCliTokensError, _unused),
    (RepeatArgumentError, _repeated),
)
