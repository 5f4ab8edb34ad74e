"""事件内容：每种事件一个拒绝未知字段的数据模型。

人数为整数，金额为整数分，日期为北京时间的日期。内容中不写个人信息，只写人员编号或经办说明。
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from unicodedata import normalize

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

# 由系统写入的内容，不请人填；不能用更正改动的内容，另有办法改（如撤下重贴、申请变更）。
MACHINE: dict[str, JsonValue] = {"machine": True}
FIXED: dict[str, JsonValue] = {"fixed": True}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Money = Annotated[int, Field(ge=0, strict=True, json_schema_extra={"unit": "fen"})]
People = Annotated[int, Field(ge=0, strict=True)]
Score = Annotated[int, Field(ge=0, le=100, strict=True)]


def _percent(value: Any) -> str:
    """百分数的写法：去掉百分号与多余的零。"""
    try:
        number = Decimal(normalize("NFKC", str(value)).strip().removesuffix("%"))
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number < HUNDRED:
        raise ValueError(f"年利率填的是“{value}”，请写作百分数，如 3.45。")
    return f"{number.normalize():f}"


HUNDRED = 100
Percent = Annotated[str, BeforeValidator(_percent)]


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
    town: Annotated[Text, Field(title="镇街", json_schema_extra=FIXED)]
    other_funds: Annotated[Money, Field(title="资金预算中的社会资金")] = 0
    details: Annotated[
        dict[str, bool | int | float | str], Field(title="本市另设的事实", json_schema_extra=FIXED)
    ] = {}
    rulebook_version: Annotated[
        str, Field(title="立卷时规则手册的版本", json_schema_extra=MACHINE)
    ] = ""

    @model_validator(mode="after")
    def _within_budget(self) -> Opened:
        if self.other_funds > self.budget:
            raise ValueError("社会资金多于资金预算，请核对两项金额。")
        return self


class Submitted(Content):
    """提交：社区汇总提交，或补正后送回；汇总才知道的事实一并写明。"""

    summary: Annotated[Text, Field(title="提交说明")]
    records: Annotated[
        dict[str, bool | int | float | str], Field(title="汇总所得的事实", json_schema_extra=FIXED)
    ] = {}


def people_agree(members: int, present: int, votes: int) -> None:
    """实到不多于应到，票数不多于实到，否则抛出 ValueError。"""
    if present > members:
        raise ValueError(f"实到{present}人多于应到{members}人。")
    if votes > present:
        raise ValueError(f"同意、反对、弃权合计{votes}票，多于实到{present}人。")


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
        people_agree(self.members, self.present, self.agree + self.against + self.abstain)
        return self


class Decided(Content):
    """审核意见：同意、退回或不同意，须写明理由；有核对要点的，同意时逐项写明。"""

    opinion: Annotated[Text, Field(title="意见与理由")]
    demands: Annotated[dict[str, bool], Field(title="前置要求")] = {}
    checks: Annotated[dict[str, bool], Field(title="核对要点（是=存在该情形）")] = {}
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
    """公示期内的意见：编号与要点，不写个人信息；按人数计的，另写提出人的代号。"""

    objection: Annotated[Text, Field(title="意见编号", json_schema_extra=FIXED)]
    substance: Annotated[Text, Field(title="意见要点（不写个人信息）")]
    by: Annotated[Remark, Field(title="提出人代号（不写姓名）", json_schema_extra=FIXED)] = ""


class ObjectionWithdrawn(Content):
    """提出人撤回意见；撤回的不再计入人数，也无须答复。"""

    objection: Annotated[Text, Field(title="意见编号", json_schema_extra=FIXED)]
    reason: Annotated[Text, Field(title="撤回说明")]


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
    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍由其承接的理由")] = ""


class Picked(Content):
    """由经办机关选定的去向及理由。"""

    choice: Annotated[Text, Field(title="选定")]
    reason: Annotated[Text, Field(title="选定理由")]


class Ranked(Content):
    """按票数排序的结果：哪次投票、得票、名次、所在层次、是否入选。"""

    ballots: Annotated[Text, Field(title="投票批次")]
    votes: Annotated[People, Field(title="得票数")]
    place: Annotated[int | None, Field(title="名次", ge=1, strict=True)] = None
    layer: Annotated[Remark, Field(title="所在层次")] = ""
    chosen: Annotated[bool | None, Field(title="是否入选")] = None
    reason: Annotated[Remark, Field(title="依据与说明")] = ""


class BatchDecided(Content):
    """所在批次对本事项的决定；`amount` 为批给本事项的金额，单位：分。

    整批表决的，另有应到、实到、同意、反对、弃权人数。
    """

    batch: Annotated[Text, Field(title="批次")]
    decided: Annotated[bool, Field(title="是否批准")]
    amount: Annotated[Money | None, Field(title="批准金额")] = None
    members: Annotated[People | None, Field(title="应到人数", gt=0)] = None
    present: Annotated[People | None, Field(title="实到人数")] = None
    agree: Annotated[People | None, Field(title="同意人数")] = None
    against: Annotated[People, Field(title="反对人数")] = 0
    abstain: Annotated[People, Field(title="弃权人数")] = 0
    opinion: Annotated[Text, Field(title="意见与理由")]

    @model_validator(mode="after")
    def _counts_agree(self) -> BatchDecided:
        if self.members is None or self.present is None or self.agree is None:
            return self
        people_agree(self.members, self.present, self.agree + self.against + self.abstain)
        return self


class Signed(Content):
    """合同或协议：金额、签订日期、必备条款与付款的约定。"""

    amount: Annotated[Money, Field(title="合同金额", gt=0)]
    clauses: Annotated[dict[str, str], Field(title="必备条款")] = {}
    contract: Annotated[Text, Field(title="合同编号或名称")]
    finish_by: Annotated[date | None, Field(title="合同约定完成日期")] = None
    small_enterprise: Annotated[bool | None, Field(title="实施主体是否中小企业")] = None
    pay_within: Annotated[int | None, Field(title="约定的付款期限（日）", ge=1, strict=True)] = None
    late_rate: Annotated[Percent | None, Field(title="约定的逾期年利率（%）")] = None
    market_rate: Annotated[Percent | None, Field(title="订立时1年期贷款市场报价利率（%）")] = None
    override_reason: Annotated[Remark, Field(title="超出“原则上”限额仍签约的理由")] = ""


class Performed(Content):
    """开工、开展或完工的凭证。"""

    evidence: Annotated[Text, Field(title="凭证（开工令、照片、验收记录等）")]


class Accepted(Content):
    """验收结论与到场签字各方。"""

    signatures: Annotated[tuple[str, ...], Field(title="到场签字各方")]
    opinion: Annotated[Text, Field(title="验收意见")]


class MendingOrdered(Accepted):
    """验收不合格：发现的问题写在意见里，另可定整改的最后一日。"""

    mend_by: Annotated[date | None, Field(title="整改期限")] = None


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
    """评价：样本、满意人数、各项得分、测评机构；有成效要求的另写实施成效。"""

    surveyor: Annotated[Remark, Field(title="第三方测评机构")] = ""
    samples: Annotated[People, Field(title="有效样本数")] = 0
    satisfied: Annotated[People, Field(title="满意人数")] = 0
    groups: Annotated[tuple[str, ...], Field(title="测评对象")] = ()
    scores: Annotated[dict[str, Score], Field(title="各项得分")] = {}
    qualified: Annotated[bool, Field(title="是否合格")] = True
    effect: Annotated[Remark, Field(title="实施成效评估")] = ""

    @model_validator(mode="after")
    def _within_samples(self) -> Measured:
        if self.satisfied > self.samples:
            raise ValueError(f"满意{self.satisfied}人多于有效样本{self.samples}人。")
        return self


class Paid(Content):
    """一笔拨付：金额、用途、凭证；`final` 表示本环节应付的已付清。早已付清而重办的，金额写零。"""

    amount: Annotated[Money, Field(title="本次拨付金额")]
    purpose: Annotated[Remark, Field(title="支付用途")] = ""
    voucher: Annotated[Text, Field(title="付款凭证号")]
    final: Annotated[bool, Field(title="本环节应付的是否付清")] = True


class Claimed(Content):
    """申请的编制：各行、没有列入的及其所缺，都由系统写入；编制人可以另加说明。"""

    note: Annotated[Remark, Field(title="编制说明")] = ""
    year: Annotated[int, Field(json_schema_extra=MACHINE)] = 0
    lines: Annotated[tuple[dict[str, JsonValue], ...], Field(json_schema_extra=MACHINE)] = ()
    lacking: Annotated[tuple[dict[str, JsonValue], ...], Field(json_schema_extra=MACHINE)] = ()
    by_hand: Annotated[tuple[str, ...], Field(json_schema_extra=MACHINE)] = ()
    city: Annotated[int, Field(json_schema_extra=MACHINE)] = 0
    town: Annotated[int, Field(json_schema_extra=MACHINE)] = 0


class Recognized(Content):
    """认定：决议编号、表决人数、不予认定的及理由；额度不足时另写各项的金额。合计由系统写入。"""

    resolution: Annotated[Text, Field(title="决议编号")]
    members: Annotated[People, Field(title="应到人数", gt=0)]
    present: Annotated[People, Field(title="实到人数")]
    agree: Annotated[People, Field(title="同意人数")]
    against: Annotated[People, Field(title="反对人数")] = 0
    abstain: Annotated[People, Field(title="弃权人数")] = 0
    refused: Annotated[dict[str, Text], Field(title="不予认定的项目及理由")] = {}
    amounts: Annotated[dict[str, Money], Field(title="额度不足时各项目的认定金额")] = {}
    opinion: Annotated[Remark, Field(title="意见")] = ""
    year: Annotated[int, Field(json_schema_extra=MACHINE)] = 0
    lines: Annotated[tuple[dict[str, JsonValue], ...], Field(json_schema_extra=MACHINE)] = ()
    total: Annotated[int, Field(json_schema_extra=MACHINE)] = 0
    appropriates: Annotated[int, Field(json_schema_extra=MACHINE)] = 0

    @model_validator(mode="after")
    def _counts_agree(self) -> Recognized:
        people_agree(self.members, self.present, self.agree + self.against + self.abstain)
        return self


class Archived(Content):
    """归档目录：逐项写明档号或存放处。"""

    contains: Annotated[dict[str, str], Field(title="归档材料")]
