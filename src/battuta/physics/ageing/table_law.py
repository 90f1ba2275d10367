"""A table of health by year, such as a warranty's curve or a maker's promise, as an ageing law.

The table is met by a sum of powers of the time, or of the cycles, that went by: falling for ever, bent or with a knee,
and additive day by day like the other laws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.numerics.linear_program import LinearProgram, Solver
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.card import ModelCard, ValidityRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.duty_days import DutyDays

EXPONENTS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
GAP_MAX = 0.005  # of the new capacity: tables are rounded to points, a worse fit is not the user's table
NOTHING = 1e-9
YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableLaw:
    """A table as a law.

    Attributes
    ----------
    name : str
        Name that the user gave.
    card : ModelCard
        What it is worth, with the gap between law and table.
    terms : tuple of AgeingTerm
        One for each power and cause.
    per_day, per_full_cycle : ndarray, shape (n_terms,)
        What a day and a full equivalent cycle add to each term. [-]
    is_for_optimiser : bool
        False: it knows no stress.
    """

    name: str
    card: ModelCard
    terms: tuple[AgeingTerm, ...]
    per_day: FloatArray
    per_full_cycle: FloatArray
    is_for_optimiser: bool = False

    @property
    def n_slots(self) -> int:
        """One a term."""
        return len(self.terms)

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day, shape (n_days, n_slots)."""
        return self.per_day + duty.full_cycles[:, np.newaxis] * self.per_full_cycle


def table_law(
    name: str,
    years: FloatArray,
    soh_capacity: FloatArray,
    full_cycles_per_year: float | None = None,
    *,
    calendar_share: float | None = None,
    gap_max: float = GAP_MAX,
) -> TableLaw:
    """Make a law of a table.

    Parameters
    ----------
    name : str
        Name of the law.
    years : ndarray, shape (n_points,)
        Ages, rising; a row at 0 may be left out. [years]
    soh_capacity : ndarray, shape (n_points,)
        Capacity left at each, falling. [-]
    full_cycles_per_year : float or None
        Usage for which the table holds; with it the battery ages by its cycles. None: by time alone. [-]
    calendar_share : float or None
        Share of each loss that time takes whatever the usage; needs `full_cycles_per_year`. None: 0 with it. [-]
    gap_max : float
        How far the law may lie off a row. [-]

    Returns
    -------
    TableLaw
        The law.

    Raises
    ------
    DataError
        If the table is no table of ageing, or no sum of powers comes as near to it.
    InvalidQuantityError
        If the usage or the share is outside its range.

    Examples
    --------
    >>> law = table_law("warranty", np.array([1.0, 5.0, 10.0]), np.array([0.95, 0.87, 0.80]))
    >>> {each.cause for each in law.terms}
    {'calendar'}
    """
    age, lost = _table(name, years, soh_capacity)
    share = _calendar_share(name, full_cycles_per_year, calendar_share)
    weights, gap = weights_of_powers(age / age[-1], lost)
    if gap > gap_max:
        message = (
            f"{name}: no sum of powers comes nearer to the table than {100.0 * gap:.2f} points of capacity (allowed "
            f"{100.0 * gap_max:g}); smooth its steps, or give points on both sides of a plateau"
        )
        raise DataError(message)
    terms, per_day, per_full_cycle = _terms(weights, float(age[-1]), share, full_cycles_per_year)
    return TableLaw(
        name=name,
        card=_card(name, float(age[-1]), full_cycles_per_year, gap),
        terms=terms,
        per_day=per_day,
        per_full_cycle=per_full_cycle,
    )


def _terms(
    weights: FloatArray, years_last: float, share: float, full_cycles_per_year: float | None
) -> tuple[tuple[AgeingTerm, ...], FloatArray, FloatArray]:
    """Terms of time and of cycles, and what a day and a cycle add to each."""
    terms: list[AgeingTerm] = []
    per_day: list[float] = []
    per_full_cycle: list[float] = []
    causes: tuple[tuple[Literal["calendar", "cycle"], float], ...] = (("calendar", share), ("cycle", 1.0 - share))
    for cause, part in causes:
        for exponent, weight in zip(EXPONENTS, (weights * part).tolist(), strict=True):
            if weight <= NOTHING:
                continue
            per_year = weight ** (1.0 / exponent) / years_last
            name = f"capacity_{cause}_{exponent:g}"
            terms.append(
                AgeingTerm(
                    name=name,
                    quantity=AgedQuantity.CAPACITY,
                    kind=TermKind.POWER,
                    exponent=exponent,
                    slot=len(terms),
                    cause=cause,
                )
            )
            per_day.append(per_year / YEAR_DAYS if cause == "calendar" else 0.0)
            per_full_cycle.append(per_year / full_cycles_per_year if cause == "cycle" and full_cycles_per_year else 0.0)
    return tuple(terms), np.array(per_day), np.array(per_full_cycle)


