"""细目：额度、名额、起步票数、并列、拨付份额与打包，清单和程序图都写出来，连同条款与轻重。"""

from rulebooks.reading.loader import load_rulebook
from rulebooks.showing.diagram import diagram
from rulebooks.showing.inventory import inventory, particulars
from rulebooks.showing.particulars import stage_particulars, table_text
from rulebooks.vocabulary.model import Cited
from rulebooks.vocabulary.policies import Quantity, Rate
from tests.rulebooks.altered import altered

RANKING = {
    "layers": {
        "community": {"label": "社区级", "envelope": 300_000, "seats": 3, "leftover_to": "town"},
        "town": {"label": "镇级", "envelope": 1_000_000, "cites": "ZJG-11b", "severity": "should"},
    },
    "fit": "skip",
    "minimum_votes": 30,
    "ties": "drawing_lots",
}
PAYS = {
    "up_to": "9/10",
    "of": "audited",
    "not_before": {"since": "finish_works", "count": 12, "unit": "months"},
}
RULEBOOK = altered(
    {
        "rank_projects": {
            "label": "票选",
            "waits": "待票选",
            "kind": "rank",
            "by": {"role": "town_clerk"},
            "cites": "ZJG-08a",
            "ranking": RANKING,
            "then": {"chosen": "pay", "not_chosen": {"close": "not_selected"}},
        },
        "pay": {"pays": PAYS},
        "audit_works": {"bundled": True},
    },
    terms={"drawing_lots": "当众抽签"},
)


def ground(rule: str) -> str:
    return RULEBOOK.article(Cited(cites=rule))


def test_the_ranking_is_told_layer_by_layer_then_what_holds_for_all() -> None:
    assert list(stage_particulars(RULEBOOK, RULEBOOK.stages["rank_projects"])) == [
        "社区级额度300,000.00元，名额3个，余额转入镇(区)",
        "镇级额度1,000,000.00元",
        "最低得票30",
        "放不下的跳过，看下一个",
        "并列的：当众抽签",
    ]


def test_a_payment_says_how_much_and_how_soon() -> None:
    assert list(stage_particulars(RULEBOOK, RULEBOOK.stages["pay"])) == [
        "累计付至审定额的90%",
        "“完工”办结12个月以后方可付",
    ]


def test_every_particular_is_listed_with_an_article_and_a_severity() -> None:
    found = {item.place: item for item in particulars(RULEBOOK)}
    ranking = found["stages.rank_projects.ranking"]
    assert ranking.value == "最低得票30；放不下的跳过，看下一个；并列的：当众抽签"
    assert (ranking.article, ranking.severity) == (ground("ZJG-08a"), "must")
    own = found["stages.rank_projects.ranking.layers.town"]
    assert (own.article, own.severity) == (ground("ZJG-11b"), "should")
    assert "镇级" in own.name
    assert "stages.pay.pays" in found
    assert found["stages.audit_works"].value.endswith("打包，须填批次")
    assert all(item.article for item in found.values() if item.place.startswith("stages"))


def test_the_funds_are_among_the_particulars_by_their_chinese_names() -> None:
    city = load_rulebook("shenyang")
    found = [item for item in particulars(city) if item.place.startswith("funds.")]
    assert found
    for item in found:
        assert "_" not in item.value, item


def test_the_diagram_shows_the_particulars_on_their_stage() -> None:
    drawn = diagram(RULEBOOK).replace("\\ ", " ")
    for words in ("社区级额度300,000.00元", "最低得票30", "当众抽签", "累计付至审定额的90%"):
        assert words in drawn


def test_the_inventory_still_names_every_place_once() -> None:
    places = [item.place for item in inventory(RULEBOOK)]
    assert len(places) == len(set(places))


def test_a_table_is_told_by_the_names_of_its_fact_and_choices() -> None:
    grades = Quantity.model_validate({"by": {"star_grade": {"five_star": 200_000}}})
    city = load_rulebook("shenyang")
    assert table_text(city, grades) == "按上一年度星级：五星级社区200,000.00元"
    years = Rate.model_validate({"by": {"year": {2023: "3/10"}}})
    assert table_text(city, years) == "按年度：2023年起30%"
