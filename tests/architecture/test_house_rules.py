"""The rules that no linter knows: one clock, whole 分, honest tests, nothing of one machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_files import ROOT, functions, modules, place, texts, told, tree

CLOCK = ROOT / "records" / "database" / "clock.py"
CLOCK_READINGS = {
    "now": {"datetime", "DateTime", "pendulum", "Timestamp", "func"},
    "utcnow": {"datetime", "DateTime", "func"},
    "today": {"date", "datetime", "pendulum", "Timestamp"},
    "current_timestamp": {"func"},
    "current_date": {"func"},
    "time": {"time"},
    "time_ns": {"time"},
    "sleep": {"time"},
    "localtime": {"time"},
    "gmtime": {"time"},
}
MONEY = re.compile(
    r"(^|_)(amount|budget|price|fee|cost|funds?|money|quota|cap|ceiling|subsidy|award|fen|paid|"
    r"donation|overhead|disbursement)s?($|_)"
)
FEWEST_WORDS = 4
PROOFS = ("accepted", "state_machine", "assert", "raises", "warns", "expect", "check", "verify")


def test_only_one_module_reads_the_clock() -> None:
    found = [
        place(path, line)
        for path in modules()
        if path != CLOCK
        for line in _clock_readings(tree(path))
    ]
    advice = "Take the moment or the day as an argument; only records/database/clock.py reads it:"
    assert not found, told(found, advice)


def _clock_readings(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_READINGS:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name in CLOCK_READINGS[node.attr]:
                yield node.lineno
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module == "time"
            and any(alias.name in CLOCK_READINGS for alias in node.names)
        ):
            yield node.lineno


def test_the_clock_test_sees_every_way_to_ask_the_time() -> None:
    ways = "datetime.now(zone)\ndt.datetime.utcnow()\ndate.today()\nfunc.now()\ntime.time()\n"
    harmless = "clock.now()\ntime.monotonic()\nnow()\nself.today()\n"
    ways += "from time import sleep\n"
    assert sorted(_clock_readings(ast.parse(ways))) == [1, 2, 3, 4, 5, 6]
    assert not list(_clock_readings(ast.parse(harmless)))


def test_money_is_whole_fen_and_never_a_float() -> None:
    found = [place(path, line) for path in modules() for line in _float_money(tree(path))]
    advice = "Keep money as int 分; use Decimal only where text is read or written:"
    assert not found, told(found, advice)


def _float_money(module: ast.Module) -> set[int]:
    return {
        value.lineno
        for node in ast.walk(module)
        for name, value in _named_values(node)
        if value is not None and MONEY.search(name) and _is_float(value)
    }


def _named_values(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    """What the node gives a name to: the name with its type or its value."""
    match node:
        case ast.arg(arg=name, annotation=kind) | ast.FunctionDef(name=name, returns=kind):
            return [(name, kind)]
        case ast.AnnAssign(target=target, annotation=kind, value=value):
            return [(_name(target), kind), (_name(target), value)]
        case ast.Assign(targets=targets, value=value):
            return [(_name(target), value) for target in targets]
        case ast.keyword(arg=str(name), value=value):
            return [(name, value)]
        case _:
            return []


def _name(target: ast.expr) -> str:
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _is_float(value: ast.expr) -> bool:
    """Whether a float is written here: as a type, as a literal or as a conversion."""
    return any(
        (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
        for node in ast.walk(value)
    )


def test_the_money_test_sees_types_literals_and_conversions() -> None:
    wrong = "budget: float = 1\ndef pay(amount: float): ...\nbudget = float(x)\nf(paid=0.5)\n"
    right = "budget: int = 1\nwidth: float = 1.5\nshare = float(x)\ncapital = 0.5\n"
    assert _float_money(ast.parse(wrong)) == {1, 2, 3, 4}
    assert not _float_money(ast.parse(right))


def _tests() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in modules("tests"):
        for node in functions(path):
            if node.name.startswith("test_"):
                yield path, node


def test_every_test_is_named_by_a_sentence() -> None:
    found = [
        f"{place(path, node.lineno)} {node.name}"
        for path, node in _tests()
        if len(node.name.removeprefix("test_").split("_")) < FEWEST_WORDS
    ]
    assert not found, told(found, "Say in the name what holds, in a sentence of several words:")


def test_every_test_claims_something() -> None:
    found = [place(path, node.lineno) for path, node in _tests() if not _claims(node)]
    assert not found, told(found, "Assert what must hold, or remove the test:")


def _claims(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(inner, ast.Assert)
        or (isinstance(inner, ast.Call) and any(word in ast.unparse(inner.func) for word in PROOFS))
        for inner in ast.walk(node)
    )


def test_no_test_is_put_off() -> None:
    put_off = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        place(path, node.lineno)
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in put_off
    ]
    assert not found, told(found, "Make the test pass, or remove it together with what it tests:")


def test_no_work_is_left_marked_as_unfinished() -> None:
    marks = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    found = [
        place(path, number)
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not found, told(found, "Finish it, or describe the gap in docs/ where a user finds it:")


def test_nothing_of_one_machine_and_no_package_registry_is_written_down() -> None:
    # Written so that the pattern does not find itself.
    registries = "pypi[.]org|pythonhosted[.]org|--extra[-]index|--find[-]links"
    traces = re.compile(rf"(?<![\w.}}}}])/(root|work|tmp)/|{registries}")
    found = [
        place(path, number)
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if traces.search(line)
    ]
    assert not found, told(found, "Write the path from the clone's root, and no registry's name:")
