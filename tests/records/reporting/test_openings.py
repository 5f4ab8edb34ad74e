"""定时开立: firings too many, too few and too late all end in one case per place and period."""

from collections import Counter
from datetime import timedelta

import pytest

from records.acting.overview import state_of
from records.acting.ticks import tick
from records.database.store import Store
from tasks.desk import EffectError, Opened, Wanted
from tasks.office import OfficeDesk
from tests.records.claiming import DUTY, QUARTER, after_quarter, done_projects, settle_city
from tests.records.world import CITY, TOWN, SteppedClock, opened

# What the three schedules of prefect.yaml ask for.
FIRINGS = (Wanted("month"), Wanted("quarter"), Wanted())
CITY_NAME = "张家港市"


def fire(store: Store, *firings: Wanted) -> list[Opened]:
    desk = OfficeDesk(store)
    return [item for wanted in firings for item in desk.open_submissions(wanted)]


def new(found: list[Opened]) -> list[str]:
    assert not [item.sentence for item in found if item.sentence]
    return [item.title for item in found if item.new]


def test_after_three_months_down_every_missed_period_is_opened_once_whichever_fires_first(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=7, day=2)
    months = {f"2026年{month}月" for month in (3, 4, 5, 6)}
    expected = {
        *(f"{TOWN}{month}项目月报" for month in months),
        *(f"市民政局{month}推进情况通报" for month in months),
        *(f"{TOWN}2026年第{number}季度认定申请与市级资金申请" for number in "一二"),
    }
    titles = new(fire(store, *FIRINGS[::-1], *FIRINGS, *FIRINGS))
    assert Counter(titles) == Counter(expected)


def test_what_is_dated_once_a_year_is_opened_once_though_every_day_fires(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=12, day=1)
    titles: list[str] = []
    for _ in range(3):
        titles += new(fire(store, Wanted(report="annual")))
        clock.forward(days=1)
    assert titles == [f"{TOWN}2026年度总结报告"]


def test_a_late_firing_opens_what_one_on_time_would_have_and_it_is_overdue_at_once(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=6, day=20)
    [march, *_] = fire(store, Wanted("month", "monthly", None, CITY, TOWN))
    state = state_of(store, march.number)
    assert state.facts["period"] == "2026-03"
    assert state.facts["cut_off"] == "2026-04-01T00:00:00+08:00"
    assert state.facts["due"] == "2026-04-07"
    tick(store)
    kinds = [event.kind for event in state_of(store, march.number).history]
    assert {"fell_overdue", "escalated"} <= set(kinds)


def test_a_firing_before_anything_is_due_opens_nothing_and_says_nothing(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.forward(days=1)
    assert fire(store, *FIRINGS) == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("month", period="2026-04", place=TOWN), "自2026年5月1日起开立"),
        (
            Wanted("month", period="2026-Q1", place=TOWN),
            "期次请写如2026-01，不能按2026年第一季度办",
        ),
        (Wanted("month", period="三月"), "读不懂"),
        (Wanted(report="weekly", period="2026-03", city=CITY), "monthly_report（项目月报）"),
        (Wanted(report="monthly", period="2026-03", place=CITY_NAME), "张家港市没有2026年3月"),
        (Wanted(period="2026-03", place="无名镇"), "没有登记“无名镇”"),
        (Wanted(period="2026-03", city="atlantis"), "没有城市“atlantis”的规则手册"),
    ],
)
def test_an_administrator_is_told_why_there_is_nothing_to_open(
    store: Store, clock: SteppedClock, wanted: Wanted, said: str
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=4, day=1)
    with pytest.raises(EffectError) as refused:
        fire(store, wanted)
    assert said in str(refused.value)


def test_the_page_of_a_claim_shows_what_is_asked_for_and_leaves_the_deciding_to_people(
    store: Store, clock: SteppedClock
) -> None:
    settle_city(store)
    [number] = done_projects(store, clock)
    desk = OfficeDesk(store)
    with pytest.raises(EffectError, match="还没有开立，请先以 build 运行"):
        desk.claim_page(TOWN, QUARTER, opens=False)
    clock.moment = max(clock.moment, clock.moment.replace(month=7, day=1, hour=9))
    built = desk.claim_page(TOWN, QUARTER, opens=True)
    assert built == desk.claim_page(TOWN, QUARTER, opens=True)
    claim = after_quarter(store, clock)
    assert built.key == f"{claim}-claim".lower()
    assert f"| {number} |" in built.data
    assert "余额" in built.data
    assert f"minsheng case act {claim}" in built.data
    assert [event.kind for event in state_of(store, claim).history] == ["opened"]
    assert state_of(store, claim).rulebook.submission == DUTY


@pytest.mark.parametrize(
    ("place", "period", "said"),
    [("无名镇", QUARTER, "没有登记"), (TOWN, "夏季", "读不懂"), (TOWN, "2026-Q4", "起开立")],
)
def test_a_claim_that_cannot_be_is_refused_in_a_sentence(
    store: Store, clock: SteppedClock, place: str, period: str, said: str
) -> None:
    opened(store)
    clock.moment += timedelta(days=1)
    with pytest.raises(EffectError, match=said):
        OfficeDesk(store).claim_page(place, period, opens=True)


def test_that_nothing_of_any_kind_is_due_on_a_period_is_no_mistake(
    store: Store, clock: SteppedClock
) -> None:
    clock.moment = clock.moment.replace(month=7, day=1)
    assert fire(store, Wanted(period="2026-H1", city=CITY)) == []
    assert fire(store, Wanted("month", period="2026-12", city=CITY)) == []
