"""文种: which kind of document is right, and what head and addressees it takes, out of a table.

《党政机关公文处理工作条例》 decides by whom one writes to and why; the table is `genres.yaml`, each
line with its source.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

TABLE: Final = Path(__file__).parent / "genres.yaml"

Genre = Literal[
    "公示",
    "函",
    "请示",
    "报告",
    "通报",
    "纪要",
    "通知",
    "告知书",
    "推荐表",
    "备案表",
    "验收单",
    "整改通知",
]
Towards = Literal["higher", "unrelated", "lower", "public", "party", "members"]
Purpose = Literal[
    "ask",
    "report",
    "consult",
    "reply",
    "instruct",
    "grant",
    "circulate",
    "minute",
    "announce",
    "inform",
    "correct",
    "recommend",
    "file",
    "accept",
]
HeadKind = Literal["file", "letter", "minutes", "none"]

TOWARDS_WORDS: Final[Mapping[Towards, str]] = {
    "higher": "上级机关",
    "unrelated": "不相隶属的机关",
    "lower": "下级单位",
    "public": "社会公众",
    "party": "当事单位或当事人",
    "members": "与会成员单位",
}
PURPOSE_WORDS: Final[Mapping[Purpose, str]] = {
    "ask": "请求批准",
    "report": "汇报工作",
    "consult": "商洽工作",
    "reply": "答复询问",
    "instruct": "部署工作",
    "grant": "下达资金",
    "circulate": "通报情况",
    "minute": "记载会议",
    "announce": "公示",
    "inform": "告知办理结果",
    "correct": "责令整改",
    "recommend": "推荐项目",
    "file": "备案",
    "accept": "验收",
}


class NoGenreError(LookupError):
    """没有合适的文种: nobody writes to these for this purpose; the sentence says what to check."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Strict):
    """一条选择规则: for this purpose, to these, this kind."""

    purpose: Purpose
    towards: Towards
    genre: Genre
    source: str


class Recipients(_Strict):
    """主送机关数: the fewest and, where there is one, the most."""

    least: int
    most: int | None = None


class GenreRule(_Strict):
    """文种要求: head, number, addressees, signer, contact and words of one kind of document."""

    head: HeadKind
    numbered: bool
    towards: tuple[Towards, ...]
    recipients: Recipients
    source: str
    contact: bool = False
    signer: bool = False
    about: bool = False
    sealed: bool = True
    form: bool = False
    closing: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()


class GenreTable(_Strict):
    """文种规则表: as read from the file."""

    choices: tuple[Choice, ...]
    genres: Mapping[Genre, GenreRule]


@cache
def genre_table() -> GenreTable:
    """文种规则表：read once."""
    return GenreTable.model_validate(YAML(typ="safe").load(TABLE))


def genre_rule(genre: Genre) -> GenreRule:
    """一个文种的要求。"""
    return genre_table().genres[genre]


def choose_genre(purpose: Purpose, towards: Towards) -> Genre:
    """选择文种：by purpose and by whom it is written to (条例第八条).

    Raises:
        NoGenreError: the table has no kind for this; names the kinds for the purpose.
    """
    for choice in genre_table().choices:
        if (choice.purpose, choice.towards) == (purpose, towards):
            return choice.genre
    possible = "、".join(
        f"{TOWARDS_WORDS[choice.towards]}用{choice.genre}"
        for choice in genre_table().choices
        if choice.purpose == purpose
    )
    raise NoGenreError(
        f"没有为“{PURPOSE_WORDS[purpose]}”向{TOWARDS_WORDS[towards]}行文的文种，"
        f"可以：{possible}。请核对收文单位。"
    )
