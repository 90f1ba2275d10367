"""Strings of unequal modules under any ageing law: how long they deliver, and how much in the years that count.

`ageing_arms` asks Naumann's model alone; here the law, its rates and its exponents are given. SYNTHETIC modules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health import ageing_arms_kernels as kernels
from battuta.health.ageing_arms import Arm, Heterogeneity, StringDuty, duty_row
from battuta.health.ageing_arms_days import DayStress
from battuta.health.ageing_arms_law_kernels import live_by_law
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_term import TermKind
from battuta.physics.ageing.rate_prior import rate_at_pivot
from battuta.physics.pcs import pcs_rows

_EXPONENT_LOW = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringYears:
    """What became of one string over the years that count.

    Attributes
    ----------
    life_years : float
        Time until it delivers too little; `StringDuty.years_max` if it never did. [year]
    delivered : ndarray, shape (n_years,)
        Energy delivered in each year, in nameplates of the string. [-]
    loss_share : float
        Energy lost in its electronics, share of that delivered. [-]
    capacity_share_low, capacity_share_high : float
        What the weakest and the strongest module hold as its life ends, share of nameplate. [-]
    swapped_years : tuple of float
        When modules were exchanged. [year]
    """

    life_years: float
    delivered: FloatArray
    loss_share: float
    capacity_share_low: float
    capacity_share_high: float
    swapped_years: tuple[float, ...]


def string_years(
    arm: Arm,
    heterogeneity: Heterogeneity,
    duty: StringDuty,
    stress: DayStress,
    *,
    seed: int,
    n_years: int,
    rate: FloatArray | None = None,
    exponent_shift: FloatArray | None = None,
) -> StringYears:
    """Let one string live by an ageing law.

    Parameters
    ----------
    arm : Arm
        The way of using it.
    heterogeneity : Heterogeneity
        How unequal its modules are.
    duty : StringDuty
        What is asked of it, every day for all years.
    stress : DayStress
        The law's stresses of such days.
    seed : int
        Which modules; the same ones for every arm and law.
    n_years : int
        Years that are counted; the life is followed on to `StringDuty.years_max`. [year]
    rate : ndarray, shape (n_terms,), optional
        Multiplier of each term's loss, for the whole string; 1 if left out. [-]
    exponent_shift : ndarray, shape (n_terms,), optional
        Added to the exponents of power terms, the loss at 885 days of the passive string's day kept. [-]

    Returns
    -------
    StringYears
        What became of it.

    Raises
    ------
    DataError
        If rates or shifts do not fit the terms, or a place is outside the temperatures of the stresses.

    Examples
    --------
    >>> from battuta.health.ageing_arms import ARMS
    >>> from battuta.health.ageing_arms_days import day_stress
    >>> from battuta.physics.ageing.ageing_law import ageing_law
    >>> day = StringDuty(step_days=30.0)
    >>> stress = day_stress(ageing_law("naumann_lfp"), day, 25.0, 25.0)
    >>> found = string_years(ARMS["passive"], Heterogeneity(), day, stress, seed=1, n_years=20)
    >>> round(found.life_years, 1), round(float(found.delivered.sum() / (20 * 365.25 * 0.8)), 2)
    (5.2, 0.9)
    """
    modules, spares, away_k = heterogeneity.drawn(seed, arm.n_spares)
    if arm.has_converters:
        away_k = away_k + duty.converter_warming_k
    _refuse_outside(duty.temperature_c + away_k, stress)
    powers, rates = _terms(stress, duty, rate, exponent_shift)
    swapped, delivered, result = np.full(arm.n_spares, np.nan), np.zeros(n_years), np.zeros(kernels.N_RESULT)
    live_by_law(
        arm.way, arm.window, arm.rotates, modules, spares, away_k, duty_row(duty, arm),
        pcs_rows((duty.converter,) * heterogeneity.n_modules), stress.temperature_c, stress.slots, stress.is_additive,
        np.array([int(each.kind) for each in stress.terms]), np.array([each.slot for each in stress.terms]),
        rates, powers, swapped, delivered, result,
    )  # fmt: skip
    given = float(delivered.sum())
    return StringYears(
        life_years=float(result[kernels.LIFE_YEARS]),
        delivered=delivered,
        loss_share=float(result[kernels.LOSS]) / given if given > 0.0 else 0.0,
        capacity_share_low=float(result[kernels.SOH_LOW]),
        capacity_share_high=float(result[kernels.SOH_HIGH]),
        swapped_years=tuple(swapped[np.isfinite(swapped)].tolist()),
    )


def _terms(
    stress: DayStress, duty: StringDuty, rate: FloatArray | None, exponent_shift: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Exponents and rates of the string's terms, each of shape (n_terms,)."""
    n_terms = len(stress.terms)
    given = {"rate": np.ones(n_terms) if rate is None else rate}
    given["exponent_shift"] = np.zeros(n_terms) if exponent_shift is None else exponent_shift
    for name, values in given.items():
        if values.shape != (n_terms,) or not np.isfinite(values).all():
            message = f"{name} of shape {values.shape}: {stress.law} needs {n_terms} finite values, one a capacity term"
            raise DataError(message)
    if (given["rate"] < 0.0).any():
        raise InvalidQuantityError("rate", float(given["rate"].min()), 0.0, np.inf, "-", where=stress.law)
    powers = np.array([each.exponent for each in stress.terms])
    is_power = np.array([each.kind is TermKind.POWER for each in stress.terms])
    shift = np.where(is_power, np.maximum(given["exponent_shift"], _EXPONENT_LOW - powers), 0.0)
    per_day = stress.per_day(duty.energy_share, 1.0, duty.temperature_c)
    return powers + shift, given["rate"] * rate_at_pivot(per_day, shift)


def _refuse_outside(place_c: FloatArray, stress: DayStress) -> None:
    low, high = float(stress.temperature_c[0]), float(stress.temperature_c[-1])
    for end in (float(place_c.min()), float(place_c.max())):
        if not low - 1e-9 <= end <= high + 1e-9:
            raise InvalidQuantityError("temperature_c", end, low, high, "degC", where=f"stresses of {stress.law}")
