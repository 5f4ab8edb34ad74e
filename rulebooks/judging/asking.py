"""所问的一个动作：落在哪个环节，填了什么，事项之外已知什么。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rulebooks.judging.outside import Outside
from rulebooks.policy.conditions import holds
from rulebooks.procedure.state import OpenStage, State
from rulebooks.vocabulary.events import ACTIONS, Event
from rulebooks.vocabulary.model import Check, Stage, Words
from rulebooks.vocabulary.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Ask:
    """一个动作及其上下文；事项一级的动作没有环节。"""

    state: State
    action: str
    opened: OpenStage | None
    content: Mapping[str, Any]
    occurred_at: datetime
    outside: Outside

    @property
    def stage(self) -> Stage:
        """所在环节的规则。"""
        if self.opened is None:
            raise ValueError(f"事项{self.state.number}：“{self.action}”须指明环节。")
        return self.state.rulebook.stages[self.opened.stage]

    def label(self, term: str) -> str:
        """用语的中文。"""
        return self.state.rulebook.terms[term]

    def refuse(self, code: str, sentence: str, cited: Words | None = None) -> Refusal:
        """不予受理；不另指出处的，以所在环节为出处。"""
        if cited is None and self.opened is not None:
            cited = self.stage
        return refuse(self.state.rulebook, self.state.number, code, sentence, cited)


def applicable(state: State, checks: tuple[Check, ...]) -> list[Check]:
    """适用于本项目的核对点。"""
    return [check for check in checks if holds(check.only, state.facts, state.amounts)]


def as_event(state: State, ask: Ask, **content: Any) -> Event:
    """所问的动作若记下来的那一条，用来看记下之后会怎样。"""
    return Event(
        sequence=len(state.history) + 1,
        kind=ACTIONS[ask.action][0],
        stage=None,
        round=None,
        content={**ask.content, **content},
        occurred_at=ask.occurred_at,
        recorded_at=ask.occurred_at,
        actor=None,
    )
