"""机器应办的事: done once for good, tried again after a failure, later and later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from records.acting.acts import act
from records.cases.dossiers import peek
from records.database.store import Store
from records.running import effects
from rulebooks.procedure.position import Effect
from tests.records.world import SteppedClock, accepted, command, opened


@pytest.fixture
def machine() -> SteppedClock:
    """The machine's own time."""
    return SteppedClock()


@pytest.fixture
def shop(store: Store, machine: SteppedClock) -> tuple[Store, Effect]:
    """A store whose machine time stands still, and one effect its only case owes."""
    number = opened(store)
    timed = replace(store, machine=machine)
    with store.read() as connection:
        dossier = peek(store, connection, number)
    assert dossier is not None
    return timed, dossier.state.effects[0]


def status(store: Store) -> list[tuple[str, int, str | None]]:
    with store.read() as connection:
        found = effects.attempts_of(connection, "ZJG-2026-0001")
    return [(item.status, item.attempts, item.fault) for item in found]


def test_an_effect_is_begun_until_it_is_done_and_never_after(shop: tuple[Store, Effect]) -> None:
    store, effect = shop
    assert effects.begin(store, "ZJG-2026-0001", effect)
    assert effects.begin(store, "ZJG-2026-0001", effect)
    assert effects.finish(store, effect.key, {"to": "chengxi"})
    assert not effects.begin(store, "ZJG-2026-0001", effect)
    assert status(store) == [("done", 2, None)]


def test_the_first_receipt_stays(shop: tuple[Store, Effect]) -> None:
    store, effect = shop
    effects.begin(store, "ZJG-2026-0001", effect)
    assert effects.finish(store, effect.key, {"copy": "first"})
    assert not effects.finish(store, effect.key, {"copy": "second"})
    with store.read() as connection:
        attempt = effects.attempts_of(connection, "ZJG-2026-0001")[0]
    assert attempt.receipt == {"copy": "first"}


def test_a_failed_effect_waits_longer_each_time_and_at_most_an_hour(
    shop: tuple[Store, Effect], machine: SteppedClock
) -> None:
    store, effect = shop
    waits = []
    for _ in range(12):
        effects.begin(store, "ZJG-2026-0001", effect)
        again = effects.fail(store, effect.key, "信箱打不开")
        assert again is not None
        waits.append((again - machine.now()).total_seconds())
        machine.moment = again
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == max(waits) == 3600


def test_a_failed_effect_is_not_owed_until_its_time(
    shop: tuple[Store, Effect], machine: SteppedClock
) -> None:
    store, effect = shop
    effects.begin(store, "ZJG-2026-0001", effect)
    effects.fail(store, effect.key, "信箱打不开")
    with store.read() as connection:
        assert effect.key in effects.settled(connection, "ZJG-2026-0001", machine.now())
        later = machine.now() + timedelta(seconds=30)
        assert effect.key not in effects.settled(connection, "ZJG-2026-0001", later)


def test_a_failure_after_success_changes_nothing(shop: tuple[Store, Effect]) -> None:
    store, effect = shop
    effects.begin(store, "ZJG-2026-0001", effect)
    effects.finish(store, effect.key, {})
    assert effects.fail(store, effect.key, "太晚了") is None
    assert status(store) == [("done", 1, None)]


def test_success_after_failure_forgets_the_fault(shop: tuple[Store, Effect]) -> None:
    store, effect = shop
    effects.begin(store, "ZJG-2026-0001", effect)
    effects.fail(store, effect.key, "信箱打不开" * 200)
    assert effects.failing_now(store, "ZJG-2026-0001") == ("信箱打不开" * 200)[:500]
    effects.begin(store, "ZJG-2026-0001", effect)
    effects.finish(store, effect.key, {})
    assert effects.failing_now(store, "ZJG-2026-0001") is None


def test_effects_that_keep_failing_are_listed_for_the_administrator(
    shop: tuple[Store, Effect],
) -> None:
    store, effect = shop
    for _ in range(3):
        effects.begin(store, "ZJG-2026-0001", effect)
        effects.fail(store, effect.key, "信箱打不开")
    with store.read() as connection:
        assert [item.key for item in effects.failing(connection, at_least=3)] == [effect.key]
        assert effects.failing(connection, at_least=4) == ()
        assert effects.counts(connection) == {"failed": 1}


def test_what_the_machine_did_never_moves_the_journal(shop: tuple[Store, Effect]) -> None:
    store, effect = shop
    effects.begin(store, "ZJG-2026-0001", effect)
    effects.finish(store, effect.key, {})
    assert accepted(act(store, command("ZJG-2026-0001", 0))).sequence == 2
