"""Each kind of effect has one task; an act is recorded once, and a failure is a sentence."""

import ast
import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import rulebooks
from rulebooks.procedure.position import Effect
from tasks.carrying import carry_out, run_name
from tasks.desk import NoDeskError, desk, use
from tasks.effects import TASKS
from tests.deployments.fake_desk import FakeDesk

NUMBER = "ZJG-2026-0001"


def _effect(kind: str = "open_stage", turn: int = 1) -> Effect:
    key = f"{NUMBER}/{kind}/deliberate/{turn}"
    return Effect(key, kind, "deliberate", turn, "居民议事会商议", "第八条", {"document": "notice"})


def _kinds_the_rulebooks_owe() -> set[str]:
    """Every kind that the pure functions give to an effect."""
    folder = Path(str(rulebooks.__file__)).parent
    return {
        str(keyword.value.value)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Effect"
        for keyword in node.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }


@pytest.fixture
def fake(tmp_path: Path) -> FakeDesk:
    fake = FakeDesk(tmp_path)
    fake.opens(NUMBER, "deliberate")
    use(fake)
    return fake


async def _act() -> Mapping[str, str]:
    return {"done": "yes"}


async def _fails() -> Mapping[str, str]:
    raise OSError("磁盘已满\n第二行")


def test_every_kind_of_effect_the_rulebooks_owe_has_a_task() -> None:
    owed = _kinds_the_rulebooks_owe()
    assert owed
    missing = owed - TASKS.keys()
    assert not missing, f"Add a task to tasks/effects.py for: {sorted(missing)}."


def test_no_task_keeps_a_result_or_a_cache() -> None:
    for kind, task in TASKS.items():
        assert task.persist_result is False, kind
        assert type(task.cache_policy).__name__ == "_None", kind
        assert task.retries == 0, kind


def test_a_task_is_named_by_label_round_and_article() -> None:
    assert run_name({"effect": _effect()}) == "居民议事会商议 · 第1轮 · 第八条"
    assert run_name({"effect": _effect("issue", 2)}) == "出具 · 居民议事会商议 · 第2轮 · 第八条"


def test_reminders_of_one_round_are_named_apart_by_what_they_are_and_which_limit() -> None:
    def named(event: str, limit: str = "") -> str:
        content = {"event": event, "to": "council_convener", "deadline": "x", "limit": limit}
        return run_name({"effect": replace(_effect("remind"), content=content)})

    assert named("reminded") == "到期提醒 · 居民议事会商议 · 第1轮 · 第八条"
    assert named("fell_overdue") == "逾期催办 · 居民议事会商议 · 第1轮 · 第八条"
    assert named("escalated", "审议审核") == "督办上报 · 居民议事会商议 · 审议审核 · 第1轮 · 第八条"


def test_an_effect_that_is_recorded_is_not_done_again(fake: FakeDesk) -> None:
    assert asyncio.run(carry_out(NUMBER, _effect(), _act)).is_completed()
    assert asyncio.run(carry_out(NUMBER, _effect(), _fails)).is_completed()
    assert fake.of(NUMBER)["done"] == {_effect().key: {"done": "yes"}}


def test_a_failure_is_recorded_as_one_line_and_not_raised(fake: FakeDesk) -> None:
    state = asyncio.run(carry_out(NUMBER, _effect(), _fails))
    assert state.is_failed()
    assert state.message == "OSError：磁盘已满 第二行"
    assert state.data is None
    assert fake.of(NUMBER)["failed"][_effect().key][0] == state.message


def test_a_process_that_was_told_of_no_records_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.desk._opened", [])
    monkeypatch.delenv("MINSHENG_DESK", raising=False)
    with pytest.raises(NoDeskError, match="MINSHENG_DESK"):
        desk()


def test_a_process_that_prefect_started_opens_the_desk_it_is_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tasks.desk._opened", [])
    monkeypatch.setenv("MINSHENG_DESK", "tests.deployments.fake_desk:open_empty")
    assert desk() is desk()
