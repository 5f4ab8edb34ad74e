"""提问: asks at the terminal until the answer can be used; each wrong one is told why."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from rich.markup import escape

from deployments.terminal.console import console
from deployments.terminal.forms import NO, YES, BadAnswerError

with suppress(ImportError):
    # Editing keys, also over Chinese characters, which the plain terminal erases by halves.
    import readline  # noqa: F401

MARK = "→ "
Value = TypeVar("Value")


def ask(question: str, read: Callable[[str], Value], default: str = "") -> Value:
    """Ask until `read` accepts; Enter alone answers `default`.

    `read` turns the text into a value, or raises `BadAnswerError` with the sentence to show.
    """
    out = console()
    while True:
        kept = f"[dim]（回车：{escape(default)}）[/dim]" if default else ""
        out.print(f"{question}{kept}")
        try:
            return read(input(MARK).strip() or default)
        except BadAnswerError as error:
            out.print(str(error), style="red", markup=False)


def choose(question: str, options: Mapping[str, Value]) -> Value:
    """Let one of several labelled values be chosen, by its number or its label."""
    out = console()
    out.print()
    out.print(question, style="bold")
    labels = list(options)
    for number, label in enumerate(labels, start=1):
        out.print(f"  {number}  {escape(label)}")

    def read(text: str) -> Value:
        if text.isdecimal() and 1 <= int(text) <= len(labels):
            return options[labels[int(text) - 1]]
        if text in options:
            return options[text]
        raise BadAnswerError(f"请填1至{len(labels)}的序号，或照抄其中一项。")

    return ask("序号", read)


def confirm(question: str) -> bool:
    """Ask for 是 or 否; Enter alone is yes."""

    def read(text: str) -> bool:
        word = text.lower() or "是"
        if word not in YES | NO:
            raise BadAnswerError("请填 是 或 否。")
        return word in YES

    return ask(f"{question}（是/否，回车为是）", read)
