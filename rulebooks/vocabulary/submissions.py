"""报送件：一个机关就一项义务的一期所办的一件，如某镇某月的月报；有自己的环节、流水与待办。

起止、期限、报给谁取自 duties.yaml，怎样核对、签发、送出取自 submissions.yaml。
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from rulebooks.vocabulary.contents import FIXED, MACHINE, Content, Text
from rulebooks.vocabulary.model import Rulebook, Target

MOST_REMEMBERED = 256
# 送审稿、代拟稿在规则手册里的名称都以此结尾：没有签发，不编文号。
DRAFT = "_draft"


class SubmissionOpened(Content):
    """报送件立卷：哪个机关、哪项义务、哪一期，最迟何日，数据截至何时（北京时间）。"""

    number: Annotated[Text, Field(title="事项编号", json_schema_extra=FIXED)]
    title: Annotated[Text, Field(title="名称")]
    duty: Annotated[Text, Field(title="义务", json_schema_extra=FIXED)]
    period: Annotated[Text, Field(title="期次", json_schema_extra=FIXED)]
    first: Annotated[date, Field(title="期首", json_schema_extra=FIXED)]
    last: Annotated[date, Field(title="期末", json_schema_extra=FIXED)]
    cut_off: Annotated[datetime, Field(title="数据截止时点", json_schema_extra=FIXED)]
    due: Annotated[date, Field(title="最迟报送之日", json_schema_extra=FIXED)]
    organisation: Annotated[Text, Field(title="报送机关", json_schema_extra=FIXED)]
    town: Annotated[str, Field(title="镇街", json_schema_extra=FIXED)] = ""
    community: Annotated[str, Field(title="社区", json_schema_extra=FIXED)] = ""
    rulebook_version: Annotated[
        str, Field(title="立卷时规则手册的版本", json_schema_extra=MACHINE)
    ] = ""


def is_draft(document: str) -> bool:
    """这种公文是不是没有签发的稿子，如月报的送审稿、代财政部门拟的拨付通知。"""
    return document.endswith(DRAFT)


@lru_cache(maxsize=MOST_REMEMBERED)
def serving(rulebook: Rulebook, duty: str) -> Rulebook:
    """某项义务的报送件的手册：环节与起点换成报送件的，其余不变。

    Raises:
        KeyError: 该市没有写这项义务的报送件怎样办。
    """
    submission = rulebook.submissions[duty]
    changed = {
        "submission": duty,
        "start": Target(to=submission.start),
        "stages": submission.stages,
    }
    return rulebook.model_copy(update={**changed, "clocks": {}, "procedures": {}})
