"""体检发现：一处一条，写明所在、条款、缺什么、应当问起草人什么。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# missing 尚未写（按补写的次序），refused 读取时被拒，fault 读得进而有毛病，source 原文自身的缺陷。
Group = Literal["missing", "refused", "fault", "source"]
GROUPS: Mapping[Group, str] = {
    "missing": "尚未写，请按次序补上",
    "refused": "写得不对，读不进",
    "fault": "规则手册的毛病",
    "source": "原文自身的缺陷",
}

# 毛病的种类 → 名称与应当问起草人的话；{0} 为所在的名称。
QUESTIONS: Mapping[str, tuple[str, str]] = {
    "missing_page": ("缺文件", "这一部分原文写在哪里，由谁提供？"),
    "missing_key": ("缺内容", "“{0}”原文怎样规定，没有规定的由谁补？"),
    "refused": ("读不进", "“{0}”原文怎样规定？"),
    "without_unit": ("期限没有单位", "“{0}”按工作日、自然日、周还是月计？"),
    "without_count": ("期限没有数目", "“{0}”是几日、几个工作日或几个月？"),
    "without_owner": ("没有写由谁办", "“{0}”由哪个机关、哪个角色办？"),
    "without_recipient": ("没有写报给谁", "“{0}”报给哪个机关，抄送哪些机关？"),
    "without_due": ("没有写何时办", "“{0}”每期几日以前办，遇休息日顺延不顺延？"),
    "without_comparison": ("界线没有比较词", "“{0}”是低于、不超过、不少于还是超过，含不含本数？"),
    "unreachable": ("走不到的环节", "哪个环节办结以后到“{0}”？"),
    "no_way_out": ("走不出去的环节", "“{0}”办结以后去哪个环节，怎样才算结案？"),
    "no_refusal": ("没有不同意的去向", "“{0}”不同意的，退回、告知还是结案？"),
    "swapped_outcomes": ("结果的去向相反", "“{0}”通过以后和不通过以后各去哪里？"),
    "branch_never_taken": ("永远轮不到的一支", "“{0}”各档的界线各含不含本数，先后怎样排？"),
    "gap": ("各支之间留空", "“{0}”落在各档之间的归哪一档？"),
    "date_overlap": ("起止重叠或留空", "“{0}”自哪一日起到哪一日止？"),
    "without_fields": ("公示没有内容", "“{0}”须公示哪些内容？"),
    "without_channels": ("公示没有渠道", "“{0}”在哪里公示？"),
    "without_dates": ("公示没有起止说明", "“{0}”张贴之后，起止日期怎样告知？"),
    "field_left_out": ("列举不全", "“{0}”是不是原文列举的都要写？"),
    "fact_not_rested_on": ("变更后不重新公示", "“{0}”改动以后要不要重新公示？"),
    "not_supplied": ("授权的规定没有人补", "“{0}”由哪个镇街、街道规定，何时印发？"),
    "not_delegated": ("没有授权的规定", "“{0}”是哪一条授权下级规定的？"),
    "without_ground": ("没有依据", "“{0}”出自哪一条，原文怎样写？"),
    "number_without_ground": ("数与依据不符", "“{0}”的数以原文还是以规则手册为准？"),
    "number_not_encoded": ("原文的数没有写入", "“{0}”里的数写在规则手册的哪一处？"),
    "comparison_differs": ("比较词与原文不同", "“{0}”含不含本数？"),
    "severity_differs": ("轻重与原文不同", "“{0}”是必须，还是原则上可以有例外？"),
    "quote_differs": ("引文走样", "“{0}”的原文是哪一句？"),
    "bad_reference": ("编号或出处落空", "“{0}”所指的是哪一条、哪一处？"),
    "without_verdict": ("条款没有判定", "“{0}”要由系统办理、由人办理，还是不提出要求？"),
    "never_cited": ("判定已编入而无处引用", "“{0}”落在规则手册的哪一处？"),
    "without_case": ("没有检验的案例", "“{0}”在界线两边各应当是什么结果？"),
    "empty": ("空的一段", "“{0}”原文怎样规定？"),
    "unused": ("写了而没有用到", "“{0}”还要不要？"),
    "duplicate": ("重复", "“{0}”两处以哪一处为准？"),
    "untreated": ("原文疑义未记", "“{0}”暂时怎样办？"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """一条发现；`rule` 为规则编号或条款，`reading` 为原文缺陷暂时怎样办。"""

    group: Group
    kind: str
    place: str
    rule: str
    says: str
    question: str
    reading: str = ""

    @property
    def label(self) -> str:
        """种类的中文名称。"""
        from rulebooks.vocabulary.defects import KINDS  # noqa: PLC0415 - 避免循环引用

        known = QUESTIONS.get(self.kind)
        return known[0] if known else KINDS.get(self.kind, self.kind)


def fault(kind: str, place: str, rule: str, name: str, says: str) -> Finding:
    """一处毛病；要问的话由种类与名称得来。"""
    return Finding("fault", kind, place, rule, says, QUESTIONS[kind][1].format(name))
