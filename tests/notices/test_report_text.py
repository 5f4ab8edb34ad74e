"""报送正文: what the words of a report say, and what they leave out."""

from dataclasses import replace

from notices.forms import YEAR, Form
from notices.measures import Figures
from notices.report_text import report_paragraphs
from tests.notices.figures import FORM, figures, three_towns

YEARLY = replace(FORM, period=YEAR)


def said(*given: Figures, form: Form = FORM) -> str:
    return "".join(paragraph.text for paragraph in report_paragraphs(given, form, "half_up"))


def test_money_is_told_of_the_determined_projects_and_of_what_was_paid_this_year() -> None:
    line = figures(
        "城东镇", determined=1, budget_fen=4_800_000, contract_fen=4_700_000, paid_fen=4_600_000
    )
    assert "确定的项目预算4.8万元，签订合同4.7万元；本年累计审定0万元，已支付4.6万元" in said(line)
    assert "支付率95.83%" in said(line)


def test_a_rate_of_no_budget_is_not_told() -> None:
    assert "支付率" not in said(figures("城东镇", collected=1, paid_new_fen=5))


def test_what_is_overdue_is_a_number_and_nothing_is_claimed_about_it() -> None:
    words = said(figures("城东镇", overdue=2))
    assert "超期未办2项。" in words
    assert "督办" not in words


def test_a_year_does_not_tell_its_payments_twice() -> None:
    assert "本月支付" in said(*three_towns())
    assert "本年支付" not in said(*three_towns(), form=YEARLY)


def test_new_projects_are_called_one_thing() -> None:
    words = said(*three_towns())
    assert "新收" in words
    assert "新增" not in words
