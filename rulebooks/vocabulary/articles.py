"""条款与判定：每一条原文都有判定，每一句引文都能在来源中逐字找到。

`articles.yaml` 逐条写判定，`readings.yaml` 写我方解释，`sources/sources.yaml` 写来源。
引文是否走样、解释和出处是否落空，由 `rulebooks.showing.citations` 核对。
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from rulebooks.vocabulary.model import Severity, SourceStatus, Words

Verdict = Literal["encoded", "duty_of_people", "not_applicable", "unclear", "untranslatable"]
Confidence = Literal["high", "medium", "low"]
Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]

CITIES = Path(__file__).parents[1] / "cities"
SOURCES = Path(__file__).parents[1] / "sources"
SOURCE_PAGE = "sources.yaml"


class BrokenArticlesError(Exception):
    """条款文件有误：一两句话说明哪个文件、哪一条、怎样改。"""


class Source(Words):
    """来源：一份原文的文件名、标题、性质（征求意见稿、解读、报道、正式）和日期。"""

    file: str
    title: str
    publisher: str
    status: SourceStatus
    dated: date
    page_marks: bool = False
    note: str | None = None


class Article(Words):
    """条款判定：一项要求出自哪一条、判定为何、落在何处，或为何不落。

    `where` 形如「project.yaml: stages.review」；已编入的必须有，其余必须写明 `why`。
    `case` 为检验这一项的案例名称，案例写在 tests/policies/<城市>/，已编入的都要有。
    """

    article: str
    source: str
    verdict: Verdict
    severity: Severity
    says: str
    quotes: tuple[str, ...] = Field(min_length=1)
    reading: Names = ()
    where: Names = ()
    case: Names = ()
    why: str | None = None

    @model_validator(mode="after")
    def _verdict_is_explained(self) -> "Article":
        if self.verdict == "encoded" and not self.where:
            raise ValueError("判定为 encoded 的，须用 where 写明文件与键。")
        if self.verdict != "encoded" and not self.why:
            raise ValueError(f"判定为 {self.verdict} 的，须用 why 写明理由。")
        return self


class Reading(Words):
    """我方解释：原文有疑义时采用的读法、依据、把握，以及改动时要改的那一处。"""

    question: str
    evidence: str
    reading: str
    parameter: str
    confidence: Confidence


Entry = TypeVar("Entry", bound=Words)


def articles(city: str) -> dict[str, Article]:
    """条款判定，按规则编号；文件有误时抛出 BrokenArticlesError。"""
    return articles_in(CITIES / city)


def articles_in(folder: Path) -> dict[str, Article]:
    """某城市目录的条款判定，按规则编号；文件有误时抛出 BrokenArticlesError。"""
    return dict(_entries(folder / "articles.yaml", Article))


def readings(city: str) -> dict[str, Reading]:
    """我方解释，按疑义编号；文件有误时抛出 BrokenArticlesError。"""
    return dict(_entries(CITIES / city / "readings.yaml", Reading))


def source_pages() -> list[Path]:
    """来源的登记：各市共用的在前，城市目录自带的（sources/sources.yaml）在后。"""
    return [SOURCES / SOURCE_PAGE, *sorted(CITIES.glob(f"*/sources/{SOURCE_PAGE}"))]


def sources() -> dict[str, Source]:
    """来源一览，按来源编号。"""
    return {name: source for name, (source, _) in _listed().items()}


def source_text(source_id: str) -> str:
    """供比对引文的原文；扫描稿剔除页码，其余一字不动。

    Raises:
        BrokenArticlesError: 没有这个来源，或登记的文件不在。
    """
    known = _listed()
    if source_id not in known:
        raise BrokenArticlesError(f"没有名为 {source_id} 的来源，请在 sources.yaml 中登记。")
    source, folder = known[source_id]
    return text_of(folder / source.file, page_marks=source.page_marks)


def _listed() -> dict[str, tuple[Source, Path]]:
    """来源及其所在目录，按来源编号。"""
    return {
        name: (source, page.parent)
        for page in source_pages()
        for name, source in _entries(page, Source).items()
    }


@cache
def text_of(path: Path, *, page_marks: bool) -> str:
    """一份来源的文字；登记的文件不在的抛出 BrokenArticlesError。"""
    if not path.is_file():
        raise BrokenArticlesError(f"没有找到来源文件 {path.name}，请放在 sources.yaml 旁边。")
    text = path.read_text(encoding="utf-8")
    return without_page_marks(text) if page_marks else text


def coverage(city: str) -> list[tuple[str, str, str]]:
    """覆盖情况：每项要求的编号、条款、判定，按原文次序。"""
    return [(name, entry.article, entry.verdict) for name, entry in articles(city).items()]


def quote_is_in_source(quote: str, source_text: str) -> bool:
    """引文是否逐字见于原文；只忽略空白，标点也须相同。"""
    wanted = _without_spaces(quote)
    return bool(wanted) and wanted in _without_spaces(source_text)


def without_page_marks(text: str) -> str:
    """剔除扫描稿的页码：空行之后、行首、从 1 起逐页递增的「2、」。

    次序不合的数字（例如正文自己的序号）不是页码，原样保留。
    """
    page = 1
    after_blank = True
    lines = []
    for line in text.split("\n"):
        mark = f"{page}、"
        found = after_blank and line.startswith(mark)
        lines.append(line.removeprefix(mark) if found else line)
        page += found
        after_blank = not line.strip()
    return "\n".join(lines)


@cache
def _entries(path: Path, model: type[Entry]) -> Mapping[str, Entry]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise BrokenArticlesError(f"{path.name} 应按编号逐条书写，现在不是，请改正格式。")
    return dict(_checked(path, model, content))


def _checked(
    path: Path, model: type[Entry], content: Mapping[str, Any]
) -> Iterator[tuple[str, Entry]]:
    for name, fields in content.items():
        try:
            yield name, model.model_validate(fields)
        except ValidationError as error:
            complaints = "".join(_complaint(detail) for detail in error.errors())
            raise BrokenArticlesError(f"{path.name} 的 {name} 有误：{complaints}") from error


def _complaint(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            return f"没有 {key} 这个键，请改正或删除。"
        case "missing":
            return f"缺少 {key}，请补上。"
        case "literal_error":
            return f"{key} 的值“{detail['input']}”不可用，可用的有：{detail['ctx']['expected']}。"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            return f"{key} 的值“{detail['input']}”不合要求，请改正。"


@cache
def read_yaml(path: Path) -> Any:
    """读入一个 YAML 文件；编号重复或缩进有误时抛出 BrokenArticlesError，指明文件和行。"""
    if not path.is_file():
        raise BrokenArticlesError(f"没有找到 {path.parent.name} 的 {path.name}，请先补上这个文件。")
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = f"第{mark.line + 1}行" if mark else ""
        raise BrokenArticlesError(
            f"{path.name} {line}读不懂：缩进有误或键重复，请改正。"
        ) from error


def _without_spaces(text: str) -> str:
    return "".join(text.split())