def _table(name: str, years: FloatArray, soh_capacity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ages above 0 and what is lost by then, after a look at the table."""
    age, left = np.asarray(years, dtype=np.float64), np.asarray(soh_capacity, dtype=np.float64)
    if age.ndim != 1 or age.shape != left.shape or not np.all(np.isfinite(age)) or not np.all(np.isfinite(left)):
        message = f"{name}: years {age.shape} and soh_capacity {left.shape} must be rows of equal length without gaps"
        raise DataError(message)
    if age.size and age[0] == 0.0:
        if left[0] != 1.0:
            message = f"{name}: soh_capacity is {left[0]:g} at year 0; a new battery has 1: divide by its own capacity"
            raise DataError(message)
        age, left = age[1:], left[1:]
    if age.size == 0 or age[0] <= 0.0 or np.any(np.diff(age) <= 0.0):
        message = f"{name}: years must be above 0 and rise; got {age.tolist()}"
        raise DataError(message)
    refuse_what_does_not_fall(name, left, [f"year {each:g}" for each in age])
    return age, 1.0 - left


def refuse_what_does_not_fall(place: str, soh_capacity: FloatArray, at: Sequence[str]) -> None:
    """Refuse a curve that is none of ageing.

    Parameters
    ----------
    place : str
        Where the curve stands.
    soh_capacity : ndarray, shape (n_points,)
        Capacity over that when new. [-]
    at : sequence of str
        What each point is called.

    Raises
    ------
    DataError
        If it rises, reaches nothing or loses nothing.
    """
    rises = np.flatnonzero(np.diff(soh_capacity, prepend=1.0) > 0.0)
    if rises.size or soh_capacity[-1] < 0.0 or soh_capacity[-1] >= 1.0:
        worst = int(rises[0]) if rises.size else soh_capacity.size - 1
        message = (
            f"{place}: soh_capacity must fall from 1 and stay above 0; it is {soh_capacity[worst]:g} at {at[worst]}. "
            "A percentage is divided by 100"
        )
        raise DataError(message)


def _calendar_share(name: str, full_cycles_per_year: float | None, calendar_share: float | None) -> float:
    """Share of the loss that time takes."""
    if full_cycles_per_year is None:
        if calendar_share not in {None, 1.0}:
            message = f"{name}: calendar_share = {calendar_share} needs full_cycles_per_year, the usage of the table"
            raise DataError(message)
        return 1.0
    if not 0.0 < full_cycles_per_year < np.inf:
        raise InvalidQuantityError(
            "full_cycles_per_year", full_cycles_per_year, 0.0, np.inf, "-", where=name, above_low=True
        )
    share = 0.0 if calendar_share is None else calendar_share
    if not 0.0 <= share <= 1.0:
        raise InvalidQuantityError("calendar_share", share, 0.0, 1.0, "-", where=name)
    return share


def weights_of_powers(age: FloatArray, lost: FloatArray) -> tuple[FloatArray, float]:
    """Weights of the powers, none below 0, whose sum comes nearest to a table, and the largest gap.

    Parameters
    ----------
    age : ndarray, shape (n_points,)
        Age or cycles of each point over those of the last. [-]
    lost : ndarray, shape (n_points,)
        What is lost by then. [-]

    Returns
    -------
    weights : ndarray, shape (n_exponents,)
        Loss at the last point by each of `EXPONENTS`. [-]
    gap : float
        Largest distance to a point. [-]
    """
    program = LinearProgram()
    weight = program.variables(len(EXPONENTS), 0.0, np.inf)
    gap = program.variables(1, 0.0, np.inf, cost=-1.0)
    shape = age[:, np.newaxis] ** np.array(EXPONENTS)
    for sign in (1.0, -1.0):
        rows = program.rows(age.size, -np.inf, sign * lost)
        program.add(rows[:, np.newaxis], weight[np.newaxis, :], sign * shape)
        program.add(rows, gap, -1.0)
    values = Solver(program).solve().x
    weights = np.maximum(values[: len(EXPONENTS)], 0.0)
    return weights, float(np.max(np.abs(shape @ weights - lost)))


def _card(name: str, years_last: float, full_cycles_per_year: float | None, gap: float) -> ModelCard:
    """Card of a table."""
    usage = "time alone" if full_cycles_per_year is None else f"{full_cycles_per_year:g} full cycles a year"
    return ModelCard(
        name=name,
        fitted_on=f"a table given by the user, not verified, by {usage}",
        validity=(ValidityRange(name="duration_days", low=0.0, high=years_last * YEAR_DAYS, unit="d"),),
        accuracy=(f"meets the table within {100.0 * gap:.2f} points of capacity",),
        limits=(
            "a table knows neither temperature nor state of charge nor depth: it holds for the usage it was made for",
            "a warranty's curve is what the seller owes, not what the cells do",
            "no resistance; beyond its last row the powers go on",
        ),
        citations=("the user's table",),
    )
