"""Curves of a BPX file: a number, a formula in x, or a table; formulas are read as arithmetic and nothing else.

A BPX file comes from somebody else, so a formula is never handed to the interpreter: only numbers, ``x``, the operators
``+ - * / **`` and a few functions of one argument are understood, and each step is computed on arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, cast

import numpy as np

from battuta.numerics.arrays import FloatArray

_LENGTH_MAX = 20_000
_NUMBER_MAX = 1e30
"""Larger than any quantity of a cell, small enough that differences and products of two stay finite."""
_OPERATORS: Final[Mapping[type[ast.operator], Callable[[FloatArray, FloatArray], FloatArray]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_FUNCTIONS: Final[Mapping[str, Callable[[FloatArray], FloatArray]]] = {
    "exp": np.exp,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "log": np.log,
    "sqrt": np.sqrt,
}


@dataclass(frozen=True, slots=True)
class BpxCurve:
    """A quantity over stoichiometry or concentration.

    Attributes
    ----------
    values_at : callable
        Values at an array of places; not finite where the formula has no value.
    low, high : float
        Range that the file gives; infinite for a number or a formula.
    """

    values_at: Callable[[FloatArray], FloatArray]
    low: float = -np.inf
    high: float = np.inf


def bpx_curve(given: object) -> BpxCurve:
    """Read a curve as BPX writes it.

    Parameters
    ----------
    given : float, str or dict
        A number, a formula in x, or a table ``{"x": [...], "y": [...]}``.

    Returns
    -------
    BpxCurve
        The curve.

    Raises
    ------
    ValueError
        If it is none of these; the text says what is wrong and how to mend it.

    Examples
    --------
    >>> bpx_curve("2 * x ** 2 + exp(-x)").values_at(np.array([0.0, 1.0])).round(4)
    array([1.    , 2.3679])
    >>> bpx_curve({"x": [1.0, 0.0], "y": [3.2, 3.4]}).values_at(np.array([0.5]))
    array([3.3])
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str | dict):
        _refuse(f"should be a number, a formula in x or a table with x and y, not {type(given).__name__}")
    if isinstance(given, str):
        return BpxCurve(_formula(given))
    if isinstance(given, dict):
        return _table(cast("dict[str, object]", given))
    value = _as_float(given)
    if not abs(value) <= _NUMBER_MAX:
        _refuse(f"should be a finite number up to {_NUMBER_MAX:g}; mend it")
    return BpxCurve(lambda x: np.full(x.shape, value))


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _as_float(given: float) -> float:
    """Make a float of a number; infinite where a whole number is too large for one."""
    try:
        return float(given)
    except OverflowError:
        return np.inf


def _table(given: dict[str, object]) -> BpxCurve:
    if set(given) != {"x", "y"}:
        _refuse(f"a table has the two lists x and y; this one has {', '.join(sorted(given)) or 'nothing'}")
    x, y = _numbers("x", given["x"]), _numbers("y", given["y"])
    if x.size != y.size or x.size < 2:
        _refuse(f"x has {x.size} and y has {y.size} values; a table needs as many of both, two at least")
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    twice = np.flatnonzero(np.diff(x) == 0.0)
    if twice.size:
        _refuse(f"x = {x[twice[0]]:g} stands there twice; leave one of the two points out")
    return BpxCurve(lambda at: np.interp(at, x, y, left=np.nan, right=np.nan), float(x[0]), float(x[-1]))


def _numbers(name: str, given: object) -> FloatArray:
    listed = cast("list[object]", given) if isinstance(given, list) else []
    numbers = [_as_float(each) for each in listed if isinstance(each, int | float) and not isinstance(each, bool)]
    if not isinstance(given, list) or len(numbers) < len(listed):
        _refuse(f"{name} of a table should be a list of numbers")
    values = np.array(numbers)
    wild = np.flatnonzero(~(np.abs(values) <= _NUMBER_MAX))
    if wild.size:
        _refuse(
            f"{name} of a table has a value that is not finite or above {_NUMBER_MAX:g}, number {wild[0] + 1} of "
            f"{values.size}; mend it"
        )
    return values


def _formula(text: str) -> Callable[[FloatArray], FloatArray]:
    if len(text) > _LENGTH_MAX:
        _refuse(f"the formula has {len(text)} characters, more than {_LENGTH_MAX}; give a table instead")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        _check(tree)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        message = f"{_shown(text)} is no formula in x: {error}"
        raise ValueError(message) from None

    def values_at(x: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return np.broadcast_to(_value(tree, x), x.shape).astype(np.float64)

    return values_at


def _check(node: ast.expr) -> None:
    """Refuse everything that is not arithmetic in x."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) not in _OPERATORS:
                _refuse("only + - * / ** are understood")
            _check(left)
            _check(right)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            _check(operand)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            if name not in _FUNCTIONS:
                _refuse(f"the function {name} is not known; there are {', '.join(_FUNCTIONS)}")
            _check(argument)
        case ast.Name(id="x"):
            return
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            if not np.isfinite(_as_float(value)):
                _refuse("it holds a number above 1e308; shorten it")
        case ast.Name(id=name):
            _refuse(f"the name {name} is not known; the variable is called x")
        case _:
            _refuse("only numbers, x, + - * / ** and functions of one argument are understood")


def _value(node: ast.expr, x: FloatArray) -> FloatArray:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, x), _value(right, x))
        case ast.UnaryOp(op=op, operand=operand):
            return -_value(operand, x) if isinstance(op, ast.USub) else _value(operand, x)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _FUNCTIONS[name](_value(argument, x))
        case ast.Constant(value=int() | float() as value):
            return np.full(x.shape, float(value))
        case _:
            return x


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
