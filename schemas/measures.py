"""报表的各数：名称、中文叫法、单位、怎样随期次相加；只是名称，不含算法。

在办四数逐格相合：期初在办加新收，减办结与退出，即期末在办。漏斗四数（征集、确定、实施、
完成）为本年在办过的项目（上年结转的与本年新收的）办到哪一步，逐级不增；预算、合同与社会资金
为其中已经确定的项目的，与“确定”一数同一批项目。审定、拨付为本年发生的。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["projects", "fen", "stages", "people"]

CELL = ("town", "community", "kind", "category")
CELL_LABELS: Mapping[str, str] = {
    "town": "镇街",
    "community": "社区",
    "kind": "类型",
    "category": "类别",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """一个数：中文叫法、单位（件、分、环节、人）、各期之和是否等于全年之数。"""

    label: str
    unit: Unit = "projects"
    additive: bool = False


MEASURES: Mapping[str, Measure] = {
    "opening": Measure("期初在办"),
    "new": Measure("新收", additive=True),
    "done": Measure("办结", additive=True),
    "withdrawn": Measure("退出", additive=True),
    "closing": Measure("期末在办"),
    "collected": Measure("征集"),
    "determined": Measure("确定"),
    "implementing": Measure("实施"),
    "completed": Measure("完成"),
    "determined_new": Measure("本期确定", additive=True),
    "started_new": Measure("本期开始实施", additive=True),
    "completed_new": Measure("本期完成", additive=True),
    "audited_new": Measure("本期审计", additive=True),
    "archived_new": Measure("本期归档", additive=True),
    "budget_fen": Measure("确定项目的预算", "fen"),
    "contract_fen": Measure("确定项目的合同金额", "fen"),
    "audited_fen": Measure("本年审定金额", "fen"),
    "paid_fen": Measure("本年拨付金额", "fen"),
    "contract_new_fen": Measure("本期合同金额", "fen", additive=True),
    "audited_new_fen": Measure("本期审定金额", "fen", additive=True),
    "paid_new_fen": Measure("本期拨付金额", "fen", additive=True),
    "other_fen": Measure("确定项目的社会资金", "fen"),
    "finished_on_time": Measure("本期按期办完的环节", "stages", additive=True),
    "finished_late": Measure("本期逾期办完的环节", "stages", additive=True),
    "overdue": Measure("期末逾期未办的环节", "stages"),
    "samples": Measure("本期测评样本", "people", additive=True),
    "satisfied": Measure("本期测评满意", "people", additive=True),
}

FUNNEL = ("collected", "determined", "implementing", "completed")
# 本年累计 → 其中的本期。
YEAR_TO_DATE: Mapping[str, str] = {
    "collected": "new",
    "determined": "determined_new",
    "implementing": "started_new",
    "completed": "completed_new",
    "contract_fen": "contract_new_fen",
    "audited_fen": "audited_new_fen",
    "paid_fen": "paid_new_fen",
}
ADDITIVE = tuple(name for name, measure in MEASURES.items() if measure.additive)
