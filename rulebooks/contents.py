"""事件内容：每种事件一个拒绝未知字段的数据模型。

人数为整数，金额为整数分，日期为北京时间的日期。内容中不写个人信息，只写人员编号或经办说明。
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

# 由系统写入的内容，不请人填；不能用更正改动的内容，另有办法改（如撤下重贴、申请变更）。
MACHINE: dict[str, JsonValue] = {"machine": True}
FIXED: dict[str, JsonValue] = {"fixed": True}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Money = Annotated[int, Field(ge=0, strict=True, json_schema_extra={"unit": "fen"})]
People = Annotated[int, Field(ge=0, strict=True)]


class Content(BaseModel):
    """事件内容的底：未知字段一律拒绝。"""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Opened(Content):
    """事项立卷：项目的各项事实。金额单位：分。"""

    number: Annotated[Text, Field(title="事项编号", json_schema_extra=FIXED)]
    title: Annotated[Text, Field(title="项目名称")]
    kind: Annotated[Text, Field(title="项目类型")]
    category: Annotated[Text, Field(title="项目类别")]
    content: Annotated[Text, Field(title="项目内容")]
    place: Annotated[Text, Field(title="实施地点")]
    schedule: Annotated[Text, Field(title="实施时间")]
    budget: Annotated[Money, Field(title="资金预算", gt=0)]
    source: Annotated[Text, Field(title="建议来源")] = "residents"
    urgent: Annotated[bool, Field(title="是否急办")] = False
    permit: Annotated[bool, Field(title="是否涉及行政许可审批")] = False
    proposer: Annotated[str | None, Field(title="提议人编号")] = None
    community: Annotated[Text, Field(title="社区", json_schema_extra=FIXED)]
    town: Annotated[Text, Field(title="镇(区)", json_schema_extra=FIXED)]
    other_funds: Annotated[Money, Field(title="资金预算中的社会资金")] = 0

    @model_validator(mode="after")
    def _within_budget(self) -> Opened:
        if self.other_funds > self.budget:
            raise ValueError("社会资金多于资金预算，请核对两项金额。")
        return self


class Submitted(Content):
    """提交：社区汇总提交，或补正后送回。"""

    summary: Annotated[Text, Field(title="提交说明")]


class Voted(Content):
    """表决结果：应到、实到、同意、反对、弃权人数，及听取意见与逐项核对。"""

    members: Annotated[People, Field(title="应到人数", gt=0)]
    present: Annotated[People, Field(title="实到人数")]
    agree: Annotated[People, Field(title="同意人数")]
    against: Annotated[People, Field(title="反对人数")] = 0
    abstain: Annotated[People, Field(title="弃权人数")] = 0
    demands: Annotated[dict[str, bool], Field(title="前置要求")] = {}
    checks: Annotated[dict[str, bool], Field(title="核对要点（是=存在该情形）")] = {}
    override_reason: Annotated[Remark, Field(title="存在“原则上”不列入情形仍通过的理由")] = ""
    opinion: Annotated[Text, Field(title="意见")]

    @model_validator(mode="after")
    def _counts_agree(self) -> Voted:
        if self.present > self.members:
            raise ValueError(f"实到{self.present}人多于应到{self.members}人。")
        votes = self.agree + self.against + self.abstain
        if votes > self.present:
            raise ValueError(f"同意、反对、弃权合计{votes}票，多于实到{self.present}人。")
        return self


class Decided(Content):
    """审核意见：同意、退回或不同意，须写明理由。"""

    opinion: Annotated[Text, Field(title="意见与理由")]
    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍通过的理由")] = ""


class Replied(Content):
    """主管部门复函。"""

    department: Annotated[Text, Field(title="主管部门")]
    opinion: Annotated[Text, Field(title="复函意见")]
    document: Annotated[Remark, Field(title="复函文号")] = ""


class Posted(Content):
    """某一渠道已张贴公示，附凭证；各渠道齐备之时起算公示期，期限由系统写入。"""

    channel: Annotated[Text, Field(title="公示渠道", json_schema_extra=FIXED)]
    evidence: Annotated[Text, Field(title="凭证（照片编号、链接或说明）")]
    counts_from: Annotated[str, Field(json_schema_extra=MACHINE)] = ""
    period: Annotated[dict[str, str], Field(json_schema_extra=MACHINE)] = {}


class TakenDown(Content):
    """公示被撤下或损毁：公示期中断，须重新张贴。"""

    channel: Annotated[Text, Field(title="公示渠道", json_schema_extra=FIXED)]
    reason: Annotated[Text, Field(title="情况说明")]


class Objected(Content):
    """公示期内的意见：编号与要点，不写个人信息。"""

    objection: Annotated[Text, Field(title="意见编号", json_schema_extra=FIXED)]
    substance: Annotated[Text, Field(title="意见要点（不写个人信息）")]


class ObjectionAnswered(Content):
    """对意见的答复；认定成立的，停止公示并退回重新审议。"""

    objection: Annotated[Text, Field(title="意见编号", json_schema_extra=FIXED)]
    upheld: Annotated[bool, Field(title="意见是否成立（成立则退回审议）", json_schema_extra=FIXED)]
    reply: Annotated[Text, Field(title="答复内容")]


class Selected(Content):
    """确定的实施主体及理由。"""

    implementer: Annotated[Text, Field(title="实施主体编号", json_schema_extra=FIXED)]
    implementer_name: Annotated[Remark, Field(title="实施主体名称", json_schema_extra=MACHINE)] = ""
    reason: Annotated[Text, Field(title="确定理由")]


class Signed(Content):
    """合同或协议：金额、签订日期与必备条款。"""

    amount: Annotated[Money, Field(title="合同金额", gt=0)]
    clauses: Annotated[dict[str, str], Field(title="必备条款")] = {}
    contract: Annotated[Text, Field(title="合同编号或名称")]
    finish_by: Annotated[date | None, Field(title="合同约定完成日期")] = None


class Performed(Content):
    """开工、开展或完工的凭证。"""

    evidence: Annotated[Text, Field(title="凭证（开工令、照片、验收记录等）")]


class Accepted(Content):
    """验收结论与到场签字各方。"""

    signatures: Annotated[tuple[str, ...], Field(title="到场签字各方")]
    opinion: Annotated[Text, Field(title="验收意见")]


class Audited(Content):
    """审计结论：送审、审定金额与审计方式。"""

    submitted: Annotated[Money, Field(title="送审金额")]
    audited: Annotated[Money, Field(title="审定金额")]
    auditor: Annotated[Literal["third_party", "town"], Field(title="审计方式")]
    auditor_name: Annotated[Text, Field(title="审计单位")]
    bundle: Annotated[Remark, Field(title="打包审计批次")] = ""
    opinion: Annotated[Text, Field(title="审计结论")]

    @model_validator(mode="after")
    def _cut_not_negative(self) -> Audited:
        if self.audited > self.submitted:
            raise ValueError("审定金额大于送审金额，请核对两项金额。")
        return self


class Measured(Content):
    """满意度测评：样本、满意人数、测评机构；服务类另写实施成效。"""

    surveyor: Annotated[Text, Field(title="第三方测评机构")]
    samples: Annotated[People, Field(title="有效样本数", gt=0)]
    satisfied: Annotated[People, Field(title="满意人数")]
    groups: Annotated[tuple[str, ...], Field(title="测评对象")]
    effect: Annotated[Remark, Field(title="实施成效评估")] = ""

    @model_validator(mode="after")
    def _within_samples(self) -> Measured:
        if self.satisfied > self.samples:
            raise ValueError(f"满意{self.satisfied}人多于有效样本{self.samples}人。")
        return self


class Paid(Content):
    """一笔拨付：金额、凭证；`final` 表示已付清。早已付清而重办的，金额写零。"""

    amount: Annotated[Money, Field(title="本次拨付金额")]
    voucher: Annotated[Text, Field(title="付款凭证号")]
    final: Annotated[bool, Field(title="是否付清")] = True


class Archived(Content):
    """归档目录：逐项写明档号或存放处。"""

    contains: Annotated[dict[str, str], Field(title="归档材料")]


class ChangeRequested(Content):
    """变更申请：拟变更的事实与理由。"""

    changes: Annotated[
        dict[str, Any], Field(title="拟变更的内容", min_length=1, json_schema_extra=FIXED)
    ]
    reason: Annotated[Text, Field(title="变更理由")]


class Reasoned(Content):
    """只需写明理由的动作。"""

    reason: Annotated[Text, Field(title="理由")]


class ClockPaused(Content):
    """停表或恢复：时限名称与事由。"""

    clock: Annotated[Text, Field(title="时限", json_schema_extra=FIXED)]
    reason: Annotated[Text, Field(title="事由")]


class Corrected(Content):
    """更正：指明所更正的台账序号与正确内容。"""

    sequence: Annotated[int, Field(title="所更正的台账序号", ge=1, json_schema_extra=FIXED)]
    content: Annotated[
        dict[str, Any], Field(title="正确内容", min_length=1, json_schema_extra=FIXED)
    ]
    reason: Annotated[Text, Field(title="更正原因")]


class CorrectionSettled(Content):
    """更正后的裁定：保留其后各环节，或作废重办。"""

    keep: Annotated[
        bool,
        Field(title="是否保留其后各环节的结果（否=作废重办）", json_schema_extra=FIXED),
    ]
    reason: Annotated[Text, Field(title="理由")]


class Timed(Content):
    """时间到达的事件：哪个时限、报给谁。"""

    deadline: str
    to: str | None = None


class PublicityExtended(Content):
    """工作日历修订使公示期延长；只可延长。"""

    period: dict[str, str]
