"""The page of what was opened tells what is still to be registered before anybody can sign."""

from tasks.desk import Opened
from tasks.submissions import _page

WANTED = "杨舍镇没有登记机关代字，签发之后编不了文号；请用 minsheng import 重新收件。"


def test_the_page_lists_what_was_opened_what_was_not_and_what_must_be_registered_first():
    opened = Opened("ZJG-BS-2026-0001", "杨舍镇2026年3月项目月报", new=True, wanted=(WANTED,))
    refused = Opened("", "南丰镇 monthly_report 2026-03", sentence="还没有到期末。")
    page = _page("新开立1件", [opened], [refused], [WANTED])
    assert "| ZJG-BS-2026-0001 | 杨舍镇2026年3月项目月报 |" in page
    assert "### 未能开立" in page
    assert page.endswith(f"### 签发之前须补\n\n- {WANTED}")


def test_the_page_of_a_day_on_which_all_is_registered_says_nothing_of_it():
    assert "签发之前须补" not in _page("新开立0件", [], [], [])
