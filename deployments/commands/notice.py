"""公文命令: `minsheng notice check`: whether a paper on the wall is one that was issued."""

import re
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console

from deployments.office import office
from deployments.terminal.console import (
    BAD_INPUT,
    REFUSED,
    Json,
    chinese,
    console,
    print_json,
    refuse,
)
from deployments.terminal.lines import named
from notices.fingerprint import SHORT_LENGTH, short_code
from records.database.store import Store
from records.files import attachments, certificates
from records.files.attachments import BrokenAttachmentError
from records.files.certificates import Certificate
from rulebooks.days.working_days import BEIJING

CODE = re.compile(rf"(?:^|\s)((?:[0-9A-Fa-f]\s*){{{SHORT_LENGTH}}})$")
AUTHOR = re.compile('<meta name="author" content="([^"]*)">')
FILES = (".pdf", ".docx", ".xlsx", ".html")

app = App(name="notice", help="公文：核验一件公文是不是发出过的。")


@app.command
def check(
    *words: Annotated[str, Parameter(name="公文", help="文件编号和校验码，或者文件的路径。")],
    as_json: Json = False,
) -> None:
    """核验公文：凭编号和校验码，或者凭文件，说明是否发出过、何时、由谁、有没有被替代。"""
    text = " ".join(words).strip()
    if not text:
        refuse("请写文件编号和校验码（扫二维码所得），或者写文件的路径。", code=BAD_INPUT)
    store = office()
    path = Path(text)
    found = _of_file(store, path) if _is_file(path) else _of_text(store, text)
    if as_json:
        print_json(_as_json(store, found))
    else:
        _show(console(), store, found)


def _is_file(path: Path) -> bool:
    if path.suffix.lower() in FILES and not path.is_file():
        refuse(f"没有文件“{path}”，请核对路径。", code=BAD_INPUT)
    return path.is_file()


def _of_file(store: Store, path: Path) -> Certificate:
    digest = sha256(path.read_bytes()).hexdigest()
    with store.glance() as connection:
        found = certificates.by_file(connection, digest)
    if found is None:
        refuse(
            f"“{path.name}”不是发出的原件：台账里没有内容相同的文件。"
            "纸面件请用上面的文件编号和校验码核验。",
            code=REFUSED,
        )
    return found


def _of_text(store: Store, text: str) -> Certificate:
    matched = CODE.search(text)
    code = matched[1] if matched else None
    number = text[: matched.start()].strip() if matched else text
    with store.glance() as connection:
        numbered = certificates.by_number(connection, number) if number else None
        coded = certificates.by_code(connection, code) if code else None
    if number and numbered is None:
        refuse(f"没有发出过编号为“{number}”的公文，请核对编号。", code=REFUSED)
    found = numbered if code is None else coded
    if found is None or (numbered is not None and found.notice.key != numbered.notice.key):
        refuse(_mismatch(numbered), code=REFUSED)
    return found


def _mismatch(numbered: Certificate | None) -> str:
    if numbered is None:
        return "没有发出过这个校验码的公文，请核对十六位校验码。"
    return (
        f"编号“{numbered.notice.number}”的公文发出过，但校验码不符："
        "所持的不是发出的那一件，或者内容已被改动。"
    )


def _issuer(store: Store, found: Certificate) -> str | None:
    """发文单位: as the kept page names it; None where the page was not kept or is damaged."""
    if found.page is None:
        return None
    try:
        page = attachments.read(store, found.page).decode()
    except BrokenAttachmentError:
        return None
    author = AUTHOR.search(page)
    return unescape(author[1]) if author else None


def _as_json(store: Store, found: Certificate) -> dict[str, Any]:
    notice, later = found.notice, found.replaced_by
    return {
        "number": notice.number,
        "code": short_code(notice.content_digest),
        "title": notice.title,
        "issuer": _issuer(store, found),
        "issued_at": notice.issued_at,
        "case": notice.case,
        "file": found.file,
        "draft": found.draft,
        "replaced_by": None if later is None else later.number,
    }


def _verdict(found: Certificate) -> tuple[str, str]:
    """What the paper is, and the colour it is said in."""
    if found.draft:
        return "是送审稿或代拟稿，没有签发，不是发出的公文", "yellow"
    if found.replaced_by is not None:
        return "发出过，但已被替代", "yellow"
    return "是发出的公文", "green"


def _show(out: Console, store: Store, found: Certificate) -> None:
    notice, later = found.notice, found.replaced_by
    told, style = _verdict(found)
    out.print(f"[bold {style}]{told}[/bold {style}]")
    issued = notice.issued_at.astimezone(BEIJING)
    named(out, "标题", notice.title)
    named(out, "发文单位", _issuer(store, found) or "见文件落款")
    named(out, "编制日期" if found.draft else "发出日期", chinese(issued.date()))
    named(out, "文件编号", notice.number)
    named(out, "校验码", short_code(notice.content_digest))
    named(out, "所属事项", notice.case)
    named(out, "文件", found.file)
    if later is not None:
        day = chinese(later.issued_at.astimezone(BEIJING).date())
        named(out, "替代文件", f"{later.title}（{later.number}，{day}）", style=style)
