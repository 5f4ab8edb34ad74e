"""公文核稿: what is wrong with an official document, as sentences that say how to mend it.

The rules of a kind come from `genres.yaml`; each sentence names the place in the document and the
article of 《党政机关公文处理工作条例》 (条例) or GB/T 9704-2012 (格式) it rests on.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from notices.blocks import Block, Paragraph, TableBlock
from notices.drafting import BRACKETS, OfficialDocument, official_number
from notices.genres import TOWARDS_WORDS
from notices.money import FEN_PER_YUAN, YUAN_PER_TEN_THOUSAND, capitals, read_capitals
from notices.tables import unbalanced

NUMBER: Final = re.compile(r"[\u4e00-\u9fff]+\u3014(\d{4})\u3015[1-9]\d*号")
WRONG_BRACKETS: Final = re.compile(
    r"[\[\uff3b(（【{]\s*(?:19|20)\d{2}\s*[\]\uff3d)）】}]\s*第?\d+\s*号"
)
ORDINAL: Final = re.compile(r"第\s*\d+\s*号")
PADDED_NUMBER: Final = re.compile(r"\u3015\s*第?0\d*\s*号")
PADDED_DATE: Final = re.compile(r"\d{4}年(?:0\d月(?:\d{1,2}日)?|\d{1,2}月0\d日)")
CHINESE_DATE: Final = re.compile(
    r"[一二三四五六七八九〇○\uff2f零0oO]{4}年[一二三四五六七八九十]{1,3}月"
)
# Between figures a point or a colon belongs to the figure.
TITLE_MARKS: Final = re.compile(r"[，。；：！？;!?]|(?<!\d)[,.:]|[,.:](?!\d)")
NAMED_ANNEX: Final = re.compile(r"附件\s*(\d+)")
FINAL_MARKS: Final = "。，；、.;,"
FIGURE: Final = r"(\d[\d,]*(?:\.\d+)?)"
WAN_THEN_YUAN: Final = re.compile(rf"{FIGURE}万元[（(](?:即|合|计)?{FIGURE}元[）)]")
YUAN_THEN_WAN: Final = re.compile(rf"{FIGURE}元[（(](?:即|合|计)?{FIGURE}万元[）)]")
CAPITALS: Final = r"([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+)"
WRITTEN_THEN_YUAN: Final = re.compile(rf"人民币{CAPITALS}[（(](?:小写：?)?[¥￥]?{FIGURE}元?[）)]")
YUAN_THEN_WRITTEN: Final = re.compile(rf"{FIGURE}元[（(](?:大写：?)?(?:人民币)?{CAPITALS}[）)]")


class UnfitDocumentError(ValueError):
    """公文不合规范: the document is not issued; `sentences` say everything that is wrong."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def check_document(document: OfficialDocument) -> None:
    """核稿：refuse a document with something wrong in it.

    Raises:
        UnfitDocumentError: with every sentence of `lint_document`.
    """
    if found := lint_document(document):
        raise UnfitDocumentError(found)


def lint_document(document: OfficialDocument) -> tuple[str, ...]:
    """核稿：what is wrong, in the order of the page; empty when the document may go out."""
    return (
        *_number(document),
        *_signer(document),
        *_title(document),
        *_recipients(document),
        *_words(document),
        *_dates(document),
        *_amounts(document),
        *_attachments(document),
        *_contact(document),
        *_edition(document),
    )


def _number(document: OfficialDocument) -> Iterator[str]:
    given, genre = document.number, document.genre
    if not document.rule.numbered:
        if given:
            yield f"{genre}属事务文书，不编发文字号（{document.rule.source}），请去掉“{given}”。"
        return
    if given is None:
        if not document.draft:
            yield f"{genre}须有发文字号（条例第九条第五项），请先编号；未定稿的请作草稿出文。"
        return
    yield from _form_of_number(document, given)
    if (matched := NUMBER.fullmatch(given)) and int(matched[1]) != document.date.year:
        yield (
            f"发文字号“{given}”的年份与成文日期{document.date.year}年不同，"
            "请核对编号所属的年度（格式7.2.5）。"
        )


