"""模板环境: the one Jinja2 environment of all documents; a missing variable is an error by name."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from markupsafe import Markup, escape

from notices import dates, layout, money, plain_text

TEMPLATES: Final = Path(__file__).parent / "templates"
LAST_QUOTED: Final = re.compile(r"'([^']+)'(?!.*')", re.DOTALL)

# 非字符: XML 1.0 has no way to write these.
NOT_XML: Final = re.compile("[\ufffe\uffff]")


class BrokenTemplateError(Exception):
    """模板有误: a template is absent or asks for what the document does not hold."""


@cache
def environment() -> Environment:
    """模板环境：strict about variables, escaping everything, every text cleaned on its way out."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=dates.day,
        interval=lambda period: dates.interval(period.first, period.last),
        yuan=money.yuan,
        ten_thousand=money.ten_thousand,
        percentage=money.percentage,
        capitals=money.capitals,
        as_given=as_given,
        signature_gap=layout.signature_gap,
        places_word=layout.places_word,
        inner_title=plain_text.inner_title,
        word=word_text,
        line=lambda text: NOT_XML.sub("", plain_text.public(text)),
    )
    return made


def fill(template: str, **variables: object) -> str:
    """填充模板：the page as HTML."""
    return fill_named(f"{template}.html.j2", **variables)


def fill_named(name: str, **variables: object) -> str:
    """按模板文件名填充：pages and the parts of an editable document alike.

    Raises:
        BrokenTemplateError: the template does not exist, or a variable it names was not given.
    """
    try:
        return environment().get_template(name).render(**variables)
    except TemplateNotFound as error:
        raise BrokenTemplateError(f"没有公文模板“{error.name}”，请核对文种名称。") from error
    except UndefinedError as error:
        found = LAST_QUOTED.search(str(error))
        variable = found[1] if found else str(error)
        raise BrokenTemplateError(
            f"公文模板“{name}”缺少变量“{variable}”，请核对模板与文件内容。"
        ) from error


def as_given(text: str) -> Markup:
    """照录：an office's own telephone is not personal data and is printed in full."""
    return escape(plain_text.visible(text))


def word_text(text: str) -> Markup:
    """可编辑件的文字：cleaned like every text of a page; a new line is a break."""
    if text is None:
        raise UndefinedError("value of 'None'")
    safe = text if isinstance(text, Markup) else escape(plain_text.public(text))
    lines = NOT_XML.sub("", safe).split("\n")
    runs = (f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return Markup("<w:br/>".join(runs))  # noqa: S704 - every line was escaped above


def _written(value: Any) -> Any:
    """输出前的最后一道：no None in an official document, no unseen or personal text either."""
    if value is None:
        raise UndefinedError("value of 'None'")
    if isinstance(value, str) and not isinstance(value, Markup):
        return plain_text.public(value)
    return value
