"""What is exceeded with a given probability, and what a project needs to break even at that probability."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.twin.lending import lent
from battuta.twin.operation import operation_of
from battuta.twin.project_finance import project_finance
from battuta.twin.returns import npv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from battuta.domain.finance_plan import FinancePlan
    from battuta.numerics.arrays import FloatArray
    from battuta.twin.yearly_flows import YearlyFlows

_FACTOR_MAX = 1e6
_STEPS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """What revenue must be for the owner to get what he asks.

    Attributes
    ----------
    revenue_factor : float
        On the revenue of all lives and years; below 1: there is room. [-]
    price_per_mwh : float
        Levelised revenue for each MWh discharged, at that factor, over the lives in the mean. [currency/MWh]
    """

    revenue_factor: float
    price_per_mwh: float


def exceeded(values: FloatArray, probabilities: Sequence[float]) -> FloatArray:
    """Return the values that are exceeded with given probabilities: P50, P90, P99 of whole lives.

    Parameters
    ----------
    values : ndarray, shape (n_lives,)
        A figure of each life; NaN, such as a rate of return that does not exist, counts as worst.
    probabilities : sequence of float
        Probabilities of exceedance. [-]

    Returns
    -------
    ndarray, shape (n_probabilities,)
        The values; NaN where the worst that have none reach that far.

    Examples
    --------
    >>> exceeded(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), (0.5, 0.75))
    array([3., 2.])
    >>> exceeded(np.array([np.nan, 2.0, 3.0, 4.0, 5.0]), (0.5, 1.0))
    array([ 3., nan])
    """
    ordered = np.sort(np.where(np.isnan(values), -np.inf, values))
    rank = (1.0 - np.asarray(probabilities, dtype=np.float64)) * (ordered.size - 1)
    below = np.floor(rank + 1e-12).astype(np.int64)
    above = np.minimum(below + 1, ordered.size - 1)
    part = np.maximum(rank - below, 0.0)
    low = np.where(np.isneginf(ordered), np.nan, ordered)
    return np.where(part > 0.0, low[below] * (1.0 - part) + low[above] * part, low[below])


def debt_at(plan: FinancePlan, flows: YearlyFlows, probabilities: Sequence[float]) -> FloatArray:
    """Return the one debt that each share of the lives can carry, covered as the plan's `coverage` asks.

    Parameters
    ----------
    plan : FinancePlan
        With debt.
    flows : YearlyFlows
        Joint samples of market, ageing and availability.
    probabilities : sequence of float
        Shares of the lives that can carry it. [-]

    Returns
    -------
    ndarray, shape (n_probabilities,)
        Debt. [currency]

    Raises
    ------
    UsageError
        If the plan has no debt.
    """
    if plan.debt is None:
        message = "[finance] has no debt to size; add [finance.debt]"
        raise UsageError(message)
    operation = operation_of(plan, flows)
    sized = [lent(replace(plan, debt=replace(plan.debt, exceedance=each)), operation).debt[0] for each in probabilities]
    return np.array(sized)


def break_even(plan: FinancePlan, flows: YearlyFlows, probability: float = 0.5) -> BreakEven:
    """Find the revenue at which the owner's net present value is nothing with a given probability of more.

    Parameters
    ----------
    plan : FinancePlan
        Costs, debt, taxes; the debt is sized again at each revenue.
    flows : YearlyFlows
        What operation brings.
    probability : float
        Probability that the net present value is above 0. [-]

    Returns
    -------
    BreakEven
        Factor and price.

    Raises
    ------
    UsageError
        If no factor up to a million is enough, as for lives without revenue.
    """

    def worth(factor: float) -> float:
        outcome = project_finance(plan, replace(flows, revenue=factor * flows.revenue))
        return float(exceeded(outcome.npv, (probability,))[0])

    factor = break_even_factor(worth)
    growth = plan.nominal_discount_rate
    ahead = np.zeros((flows.revenue.shape[0], 1))
    revenue = npv(np.concatenate([ahead, flows.revenue], axis=1), growth).mean()
    energy_mwh = npv(np.concatenate([ahead, flows.discharged_mwh], axis=1), growth).mean()
    return BreakEven(
        revenue_factor=factor, price_per_mwh=float(factor * revenue / energy_mwh) if energy_mwh > 0.0 else float("nan")
    )


def break_even_factor(worth: Callable[[float], float]) -> float:
    """Find the factor at which something that rises with it is worth nothing.

    Parameters
    ----------
    worth : callable
        Net present value at a factor. [currency]

    Returns
    -------
    float
        The factor; 0 where nothing is needed. [-]

    Raises
    ------
    UsageError
        If no factor up to a million is enough.

    Examples
    --------
    >>> round(break_even_factor(lambda factor: 10.0 * factor**2 - 90.0), 9)
    3.0
    """
    low, high = 0.0, 1.0
    worth_low, worth_high = worth(low), worth(high)
    if worth_low >= 0.0:
        return 0.0
    while worth_high < 0.0:
        low, worth_low = high, worth_high
        high *= 2.0
        if high > _FACTOR_MAX:
            message = "no revenue makes this plan break even; check the costs and that the lives have revenue"
            raise UsageError(message)
        worth_high = worth(high)
    return _root(worth, (low, worth_low), (high, worth_high))


def _root(value: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Close in by false position, the stale end halved (Illinois), to 1e-10 of the root."""
    (a, at_a), (b, at_b) = low, high
    for _ in range(_STEPS_MAX):
        if at_b == 0.0 or abs(b - a) <= 1e-10 * max(abs(b), 1e-10):
            break
        c = (a * at_b - b * at_a) / (at_b - at_a)
        at_c = value(c)
        if at_c == 0.0 or abs(c - b) <= 1e-12 * abs(c):
            return c
        if (at_c < 0.0) != (at_b < 0.0):
            a, at_a = b, at_b
        else:
            at_a *= 0.5
        b, at_b = c, at_c
    return b