def _form_of_number(document: OfficialDocument, given: str) -> Iterator[str]:
    """Says what exactly is wrong with the form, or that it has no such form at all."""
    before = False
    if WRONG_BRACKETS.search(given):
        before = True
        yield f"发文字号“{given}”的年份应当用六角括号“{BRACKETS}”括入（格式7.2.5），请改正。"
    if ORDINAL.search(given):
        before = True
        yield f"发文字号“{given}”的序号不加“第”字（格式7.2.5），请去掉。"
    if PADDED_NUMBER.search(given) or re.search(r"[\]\uff3d)）】]\s*第?0\d*\s*号", given):
        before = True
        yield f"发文字号“{given}”的序号不编虚位（格式7.2.5），请去掉前面的0。"
    if not before and not NUMBER.fullmatch(given):
        yield (
            f"发文字号“{given}”应当由机关代字、年份和序号组成，"
            f"如“{official_number('某政发', document.date.year, 1)}”（格式7.2.5），请改正。"
        )


def _signer(document: OfficialDocument) -> Iterator[str]:
    if document.rule.signer and not document.upward and not document.draft:
        yield f"{document.genre}是上行文，须标注签发人（条例第九条第六项），请补填。"
    if document.upward and not document.rule.signer:
        yield f"{document.genre}不是上行文，不标签发人（条例第九条第六项），请去掉。"


def _title(document: OfficialDocument) -> Iterator[str]:
    title = document.title.strip()
    if not title.endswith(document.genre):
        yield f"标题“{title}”应当以文种“{document.genre}”结尾（格式7.3.1），请改正。"
    if document.rule.about and "关于" not in title:
        yield f"标题“{title}”应当写明“关于”何事（条例第九条第七项），请改正。"
    if marks := TITLE_MARKS.findall(re.sub(r"《[^》]*》|“[^”]*”", "", title)):
        yield f"标题中除书名号、引号、顿号外不用标点，请去掉“{'”“'.join(marks)}”。"


def _recipients(document: OfficialDocument) -> Iterator[str]:
    rule, genre, count = document.rule, document.genre, len(document.recipients)
    if document.towards not in rule.towards:
        allowed = "、".join(TOWARDS_WORDS[each] for each in rule.towards)
        yield (
            f"{genre}用于向{allowed}行文，不能发给{TOWARDS_WORDS[document.towards]}"
            f"（{rule.source}），请改用合适的文种。"
        )
    if count < rule.recipients.least:
        yield f"{genre}须写明主送机关（格式7.3.2），请补填。"
    most = rule.recipients.most
    if most is not None and count > most:
        named = "、".join(document.recipients)
        limit = f"只主送{most}个" if most else "不写主送"
        yield f"{genre}{limit}（{rule.source}），现写了{count}个：{named}，请改正。"
    for name in dict.fromkeys(document.recipients):
        if name in document.copies:
            yield f"“{name}”已是主送机关，不再列入抄送，请删去一处。"


def _words(document: OfficialDocument) -> Iterator[str]:
    rule = document.rule
    body = "\n".join(_texts(document.blocks))
    for phrase in rule.forbids:
        if phrase in body:
            yield (
                f"{document.genre}中不得夹带请示事项（条例第十五条第四项），"
                f"正文有“{phrase}”，请删去或另行请示。"
            )
    if rule.closing and not any(phrase in body for phrase in rule.closing):
        yield (
            f"{document.genre}须写明请求什么，正文没有“{'”“'.join(rule.closing[:2])}”"
            "一类的话，请补写。"
        )


def _dates(document: OfficialDocument) -> Iterator[str]:
    for text in (document.title, *_everything(document)):
        for found in PADDED_DATE.findall(text):
            yield f"日期“{found}”的月、日不编虚位（格式7.3.5.4），请去掉前面的0。"
        for found in CHINESE_DATE.findall(text):
            yield f"日期“{found}”应当用阿拉伯数字，年份写全（格式7.3.5.4），请改正。"


