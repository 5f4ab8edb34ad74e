"""各表的 pandera 校验：先形式（填没填、读不读得懂、在不在可选项），后逻辑（行内与表间）。

每条 Check 的 `title` 是规则编号，`error` 是中文句式，`name` 是表级校验所指的列。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from schemas import cells, predicates
from schemas.cells import UNREAD, Raw
from schemas.layout import OWN, Column, load_layout
from schemas.rows import Choices, Finding
from schemas.tables import Table

FORM_MISSING: Final = "form.missing"
FORM_LENGTH: Final = "form.length"

_HELP: Final = {
    "money": "不是可用的金额；请填大于零、最多到分的数字，如 50000 元或 4.5 万元。",
    "day": "不是日期；请写成 2026-3-5 或 2026年3月5日。",
    "count": "不是人数或户数；请填不带小数的数字。",
    "yes_or_no": "看不出是或否；请填“是”或“否”。",
    "phone": "不是电话号码；请填11位手机号，或带区号的固定电话。",
    "email": "不是电子邮箱地址，请核对后重填。",
    "credit_code": "不是有效的统一社会信用代码（18位，末位为校验码），请对照登记证书重填。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """一次不合格：行号、字段、规则编号、句式。"""

    row: int
    field: str
    rule: str
    sentence: str


def options(choices: Choices) -> dict[str, Mapping[str, str]]:
    """各读法的可选项：键到中文名称。"""
    return {
        "category": choices.categories,
        "kind": choices.kinds,
        "source": choices.sources,
        "role": choices.roles,
        "level": choices.levels,
        "stage": {key: stage.label for key, stage in choices.stages.items()},
        **{f"{OWN}{key}": fact.choices for key, fact in choices.own.items() if fact.choices},
        **load_layout().choices,
    }


def frame_of(table: Table, choices: Choices) -> pd.DataFrame:
    """把原值读成值的表，行标为文件行号；空为 None，读不懂为 UNREAD，缺少的列全为 None。"""
    data = {field: _read(table, column, choices) for field, column in table.sheet.columns.items()}
    return pd.DataFrame(data, index=pd.Index(table.rows, dtype=int), dtype=object)


def _read(table: Table, column: Column, choices: Choices) -> list[Any]:
    if column.field not in table.cells:
        return [None] * len(table.rows)
    reader = _reader(column, table.units.get(column.field, "元"), choices)
    return [reader(cell) for cell in table.cells[column.field]]


def _reader(column: Column, unit: str, choices: Choices) -> Callable[[Raw], Any]:
    known = options(choices).get(column.reads)
    if known is not None:
        return partial(_choose, words=_words(column.reads, known))
    if column.reads == "money":
        return partial(cells.amount, unit=unit)
    if column.reads == "yes_or_no":
        words = load_layout().synonyms["yes_or_no"]
        return partial(cells.yes_or_no, yes=words["yes"], no=words["no"])
    readers: dict[str, Callable[[Raw], Any]] = {
        "day": cells.day,
        "count": cells.count,
        "phone": cells.phone,
        "email": cells.email,
        "text": cells.text,
        "name": cells.name,
        "credit_code": cells.name,
    }
    return readers[column.reads]


def _words(reads: str, known: Mapping[str, str]) -> dict[str, str]:
    """每个可选项认得的写法：名称、名称中以顿号分开的各项、键、通行别称。"""
    synonyms = load_layout().synonyms.get(reads, {})
    words: dict[str, str] = {}
    for key, label in known.items():
        parts = label.replace("或", "、").split("、")
        words |= {cells.plain(word): key for word in (*parts, *synonyms.get(key, ()))}
    exact = {cells.plain(word): key for key, label in known.items() for word in (key, label)}
    return words | exact


def _choose(cell: Raw, words: Mapping[str, str]) -> Any:
    written = cells.text(cell)
    return None if written is None else words.get(cells.plain(written), UNREAD)


def form_schema(table: Table, choices: Choices) -> pa.DataFrameSchema:
    """形式校验：必填、读得懂、金额大于零、字数。"""
    return pa.DataFrameSchema(
        {
            field: pa.Column(checks=list(_form_checks(column, choices)), nullable=True)
            for field, column in table.sheet.columns.items()
            if field in table.cells
        }
    )


def _form_checks(column: Column, choices: Choices) -> Iterator[pa.Check]:
    if column.required:
        yield pa.Check(
            predicates.is_filled,
            title=FORM_MISSING,
            error="「{column}」没有填，请补上。",
            ignore_na=False,
        )
    if column.reads == "credit_code":
        yield _readable(column.reads, f"form.{column.reads}", predicates.is_credit_code)
    elif column.reads in options(choices):
        yield _among_choices(column.reads, choices)
    elif column.reads in _HELP:
        yield _readable(column.reads, f"form.{column.reads}", predicates.is_readable)
    if column.reads == "money" and not column.zero:
        yield _readable(column.reads, "form.money", predicates.is_positive)
    if column.longest is not None:
        yield pa.Check(
            predicates.is_no_longer_than,
            title=FORM_LENGTH,
            error=f"「{{column}}」超过{column.longest}字，请精简。",
            longest=column.longest,
        )


def _readable(reads: str, rule: str, predicate: Callable[..., Any]) -> pa.Check:
    return pa.Check(predicate, title=rule, error=f"「{{column}}」填的是“{{value}}”，{_HELP[reads]}")


def _among_choices(reads: str, choices: Choices) -> pa.Check:
    labels = "；".join(options(choices)[reads].values())
    citation = choices.citations.get(reads)
    basis = f"，依据{citation}" if citation else ""
    return pa.Check(
        predicates.is_readable,
        title=citation.rule if citation else f"form.{reads}",
        error=f"「{{column}}」填的是“{{value}}”，不在可选项之内；请从以下选一项：{labels}{basis}。",
    )


def row_check(rule: str, column: str, sentence: str, predicate: Any, **words: Any) -> pa.Check:
    """逐行的校验：规则编号、所指的列、句式、谓词与它的参数。"""
    return pa.Check(predicate, title=rule, name=column, error=sentence, ignore_na=False, **words)


def problems(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[Problem]:
    """校验一张表，逐个列出不合格之处；表级校验每行只计一次。"""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = {problem for error in errors.schema_errors for problem in _failed(error)}
        return sorted(found, key=lambda problem: (problem.row, problem.field, problem.rule))
    return []


def _failed(error: Any) -> Iterator[Problem]:
    check = error.check
    if not isinstance(check, pa.Check) or "index" not in error.failure_cases:
        raise error
    field = check.name if isinstance(error.schema, pa.DataFrameSchema) else error.schema.name
    for row in error.failure_cases["index"].unique():
        yield Problem(int(row), str(field), str(check.title), str(check.error))


def findings_of(table: Table, found: Iterable[Problem]) -> list[Finding]:
    """把不合格之处写成问题：填入列名与原值。"""
    at = {row: index for index, row in enumerate(table.rows)}
    return [_finding(table, problem, at[problem.row]) for problem in found]


def _finding(table: Table, problem: Problem, index: int) -> Finding:
    raw = {field: cells.shown(values[index]) for field, values in table.cells.items()}
    column = table.sheet.columns[problem.field].title
    value = raw.get(problem.field, "")
    sentence = problem.sentence.format_map({**raw, "column": column, "value": value})
    return Finding(cells.shown(table.name), problem.row, column, value, problem.rule, sentence)
