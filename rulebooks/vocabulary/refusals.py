"""不予受理：一个值，不是异常。带规则编号、条款与一两句中文说明。"""

from __future__ import annotations

from dataclasses import dataclass

from rulebooks.vocabulary.model import Rulebook, Words

# 办法没有规定、按我方解释办理的，如实写明。
OWN_READING = "办法未规定，按我方解释"


@dataclass(frozen=True, slots=True)
class Refusal:
    """不予受理的原因：`code` 供程序辨别，`sentence` 给人看，`rule`、`article` 为依据。"""

    code: str
    sentence: str
    rule: str | None
    article: str | None


def refuse(
    rulebook: Rulebook, subject: str, code: str, sentence: str, cited: Words | None
) -> Refusal:
    """写成一份不予受理：指名事项、说明缘由与下一步，末尾注明条款。

    Args:
        rulebook: 依据的规则手册。
        subject: 事项编号或项目名称。
        code: 供程序辨别的代码。
        sentence: 缘由与下一步，以句号结尾。
        cited: 依据的那一段；没有条款的注明是我方解释。
    """
    rule = getattr(cited, "cites", None)
    article = rulebook.article(cited) if cited is not None else ""
    basis = article or OWN_READING
    return Refusal(code, f"事项{subject}：{sentence.removesuffix('。')}（{basis}）。", rule, basis)
