"""填表: turns what a person types into the content an action demands, and asks for what is missing.

Amounts are typed in 元 or 万 and kept in 分; days as 2026-03-05 or 2026年3月5日; yes and no as 是
and 否. Full-width digits are read as well.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from rulebooks.judging.demands import Field
from rulebooks.judging.fields import form
from rulebooks.policy.limits import yuan
from rulebooks.procedure.corrections import MODELS, correctable
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import fen

YES = frozenset({"是", "y", "yes", "true", "1"})
NO = frozenset({"否", "n", "no", "false", "0"})
TEN_THOUSAND = 10_000
ALL = "全部"
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
HINTS: Mapping[str, str] = {
    "amount": "元，如 12000 或 1.2万",
    "boolean": "是/否",
    "date": "日期，如 2026-03-05",
    "integer": "整数",
    "list": "多项以顿号分开",
    "mapping": "名称=内容，多项以分号分开",
}
TEXT = "text"
WORDS = frozenset({"list", "mapping"})


class BadAnswerError(ValueError):
    """填写有误: the sentence names the field and how to write it."""


def parse(field: Field, text: str) -> Any:
    """What `text` means for `field`.

    Raises:
        BadAnswerError: it cannot be read as what the field asks for.
    """
    if field.kind == "choice":
        return _choice(field, text)
    if field.kind == "list":
        return _list(field, text)
    return read(field.kind, field.label, text)


def read(kind: str, label: str, text: str) -> Any:
    """What `text` means as an answer of `kind` to the question `label`.

    Raises:
        BadAnswerError: it means nothing of that kind.
    """
    reader = READERS.get(kind)
    if reader is None:
        return text.strip()
    try:
        # Words keep their punctuation; numbers, days and yes or no may be typed full-width.
        return reader(text if kind in WORDS else normalize("NFKC", text).strip())
    except (ValueError, ArithmeticError) as error:
        raise BadAnswerError(f"“{label}”填的是“{text}”，请填{HINTS[kind]}。") from error


def fill(
    fields: Iterable[Field], given: Mapping[str, str], ask: Callable[[Field], str] | None
) -> dict[str, Any]:
    """The content of a form: answers given by name or label, the rest asked for.

    Raises:
        BadAnswerError: an answer cannot be read, is missing, or belongs to no field.
    """
    asked = list(fields)
    answers = _by_name(asked, given)
    if ask is None:
        _all_there(asked, answers)
    content: dict[str, Any] = {}
    for field in asked:
        text = answers.get(field.name)
        if text is None:
            text = ask(field) if ask is not None else ""
        if text.strip():
            put(content, field.name, parse(field, text))
    return content


def put(content: dict[str, Any], name: str, value: Any) -> None:
    """Set `checks.x` inside `checks`, and plain names at the top."""
    first, _, rest = name.partition(".")
    if rest:
        content.setdefault(first, {})[rest] = value
    else:
        content[first] = value


def taken(content: Mapping[str, Any], name: str) -> Any:
    """The value set by `put`, or None."""
    first, _, rest = name.partition(".")
    value = content.get(first)
    return value.get(rest) if rest and isinstance(value, Mapping) else value


def hint_of(field: Field) -> str:
    """How an answer is written, for people."""
    if field.help:
        return field.help
    choices = "、".join(field.choices.values())
    if field.kind == "list" and choices:
        return f"{choices}；多项以顿号分开，全选填“{ALL}”"
    return choices or HINTS.get(field.kind, "")


def shown(field: Field, value: Any) -> str:
    """The value as people read it: amounts in 元, 是 and 否, labels instead of names."""
    if field.kind == "amount" and isinstance(value, int):
        return yuan(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return "；".join(f"{name}={item}" for name, item in value.items())
    return field.choices.get(value, str(value))


def corrected(state: State, sequence: int, answers: Mapping[str, str]) -> dict[str, Any]:
    """更正的内容: each answer read as what that entry of the journal holds under its name.

    Raises:
        BadAnswerError: an answer cannot be read. Names that may not be corrected stay as they
            are: the records refuse them and say which may.
    """
    if not 1 <= sequence <= len(state.history):
        return dict(answers)
    kind = state.history[sequence - 1].kind
    allowed = correctable(kind)
    names = {label: name for name, label in allowed.items()}
    found = {}
    for given, text in answers.items():
        name = names.get(given, given)
        wanted = _kind_in(kind, name) if name in allowed else TEXT
        found[name] = read(wanted, allowed.get(name, name), text)
    return found


def _kind_in(event: str, name: str) -> str:
    """Which kind of answer a field of an event's content takes."""
    kind = form(MODELS[event])[name][1]
    return TEXT if kind == "mapping" else kind


def _by_name(fields: Iterable[Field], given: Mapping[str, str]) -> dict[str, str]:
    known = {field.name: field.label for field in fields}
    names = {label: name for name, label in known.items()}
    unknown = [name for name in given if name not in known and name not in names]
    if unknown:
        listed = "、".join(f"{name}（{label}）" for name, label in known.items())
        raise BadAnswerError(f"没有“{'、'.join(unknown)}”这一项，可填的有：{listed}。")
    return {name if name in known else names[name]: text for name, text in given.items()}


def _all_there(fields: Iterable[Field], answers: Mapping[str, str]) -> None:
    missing = [
        field for field in fields if field.required and not answers.get(field.name, "").strip()
    ]
    if missing:
        listed = "、".join(f"{field.name}（{field.label}）" for field in missing)
        example = f"--set {missing[0].name}=…"
        raise BadAnswerError(f"还缺{len(missing)}项：{listed}，请用 {example} 逐项填写。")


def _choice(field: Field, text: str) -> str:
    for key, label in field.choices.items():
        if text.strip() in (key, label):
            return key
    listed = "、".join(field.choices.values())
    raise BadAnswerError(f"“{field.label}”填的是“{text}”，可选：{listed}。")


def _list(field: Field, text: str) -> list[str]:
    if field.choices and text.strip() == ALL:
        return list(field.choices)
    items = [part.strip() for part in re.split("[、,，]", text) if part.strip()]
    unknown = [item for item in items if field.choices and item not in field.choices]
    if unknown:
        listed = "、".join(field.choices)
        raise BadAnswerError(f"“{field.label}”里没有“{unknown[0]}”，可选：{listed}。")
    return items


def _boolean(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _amount(text: str) -> int:
    plain = text.replace(",", "").removesuffix("元").strip()
    if plain.endswith("万"):
        return fen(Decimal(plain.removesuffix("万")) * TEN_THOUSAND)
    return fen(plain)


def _date(text: str) -> str:
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) for part in found.groups())
    return date(year, month, day).isoformat()


def _mapping(text: str) -> dict[str, str]:
    parts = [part for part in re.split("[;；]", text) if part.strip()]
    pairs = [part.partition("=") for part in parts]
    if not pairs or not all(name.strip() and separator for name, separator, _ in pairs):
        raise ValueError(text)
    return {name.strip(): value.strip() for name, _, value in pairs}


READERS: Mapping[str, Callable[[str], Any]] = {
    "amount": _amount,
    "integer": int,
    "boolean": _boolean,
    "date": _date,
    "list": lambda text: [part.strip() for part in re.split("[、,，]", text) if part.strip()],
    "mapping": _mapping,
}
