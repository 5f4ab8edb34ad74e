"""行文: user text made safe for names, tags and badges that Prefect's pages show."""

import unicodedata

ELLIPSIS = "…"


def plain(text: str, limit: int) -> str:
    """One line of at most `limit` characters, without control, direction or invisible marks."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1] + ELLIPSIS


def markdown(text: str, limit: int) -> str:
    """Markdown of at most `limit` characters in which no HTML of anybody's takes effect."""
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")
    whole = kept if len(kept) <= limit else kept[: limit - 1] + ELLIPSIS
    return whole.replace("<", "&lt;")
