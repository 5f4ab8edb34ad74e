"""办理的请求与答复：谁就哪个事项做什么；受理了记在第几条，不受理是为什么。"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

import orjson

from records.people.personal import Person, contains_personal_data
from rulebooks.procedure.position import Position
from rulebooks.vocabulary.refusals import Refusal

Door = Literal["portal", "command_line", "import", "demo"]

LARGEST_INTEGER = 2**53 - 1
LONGEST_CONTENT = 64_000
KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Command:
    """一次办理：对哪个事项、哪个环节哪一轮、做什么、内容、谁、何时发生、从哪个门、唯一键。

    Attributes:
        occurred_at: 所称的发生时刻；None 即此刻。
        key: 由提交方给出，同一次提交重发时不变，据以保证只记一次。
        evidence: 所附凭证（附件）的摘要值。
    """

    case: str
    action: str
    stage: str | None
    round: int | None
    content: dict[str, Any]
    actor: str
    occurred_at: datetime | None
    door: Door
    key: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """一次立卷：城市、事实、谁、提议人、已办部分的补录。

    Attributes:
        facts: 项目的各项事实（编号与提议人编号由台账写入）；金额单位：分。
        proposer: 提议人的姓名电话，只存个人信息表，流水里只有编号。
        past: 已在线下办过的各步，按先后；随立卷一次记入并标明补录。
    """

    city: str
    facts: Mapping[str, Any]
    actor: str
    door: Door
    key: str
    occurred_at: datetime | None = None
    proposer: Person | None = None
    past: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """一次合并计票：某市某机关之内，同在一个按票排序环节的各项目的得票。

    Attributes:
        place: 在哪个机关之内一起排，写编号或名称；是哪一级由规则手册写明。
        ballots: 投票批次的名称，如 2026年票选。
        votes: 各事项的得票，须一件不漏。
        order: 同票者已定出的先后（事项编号），如抽签所得。
        key: 由提交方给出，同一次提交重发时不变。
    """

    city: str
    place: str
    stage: str
    ballots: str
    votes: Mapping[str, int]
    actor: str
    door: Door
    key: str
    order: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """整批决定中的一项：是否批准，批给多少（分，不写即照预算），意见与理由。"""

    decided: bool
    opinion: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class BatchDecision:
    """一次整批决定：批次的名称，各事项的决定，须表决的另有表决人数。

    Attributes:
        verdicts: 各事项的决定，按编号。
        vote: 表决人数：members 应到、present 实到、agree 同意、against 反对、abstain 弃权。
        key: 由提交方给出，同一次提交重发时不变。
    """

    city: str
    stage: str
    batch: str
    verdicts: Mapping[str, Verdict]
    actor: str
    door: Door
    key: str
    vote: Mapping[str, int] = field(default_factory=dict)
    occurred_at: datetime | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """已受理：记在哪个事项的第几条，及受理后的现状；`repeated` 表示早先已记过。"""

    case: str
    sequence: int
    position: Position
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """不予受理：辨别码、一句中文、依据；被别人抢先时另有何人何时。"""

    code: str
    sentence: str
    rule: str | None = None
    article: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


def refused(refusal: Refusal) -> Refused:
    """纯函数的不予受理换成台账的答复。"""
    return Refused(refusal.code, refusal.sentence, refusal.rule, refusal.article)


def command_digest(key: bytes, command: Command | Opening | Count | BatchDecision) -> str:
    """一次提交的带密钥摘要：同一键下内容是否相同，由它认出。"""
    # A dataclass is written as an object, field by field.
    plain = orjson.dumps(command, option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, plain, sha256).hexdigest()


def wording_problem(key: str, content: Mapping[str, Any]) -> Refused | None:
    """内容能不能进流水：不含个人号码、小数、过大的数、不可存的字符，也不过长。"""
    if not key or len(key) > KEY_LENGTH:
        return Refused("bad_key", f"提交编号须为1至{KEY_LENGTH}个字符，请重新提交。")
    for value in _leaves(content):
        refusal = _leaf_problem(value)
        if refusal is not None:
            return refusal
    if len(str(content)) > LONGEST_CONTENT:
        return Refused("too_long", "填写的内容过长，请精简，详情作为附件提交。")
    return None


def _leaf_problem(value: object) -> Refused | None:
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, float):
        return Refused("fraction", f"“{value}”是小数，金额请以整数分填写，人数请填整数。")
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return Refused("too_large", f"“{value}”过大，请核对。")
    return None


def _text_problem(text: str) -> Refused | None:
    if "\x00" in text or not _is_storable(text):
        return Refused("bad_text", "填写的内容有无法保存的字符，请删去后重填。")
    if contains_personal_data(text):
        return Refused(
            "personal_data",
            "填写的内容里有手机号码或身份证号码，台账不存个人信息，请删去后再提交。",
        )
    return None


def _is_storable(text: str) -> bool:
    """能否以 UTF-8 存放；孤立的代理码不能。"""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leaves(node: object) -> Iterator[object]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield name
            yield from _leaves(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _leaves(value)
    else:
        yield node
