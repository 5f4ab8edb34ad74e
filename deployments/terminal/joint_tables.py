"""合办的结果: how a joint count or a batch is shown, as a table for people and for a program."""

from typing import Any

from rich.markup import escape

from deployments.terminal.console import console
from deployments.terminal.lines import lean_table, named
from records.acting.together import Outcome, Together
from rulebooks.policy.limits import yuan
from rulebooks.vocabulary.contents import BatchDecided, Ranked


def show(answer: Together, kind: str) -> None:
    """What becomes of each case, one a line."""
    out = console()
    heads: tuple[str, ...] = ("层次", "名次", "编号", "项目", "得票", "结果", "原因")
    if kind == "batch":
        heads = ("编号", "项目", "结果", "批准金额", "意见")
    table = lean_table(*heads)
    for item in answer.outcomes:
        cells = _ranked(item) if kind == "rank" else _decided(item)
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)
    for item in answer.outcomes[:1]:
        batch_of = item.content["ballots" if kind == "rank" else "batch"]
        title = (Ranked if kind == "rank" else BatchDecided).model_fields
        label = title["ballots" if kind == "rank" else "batch"].title
        named(out, str(label), f"{batch_of}，共{len(answer.outcomes)}件", indent=0)


def _ranked(item: Outcome) -> tuple[str, ...]:
    content = item.content
    return (
        content["layer"],
        str(content["place"]),
        item.case,
        item.title,
        str(content["votes"]),
        "入选" if content["chosen"] else "未入选",
        content["reason"],
    )


def _decided(item: Outcome) -> tuple[str, ...]:
    content = item.content
    amount = content["amount"]
    return (
        item.case,
        item.title,
        "批准" if content["decided"] else "未批准",
        "" if amount is None or not content["decided"] else yuan(amount),
        content["opinion"],
    )


def as_plain(answer: Together) -> dict[str, Any]:
    """The same for a program."""
    return {
        "foreseen": answer.foreseen,
        "repeated": answer.repeated,
        "outcomes": [
            {
                "case": item.case,
                "title": item.title,
                "sequence": item.sequence,
                "waits_for": item.position.waits_for,
                "outcome": item.position.outcome,
                **item.content,
            }
            for item in answer.outcomes
        ],
    }
