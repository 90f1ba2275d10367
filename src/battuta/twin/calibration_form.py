"""Calendar ageing at rest by any ageing law, and the few ways in which a calibration may bend it.

A published law is fitted on one product and read off a few tests. A calibration does not throw it away: it tilts its
curve by a few numbers, each with a prior, and lets the data say how far. Beside what ages, a fresh cell at rest shifts
lithium between the anode and its overhang: that moves its capacity in the first weeks, up at a low state of charge and
down at a high one, and is no ageing; it has numbers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgedQuantity, AgeingLaw, TermKind
from battuta.physics.ageing.duty_days import DAY_S, duty_days

if TYPE_CHECKING:
    from collections.abc import Sequence

GAS_J_PER_MOL_K = 8.314462618
ZERO_K = 273.15
REFERENCE_C = 25.0
PIVOT_DAYS = 365.0
"""Age at which a changed exponent leaves the loss as it was."""
HOT_C = 60.0
"""Where the tilt over temperature is 1: end of the box of the calendar data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalendarCondition:
    """Check-ups of cells at rest at one temperature and one state of charge.

    Attributes
    ----------
    name : str
        Name, by which a prediction may ask for it.
    temperature_c : float
        Cell temperature. [degC]
    soc : float
        State of charge. [-]
    days : ndarray, shape (n_times,)
        Age at each check-up, above 0: the first check-up is what the losses refer to. [d]
    loss_share : ndarray, shape (n_times,)
        Capacity lost, share of that of the first check-up. [-]
    """

    name: str
    temperature_c: float
    soc: float
    days: FloatArray
    loss_share: FloatArray

    def __post_init__(self) -> None:
        """Refuse check-ups that cannot be used."""
        if self.days.ndim != 1 or self.days.shape != self.loss_share.shape or not self.days.size:
            message = f"condition {self.name}: {self.days.shape} ages and {self.loss_share.shape} losses; give pairs"
            raise DataError(message)
        if not np.all(np.isfinite(self.days) & np.isfinite(self.loss_share)) or float(self.days.min()) <= 0.0:
            message = f"condition {self.name}: leave out check-ups without a value and the one at day 0"
            raise DataError(message)
        if not 0.0 <= self.soc <= 1.0:
            raise InvalidQuantityError("soc", self.soc, 0.0, 1.0, "-", where=f"condition {self.name}")

    def at(self, days: FloatArray) -> CalendarCondition:
        """The same at other ages [d], of which no loss is known: 0 stands for it."""
        return CalendarCondition(
            name=self.name, temperature_c=self.temperature_c, soc=self.soc, days=days, loss_share=np.zeros(days.size)
        )

    def until(self, last_days: float) -> CalendarCondition:
        """Check-ups up to an age [d], that day included."""
        kept = self.days <= last_days
        return CalendarCondition(
            name=self.name,
            temperature_c=self.temperature_c,
            soc=self.soc,
            days=self.days[kept],
            loss_share=self.loss_share[kept],
        )


