"""台账命令: `minsheng journal verify` finds what was touched; `digest` gives what to write down."""

from sqlalchemy import create_engine, text

from records.database.store import Store
from records.running.digests import take_daily_digest
from tests.deployments.commands.conftest import Minsheng
from tests.records.world import opened


def test_an_untouched_journal_is_verified(minsheng: Minsheng, store: Store) -> None:
    opened(store)
    take_daily_digest(store)
    said = minsheng("journal", "verify")
    assert said.code == 0
    assert said.out.strip() == "核验流水1条、每日摘要1日：逐条相扣，全部相符。"
    assert minsheng("journal", "verify", "--json").json == {"events": 1, "days": 1, "broken": []}


def test_a_touched_entry_is_named_and_the_exit_code_is_not_zero(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    engine = create_engine(store.engine.url)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER events_no_update"))
        connection.execute(text("UPDATE events SET content = replace(content, '凉亭', '凉棚')"))
    engine.dispose()
    said = minsheng("journal", "verify")
    assert said.code == 1
    assert f"{number} 第1条：内容与摘要不符" in said.out
    assert "有1处不符" in said.out
    broken = minsheng("journal", "verify", "--json").json["broken"]
    assert broken == [{"case": number, "sequence": 1, "what": "内容与摘要不符"}]


def test_the_latest_digest_can_be_written_down_elsewhere(minsheng: Minsheng, store: Store) -> None:
    assert "还没有取定过每日摘要" in minsheng("journal", "digest").out
    assert minsheng("journal", "digest", "--json").json == {}
    opened(store)
    taken = take_daily_digest(store)
    said = minsheng("journal", "digest").out
    assert said.startswith(f"2026年3月2日　{taken.digest}")
    assert "当日有1件事项变动" in said
    assert minsheng("journal", "digest", "--json").json["digest"] == taken.digest
