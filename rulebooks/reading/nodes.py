"""YAML 的结点：用 C 语言写的解析器读入，取出普通的字典、列表与标量，行号留在结点上备查。

数目按 YAML 1.2 读；小数留原样的文字，免得失真；同一段里同一个键只能写一次。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

__all__ = ["MappingNode", "Node", "UnreadableError", "children", "line_of", "read"]

# The texts of all cities' pages, several times over.
KEPT = 512
TAG = "tag:yaml.org,2002:"


class UnreadableError(Exception):
    """不是合格的 YAML；`line` 为出错的行，不知道时为 None。"""

    def __init__(self, line: int | None) -> None:
        super().__init__(f"第{line}行不是合格的 YAML。")
        self.line = line


@lru_cache(maxsize=KEPT)
def read(text: str) -> tuple[Node | None, Any]:
    """一份 YAML 的结点与内容；同样的文字只解析一次，内容请勿改动。

    Raises:
        UnreadableError: 缩进、冒号有误，或同一个键写了两次。
    """
    try:
        node = YAML(typ="safe").compose(text)
        return node, None if node is None else plain(node)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise UnreadableError(mark.line + 1 if mark else None) from error


def plain(node: Node) -> Any:
    """一个结点的内容。"""
    if isinstance(node, MappingNode):
        return _mapping(node)
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    return _scalar(node)


def _mapping(node: MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(plain(key))
        if name in found:
            raise UnreadableError(line_of(key))
        found[name] = plain(value)
    return found


def _scalar(node: Node) -> Any:
    text, kind = str(node.value), str(node.tag).removeprefix(TAG)
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return _whole(text)
        case "timestamp":
            return _day(text)
        case _:
            return text


def _whole(text: str) -> int | str:
    """整数；YAML 1.2 里 012 就是十二。认不出的照写。"""
    try:
        return int(text.replace("_", ""))
    except ValueError:
        return text


def _day(text: str) -> date | str:
    """日期；带时刻的照写，由用到它的地方去认。"""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def line_of(node: Node) -> int:
    """结点所在的行，从 1 起。"""
    return int(node.start_mark.line) + 1


def children(node: Node | None) -> Iterator[tuple[int | str, int, Node]]:
    """下一层的各项：键或次序、所在的行、结点。"""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield str(plain(key)), line_of(key), value
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield index, line_of(item), item
