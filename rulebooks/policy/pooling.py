"""统筹调剂：有权的一级在所辖范围之内调剂各处的限额，总额不变。单位：分。"""

from __future__ import annotations

from collections.abc import Mapping

from rulebooks.policy.lookups import declined, name_of, yuan
from rulebooks.vocabulary.model import Limit, Rulebook
from rulebooks.vocabulary.refusals import Refusal


def transferred(
    rulebook: Rulebook,
    limit: Limit,
    quotas: Mapping[str, int],
    moves: Mapping[str, int],
    decided_by: str,
) -> dict[str, int] | Refusal:
    """调剂后各处的限额；不得调剂、无权决定、增减不相抵、调成负数的不收。

    Args:
        rulebook: 规则手册。
        limit: 限额，须写明可以统筹（pooled）。
        quotas: 调剂前各处的限额。
        moves: 各处的增减，减的写负数。
        decided_by: 由哪一级决定。
    """
    if limit.pooled is None:
        sentence = f"{limit.label}不能统筹调剂，请按原限额办理。"
        return declined(rulebook, "not_pooled", sentence, limit)
    cited = limit.pooled if limit.pooled.cites is not None else limit
    sentence = _objection(rulebook, limit, quotas, moves)
    if decided_by != limit.pooled.by:
        by = name_of(rulebook, limit.pooled.by)
        sentence = (
            f"{limit.label}由{by}统筹调剂，{name_of(rulebook, decided_by)}不能决定，请报{by}。"
        )
    if sentence:
        return declined(rulebook, "bad_transfer", sentence, cited)
    return {name: quota + moves.get(name, 0) for name, quota in quotas.items()}


def _objection(
    rulebook: Rulebook, limit: Limit, quotas: Mapping[str, int], moves: Mapping[str, int]
) -> str:
    """增减有什么不对；没有不对的为空串。"""
    within = name_of(rulebook, limit.pooled.within) if limit.pooled is not None else ""
    outside = [name for name in moves if name not in quotas]
    if outside:
        return f"“{'、'.join(outside)}”不在本{within}的限额之列，不能调剂，请核对名称。"
    left = sum(moves.values())
    if left:
        more = "多" if left > 0 else "少"
        return f"调剂的增减不相抵，调入比调出{more}{yuan(abs(left))}，请核对各处的增减。"
    for name, quota in quotas.items():
        if quota + moves.get(name, 0) < 0:
            return f"“{name}”的限额只有{yuan(quota)}，不够调出{yuan(-moves[name])}，请调减。"
    return ""
