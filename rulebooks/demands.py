"""环节的要求：一个动作须填哪些内容，填的够不够、对不对。

`demanded` 给终端与门户列出要填的项；`demand_problem` 用同一份规则手册核对填好的内容。
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from rulebooks.conditions import holds
from rulebooks.events import ACTIONS
from rulebooks.limits import over_project_cap, yuan
from rulebooks.model import Check, Cited, Stage
from rulebooks.outside import Outside
from rulebooks.refusals import Refusal
from rulebooks.state import OpenStage, State


@dataclass(frozen=True, slots=True)
class Field:
    """要填的一项：`name` 为内容中的路径，如 checks.duplicate_investment。"""

    name: str
    label: str
    kind: str
    required: bool
    choices: Mapping[str, str]
    article: str


def applicable(state: State, checks: tuple[Check, ...]) -> list[Check]:
    """适用于本项目的核对点。"""
    return [check for check in checks if holds(check.only, state.facts, state.amounts)]


def demanded(state: State, opened: OpenStage | None, action: str) -> list[Field]:
    """一个动作须填的全部项，按填写顺序。"""
    model = ACTIONS[action][1]
    stage = state.rulebook.stages[opened.stage] if opened else None
    fields: list[Field] = []
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra.get("machine"):
            continue
        expanded = list(_expanded(state, stage, name))
        if expanded or info.annotation in (dict[str, bool], dict[str, str]):
            fields.extend(expanded)
            continue
        choices = _choices(state, stage, opened, name)
        kind = "choice" if choices else _kind(model, name)
        label = info.title or name
        fields.append(Field(name, label, kind, info.is_required(), choices, ""))
    return fields


def _kind(model: type[BaseModel], name: str) -> str:
    schema = model.model_json_schema()["properties"][name]
    if schema.get("unit") == "fen":
        return "amount"
    options = [schema, *schema.get("anyOf", [])]
    if any(option.get("format") == "date" for option in options):
        return "date"
    kinds = {"integer": "integer", "boolean": "boolean", "array": "list", "object": "mapping"}
    return kinds.get(schema.get("type", ""), "text")


def _expanded(state: State, stage: Stage | None, name: str) -> Iterator[Field]:
    """核对点、前置要求、条款与归档材料展开成逐项。"""
    if stage is None:
        return
    lists = {"demands": stage.demands, "checks": stage.checks, "clauses": stage.clauses}
    if name in lists:
        kind = "text" if name == "clauses" else "boolean"
        for check in applicable(state, lists[name]):
            label = state.rulebook.terms[check.term]
            article = state.rulebook.article(check)
            yield Field(f"{name}.{check.term}", label, kind, True, {}, article)
    if name == "contains":
        for term in stage.contains:
            yield Field(f"contains.{term}", state.rulebook.terms[term], "text", True, {}, "")


def _choices(
    state: State, stage: Stage | None, opened: OpenStage | None, name: str
) -> Mapping[str, str]:
    if stage is None or opened is None:
        return {}
    terms = state.rulebook.terms
    if name == "channel":
        posted = opened.publicity.posted if opened.publicity else {}
        missing = [channel for channel in stage.channels if channel not in posted]
        return {channel: terms[channel] for channel in missing or stage.channels}
    if name == "auditor":
        return {"third_party": "第三方", "town": "镇(区)"}
    if name == "objection" and opened.publicity and opened.publicity.unanswered:
        return {item: item for item in opened.publicity.unanswered}
    return {}


def complaint(label: str, error: ValidationError, model: type[BaseModel]) -> str:
    """把内容校验的首个问题写成一句中文。"""
    detail = error.errors()[0]
    name = str(detail["loc"][0]) if detail["loc"] else ""
    info = model.model_fields.get(name)
    title = (info.title if info else None) or name
    if detail["type"] == "missing":
        return f"{label}缺少“{title}”，请补填后再提交。"
    if detail["type"] == "extra_forbidden":
        return f"{label}不接受“{name}”这一项，请去掉。"
    if detail["type"] == "value_error":
        return f"{label}：{detail['ctx']['error']}"
    return f"{label}的“{title}”填写不合要求（{detail['input']!r}），请按提示重填。"


def demand_problem(
    state: State,
    action: str,
    opened: OpenStage | None,
    content: Mapping[str, Any],
    outside: Outside,
) -> Refusal | None:
    """环节所要求的是否都有；按动作取相应的核对。"""
    checker = CHECKERS.get(action)
    return checker(state, opened, content, outside) if checker else None


def _refuse(state: State, code: str, sentence: str, cited: Cited | None) -> Refusal:
    article = state.rulebook.article(cited) if cited else None
    basis = f"（{article}）" if article else ""
    return Refusal(
        code, f"事项{state.number}：{sentence}{basis}", cited.cites if cited else None, article
    )


def _of(state: State, opened: OpenStage | None) -> Stage:
    if opened is None:
        raise ValueError(f"事项{state.number}：此动作须指明环节。")
    return state.rulebook.stages[opened.stage]


def _vote(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    terms = state.rulebook.terms
    for demand in applicable(state, stage.demands):
        if not content["demands"].get(demand.term):
            sentence = f"未确认“{terms[demand.term]}”，表决无效，请补办后再登记。"
            return _refuse(state, "demand_missing", sentence, demand)
    for check in applicable(state, stage.checks):
        if check.term not in content["checks"]:
            sentence = f"未写明是否“{terms[check.term]}”，请逐项核对后再登记。"
            return _refuse(state, "check_missing", sentence, check)
    return None


def _post(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    if content["channel"] in stage.channels:
        return None
    listed = "、".join(state.rulebook.terms[channel] for channel in stage.channels)
    return _refuse(state, "unknown_channel", f"公示渠道须为：{listed}。", stage)


def _answer(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    known = opened.publicity.unanswered if opened and opened.publicity else ()
    if content["objection"] in known:
        return None
    sentence = f"意见“{content['objection']}”不存在或已答复，待答复的有：{'、'.join(known)}。"
    return _refuse(state, "unknown_objection", sentence, stage)


def _object(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    publicity = opened.publicity if opened else None
    names = [item.name for item in publicity.objections] if publicity else []
    if content["objection"] not in names:
        return None
    sentence = f"意见编号“{content['objection']}”已登记过，请换一个编号。"
    return _refuse(state, "known_objection", sentence, _of(state, opened))


def _select(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    found = outside.implementer
    if found is None or found.town != state.facts["town"]:
        sentence = f"“{content['implementer']}”不在{state.facts['town']}实施主体库中，请先入库。"
        return _refuse(state, "unknown_implementer", sentence, stage)
    if not found.active:
        sentence = f"“{found.name}”已暂停承接，请另选实施主体。"
        return _refuse(state, "suspended_implementer", sentence, stage)
    return None


def _sign(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    for clause in applicable(state, stage.clauses):
        if not str(content["clauses"].get(clause.term, "")).strip():
            label = state.rulebook.terms[clause.term]
            sentence = f"合同未载明“{label}”，请补写条款或写明“不涉及”及理由。"
            return _refuse(state, "clause_missing", sentence, clause)
    if content["amount"] > state.amounts["budget"]:
        sentence = (
            f"合同金额{yuan(content['amount'])}超过立项预算{yuan(state.amounts['budget'])}，"
            "请调减合同或先申请变更。"
        )
        return _refuse(state, "contract_over_budget", sentence, stage)
    return None


def _audit(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    amounts = {**state.amounts, "submitted": content["submitted"]}
    rule = stage.third_party_when
    third_party = rule == "always" or (
        rule is not None and not isinstance(rule, str) and holds(rule, state.facts, amounts)
    )
    if third_party and content["auditor"] != "third_party":
        return _refuse(state, "third_party_needed", "须委托第三方审计，不能由镇(区)自行。", stage)
    if stage.bundled and not content["bundle"]:
        return _refuse(state, "bundle_missing", "服务类项目打包审计，请填写批次。", stage)
    contract = state.amounts.get("contract")
    if contract is not None and content["audited"] > contract:
        sentence = f"审定金额{yuan(content['audited'])}超过合同金额{yuan(contract)}，请核对。"
        return _refuse(state, "audited_over_contract", sentence, stage)
    return None


def _measure(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    missing = [group for group in stage.groups if group not in content["groups"]]
    if missing:
        sentence = f"测评对象缺少{'、'.join(missing)}，请补测后再登记。"
        return _refuse(state, "group_missing", sentence, stage)
    needs_effect = stage.effect_when is not None and holds(
        stage.effect_when, state.facts, state.amounts
    )
    if needs_effect and not content["effect"]:
        return _refuse(state, "effect_missing", "服务类项目须写明实施成效评估。", stage)
    return None


def _pay(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    ceiling_name = "审定金额" if "audited" in state.amounts else "合同金额"
    ceiling = state.amounts.get("audited", state.amounts.get("contract", state.amounts["budget"]))
    total = state.amounts.get("paid", 0) + content["amount"]
    if total <= ceiling:
        return None
    sentence = f"累计拨付{yuan(total)}超过{ceiling_name}{yuan(ceiling)}，请核对拨付金额。"
    return _refuse(state, "paid_over_ceiling", sentence, _of(state, opened))


def _archive(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    stage = _of(state, opened)
    contained = content["contains"]
    missing = [term for term in stage.contains if not str(contained.get(term, "")).strip()]
    if not missing:
        return None
    listed = "、".join(state.rulebook.terms[term] for term in missing)
    return _refuse(state, "archive_incomplete", f"归档材料缺少：{listed}。", stage)


def _change(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    changes = content["changes"]
    unknown = [name for name in changes if name not in state.rulebook.facts]
    basis = state.rulebook.changes
    if unknown:
        listed = "、".join(state.rulebook.facts.values())
        sentence = f"“{'、'.join(unknown)}”不能变更，可变更的有：{listed}。"
        return _refuse(state, "unknown_fact", sentence, basis)
    budget = changes.get("budget")
    if budget is None:
        return None
    if not isinstance(budget, int) or isinstance(budget, bool) or budget <= 0:
        return _refuse(state, "bad_budget", "变更后的资金预算须为大于零的金额。", basis)
    return over_project_cap(state.rulebook, str(state.facts["title"]), budget)


def _clock(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    running = {clock.name: clock for clock in state.clocks}
    clock = running.get(content["clock"])
    if clock is None or not state.rulebook.clocks[clock.name].pausable:
        listed = "、".join(running) or "无"
        sentence = f"时限“{content['clock']}”不在计时或不可停表，正在计时：{listed}。"
        return _refuse(state, "clock_not_running", sentence, None)
    return None


def _pause(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    refusal = _clock(state, opened, content, outside)
    if refusal is None and _is_paused(state, content["clock"]):
        return _refuse(state, "already_paused", "该时限已经停表，请先恢复计时。", None)
    return refusal


def _resume(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    refusal = _clock(state, opened, content, outside)
    if refusal is None and not _is_paused(state, content["clock"]):
        return _refuse(state, "not_paused", "该时限没有停表，无须恢复。", None)
    return refusal


def _is_paused(state: State, name: str) -> bool:
    return any(
        clock.name == name and clock.pauses and clock.pauses[-1].until is None
        for clock in state.clocks
    )


def _correct(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    sequence = content["sequence"]
    if sequence > len(state.history):
        sentence = f"台账没有第{sequence}条，最后一条为第{len(state.history)}条。"
        return _refuse(state, "unknown_sequence", sentence, None)
    original = state.history[sequence - 1]
    unknown = [name for name in content["content"] if name not in original.content]
    if unknown:
        sentence = f"第{sequence}条没有“{'、'.join(unknown)}”，请核对要更正的项。"
        return _refuse(state, "unknown_field", sentence, None)
    return None


Checker = Callable[[State, OpenStage | None, Mapping[str, Any], Outside], Refusal | None]
CHECKERS: Mapping[str, Checker] = {
    "vote": _vote,
    "post": _post,
    "take_down": _post,
    "object": _object,
    "answer_objection": _answer,
    "select": _select,
    "sign": _sign,
    "audit": _audit,
    "measure": _measure,
    "pay": _pay,
    "archive": _archive,
    "request_change": _change,
    "pause_clock": _pause,
    "resume_clock": _resume,
    "correct": _correct,
}
