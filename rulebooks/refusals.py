"""不予受理：一个值，不是异常。带规则编号、条款与一句中文说明。"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """不予受理的原因：`code` 供程序辨别，`sentence` 给人看，`rule`、`article` 为依据。"""

    code: str
    sentence: str
    rule: str | None
    article: str | None
