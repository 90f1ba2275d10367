"""Names carry the unit: a number called power, energy or price says which unit it is in."""

import ast
import re
from collections.abc import Iterator

import pytest

from tidy.source_tree import (
    PURE_ROOMS,
    Module,
    expect_none,
    functions,
    parameters,
    public_definitions,
    violations,
)

# Words of quantities that come in more than one unit. A fraction (soc, efficiency) needs none.
QUANTITIES = re.compile(
    "capacity|current|duration|energy|fee|frequency|irradiance|latency|load|power|prices?|ramp|resistance|"
    "temperature|throughput|timeout|voltage"
)
# Words that make the whole a count, a share or a position, which has no unit.
UNITLESS = re.compile(
    "column|count|efficiency|factor|fraction|id|index|kind|level|n|name|offset|rank|ratio|row|shares?|soh|unit"
)
UNITS = (
    "kw|mw|w|kwh|mwh|wh|kvar|kva|v|mv|a|ah|c|k|ohm|hz|mhz|pu|ns|ms|s|h|min|w_per_m2|eur|usd|"
    "per_(?:mwh|kwh|mw|kw|mw_year|mwh_year|year|day|hour|minute|h|min|s|cycle)"
)
# Units may follow each other (ramp_kw_per_minute); a qualifier comes last (power_kw_max, latency_ms_p99).
QUALIFIERS = r"max|min|mean|low|high|start|end|next|first|last|grid|p\d\d?"
UNIT_LAST = re.compile(rf"_(?:{UNITS})(?:_(?:{UNITS}))*(?:_(?:{QUALIFIERS}))*$")
# How a number is annotated; values that carry their unit (timedelta, Curve, PriceSeries) are not asked.
NUMBER = re.compile(r"\b(float|int|Decimal|FloatArray|IntArray|NDArray|ndarray)\b")


def lacks_unit(name: str, annotation: ast.expr | None) -> bool:
    words = name.strip("_").split("_")
    if annotation is None or not NUMBER.search(ast.unparse(annotation)):
        return False
    if not any(map(QUANTITIES.fullmatch, words)) or any(map(UNITLESS.fullmatch, words)):
        return False
    return UNIT_LAST.search(name) is None


def units_in_names(module: Module) -> Iterator[str]:
    public = list(public_definitions(module.tree))
    for node in public:
        if isinstance(node, ast.ClassDef):
            fields = [
                each for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]
            for each in fields:
                if lacks_unit(each.target.id, each.annotation):
                    yield module.at(each, f"field {node.name}.{each.target.id} does not say its unit")
    for function in functions(module.tree):
        if function not in public and function.name != "__init__":
            continue
        for each in parameters(function):
            if lacks_unit(each.arg, each.annotation):
                yield module.at(each, f"parameter {each.arg} of {function.name} does not say its unit")
        if lacks_unit(function.name, function.returns):
            yield module.at(function, f"{function.name} returns a number without saying its unit")


def test_quantities_say_their_unit() -> None:
    expect_none(violations(units_in_names, rooms=PURE_ROOMS))


@pytest.mark.parametrize(
    "text",
    [
        "def sell(power: float) -> None: ...",
        "def sell(*, price: FloatArray) -> None: ...",
        "def sell(max_power_kw_rated: float) -> None: ...",
        "def droop_power(hz: float) -> float: ...",
        "class Cell:\n    voltage: float",
        "class Cell:\n    def __init__(self, current_max: int) -> None: ...",
    ],
)
def test_a_quantity_without_unit_is_seen(text: str) -> None:
    assert len(list(units_in_names(Module("domain/x.py", text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def sell(power_kw: float, power_kw_max: float, latency_ms_p99: float) -> None: ...",
        "def sell(prices: PriceSeries, duration: timedelta, ramp_kw_per_minute: float) -> None: ...",
        "def droop_power_pu(frequency_hz: FloatArray, n_prices: int, energy_share: float) -> FloatArray: ...",
        "class Cell:\n    voltage_v: float\n    soh_capacity: float\n    efficiency: float",
        "def _inside(power: float) -> None: ...",
    ],
)
def test_a_unit_is_found(text: str) -> None:
    assert list(units_in_names(Module("domain/x.py", text))) == []
