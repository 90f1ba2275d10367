"""The rate of return as NREL's System Advisor Model prints it: its steps and its stop, for books that must agree.

`returns.irr` is the root itself. SAM steps with the slope of its first guess and stops once the flow is worth less than
a millionth of its largest year, so its printed rate lies a little off; a lender who compares the two sees why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.twin.returns import npv

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray

_TOLERANCE = 1e-6
_STEPS_MAX = 100
_GUESSES = (0.1, -0.1, 0.0)
"""Tried in this order after the first one, which comes from the first three years."""


def irr_as_sam(flow: FloatArray) -> float:
    """Return the internal rate of return that SAM would print.

    Parameters
    ----------
    flow : ndarray, shape (n_years,)
        Cash flow of three years or more, the first one now. [currency]

    Returns
    -------
    float
        The rate; NaN where SAM finds none: the flow starts above zero, or no guess leads to a rate at which its worth
        falls. [-]

    References
    ----------
    .. [1] NREL System Advisor Model, `lib_financial` (BSD-3).

    Examples
    --------
    >>> irr_as_sam(np.array([-100.0, 60.0, 60.0])).round(5)
    np.float64(0.13066)
    """
    if flow[0] > 0.0:
        return float("nan")
    largest = np.abs(flow).max()
    for guess in (_first_guess(flow), *_GUESSES):
        rate, steps = _stepped(flow, guess, _TOLERANCE * largest)
        if not np.isfinite(rate) or rate <= -1.0 or steps >= _STEPS_MAX:
            continue
        worth = npv(flow, rate)
        if abs(worth) < _TOLERANCE * largest and worth > npv(flow, rate + 0.001):
            return rate
    return float("nan")


def _first_guess(flow: FloatArray) -> float:
    if flow[0] == 0.0:
        return float("nan")
    first, second = flow[1] / flow[0], flow[2] / flow[0]
    inside = (2.0 + first) ** 2 - 4.0 * (1.0 + first + second)
    if inside < 0.0:
        return float("nan")
    guess = -0.5 * (2.0 + first) - 0.5 * inside**0.5
    return guess if 0.0 < guess < 1.0 else -0.5 * (2.0 + first) + 0.5 * inside**0.5


def _stepped(flow: FloatArray, guess: float, stop: float) -> tuple[float, int]:
    year = np.arange(flow.size)
    if not guess > -1.0:
        return float("nan"), 0
    slope = -float((flow * year * (1.0 + guess) ** -(year + 1.0)).sum())
    rate, steps = guess, 0
    worth = float(npv(flow, rate))
    while slope != 0.0 and steps < _STEPS_MAX and (steps == 0 or abs(worth) > stop):
        rate -= worth / slope
        steps += 1
        if rate <= -1.0:
            return float("nan"), steps
        worth = float(npv(flow, rate))
    return rate, steps
