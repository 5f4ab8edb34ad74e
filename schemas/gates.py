"""报出之前的总检查：跨表对照台账，金额守恒、先公示后实施、没有无人管的项目、日期先后、一项一次认定。

查的是数据库里已有的数，不改任何东西；不合的逐行写明项目编号，一处不合即不能报出。
由 Great Expectations 逐条执行；它装入要好几秒，用到时才装。
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.gate_rules import RULES, GateRule

SHOWN = 200
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
NAME = re.compile(r"[^'\\]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """一行不合：项目编号（或账户所属）、一句中文。"""

    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """一条检查的结果：编号、须成立的话、不合的行数、其中的若干行。"""

    rule: str
    label: str
    count: int
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """是否全都相合。"""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class GateReport:
    """一次总检查：各条的结果，按检查的次序。"""

    results: tuple[GateResult, ...]

    @property
    def passed(self) -> bool:
        """是否可以报出。"""
        return all(result.passed for result in self.results)

    @property
    def sentences(self) -> tuple[str, ...]:
        """不合的各行，逐句中文；全都相合则为空。"""
        return tuple(item.sentence for result in self.results for item in result.failures)

    def page(self) -> dict[str, Any]:
        """检查页的内容，只有文字与数，供页面与 Prefect 的说明使用。"""
        failed = sum(not result.passed for result in self.results)
        verdict = "全部相合，可以报出。" if self.passed else f"有{failed}条不合，改正之前不能报出。"
        return {
            "title": "报出前总检查",
            "verdict": verdict,
            "heads": ["检查", "结果", "不合的行"],
            "rows": [list(_row(result)) for result in self.results],
        }


def _row(result: GateResult) -> tuple[str, str, list[str]]:
    said = "相合" if result.passed else f"{result.count}行不合"
    lines = [failure.sentence for failure in result.failures]
    if result.count > len(lines):
        lines.append(f"其余{result.count - len(lines)}行从略。")
    return result.label, said, lines


def check_database(
    url: str, city: str, *, schema: str | None = None, announcing: Collection[str] = ()
) -> GateReport:
    """对照一市的台账，返回各条的结果；只读，不改任何东西。

    Args:
        url: 数据库地址，含口令。
        city: 城市。
        schema: 表所在的模式；SQLite 没有模式，为 None。
        announcing: 哪些镇街的规则手册使项目不经公示到不了实施（见 `rulebooks.procedure.phases`）。

    Raises:
        ValueError: 城市、模式、镇街的名称里有不能用的字符。
        RuntimeError: 某一条没有查成，消息写明是哪一条与缘由。
    """
    values = _values(city, schema, announcing)
    queries = {rule.name: rule.query.format(**values) for rule in RULES}
    found = _run(url, queries)
    return GateReport(tuple(_result(rule, found[rule.name]) for rule in RULES))


def _values(city: str, schema: str | None, announcing: Collection[str]) -> Mapping[str, str]:
    """填进查询里的名称；都核对过字符，不给注入留余地。"""
    for name in (city, schema or city):
        if IDENTIFIER.fullmatch(name) is None:
            raise ValueError(f"名称“{name}”里有不能用的字符。")
    for name in announcing:
        if NAME.fullmatch(name) is None:
            raise ValueError(f"镇街“{name}”的名称里有不能用的字符。")
    towns = ", ".join(f"'{name}'" for name in sorted(announcing)) or "''"
    return {"city": city, "s": f"{schema}." if schema else "", "towns": towns}


def _result(rule: GateRule, rows: tuple[int, list[Mapping[str, Any]]]) -> GateResult:
    count, listed = rows
    failures = tuple(_failure(rule, row) for row in listed[:SHOWN])
    return GateResult(rule.name, rule.label, count, failures)


def _failure(rule: GateRule, row: Mapping[str, Any]) -> Failure:
    said = {name: _written(name, value) for name, value in row.items()}
    return Failure(str(row["number"]), rule.sentence.format(**said))


def _written(name: str, value: Any) -> str:
    """金额写成元，没有的写无。"""
    if value is None:
        return "无"
    if not name.endswith("_fen"):
        return str(value)
    fen = int(value)
    yuan, rest = divmod(abs(fen), 100)
    return f"{'负' if fen < 0 else ''}{yuan:,}.{rest:02d}元"


def _run(url: str, queries: Mapping[str, str]) -> dict[str, tuple[int, list[Mapping[str, Any]]]]:
    """逐条执行，返回每条有几行不合、是哪些行。"""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        # Its own libraries deprecate one another; nothing of it is ours to mend.
        warnings.simplefilter("ignore")
        import great_expectations as gx

        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        context: Any = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql(
            name="records", connection_string=url, create_temp_table=True
        )
        try:
            checkpoint = context.checkpoints.add(
                gx.Checkpoint(
                    name="gate",
                    validation_definitions=list(_definitions(gx, context, source, queries)),
                    result_format={"result_format": "COMPLETE"},
                )
            )
            outcome = checkpoint.run()
        finally:
            source.get_engine().dispose()
    found = {}
    for run in outcome.run_results.values():
        for result in run.results:
            expectation: Any = result.expectation_config
            name = expectation.meta["rule"]
            found[name] = _rows(name, result)
    return found


def _definitions(gx: Any, context: Any, source: Any, queries: Mapping[str, str]) -> Iterator[Any]:
    for name, query in queries.items():
        batch = source.add_query_asset(name=name, query=query).add_batch_definition_whole_table(
            name
        )
        suite = context.suites.add(gx.ExpectationSuite(name=name))
        suite.add_expectation(
            gx.expectations.UnexpectedRowsExpectation(
                unexpected_rows_query="SELECT * FROM {batch}", meta={"rule": name}
            )
        )
        definition = gx.ValidationDefinition(name=name, data=batch, suite=suite)
        yield context.validation_definitions.add(definition)


def _rows(name: str, result: Any) -> tuple[int, list[Mapping[str, Any]]]:
    raised = result.exception_info or {}
    if raised.get("raised_exception") or "observed_value" not in result.result:
        raise RuntimeError(f"总检查的“{name}”没有查成：{raised}")
    listed = result.result["details"]["unexpected_rows"]
    return int(result.result["observed_value"]), list(listed)
