"""事项一级的事件内容：变更、撤销、停表、更正，以及由时间与日历得出的。"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rulebooks.vocabulary.contents import FIXED, MACHINE, Content, Remark, Text


class ChangeRequested(Content):
    """变更申请：拟变更的事实与理由。"""

    changes: Annotated[
        dict[str, Any], Field(title="拟变更的内容", min_length=1, json_schema_extra=FIXED)
    ]
    reason: Annotated[Text, Field(title="变更理由")]


class Reasoned(Content):
    """只需写明理由的动作。"""

    reason: Annotated[Text, Field(title="理由")]


class ChangeApproved(Reasoned):
    """同意变更：理由，及变更后超出“原则上”限额的另写越过的理由。"""

    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍同意变更的理由")] = ""


class ClockPaused(Content):
    """停表或恢复：时限名称与事由。"""

    clock: Annotated[Text, Field(title="时限", json_schema_extra=FIXED)]
    reason: Annotated[Text, Field(title="事由")]


class RulebookMigrated(Content):
    """转用规则手册的另一版本；`version_before` 为转用之前的一版，由系统写入。"""

    version: Annotated[Text, Field(title="转用的版本", json_schema_extra=FIXED)]
    reason: Annotated[Text, Field(title="转用的理由")]
    version_before: Annotated[str, Field(json_schema_extra=MACHINE)] = ""


class Corrected(Content):
    """更正：指明所更正的台账序号与正确内容。"""

    sequence: Annotated[int, Field(title="所更正的台账序号", ge=1, json_schema_extra=FIXED)]
    content: Annotated[
        dict[str, Any], Field(title="正确内容", min_length=1, json_schema_extra=FIXED)
    ]
    reason: Annotated[Text, Field(title="更正原因")]
    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍更正的理由")] = ""


class CorrectionSettled(Content):
    """更正后的裁定：保留其后各环节，或作废重办。"""

    keep: Annotated[
        bool,
        Field(title="是否保留其后各环节的结果（否=作废重办）", json_schema_extra=FIXED),
    ]
    reason: Annotated[Text, Field(title="理由")]
    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍更正的理由")] = ""


class Timed(Content):
    """时间到达的事件：哪个时限、报给谁。"""

    deadline: str
    to: str | None = None


class PublicityExtended(Content):
    """工作日历修订使公示期延长；只可延长。"""

    period: dict[str, str]
