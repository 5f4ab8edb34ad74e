"""完整性检查: a document with an empty telephone or without a reason does not leave the house."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from notices.plain_text import visible

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class IncompleteDocumentError(ValueError):
    """公文要素不全: the sentence names every missing element."""


def require(document: "DataclassInstance") -> None:
    """核对要素：refuse a document in which a labelled element is blank.

    Raises:
        IncompleteDocumentError: names the missing elements in the order of the document.
    """
    absent = tuple(dict.fromkeys(missing(document)))
    if absent:
        names = "、".join(f"“{name}”" for name in absent)
        raise IncompleteDocumentError(f"公文缺少{names}，请补齐后再出文。")


def missing(document: "DataclassInstance") -> Iterator[str]:
    """所缺要素：the labels of blank elements, through all parts of the document."""
    for item in fields(document):
        value = getattr(document, item.name)
        if "label" in item.metadata and _blank(value):
            yield item.metadata["label"]
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, type):
                yield from missing(part)


def _blank(value: object) -> bool:
    """空白：no text a reader could see, or a list without anything to read in it."""
    if isinstance(value, str):
        return not visible(value).strip()
    if isinstance(value, tuple):
        return all(isinstance(entry, str) and _blank(entry) for entry in value)
    return False
