"""程序图：把规则手册画成 Graphviz 的 dot 文字，每个环节写明条款与时限，每条去向写明结果。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rulebooks.policy.phrases import condition_text, deadline_text, period_text
from rulebooks.procedure.blocking import DELEGATE
from rulebooks.showing.particulars import stage_particulars
from rulebooks.vocabulary.events import outcome_label
from rulebooks.vocabulary.model import Branch, Condition, Delegated, Rulebook, Stage, Target
from rulebooks.vocabulary.references import JOIN, delegations, joins_after, reachable, targets

FONT = "Noto Sans CJK SC"
INK = "#2b2b2b"
FAINT = "#6a6a6a"
# 环节种类 → 底色：人来议定的、公开的、实施的、用钱的、存档的。
COLOURS: Mapping[str, str] = {
    "collect": "#f3efe6",
    "vote": "#dfe9f5",
    "decide": "#dfe9f5",
    "consult": "#eef2f7",
    "file": "#eef2f7",
    "publicize": "#fdf0d5",
    "rank": "#dfe9f5",
    "batch": "#dfe9f5",
    "claim": "#fdf3d8",
    "recognize": "#dfe9f5",
    "pick": "#dfe9f5",
    "select": "#e4f0e2",
    "contract": "#e4f0e2",
    "perform": "#e4f0e2",
    "accept": "#e4f0e2",
    "audit": "#f6e3e1",
    "evaluate": "#f6e3e1",
    "pay": "#f6e3e1",
    "archive": "#ececec",
}
LONGEST_LINE = 12
NOT_YET = "尚待规定"
# 起点分流时的入口；环节不会叫这个名字。
ENTRY = "entry__"


@dataclass(frozen=True, slots=True)
class Edge:
    """一条去向：从哪个环节到图上哪个节点，写什么；`main` 为顺利时走的，`dashed` 为会合。"""

    start: str
    end: str
    label: str
    main: bool = True
    dashed: bool = False


def diagram(rulebook: Rulebook) -> str:
    """规则手册的 dot 文字；授权镇街规定的程序另成一框，还没有规定的写明由谁规定。"""
    title = f"{rulebook.label}{rulebook.programme}（{rulebook.version.label}）"
    groups = _groups(rulebook)
    lines = [
        f'digraph "{rulebook.city}" {{',
        f'  graph [label={_quoted(title)}, labelloc=t, fontsize=20, fontname="{FONT}",',
        f'    fontcolor="{INK}", rankdir=TB, nodesep=0.45, ranksep=0.5, pad=0.4, splines=spline,',
        "    newrank=true];",
        f'  node [shape=Mrecord, style=filled, fontname="{FONT}", fontsize=12, margin="0.14,0.07",',
        f'    color="#b8b8b8", fontcolor="{INK}"];',
        f'  edge [fontname="{FONT}", fontsize=10, color="{FAINT}", fontcolor="{FAINT}",',
        "    arrowsize=0.7, penwidth=1.1];",
    ]
    for group, names in groups.items():
        lines.extend(_group(rulebook, group, names))
    lines.extend(f"  {line}" for line in _edges(rulebook, groups))
    return "\n".join([*lines, "}", ""])


def _groups(rulebook: Rulebook) -> dict[str, list[str]]:
    """环节分框：市级的程序（空串），与授权各自规定的程序。"""
    groups: dict[str, list[str]] = {"": []}
    delegated: dict[str, str] = {}
    own = reachable(rulebook, *targets(rulebook.start), delegated=False)
    for procedure, first in rulebook.procedures.items():
        groups[procedure] = []
        delegated.update(dict.fromkeys(reachable(rulebook, first) - own, procedure))
    for name in rulebook.stages:
        groups[delegated.get(name, "")].append(name)
    return groups


def _group(rulebook: Rulebook, group: str, names: list[str]) -> Iterator[str]:
    """一框之内的环节、它们的终局，以及合并时限的虚框。"""
    indent = "  "
    if group:
        label = rulebook.procedure_labels.get(group, group)
        town = rulebook.town or ""
        yield f"  subgraph cluster_{group} {{"
        yield f"    label={_quoted(f'{town}自行规定：{label}')}; {_frame('#9db4cc', above=True)}"
        indent = "    "
    clocked = {name for clock in rulebook.clocks.values() for name in clock.covers}
    for name, clock in rulebook.clocks.items():
        covered = [stage for stage in clock.covers if stage in names]
        if covered:
            words = _quoted(f"{clock.label}：{period_text(clock)}")
            yield f"{indent}subgraph cluster_{name} {{"
            yield f"{indent}  label={words}; {_frame('#c9a227', above=False)}"
            yield from (f"{indent}  {_node(rulebook, stage)}" for stage in covered)
            yield f"{indent}}}"
    yield from (f"{indent}{_node(rulebook, name)}" for name in names if name not in clocked)
    for outcome in dict.fromkeys(_closings(rulebook, names)):
        yield f"{indent}{_closing_node(rulebook, group, outcome)}"
    if group:
        yield "  }"


def _frame(colour: str, *, above: bool) -> str:
    where = "labeljust=r; labelloc=t;" if above else "labeljust=l; labelloc=b;"
    style = f'style="rounded,dashed"; color="{colour}"; penwidth=1.2; margin=16;'
    return f'{style} fontsize=11; fontcolor="{FAINT}"; {where}'


def _closings(rulebook: Rulebook, names: list[str]) -> Iterator[str]:
    for name in names:
        for target in rulebook.stages[name].then.values():
            if target.close is not None:
                yield target.close


def _node(rulebook: Rulebook, name: str) -> str:
    stage = rulebook.stages[name]
    rows = [rulebook.roles[stage.by.role].label, rulebook.article(stage), *_limits(rulebook, stage)]
    label = "{" + _record(stage.label) + "|" + "\\n".join(map(_record, rows)) + "}"
    return f'{name} [label="{label}", fillcolor="{COLOURS[stage.kind]}"];'


def _limits(rulebook: Rulebook, stage: Stage) -> Iterator[str]:
    """时限与公示期；缺地方所定之数的，写明由哪一级规定什么，不写数。"""
    for name in stage.missing:
        parameter = rulebook.parameters[name]
        yield f"{parameter.label}由{rulebook.levels[parameter.supplied_by]}规定（尚无）"
    if stage.debt is not None:
        yield f"补办“{rulebook.stages[stage.debt.of].label}”（欠办）"
    if stage.missing:
        return
    if stage.within is not None:
        yield deadline_text(rulebook, stage.within)
    if stage.lasts is not None:
        yield f"公示{period_text(stage.lasts)}"
    yield from stage_particulars(rulebook, stage)


def _closing_node(rulebook: Rulebook, group: str, outcome: str) -> str:
    label = _quoted(rulebook.outcomes[outcome])
    shape = 'shape=box, style="rounded,filled", penwidth=1.6, fillcolor=white'
    return f"{_closing_id(group, outcome)} [label={label}, {shape}];"


def _closing_id(group: str, outcome: str) -> str:
    return "_".join(part for part in ("close", group, outcome) if part)


def _edges(rulebook: Rulebook, groups: Mapping[str, list[str]]) -> Iterator[str]:
    order = {name: number for number, name in enumerate(rulebook.stages)}
    missing = {item.procedure for item in delegations(rulebook.start)}
    yield from _entry(rulebook)
    for group, names in groups.items():
        for name in names:
            found: list[Edge] = []
            for outcome, target in rulebook.stages[name].then.items():
                found.extend(_edges_of(rulebook, group, name, outcome, target))
                missing |= {item.procedure for item in delegations(target)}
            for edge in _merged(found):
                yield _line(edge, back=order.get(edge.end, len(order)) < order[name])
    yield from (
        _missing_node(rulebook, name) for name in sorted(missing - set(rulebook.procedures))
    )


def _merged(edges: list[Edge]) -> Iterator[Edge]:
    """去往同一处的几种结果画成一条，名称并列。"""
    merged: dict[tuple[str, bool], Edge] = {}
    for edge in edges:
        key = (edge.end, edge.dashed)
        first = merged.get(key, edge)
        label = edge.label if first is edge else f"{first.label}\n{edge.label}"
        merged[key] = replace(first, label=label, main=first.main or edge.main)
    yield from merged.values()


def _entry(rulebook: Rulebook) -> Iterator[str]:
    """起点要分流的，画出入口与各支的条件。"""
    if rulebook.start.to is not None:
        return
    yield f'{ENTRY} [label="立卷", shape=circle, style=filled, fillcolor=white];'
    for branch in rulebook.start.choose:
        words = "其余" if branch.when is None else _condition(rulebook, branch.when)
        edge = Edge(ENTRY, _branch_end(rulebook, branch), words, branch.when is None)
        yield _line(edge, back=False)
    for name in rulebook.start.parallel:
        yield _line(Edge(ENTRY, name, "并行"), back=False)


def _line(edge: Edge, *, back: bool) -> str:
    label = "\n".join(f" {line} " for line in edge.label.split("\n"))
    style = ", style=dashed" if edge.dashed or back else ""
    # 顺利时走的画直，退回的不拉动排列。
    pull = ", constraint=false" if back else ", weight=4" if edge.main else ""
    return f"{edge.start} -> {edge.end} [label={_quoted(label)}{style}{pull}];"


def _missing_node(rulebook: Rulebook, procedure: str) -> str:
    label = _quoted(f"由{rulebook.levels.get(DELEGATE, '下级')}自行规定\n（尚无规定）")
    return f'delegated_{procedure} [label={label}, shape=box, style="dashed,rounded"];'


def _edges_of(
    rulebook: Rulebook, group: str, name: str, outcome: str, target: Target
) -> Iterator[Edge]:
    label = outcome_label(rulebook, rulebook.stages[name], outcome)
    main = outcome == next(iter(rulebook.stages[name].then))
    if target.close is not None:
        yield Edge(name, _closing_id(group, target.close), label, main)
    if target.to == JOIN:
        for join in dict.fromkeys(joins_after(rulebook, name)):
            yield Edge(name, join, f"{label}，会合", dashed=True)
    elif target.to is not None:
        yield Edge(name, target.to, label, main)
    for to in target.parallel:
        yield Edge(name, to, f"{label}，并行")
    for branch in target.choose:
        words = _branch_label(rulebook, rulebook.stages[name], label, branch)
        yield Edge(name, _branch_end(rulebook, branch), words, branch.when is None)


def _branch_end(rulebook: Rulebook, branch: Branch) -> str:
    if isinstance(branch.to, Delegated):
        procedure = branch.to.procedure
        return rulebook.procedures.get(procedure, f"delegated_{procedure}")
    return branch.to


def _branch_label(rulebook: Rulebook, stage: Stage, label: str, branch: Branch) -> str:
    if branch.when is None:
        return f"{label}，其余"
    if stage.missing:
        # 条件里的数还没有，不画出代用的数。
        return f"{label}，按{NOT_YET}的数"
    return f"{label}，{_condition(rulebook, branch.when)}"


def _condition(rulebook: Rulebook, condition: Condition) -> str:
    return _wrapped(condition_text(rulebook, condition).replace(".00元", "元"))


def _wrapped(text: str) -> str:
    """长的条件在“或”“且”之前折行。"""
    if len(text) <= LONGEST_LINE:
        return text
    return text.replace("或", "\n或").replace("且", "\n且")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _record(text: str) -> str:
    """记录格式里有特别意思的字符加反斜线。"""
    for mark in '\\"{}|<> ':
        text = text.replace(mark, f"\\{mark}")
    return text