def resting_loss(law: AgeingLaw, temperature_c: float, soc: float, days: FloatArray) -> FloatArray:
    """Capacity lost at rest by the law as published.

    Parameters
    ----------
    law : AgeingLaw
        The law.
    temperature_c : float
        Cell temperature. [degC]
    soc : float
        State of charge. [-]
    days : ndarray, shape (n_times,)
        Ages. [d]

    Returns
    -------
    ndarray, shape (n_times,)
        Share of the new capacity, never negative. [-]

    Examples
    --------
    >>> from battuta.physics.ageing.ageing_law import ageing_law
    >>> resting_loss(ageing_law("naumann_lfp"), 25.0, 0.5, np.array([365.0])).round(4)
    array([0.0425])
    """
    rest = duty_days(np.full(2, soc), np.full(2, temperature_c), np.zeros(2), DAY_S / 2.0)
    slots = law.stresses(rest)[0]
    loss = np.zeros(days.shape)
    for term in law.terms:
        if term.quantity is AgedQuantity.CAPACITY:
            own = slots[term.slot :]
            if term.kind is TermKind.POWER:
                loss += (own[0] * days) ** term.exponent
            else:
                loss += own[0] * np.tanh(0.5 * (own[1] * days) ** own[2])
    return np.maximum(loss, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TiltPrior:
    """What is believed of the tilts and of the scatter before any data.

    Attributes
    ----------
    name : tuple of str
        Names of the numbers.
    mean, deviation : ndarray, shape (17,)
        Normal priors. Tilts: rate (logarithm), activation energy [J/mol], its bend, slope and bend over the state of
        charge (logarithms), slope over both, exponent and its slopes over both. Overhang: capacity moved per state of
        charge, state of charge at which none moves, logarithm of its time constant [d]. Logarithms of the scatter
        between conditions of rate, exponent and overhang, of the wander (variance per loss) and of the error of a
        check-up.
    source : tuple of str
        Where each comes from.
    """

    name: tuple[str, ...]
    mean: FloatArray
    deviation: FloatArray
    source: tuple[str, ...]


def tilt_prior() -> TiltPrior:
    """Priors from papers and published parameter sets; where there is none, the source says that it is assumed.

    Returns
    -------
    TiltPrior
        Means, deviations and sources.
    """
    rows = (
        ("log_rate", 0.0, 0.7, "spread of three published laws after twenty years at 25 degC: 5, 15 and 19 points"),
        ("activation_j_per_mol", 0.0, 11_000.0, "distance of Naumann's value from SimSES' refit and three bootstraps"),
        ("temperature_bend", 0.0, 0.3, "assumed: a second process with another activation energy"),
        ("soc_slope", 0.0, 0.5, "SimSES' sets scatter by 0.15; other laws have other shapes"),
        ("soc_bend", 0.0, 0.5, "SimSES' sets scatter by 0.09; other laws have other shapes"),
        ("soc_by_temperature", 0.0, 0.25, "assumed: half as wide as the slope itself"),
        ("exponent", 0.0, 0.08, "published exponents of LFP calendar loss: 0.50, 0.526, 0.52 to 0.74"),
        ("exponent_by_soc", 0.0, 0.1, "assumed: as far apart as published exponents are"),
        ("exponent_by_temperature", 0.0, 0.1, "assumed: as far apart as published exponents are"),
        ("overhang_share", 0.04, 0.03, "an overhang of 5 to 10 % of the anode, as cells of this kind have"),
        ("overhang_soc", 0.4, 0.15, "state of charge in which cells are delivered, 0.3 to 0.5"),
        ("log_overhang_days", float(np.log(20.0)), 0.7, "weeks, as reversible capacity is reported to take"),
        ("log_rate_scatter", float(np.log(0.10)), 0.7, "assumed: a law of few numbers misses a condition by a tenth"),
        ("log_exponent_scatter", float(np.log(0.05)), 0.7, "assumed"),
        ("log_overhang_scatter", float(np.log(0.002)), 0.7, "assumed"),
        ("log_wander", float(np.log(1e-4)), 1.0, "assumed: a loss of 5 points strays by 0.2 from any smooth law"),
        ("log_error", float(np.log(0.0005)), 0.7, "repeatability of a check-up, 0.05 points, mean of three cells"),
    )
    return TiltPrior(
        name=tuple(row[0] for row in rows),
        mean=np.array([row[1] for row in rows]),
        deviation=np.array([row[2] for row in rows]),
        source=tuple(row[3] for row in rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossSurface:
    """A law's losses at the points of some conditions, with what a tilt needs of each point.

    Attributes
    ----------
    log_loss : ndarray, shape (n_points,)
        Logarithm of the loss as published. [-]
    design : ndarray, shape (n_points, 9)
        What each of the nine tilts multiplies.
    days : ndarray, shape (n_points,)
        Age. [d]
    log_age : ndarray, shape (n_points,)
        Logarithm of the age over `PIVOT_DAYS`. [-]
    soc : ndarray, shape (n_conditions,)
        State of charge of each condition. [-]
    starts : ndarray of int, shape (n_conditions,)
        First point of each condition.
    """

    log_loss: FloatArray
    design: FloatArray
    days: FloatArray
    log_age: FloatArray
    soc: FloatArray
    starts: tuple[int, ...]

    def losses(self, tilts: FloatArray) -> FloatArray:
        """Losses under tilts of shape (n_draws, 9): shape (n_draws, n_points). [-]"""
        return np.exp(np.clip(self.log_loss + tilts @ self.design.T, -40.0, 1.0))

    def increments(self, points: FloatArray) -> FloatArray:
        """What is added from one check-up to the next within each condition, last axis over the points."""
        steps = np.diff(points, axis=-1, prepend=0.0)
        steps[..., self.starts] = points[..., self.starts]
        return steps


def loss_surface(law: AgeingLaw, conditions: Sequence[CalendarCondition]) -> LossSurface:
    """Ask a law once at every point.

    Parameters
    ----------
    law : AgeingLaw
        The law.
    conditions : sequence of CalendarCondition
        Conditions; their losses are not read.

    Returns
    -------
    LossSurface
        The points, condition by condition.
    """
    counts = [each.days.size for each in conditions]
    log_age = np.log(np.concatenate([each.days for each in conditions]) / PIVOT_DAYS)
    loss = np.concatenate([resting_loss(law, each.temperature_c, each.soc, each.days) for each in conditions])
    inverse_k = np.repeat([_inverse_k(each.temperature_c) for each in conditions], counts)
    away = np.repeat([each.soc - 0.5 for each in conditions], counts)
    warmth = inverse_k / _inverse_k(HOT_C)
    columns = (
        np.ones(loss.size),
        inverse_k / GAS_J_PER_MOL_K,
        warmth**2,
        away,
        4.0 * away**2,
        away * warmth,
        log_age,
        away * log_age,
        warmth * log_age,
    )
    return LossSurface(
        log_loss=np.log(np.maximum(loss, 1e-9)),
        design=np.stack(columns, axis=1),
        days=np.concatenate([each.days for each in conditions]),
        log_age=log_age,
        soc=np.array([each.soc for each in conditions]),
        starts=tuple(int(each) for each in np.concatenate(([0], np.cumsum(counts)[:-1]))),
    )


def _inverse_k(temperature_c: float) -> float:
    """How far above the reference, as Arrhenius counts. [1/K]"""
    return 1.0 / (REFERENCE_C + ZERO_K) - 1.0 / (temperature_c + ZERO_K)
