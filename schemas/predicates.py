"""校验谓词：读作句子的小函数，每个接收一列或一表，逐行回答真假。

空格（None）在列谓词中不参与判断；读不懂的格（UNREAD）只由 `is_readable` 报告一次，别处一律放过。
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeAlias

import pandas as pd
from stdnum.cn import uscc

from schemas.cells import UNREAD

Cells: TypeAlias = "pd.Series[Any]"


def _answers(frame: pd.DataFrame, answer: Callable[..., bool], *fields: str) -> Cells:
    columns = [frame[field] for field in fields]
    answers = [answer(*row) for row in zip(*columns, strict=True)]
    return pd.Series(answers, index=frame.index, dtype=bool)


def is_filled(cells: Cells) -> Cells:
    """必填项填了。"""
    return cells.notna()


def is_readable(cells: Cells) -> Cells:
    """按该列的读法读得懂。"""
    return cells.map(lambda cell: cell is not UNREAD).astype(bool)


def is_positive(cells: Cells) -> Cells:
    """金额大于零。"""
    return cells.map(lambda cell: cell is UNREAD or cell > 0).astype(bool)


def is_at_most(cells: Cells, *, limit: int) -> Cells:
    """金额不超过上限（含本数）。"""
    return cells.map(lambda cell: cell is UNREAD or cell <= limit).astype(bool)


def is_no_longer_than(cells: Cells, *, longest: int) -> Cells:
    """文字不超过字数。"""
    return cells.map(lambda cell: cell is UNREAD or len(cell) <= longest).astype(bool)


def is_credit_code(cells: Cells) -> Cells:
    """统一社会信用代码十八位，校验码相符（GB 32100）。"""
    return cells.map(uscc.is_valid).astype(bool)


def is_among(cells: Cells, *, names: Collection[str]) -> Cells:
    """名称在已知的机构或主体之中。"""
    return cells.isin(list(names))


def is_not_repeated(frame: pd.DataFrame, *, fields: list[str]) -> Cells:
    """与前面各行不完全相同；有一项为空的不比较。"""
    rows = frame[fields].astype(str)
    return ~(rows.duplicated() & frame[fields].notna().all(axis=1))


def is_not_elsewhere(
    frame: pd.DataFrame, *, fields: list[str], taken: Collection[tuple[str, ...]]
) -> Cells:
    """没有同时出现在另一张表。"""
    return _answers(frame, lambda *row: row not in taken, *fields)


def is_no_more_than(frame: pd.DataFrame, *, field: str, other: str) -> Cells:
    """某数不大于另一数，或某日不晚于另一日；任一为空或读不懂的不比较。"""
    return _answers(frame, _ordered, field, other)


def is_in_order(frame: pd.DataFrame, *, field: str, earlier: list[str]) -> Cells:
    """某日不早于它之前最近一个已填的日期。"""

    def follows(this: Any, *before: Any) -> bool:
        last = next((day for day in reversed(before) if isinstance(day, date)), None)
        return _ordered(last, this)

    return _answers(frame, follows, field, *earlier)


def _ordered(low: Any, high: Any) -> bool:
    comparable = type(low) is type(high) and isinstance(low, (int, date))
    return not comparable or bool(low <= high)


def is_filled_when_needed(
    frame: pd.DataFrame,
    *,
    field: str,
    stage: str,
    needing: Collection[str],
    ahead: Collection[str],
    together: list[str],
) -> Cells:
    """当前环节之前必已发生的事项填了；一件可能已发生的事填了别的列，这一列也填了。"""

    def filled(at: Any, cell: Any, *others: Any) -> bool:
        begun = at not in ahead and any(other is not None for other in others)
        wanted = at in needing or begun
        return cell is not None or not wanted

    return _answers(frame, filled, stage, field, *together)


def is_blank_when_ahead(
    frame: pd.DataFrame, *, field: str, stage: str, ahead: Collection[str]
) -> Cells:
    """当前环节尚不可能发生的事项没有填。"""
    return _answers(frame, lambda at, cell: at not in ahead or cell is None, stage, field)


def is_above(
    frame: pd.DataFrame, *, field: str, level: str, levels: Mapping[str, object], order: list[str]
) -> Cells:
    """上级机构的层级高于本机构；上级不在册的由别处报告。"""

    def above(parent: Any, own: Any) -> bool:
        ranks: dict[object, int] = {level: rank for rank, level in enumerate(order)}
        its, mine = ranks.get(levels.get(parent)), ranks.get(own)
        return its is None or mine is None or its > mine

    return _answers(frame, above, field, level)


def is_filled_unless(frame: pd.DataFrame, *, field: str, other: str, value: str) -> Cells:
    """填了，或另一项恰为某值（如最高一级机构没有上级），或另一项读不懂。"""
    return _answers(
        frame, lambda cell, kind: cell is not None or kind in (value, UNREAD, None), field, other
    )
