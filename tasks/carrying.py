"""办理: the frame every effect is carried out in: look, act, record.

An effect may be tried more than once (a process can die between the act and its record), so each
act must be one that does no harm when it is repeated. A failure is recorded and shown, not
raised: it must neither end the case's run nor leave a pickled exception behind.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from rulebooks.procedure.position import Effect
from tasks.desk import EffectError, desk
from tasks.wording import plain

NAME_LIMIT = 80
ERROR_LIMIT = 300
PREFIXES = {"issue": "出具", "remind": "提醒", "message": "告知"}
# A stage's round may be reminded of, chased and reported; each is another task.
REMINDERS = {"reminded": "到期提醒", "fell_overdue": "逾期催办", "escalated": "督办上报"}

Act = Callable[[], Awaitable[Mapping[str, str]]]
log = logging.getLogger(__name__)


def run_name(parameters: dict[str, Any]) -> str:
    """任务名: label, round and article, such as 「居民议事会商议 · 第1轮 · 第八条」."""
    effect: Effect = parameters["effect"]
    turn = f"第{effect.round}轮" if effect.round else ""
    which = REMINDERS.get(str(effect.content.get("event")), PREFIXES.get(effect.kind, ""))
    limit = str(effect.content.get("limit", ""))
    parts = (which, effect.label, limit, turn, effect.article)
    return plain(" · ".join(part for part in parts if part), NAME_LIMIT)


# Prefect also takes a callable that wants the parameters; its type for one fits no function.
RUN_NAME = cast(Callable[[], str], run_name)


async def carry_out(number: str, effect: Effect, act: Act) -> State[Any]:
    """Do what `effect` asks unless it is recorded as done; the state to end the task with."""
    try:
        if not desk().begin_effect(number, effect):
            return Completed(message="此前已办，不再重复。")
        desk().finish_effect(effect.key, await act())
    except Exception as error:
        log.exception("%s：%s 未能办理", number, effect.key)
        sentence = _sentence(error)
        desk().fail_effect(effect.key, sentence)
        return Failed(message=sentence)
    return Completed(message="已办。")


def _sentence(error: Exception) -> str:
    text = str(error) if isinstance(error, EffectError) else f"{type(error).__name__}：{error}"
    return plain(text, ERROR_LIMIT)
