"""Which of a study's assumptions move its answer: one at a time, and all at once by shares of the variance."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from battuta.domain.finance_plan import FinancePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """An assumption and how far it may lie off.

    Attributes
    ----------
    name : str
        What it is; for a plan, the path of the number, such as ``debt.interest_rate``.
    low, base, high : float
        Its range, and what the study takes. [unit of the assumption]
    """

    name: str
    low: float
    base: float
    high: float

    def __post_init__(self) -> None:
        """Refuse a base outside its own range."""
        if not self.low <= self.base <= self.high:
            raise InvalidQuantityError("base", self.base, self.low, self.high, "-", where=f"factor {self.name!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoBar:
    """What one assumption does to the answer while all others stay.

    Attributes
    ----------
    factor : Factor
        The assumption.
    at_low, at_high : float
        The answer at both ends of its range. [unit of the answer]
    """

    factor: Factor
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """Distance between the two. [unit of the answer]"""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SobolIndices:
    """Shares of the answer's variance.

    Attributes
    ----------
    names : tuple of str
        The assumptions.
    first : ndarray, shape (n_factors,)
        Share that an assumption explains alone. [-]
    total : ndarray, shape (n_factors,)
        Share that it takes part in, together with others. [-]
    first_deviation, total_deviation : ndarray, shape (n_factors,)
        Standard error of both, from the samples. [-]
    """

    names: tuple[str, ...]
    first: FloatArray
    total: FloatArray
    first_deviation: FloatArray
    total_deviation: FloatArray


def changed_plan(plan: FinancePlan, changes: Mapping[str, float]) -> FinancePlan:
    """Return a plan with some of its numbers replaced.

    Parameters
    ----------
    plan : FinancePlan
        The plan.
    changes : Mapping of str to float
        New values by path, such as ``installed_cost`` or ``debt.interest_rate``. [unit of each]

    Returns
    -------
    FinancePlan
        Another plan, checked as each plan is.

    Raises
    ------
    UsageError
        If a path names nothing in the plan.

    Examples
    --------
    >>> from battuta.domain.finance_plan import DebtTerms, FinancePlan
    >>> plan = FinancePlan(
    ...     currency="EUR",
    ...     n_years=20,
    ...     installed_cost=1e6,
    ...     inflation=0.02,
    ...     real_discount_rate=0.05,
    ...     debt=DebtTerms(interest_rate=0.05, tenor_years=10),
    ... )
    >>> changed_plan(plan, {"debt.interest_rate": 0.07}).debt.interest_rate
    0.07
    """
    for path, value in changes.items():
        plan = _changed(plan, path, value)
    return plan


def tornado(answer: Callable[[dict[str, float]], float], factors: Sequence[Factor]) -> tuple[TornadoBar, ...]:
    """Move one assumption at a time to both ends of its range.

    Parameters
    ----------
    answer : callable
        The answer for values of all assumptions by name.
    factors : sequence of Factor
        The assumptions.

    Returns
    -------
    tuple of TornadoBar
        The widest first.

    Examples
    --------
    >>> bars = tornado(
    ...     lambda at: at["price"] * at["energy"] - at["cost"],
    ...     [
    ...         Factor(name="cost", low=5, base=6, high=7),
    ...         Factor(name="price", low=1, base=2, high=3),
    ...         Factor(name="energy", low=4, base=4, high=5),
    ...     ],
    ... )
    >>> [(bar.factor.name, bar.at_low, bar.at_high) for bar in bars]
    [('price', -2, 6), ('cost', 3, 1), ('energy', 2, 4)]
    """
    base = {each.name: each.base for each in factors}
    bars = [
        TornadoBar(
            factor=each,
            at_low=answer({**base, each.name: each.low}),
            at_high=answer({**base, each.name: each.high}),
        )
        for each in factors
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def saltelli_points(factors: Sequence[Factor], n_samples: int, seed: int) -> FloatArray:
    """Draw the points at which Sobol indices ask for the answer.

    Two samples A and B, each even over every range (Latin hypercube), and for each factor A with that column of B.

    Parameters
    ----------
    factors : sequence of Factor
        Assumptions, each even between low and high.
    n_samples : int
        Size of A and of B.
    seed : int
        Seed.

    Returns
    -------
    ndarray, shape (n_samples, n_factors + 2, n_factors)
        For each sample: A, A with column 1 of B, ..., B. [unit of each factor]
    """
    draw = generator(seed, "twin.sobol")
    low = np.array([each.low for each in factors])
    high = np.array([each.high for each in factors])
    points = np.empty((n_samples, len(factors) + 2, len(factors)))
    for end in (0, -1):
        order = draw.permuted(np.tile(np.arange(n_samples)[:, None], len(factors)), axis=0)
        points[:, end] = low + (high - low) * (order + draw.random(order.shape)) / n_samples
    points[:, 1:-1] = points[:, :1]
    for k in range(len(factors)):
        points[:, k + 1, k] = points[:, -1, k]
    return points


def sobol_indices(names: Sequence[str], answers: FloatArray) -> SobolIndices:
    """Share the variance of the answers out to the factors and their interplay.

    Parameters
    ----------
    names : sequence of str
        Names of the factors.
    answers : ndarray, shape (n_samples, n_factors + 2)
        The answer at each of `saltelli_points`. [unit of the answer]

    Returns
    -------
    SobolIndices
        Shares and their errors.

    Raises
    ------
    DataError
        If an answer is missing, or none of the factors moves it.

    References
    ----------
    .. [1] A. Saltelli et al., "Variance based sensitivity analysis of model output", Computer Physics Communications
       181 (2010), estimators (b) and (f) of table 2.

    Examples
    --------
    >>> factors = [Factor(name="a", low=0.0, base=0.5, high=1.0), Factor(name="b", low=0.0, base=0.5, high=1.0)]
    >>> points = saltelli_points(factors, 2000, seed=1)
    >>> sobol_indices(("a", "b"), 2.0 * points[..., 0] + points[..., 1]).first.round(1)
    array([0.8, 0.2])
    """
    if not np.isfinite(answers).all():
        sample, column = np.argwhere(~np.isfinite(answers))[0]
        message = f"the answer at sample {sample}, column {column} is {answers[sample, column]}; each point needs one"
        raise DataError(message)
    ends = answers[:, [0, -1]]
    variance = ends.var()
    if variance <= 0.0:
        message = "none of the factors moves the answer: there is no variance to share out"
        raise DataError(message)
    centred = answers - answers.mean()
    first, mixed, second = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    alone = second * (mixed - first) / variance
    with_others = 0.5 * (first - mixed) ** 2 / variance
    root = np.sqrt(answers.shape[0])
    return SobolIndices(
        names=tuple(names),
        first=alone.mean(axis=0),
        total=with_others.mean(axis=0),
        first_deviation=alone.std(axis=0) / root,
        total_deviation=with_others.std(axis=0) / root,
    )


def _changed(part: FinancePlan, path: str, value: float) -> FinancePlan:
    name, _, rest = path.partition(".")
    if not is_dataclass(part) or name not in {each.name for each in fields(part)}:
        known = ", ".join(each.name for each in fields(part)) if is_dataclass(part) else "nothing: it is not there"
        message = f"the plan has no {path!r} here; it has {known}"
        raise UsageError(message)
    return replace(part, **{name: _changed(getattr(part, name), rest, value) if rest else value})
