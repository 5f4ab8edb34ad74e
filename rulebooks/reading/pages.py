"""规则手册的文件：读入 YAML 并记住行号，出错时指明文件、行、键与可用值。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rulebooks.reading.nodes import MappingNode, Node, UnreadableError, children, line_of, read

Place = tuple[int | str, ...]
M = TypeVar("M", bound=BaseModel)

# 城市目录之下另有的目录：镇街补充规定、历次版本。
SUBFOLDERS = ("towns", "versions")

# 校验问题的种类 → 中文说明；其余种类有各自的写法（见 _complaint）。
WANTED: Mapping[str, str] = {
    "string_type": "须为文字",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "date_type": "须为日期，如 2026-01-01",
    "date_parsing": "须为日期，如 2026-01-01",
    "date_from_datetime_parsing": "须为日期，如 2026-01-01",
    "dict_type": "须为逐键书写的一段",
    "model_type": "须为逐键书写的一段",
    "model_attributes_type": "须为逐键书写的一段",
    "tuple_type": "须为列表，如 [甲, 乙]",
    "too_short": "至少要有一项",
    "greater_than_equal": "不得小于{ge}",
}


class BrokenRulebookError(Exception):
    """规则手册不可用；消息为中文，逐条指明文件、行、键与可用值。"""


@dataclass(frozen=True, slots=True)
class Page:
    """一个 YAML 文件及其带行号的结点；`root` 为它在合并后的手册中的位置。"""

    path: Path
    content: Mapping[str, Any]
    node: Node
    root: Place = ()

    @property
    def name(self) -> str:
        """文件在城市目录之下的位置，供消息引用。"""
        return shown(self.path)

    def plain(self) -> dict[str, Any]:
        """内容，另成一份，可以改动。"""
        return dict(_copied(self.content))

    def part(self, inside: Place, root: Place) -> Page:
        """文件里的一段，换一个在手册中的位置。"""
        content, node = self.content, self.node
        for step in inside:
            content = content[step]  # type: ignore[index]
            node = next(item for key, _, item in children(node) if key == step)
        return Page(self.path, content, node, root)


def shown(path: Path) -> str:
    """文件的写法：城市目录起，如 某市/towns/example.yaml。"""
    folder = path.parent
    above = folder.parent.name + "/" if folder.name in SUBFOLDERS else ""
    return f"{above}{folder.name}/{path.name}"


def read_page(path: Path, root: Place = ()) -> Page:
    """读入一个文件。

    Raises:
        BrokenRulebookError: 不是合格的 YAML、键重复或为空。
    """
    try:
        node, content = read(path.read_text(encoding="utf-8"))
    except (UnreadableError, UnicodeDecodeError) as error:
        line = getattr(error, "line", None)
        place = f"{shown(path)} 第{line}行" if line else shown(path)
        raise BrokenRulebookError(
            f"规则手册 {place}不是合格的 YAML，请检查缩进、冒号，以及有没有重复的键。"
        ) from error
    if not isinstance(node, MappingNode):
        raise BrokenRulebookError(f"规则手册 {shown(path)} 没有内容或不是逐键书写，请补写。")
    return Page(path, content, node, root)


def _copied(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(value) for value in node] if isinstance(node, list) else node


def checked(model: type[M], content: Mapping[str, Any], pages: list[Page]) -> M:
    """校验过的一段。

    Raises:
        BrokenRulebookError: 键或值不可用，逐条指明文件、行、键。
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BrokenRulebookError(complaints(error, pages, model)) from error


def complaints(
    error: ValidationError, pages: list[Page], model: type[BaseModel], root: Place = ()
) -> str:
    """校验的全部问题，一行一条；`root` 为所校验的一段在手册中的位置。"""
    found = dict.fromkeys(
        f"规则手册 {where((*root, *detail['loc']), pages)}：{_complaint(detail, model)}"
        for detail in error.errors()
    )
    return "\n".join(found)


def _complaint(detail: ErrorDetails, model: type[BaseModel]) -> str:
    context = detail.get("ctx", {})
    given = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            known = "、".join(known_keys(model, detail["loc"][:-1]))
            return f"没有“{detail['loc'][-1]}”这个键，可用的有：{known}。"
        case "missing":
            return f"缺少“{detail['loc'][-1]}”这个键，请补上。"
        case "literal_error":
            expected = str(context.get("expected")).replace(" or ", ", ").replace("'", "")
            return f"值“{given}”不可用，可用的有：{expected.replace(', ', '、')}。"
        case "value_error":
            return str(context.get("error"))
        case kind:
            wanted = WANTED.get(kind, "请对照 docs/rulebook.md 改正")
            return f"值“{given}”不合要求，{wanted.format(**context)}。"


def known_keys(model: type[BaseModel], place: Place) -> list[str]:
    """某一处可以写的键。"""
    found: list[type[BaseModel]] = [model]
    for step in place:
        found = _inside(found, step) or found
    names = found[0].model_fields
    return [info.alias or name for name, info in names.items()]


def _inside(kinds: list[type[BaseModel]], step: int | str) -> list[type[BaseModel]]:
    """类型里的下一层：几种写法之一，模型的字段、字典的值、列表的项。"""
    for option in kinds:
        aliases = {info.alias or name: info for name, info in option.model_fields.items()}
        if option.__name__ == step:
            return [option]
        if step in aliases:
            return list(_models(aliases[str(step)].annotation))
    return []


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """类型中用到的模型。"""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)


def where(place: Place, pages: list[Page]) -> str:
    """错误所在的文件、行与键；几个文件都写到这一处的取排在前面的，找不到时给出最近的上级。"""
    whole = next((page for page in pages if page.path.parent.name not in SUBFOLDERS), pages[0])
    best: tuple[int, str] = (-1, f"{whole.name} {'/'.join(map(str, place))}")
    for page in pages:
        if place[: len(page.root)] != page.root:
            continue
        path, line = _walk(page.node, place[len(page.root) :])
        if not path and len(page.root) > 1:
            line = line_of(page.node)
        depth = len(page.root) + len(path)
        if line is not None and depth > best[0]:
            keys = "/".join(map(str, (*page.root, *path)))
            best = (depth, f"{page.name} 第{line}行 {keys}")
    return best[1]


def _walk(node: Node | None, place: Place) -> tuple[Place, int | None]:
    """沿位置往下走，略过校验器自己加的层（如联合类型的名称）。"""
    path: list[int | str] = []
    found: int | None = None
    for step in place:
        for candidate, line, inner in children(node):
            if candidate == step:
                node, found = inner, line
                path.append(step)
                break
    return tuple(path), found
