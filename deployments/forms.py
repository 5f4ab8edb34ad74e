"""填表: turns what a person types into the content an action demands, and asks for what is missing.

Amounts are typed in 元 and kept in 分; days are typed as 2026-03-05; yes and no as 是 and 否.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from rulebooks.demands import Field
from rulebooks.model import fen

YES = frozenset({"是", "y", "yes", "true", "1"})
NO = frozenset({"否", "n", "no", "false", "0"})
HINTS: Mapping[str, str] = {
    "amount": "元",
    "boolean": "是/否",
    "date": "如 2026-03-05",
    "integer": "整数",
    "list": "多项以顿号分开",
    "mapping": "如 budget=12000，多项以分号分开",
}


class BadAnswerError(ValueError):
    """填写有误: the sentence names the field and how to write it."""


def parse(field: Field, text: str) -> Any:
    """What `text` means for `field`.

    Raises:
        BadAnswerError: it cannot be read as what the field asks for.
    """
    reader = READERS.get(field.kind)
    if field.kind == "choice":
        return _choice(field, text)
    try:
        return reader(text.strip()) if reader else text.strip()
    except (ValueError, ArithmeticError) as error:
        hint = HINTS.get(field.kind, "")
        raise BadAnswerError(f"“{field.label}”填的是“{text}”，请填{hint}。") from error


def fill(
    fields: Iterable[Field], given: Mapping[str, str], ask: Callable[[Field], str] | None
) -> dict[str, Any]:
    """The content of a form: answers given by name, the rest asked for.

    Raises:
        BadAnswerError: an answer cannot be read, is missing, or belongs to no field.
    """
    known = {field.name: field for field in fields}
    unknown = [name for name in given if name not in known]
    if unknown:
        listed = "、".join(f"{name}（{field.label}）" for name, field in known.items())
        raise BadAnswerError(f"没有“{'、'.join(unknown)}”这一项，可填的有：{listed}。")
    content: dict[str, Any] = {}
    for name, field in known.items():
        text = given[name] if name in given else _asked(field, ask)
        if text:
            put(content, name, parse(field, text))
    return content


def put(content: dict[str, Any], name: str, value: Any) -> None:
    """Set `checks.x` inside `checks`, and plain names at the top."""
    first, _, rest = name.partition(".")
    if rest:
        content.setdefault(first, {})[rest] = value
    else:
        content[first] = value


def _asked(field: Field, ask: Callable[[Field], str] | None) -> str:
    if ask is not None:
        return ask(field)
    if field.required:
        raise BadAnswerError(f"缺少“{field.label}”，请用 --set {field.name}=… 填写。")
    return ""


def _choice(field: Field, text: str) -> str:
    for key, label in field.choices.items():
        if text.strip() in (key, label):
            return key
    listed = "、".join(field.choices.values())
    raise BadAnswerError(f"“{field.label}”填的是“{text}”，可选：{listed}。")


def _boolean(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(text)


def _mapping(text: str) -> dict[str, Any]:
    pairs = [part.partition("=") for part in text.replace("；", ";").split(";") if part.strip()]
    if not pairs or not all(separator for _, separator, _ in pairs):
        raise ValueError(text)
    return {name.strip(): _loose(name.strip(), value.strip()) for name, _, value in pairs}


def _loose(name: str, value: str) -> Any:
    """A changed fact: the budget is an amount, urgent and permit are yes or no."""
    if name == "budget":
        return fen(value)
    if value in YES | NO and name in ("urgent", "permit"):
        return value in YES
    return value


READERS: Mapping[str, Callable[[str], Any]] = {
    "amount": lambda text: fen(text.replace(",", "").removesuffix("元")),
    "integer": int,
    "boolean": _boolean,
    "date": lambda text: date.fromisoformat(text).isoformat(),
    "list": lambda text: [part.strip() for part in text.split("、") if part.strip()],
    "mapping": _mapping,
}
