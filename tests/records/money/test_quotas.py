"""额度: what the ledger answers when somebody asks how much is left, of all four cities' limits."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from records.acting.acts import act
from records.acting.opening import open_case
from records.acting.overview import state_of
from records.acting.ticks import tick
from records.cases.commands import Command, Opening, Refused
from records.database.ledger_tables import balances, postings
from records.database.store import Store
from records.money import ledger
from records.money.quotas import (
    Appropriation,
    Question,
    Standing,
    Transfer,
    appropriate,
    holder,
    standing,
    transfer,
)
from records.people.implementers import Implementer
from records.people.implementers import add as add_implementer
from records.people.organisations import (
    Appointment,
    Organisation,
    add_organisation,
    add_person,
    appoint,
)
from rulebooks.policy.funds import payable
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.refusals import Refusal
from tests.records.test_races import at_once
from tests.records.world import MONDAY, SINCE, SteppedClock, accepted, live, opened
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.ordinary import ORDINARY_ACTION

FEN = 100
YEAR = 2026
SOMEBODY = "somebody"
VILLAGES = ("甲村", "乙村", "丙村")
ZHENGFANG = ("zhengfang", "郑坊镇")
NANSHAN = ("nanshan", "示例甲街道")
SHENYANG = ("shenyang", "示例甲街道")


def settle(store: Store, city: str, town: str) -> None:
    """One town with three communities, where one person holds every office."""
    rulebook = load_rulebook(city, None, town)
    *lower, _ = names = list(rulebook.levels)
    with store.write() as connection:
        add_person(connection, SOMEBODY, "某人")
        above = None
        for level in reversed(names):
            for name in VILLAGES if level == "community" else [town if level == "town" else level]:
                add_organisation(connection, Organisation(f"{city}-{name}", name, level, above))
                for role, found in rulebook.roles.items():
                    if level in found.at:
                        office = Appointment(SOMEBODY, role, f"{city}-{name}", SINCE)
                        appoint(connection, office)
                last = f"{city}-{name}"
            above = last
        add_implementer(connection, Implementer("I1", "顺达工程队", city, town, SINCE))
    assert lower[0] == "community"


def established(
    store: Store, clock: SteppedClock, where: tuple[str, str], key: str, **project: Any
) -> str:
    """A project of the city that is taken as far as its establishment."""
    city, town = where
    given = {"town": town, "project": {"community": "甲村", **project}}
    life, refused = played(LawCase(city, "", MONDAY.date(), given, {}, ""))
    assert refused is None, refused
    facts = dict(life.state.history[0].content)
    number = accepted(open_case(store, Opening(city, facts, SOMEBODY, "portal", key))).case
    for turn in range(40):
        life.state = state_of(store, number)
        if life.state.established_at is not None:
            return number
        done = _step(store, life, number, f"{number}/{turn}")
        assert not isinstance(done, Refused), done
        clock.forward(hours=1)
        tick(store)
    raise AssertionError(life.state.open)


def _step(store: Store, life: Any, number: str, key: str) -> Any:
    stage = life.state.open[0].stage
    rule = life.rulebook.stages[stage]
    contents: list[Mapping[str, Any]] = [life.ordinary(stage)]
    if rule.kind == "publicize":
        contents = [{"channel": channel, "evidence": "照片"} for channel in rule.channels]
    elif rule.kind == "decide":
        contents = [{**contents[0], "override_reason": "确需立项"}]
    answer = None
    for place, content in enumerate(contents):
        action = ORDINARY_ACTION[rule.kind]
        item = Command(number, action, stage, None, dict(content), SOMEBODY, None, "portal",
                       f"{key}/{place}")  # fmt: skip
        answer = act(store, item)
    if rule.kind == "publicize":
        store.clock.forward(days=20)  # type: ignore[attr-defined]
    return answer


def asked(store: Store, where: tuple[str, str], limit: str, **more: Any) -> Standing:
    rulebook = load_rulebook(where[0], None, where[1])
    with store.read() as connection:
        return standing(store, connection, Question(rulebook, limit, YEAR, where[1], **more))


def test_the_community_s_soft_cap_counts_what_the_ledger_has_and_takes_a_reason(
    store: Store, clock: SteppedClock
) -> None:
    for key in "abc":
        live(store, clock, opened(store, key, budget=5_400_000), upto=4)
    here = ("zhangjiagang", "杨舍镇")
    fits = asked(store, here, "community_cap", community="城西社区", adding=3_00_000)
    assert (fits.spent, fits.bound, fits.left, fits.refusal) == (16_200_000, 16_500_000, 0, None)
    over = asked(store, here, "community_cap", community="城西社区", adding=3_00_001)
    assert over.left == -1
    assert over.refusal is not None
    assert over.refusal.sentence == (
        "城西社区2026年度累计165,000.01元，超过原则上的社区年度资金上限165,000.00元；"
        "确需立项的，请写明理由（人民日报 ZJG-P01）。"
    )
    reasoned = asked(store, here, "community_cap", community="城西社区", adding=3_00_001,
                     reason="危旧设施必须修")  # fmt: skip
    assert reasoned.refusal is None
    assert asked(store, here, "community_cap", community="东莱社区").spent == 0


def test_the_street_s_overhead_is_held_to_seven_percent_of_what_was_appropriated(
    store: Store, clock: SteppedClock
) -> None:
    settle(store, *NANSHAN)
    facts = {"overhead": True}
    unknown = asked(store, NANSHAN, "overhead", adding=1, facts=facts)
    assert unknown.refusal is not None
    assert "缺少“街道当年民生微实事项目资金总额”，无法核对" in unknown.refusal.sentence
    for key, yuan in (("a", 9_000_000), ("b", 1_000_000)):
        year = Appropriation("street_fund", NANSHAN[0], YEAR, yuan * FEN, "街道预算", key,
                             NANSHAN[1])  # fmt: skip
        assert appropriate(store, year) is None
        assert appropriate(store, year) is None
    budget = 300_000
    established(store, clock, NANSHAN, "1", kind="services", overhead=True, budget=budget)
    established(store, clock, NANSHAN, "2", kind="services", budget=200_000)
    fits = asked(store, NANSHAN, "overhead", adding=400_000 * FEN, facts=facts)
    assert (fits.spent, fits.bound, fits.left) == (budget * FEN, 700_000 * FEN, 0)
    assert fits.refusal is None
    over = asked(store, NANSHAN, "overhead", adding=400_000 * FEN + 1, facts=facts, reason="必须")
    assert over.refusal is not None
    for words in ("700,000.01元", "700,000.00元", "10,000,000.00元的7%", "NS-17"):
        assert words in over.refusal.sentence
    with pytest.raises(AssertionError, match=r"累计700,000.01元，超过统筹类费用年度上限"):
        established(store, clock, NANSHAN, "3", kind="services", overhead=True,
                    budget="400000.01")  # fmt: skip
    less = Appropriation("street_fund", NANSHAN[0], YEAR, -10_000_001 * FEN, "调减", "c",
                         NANSHAN[1])  # fmt: skip
    told = appropriate(store, less)
    assert told is not None
    assert "超过现有的10,000,000.00元" in told.sentence
    assert ledger.compare(store) == ()


def moved(moves: Mapping[str, int], key: str = "t", **changes: Any) -> Transfer:
    rulebook = load_rulebook(ZHENGFANG[0], None, ZHENGFANG[1])
    fields = {"decided_by": "town", "reason": "镇党委会议纪要第3号", **changes}
    return Transfer(rulebook, "small_items_cap", ZHENGFANG[1], YEAR, moves, key=key, **fields)


@pytest.fixture
def villages(store: Store) -> Store:
    settle(store, *ZHENGFANG)
    return store


def test_villages_give_each_other_quota_and_the_sum_stays_what_it_was(villages: Store) -> None:
    found = transfer(villages, moved({"甲村": -80_000 * FEN, "乙村": 50_000 * FEN,
                                      "丙村": 30_000 * FEN}))  # fmt: skip
    yuan = {"甲村": 120_000, "乙村": 250_000, "丙村": 230_000}
    assert found == {name: amount * FEN for name, amount in yuan.items()}
    assert sum(yuan.values()) == 3 * 200_000
    again = transfer(villages, moved({"甲村": -80_000 * FEN, "乙村": 50_000 * FEN,
                                      "丙村": 30_000 * FEN}))  # fmt: skip
    assert again == found
    with villages.read() as connection:
        legs = select(func.count()).where(postings.c.entry == "t", postings.c.to_account == "quota")
        moves = legs.where(postings.c.from_account == "quota")
        assert connection.execute(moves).scalar_one() == 2
        kept = select(func.sum(balances.c.balance_fen)).where(balances.c.account == "quota")
        assert connection.execute(kept).scalar_one() == 600_000 * FEN
    assert ledger.compare(villages) == ()


@pytest.mark.parametrize(
    ("moves", "changes", "words"),
    [
        ({"甲村": -1, "乙村": 2}, {}, "调入比调出多0.01元"),
        ({"甲村": -200_001 * FEN, "乙村": 200_001 * FEN}, {}, "“甲村”的限额只有200,000.00元"),
        ({"甲村": -1, "别村": 1}, {}, "“别村”不在本镇的限额之列"),
        ({"甲村": -1, "乙村": 1}, {"decided_by": "community"}, "村(社区)不能决定，请报镇"),
    ],
)
def test_a_transfer_that_does_not_add_up_is_refused_with_the_article(
    villages: Store, moves: Mapping[str, int], changes: dict[str, Any], words: str
) -> None:
    found = transfer(villages, moved(moves, **changes))
    assert isinstance(found, Refusal)
    assert words in found.sentence
    assert "ZF-08" in found.sentence
    with villages.read() as connection:
        assert connection.execute(select(func.count()).select_from(postings)).scalar_one() == 0


def test_a_village_that_was_given_quota_may_establish_more_and_the_giver_less(
    villages: Store, clock: SteppedClock
) -> None:
    established(villages, clock, ZHENGFANG, "1", kind="small", budget=150_000, community="甲村")
    spent = transfer(villages, moved({"甲村": -60_000 * FEN, "乙村": 60_000 * FEN}))
    assert isinstance(spent, Refusal)
    assert "已立项150,000.00元，调出后额度只剩140,000.00元" in spent.sentence
    transfer(villages, moved({"丙村": -50_000 * FEN, "甲村": 50_000 * FEN}, key="u"))
    asking = partial(asked, villages, ZHENGFANG, "small_items_cap", facts={"kind": "small"})
    assert asking(community="甲村", adding=100_000 * FEN).refusal is None
    assert asking(community="甲村", adding=100_000 * FEN + 1).refusal is not None
    poorer = asking(community="丙村", adding=150_001 * FEN)
    assert poorer.refusal is not None
    assert "150,000.00元" in poorer.refusal.sentence


def test_what_was_transferred_counts_when_a_project_is_established(
    villages: Store, clock: SteppedClock
) -> None:
    transfer(villages, moved({"丙村": -150_000 * FEN, "甲村": 150_000 * FEN}))
    number = established(villages, clock, ZHENGFANG, "1", kind="small", budget=29_000,
                         community="甲村")  # fmt: skip
    with villages.read() as connection:
        (row,) = ledger.postings_of(connection, ledger.Scope(case=number))
    assert row["amount_fen"] == 29_000 * FEN
    owner = holder(YEAR, *ZHENGFANG, "丙村")
    with villages.read() as connection:
        assert ledger.balance(connection, owner, "small_items_cap", "quota") == 50_000 * FEN


def test_of_two_transfers_that_only_fit_singly_one_is_made(villages: Store) -> None:
    for turn in range(5):
        village = {"甲村": -120_000 * FEN, "乙村": 120_000 * FEN}
        calls = [partial(transfer, villages, moved(village, key=f"{turn}{place}"))
                 for place in "ab"]  # fmt: skip
        answers = at_once(calls)
        assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers
        back = {name: -amount for name, amount in village.items()}
        assert not isinstance(transfer(villages, moved(back, key=f"{turn}back")), Refusal)


def test_the_database_lets_no_village_give_more_than_it_has(villages: Store) -> None:
    transfer(villages, moved({"甲村": -1, "乙村": 1}))
    forged = {
        "key": "forged", "entry": "forged", "fund": "small_items_cap", "reason": "无",
        "from_owner": holder(YEAR, *ZHENGFANG, "甲村"), "from_account": "quota",
        "to_owner": holder(YEAR, *ZHENGFANG, "乙村"), "to_account": "quota",
        "amount_fen": 200_000 * FEN, "occurred_on": MONDAY.date(), "recorded_at": MONDAY,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="透支"), villages.write() as connection:
        connection.execute(postings.insert().values(forged))


@pytest.mark.parametrize(
    ("grade", "yuan"), [("five_star", 200_000), ("four_star", 100_000), ("three_star", 50_000)]
)
def test_a_community_spends_no_more_than_the_award_of_its_grade(
    store: Store, clock: SteppedClock, grade: str, yuan: int
) -> None:
    settle(store, *SHENYANG)
    facts = {"star_grade": grade, "user_unit": "community", "kind": "basic"}
    established(store, clock, SHENYANG, "1", kind="basic", category="social_work_room",
                star_grade=grade, budget=30_000, community="甲村")  # fmt: skip
    rest = (yuan - 30_000) * FEN
    asking = partial(asked, store, SHENYANG, "community_award", community="甲村", facts=facts)
    assert asking(adding=rest).refusal is None
    over = asking(adding=rest + 1)
    assert (over.spent, over.bound, over.left) == (30_000 * FEN, yuan * FEN, -1)
    assert over.refusal is not None
    assert f"{yuan:,}.01元" in over.refusal.sentence
    assert "SY-01" in over.refusal.sentence


def test_an_evaluation_is_never_paid_out_of_the_award() -> None:
    rulebook = load_rulebook("shenyang")
    found = payable(rulebook, rulebook.funds["star_award"], "evaluation_cost", 1)
    assert found is not None
    assert "评估经费0.01元不得从星级社区“以奖代补”专项资金列支" in found.sentence
    assert "SY-21" in found.sentence


def test_an_act_over_a_hard_quota_is_refused_with_the_numbers(
    store: Store, clock: SteppedClock
) -> None:
    settle(store, *SHENYANG)
    facts = {"kind": "basic", "category": "social_work_room", "star_grade": "three_star"}
    established(store, clock, SHENYANG, "1", **facts, budget=30_000, community="甲村")
    with pytest.raises(AssertionError, match=r"累计50,000.01元，超过社区本年度奖励资金50,000.00元"):
        established(store, clock, SHENYANG, "2", **facts, budget="20000.01", community="甲村")
