import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from notices import charts
from notices.charts import by_town, funds_used, funnel, on_time, satisfaction
from notices.drawing import WIDTH
from notices.fonts import MissingFontError, find_chart_font
from notices.tables import Table, printed
from tests.architecture.source_files import ROOT
from tests.notices.figures import BY_TOWN, FORM, figures, three_towns

PARSE = "import sys; from xml.dom.minidom import parse; parse(sys.stdin.buffer)"
BARRED = (by_town, on_time, funds_used, satisfaction)


def lettering(svg: str) -> list[str]:
    """What is written in the picture: each text stands in a comment before its outlines."""
    return [text.strip() for text in re.findall(r"<!-- (.*?) -->", svg, re.DOTALL)]


def numbers(table: Table, *keys: str) -> list[str]:
    return [
        printed(column, value)
        for column in table.columns
        if column.key in keys
        for value in table.column(column.key)
    ]


def many(count: int) -> list[dict[str, object]]:
    return [
        figures(f"第{at}示范街道办事处", determined=at + 9, completed=at, budget_fen=at * 10**8)
        for at in range(count)
    ]


def test_a_funnel_shows_each_step_with_its_share_of_what_was_collected():
    chart = funnel(three_towns(), FORM, "truncate")
    assert [row[1:] for row in chart.table.rows] == [
        ("征集", 34, 10_000, 10_000),
        ("确定", 21, 6_176, 6_176),
        ("实施", 18, 5_294, 8_571),
        ("完成", 7, 2_058, 3_888),
    ]
    written = lettering(chart.svg)
    assert {"征集", "完成", "34个（100.00%）", "7个（20.58%）"} <= set(written)


@pytest.mark.parametrize(
    ("draw", "keys"),
    [
        (by_town, ("determined", "completed")),
        (on_time, ("on_time_rate",)),
        (funds_used, ("budget_fen", "paid_fen")),
        (satisfaction, ("satisfied_rate",)),
    ],
)
def test_every_number_in_the_picture_is_the_number_in_its_table(draw, keys):
    chart = draw(three_towns(), FORM, BY_TOWN)
    written = lettering(chart.svg)
    assert any(text.startswith(chart.table.caption) for text in written)
    for number in numbers(chart.table, *keys):
        assert number in written
    assert {"城东镇", "城南街道", "城西镇"} <= set(written)


def test_a_rate_of_nothing_is_a_stroke_and_not_a_bar_of_zero():
    chart = on_time(three_towns(), FORM, BY_TOWN)
    assert numbers(chart.table, "on_time_rate") == ["85.71%", "/", "/"]
    assert lettering(chart.svg).count("/") == 2


@pytest.mark.parametrize("draw", BARRED)
def test_without_data_a_sentence_stands_instead_of_an_empty_plot(draw):
    chart = draw([], FORM, BY_TOWN)
    assert lettering(chart.svg)[:-1] == ["没有可以绘图的数据。"]
    assert chart.table.rows == ()
    assert not chart.shows


def test_a_funnel_of_nothing_is_a_sentence_as_well():
    for given in ([], [figures("城西镇")]):
        chart = funnel(given, FORM, "truncate")
        assert lettering(chart.svg)[:-1] == ["没有可以绘图的数据。"]
        assert not chart.shows
    assert funnel(three_towns(), FORM, "truncate").shows


def size(svg: str) -> tuple[float, float]:
    found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    assert found
    return float(found[1]) / 72, float(found[2]) / 72


def test_few_places_stand_upright_and_many_lie_below_each_other_on_one_page():
    few, crowd = by_town(three_towns(), FORM, BY_TOWN), by_town(many(30), FORM, BY_TOWN)
    assert size(few.svg)[1] < 3.5
    # 版心 of a page of A4 is 225 mm high.
    width, height = size(crowd.svg)
    assert width == pytest.approx(WIDTH)
    assert height * 25.4 < 225
    assert len([text for text in lettering(crowd.svg) if "街道办事处" in text]) == 30


def test_a_long_name_is_wrapped_before_its_bracket():
    given = [figures("高新技术产业开发区（城北新城）", determined=3), *many(6)]
    written = lettering(by_town(given, FORM, BY_TOWN).svg)
    assert written.index("（城北新城）") == written.index("高新技术产业开发区") + 1


def test_amounts_too_wide_for_upright_bars_turn_them_over():
    wide = [figures(f"第{at}镇", budget_fen=123_456_789_012_34) for at in range(5)]
    narrow = [figures(f"第{at}镇", budget_fen=10_000_00) for at in range(5)]
    assert size(funds_used(wide, FORM, BY_TOWN).svg) != size(funds_used(narrow, FORM, BY_TOWN).svg)


def test_a_name_is_never_read_as_a_formula_or_as_markup():
    given = [figures("$x^2$<b>&镇", determined=1)]
    svg = by_town(given, FORM, BY_TOWN).svg
    parsed = subprocess.run([sys.executable, "-c", PARSE], input=svg.encode(), check=False)
    assert parsed.returncode == 0
    assert any("$x^2$" in text for text in lettering(svg))


def test_a_picture_needs_nothing_beside_itself_and_tells_its_title():
    svg = funds_used(three_towns(), FORM, BY_TOWN).svg
    assert svg.startswith('<svg role="img" ')
    assert f"<title>{FORM.subject}资金使用情况（单位：万元）</title>" in svg
    assert not re.findall(r"https?://(?!www\.w3\.org/)", svg)
    assert "@font-face" not in svg
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', svg))


def test_the_same_figures_draw_the_same_picture_in_another_process():
    told = (
        "from tests.notices.test_charts import *\n"
        "import sys; sys.stdout.buffer.write(by_town(three_towns(), FORM, BY_TOWN).svg.encode())"
    )
    other = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, cwd=ROOT)
    assert other.stdout.decode() == by_town(three_towns(), FORM, BY_TOWN).svg


def test_what_draws_is_loaded_by_the_first_chart_and_not_before():
    told = f"import sys, {charts.__name__}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False, cwd=ROOT).returncode == 0


def test_letters_come_from_a_sans_serif_file_before_any_other(tmp_path):
    for name in ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"):
        (tmp_path / name).touch()
    assert find_chart_font((), (tmp_path,)).name == "NotoSansCJK-Regular.ttc"


def test_without_a_sans_serif_file_fandol_serves(tmp_path):
    (tmp_path / "FandolHei-Regular.otf").touch()
    assert find_chart_font((tmp_path,), (tmp_path,)).name == "FandolHei-Regular.otf"


def test_without_any_font_no_chart_is_drawn_but_the_table_is_not_lost(tmp_path):
    with pytest.raises(MissingFontError, match="不能绘图。请安装Debian软件包fonts-noto-cjk"):
        find_chart_font((tmp_path,), (tmp_path,))


def test_charts_drawn_at_the_same_time_are_the_charts_drawn_one_by_one():
    alone = [draw(three_towns(), FORM, BY_TOWN).svg for draw in BARRED]
    with ThreadPoolExecutor(len(BARRED)) as pool:
        together = [pool.submit(draw, three_towns(), FORM, BY_TOWN) for draw in BARRED * 3]
    assert [each.result().svg for each in together] == alone * 3
