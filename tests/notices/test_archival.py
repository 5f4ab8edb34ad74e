"""长期保存: what ISO 19005-3 asks of a file, looked for in every object of every example."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from notices.blocks import FigureBlock
from notices.charts import funnel
from notices.official import Attachment, render_official
from notices.pdf import Enclosed, write_pdf
from tests.notices import official_examples as examples
from tests.notices.figures import FORM, three_towns

# What runs, fetches or hides something when the file is opened (6.5.1, 6.6, 6.1.12).
FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Sound", "/Movie"}
FORBIDDEN_KEYS = {"/JS", "/AA", "/OpenAction", "/XFA", "/OPI", "/FFilter", "/TR", "/PS", "/Encrypt"}
FORBIDDEN_FILTERS = {"/LZWDecode", "/Crypt"}
OF_THE_FILE = {"/Title": "dc:title", "/Author": "dc:creator", "/Producer": "pdf:Producer"}
EACH_COLOUR = 3


@pytest.fixture(scope="module")
def kept(official_papers: dict[str, bytes]) -> dict[str, PdfReader]:
    """Every example, and one that carries a chart and its workbook."""
    chart = funnel(three_towns(), FORM, "truncate")
    drawn = Attachment("进展图", chart.table, blocks=(FigureBlock(chart.svg, "进展图"),))
    document = replace(examples.report(), reference="BS-2026-0090", attachments=(drawn,))
    source = Enclosed("月报.xlsx", b"PK\x03\x04", date(2026, 11, 3), "数据")
    whole = write_pdf(render_official(document).html, enclosed=(source,))
    return {
        reference: PdfReader(BytesIO(paper))
        for reference, paper in {**official_papers, "BS-2026-0090": whole}.items()
    }


def objects_of(reader: PdfReader) -> Iterator[Any]:
    """Every dictionary and stream of the file, those inside others included."""

    def within(value: Any) -> Iterator[Any]:
        if isinstance(value, DictionaryObject):
            yield value
            for each in value.values():
                yield from within(each)
        elif isinstance(value, list):
            for each in value:
                yield from within(each)

    size: Any = reader.trailer["/Size"]
    for number in range(1, int(size)):
        yield from within(reader.get_object(IndirectObject(number, 0, reader)))


def test_every_font_is_inside_the_file_and_its_text_can_be_copied(kept):
    for reader in kept.values():
        fonts = [item for item in objects_of(reader) if item.get("/Type") == "/Font"]
        assert fonts
        for font in fonts:
            if font["/Subtype"] == "/Type0":
                assert "/ToUnicode" in font
                assert font["/Encoding"] == "/Identity-H"
            else:
                descriptor: Any = font["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_no_character_is_shown_as_an_empty_box(kept):
    for reader in kept.values():
        for page in reader.pages:
            assert "\ufffd" not in page.extract_text()


def test_the_output_colour_has_its_profile_and_nothing_is_printed_in_inks(kept):
    for reader in kept.values():
        root: Any = reader.trailer["/Root"]
        [intent] = root["/OutputIntents"]
        profile = intent.get_object()["/DestOutputProfile"].get_object()
        assert profile["/N"] == EACH_COLOUR
        assert profile.get_data()[36:40] == b"acsp", "the profile is an ICC profile"
        for page in reader.pages:
            written = page.get_contents().get_data()
            assert not re.search(rb"(^|\s)([\d.]+\s+){4}[kK](\s|$)", written)


def test_nothing_is_see_through(kept):
    for reference, reader in kept.items():
        for item in objects_of(reader):
            assert item.get("/S") != "/Transparency", reference
            assert item.get("/SMask") in (None, "/None"), reference
            assert float(item.get("/ca", 1)) == float(item.get("/CA", 1)) == 1, reference


def test_nothing_runs_and_nothing_is_fetched(kept):
    for reader in kept.values():
        assert not FORBIDDEN_KEYS & set(reader.trailer)
        for item in objects_of(reader):
            assert not FORBIDDEN_KEYS & set(item)
            assert item.get("/S") not in FORBIDDEN_ACTIONS
            if isinstance(item, StreamObject):
                assert "/F" not in item, "a stream stands in the file itself"
                assert item.get("/Filter") not in FORBIDDEN_FILTERS


def test_an_enclosed_file_says_what_it_is_and_how_it_belongs_to_the_page(kept):
    reader = kept["BS-2026-0090"]
    [file] = [item for item in objects_of(reader) if item.get("/Type") == "/Filespec"]
    assert (file["/AFRelationship"], file["/UF"]) == ("/Source", "月报.xlsx")
    assert "/F" in file
    stream: Any = file["/EF"]["/F"].get_object()
    assert stream["/Subtype"].endswith("spreadsheetml.sheet")
    assert "/ModDate" in stream["/Params"]
    root: Any = reader.trailer["/Root"]
    assert {each.idnum for each in root["/AF"]} == {file.indirect_reference.idnum}


def test_what_the_file_says_of_itself_is_the_same_in_both_places(kept):
    for reader in kept.values():
        root: Any = reader.trailer["/Root"]
        said = root["/Metadata"].get_object().get_data().decode()
        assert "/ID" in reader.trailer
        for key, name in OF_THE_FILE.items():
            assert name in said
            assert str(reader.metadata[key]) in said
        day = str(reader.metadata["/CreationDate"]).removeprefix("D:")
        assert f"{day[:4]}-{day[4:6]}-{day[6:8]}" in said