def _amounts(document: OfficialDocument) -> Iterator[str]:
    for text in _everything(document):
        for wan, yuan_figure in WAN_THEN_YUAN.findall(text):
            yield from _same(wan, yuan_figure)
        for yuan_figure, wan in YUAN_THEN_WAN.findall(text):
            yield from _same(wan, yuan_figure)
        for written, figure in WRITTEN_THEN_YUAN.findall(text):
            yield from _same_in_capitals(written, figure)
        for figure, written in YUAN_THEN_WRITTEN.findall(text):
            yield from _same_in_capitals(written, figure)
    for block in _all_blocks(document):
        if isinstance(block, TableBlock):
            yield from unbalanced(block.table)


def _same(wan: str, yuan_figure: str) -> Iterator[str]:
    """One amount in 万元 and in 元: equal at the decimals written, rounded or cut off (A42)."""
    short = Decimal(wan.replace(",", ""))
    exact = Decimal(yuan_figure.replace(",", "")) / YUAN_PER_TEN_THOUSAND
    unit = Decimal(1).scaleb(min(0, int(short.as_tuple().exponent)))
    if short not in (exact.quantize(unit, ROUND_HALF_UP), exact.quantize(unit, ROUND_DOWN)):
        yield f"“{wan}万元”与“{yuan_figure}元”不是同一金额，请核对。"


def _same_in_capitals(written: str, figure: str) -> Iterator[str]:
    fen = int(Decimal(figure.replace(",", "")) * FEN_PER_YUAN)
    if read_capitals(written) != fen:
        yield f"大写“{written}”与“{figure}元”不符，应当是“{capitals(fen)}”（支付结算办法附件一）。"


def _attachments(document: OfficialDocument) -> Iterator[str]:
    count = len(document.attachments)
    for place, attachment in enumerate(document.attachments, start=1):
        if not attachment.content and not attachment.file:
            mark = document.annex_mark(place)
            yield f"{mark}《{attachment.title}》没有内容，请补上附件或者删去附件说明。"
        if attachment.title.strip().endswith(tuple(FINAL_MARKS)):
            yield f"附件名称“{attachment.title}”之后不加标点（格式7.3.4），请去掉。"
    for named in sorted({int(found) for text in _body(document) for found in named_in(text)}):
        if named > count:
            yield f"正文提到附件{named}，实有附件{count}件，请补上附件或者改正正文。"
    if not count and any(re.search(r"(?:见|详见|附：?)附件", text) for text in _body(document)):
        yield "正文说见附件，却没有附件，请补上附件或者改正正文。"


def named_in(text: str) -> list[str]:
    """正文提到的附件序号。"""
    return NAMED_ANNEX.findall(text)


def _contact(document: OfficialDocument) -> Iterator[str]:
    if document.rule.contact and document.contact is None:
        yield f"{document.genre}须在附注中写明联系人和联系电话（格式7.3.6），请补填。"


def _edition(document: OfficialDocument) -> Iterator[str]:
    if document.printed_on and document.printed_on < document.date:
        yield "印发日期早于成文日期（格式7.4.3），请核对。"
    if (document.printed_by is None) != (document.printed_on is None):
        yield "印发机关和印发日期须同时写明（格式7.4.3），请补填。"


def _body(document: OfficialDocument) -> Iterator[str]:
    yield from _texts(document.blocks)


def _everything(document: OfficialDocument) -> Iterator[str]:
    """Every text of the document in which a date or an amount may stand."""
    yield from _texts(_all_blocks(document))
    if document.remark:
        yield document.remark


def _all_blocks(document: OfficialDocument) -> tuple[Block, ...]:
    attached = (block for attachment in document.attachments for block in attachment.content)
    return (*document.blocks, *attached)


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, TableBlock):
            # What stands in the rows, as in a form, is quoted as it was handed in.
            yield from (entry.text for entry in (*block.table.heads, *block.table.feet))
            yield from block.table.notes
