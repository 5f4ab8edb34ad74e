"""打包：按件计数，按包付款；各件的金额合起来恰是整包的金额，一分不多、一分不少。单位：分。"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rulebooks.policy.lookups import yuan


class PackageError(ValueError):
    """包内各件的金额定不下来；消息为一两句中文。"""


def apportioned(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """按权重分摊一笔金额：先各自取整到分，余下的分按小数部分由大到小补一分。

    小数部分相同的，先补名称在前的，所以与列出的先后无关。

    Raises:
        PackageError: 没有一件，或权重全为零、有负数，或金额为负。
    """
    whole = sum(weights.values())
    if total < 0 or whole <= 0 or min(weights.values()) < 0:
        raise PackageError("没有可以分摊的各件金额，请先写明各件的金额再分摊。")
    exact = {name: Fraction(total * weight, whole) for name, weight in weights.items()}
    found = {name: int(value) for name, value in exact.items()}
    left = total - sum(found.values())
    by_remainder = sorted(exact, key=lambda name: (found[name] - exact[name], name))
    for name in by_remainder[:left]:
        found[name] += 1
    return found


def stated(total: int, amounts: Mapping[str, int], members: Mapping[str, int]) -> dict[str, int]:
    """写明的各件金额：每件都有、不多写，合计恰为整包金额，否则不收。

    Raises:
        PackageError: 缺了哪件、多了哪件，或合计不等于整包金额。
    """
    missing = [name for name in members if name not in amounts]
    unknown = [name for name in amounts if name not in members]
    if missing or unknown:
        kind, names = ("缺少", missing) if missing else ("多出", unknown)
        raise PackageError(f"各件金额{kind}“{'、'.join(names)}”，请对照包内各件改正。")
    found = sum(amounts.values())
    if found != total:
        raise PackageError(f"各件合计{yuan(found)}，与整包{yuan(total)}不符，请核对各件金额。")
    return {name: amounts[name] for name in members}
