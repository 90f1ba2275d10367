"""How far one cycle or one day of rest moves a battery along the course that its duty takes anyway.

A term whose state adds up does not ask which use brought it there: an extra stress puts the battery where it would have
been a little later. So each use is told in years of the duty's own ageing, whatever the battery's rates are, and what
it costs is what that much ageing costs. A square root forgives: the same use lowers an old battery less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgedQuantity, TermKind

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_law import AgeingLaw, AgeingTerm

_NOTHING = 1e-12
_NEARLY_ALL = 1.0 - 1e-9
_PLACES = (np.arange(12) + 0.5) / 12.0
"""Places within a year at which a use is asked. [a]"""


def years_of_ageing(
    law: AgeingLaw, cause: Literal["calendar", "cycle"], probes: FloatArray, year: FloatArray, n_years: int
) -> FloatArray:
    """Years of the duty's ageing of capacity that a use brings, by the year of life in which it happens.

    Parameters
    ----------
    law : AgeingLaw
        The model; it must be one for an optimiser.
    cause : {"calendar", "cycle"}
        Whose terms are asked.
    probes : ndarray, shape (..., n_slots)
        Stresses of the uses.
    year : ndarray, shape (n_days, n_slots)
        Stresses of a year of the duty.
    n_years : int
        Years of life.

    Returns
    -------
    ndarray, shape (n_years, ...)
        Years; a power's are the same in all years. [a]

    Raises
    ------
    UsageError
        If the model is not for an optimiser, or the duty does not age the battery by that cause: a square root has no
        finite price for the first cycle.

    Examples
    --------
    >>> from battuta.physics.ageing.naumann_law import naumann_law
    >>> year, one = np.ones((365, 4)), np.full((1, 4), 3.65)
    >>> years_of_ageing(naumann_law(), "cycle", one, year, 2).round(6)
    array([[0.01],
           [0.01]])
    """
    if not law.is_for_optimiser:
        message = f"{law.name} may not be given to an optimiser: see its card; leave it out of a wear price"
        raise UsageError(message)
    terms = [each for each in law.terms if each.cause == cause and each.quantity is AgedQuantity.CAPACITY]
    age = np.arange(n_years)[:, np.newaxis] + _PLACES
    by_use = np.zeros((*age.shape, *probes.shape[:-1]))
    by_duty = np.zeros(age.shape)
    for each in terms:
        loss, per_year = _course(each, year, age)
        by_duty += per_year
        by_use += _step(each, probes, year, loss, per_year)
    if not np.all(by_duty > _NOTHING):
        message = (
            f"{law.name}: the duty ages no capacity by {cause}, so that one more use has no finite price; make the "
            "table from a strategy that works"
        )
        raise UsageError(message)
    wide = by_duty.reshape(*age.shape, *(1,) * (probes.ndim - 1))
    return (by_use / wide).mean(axis=1)


def _course(term: AgeingTerm, year: FloatArray, age: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Loss of a term at ages, and its loss in a year at that pace, both shape of `age`. [-]"""
    if term.kind is TermKind.POWER:
        moved = float(year[:, term.slot].sum())
        if moved <= 0.0:
            return np.zeros(age.shape), np.zeros(age.shape)
        return (moved * age) ** term.exponent, term.exponent * moved * (moved * age) ** (term.exponent - 1.0)
    end, curve = (float(year[:, term.slot + at].mean()) for at in (0, 2))
    moved = float(year[:, term.slot + 1].sum())
    if end <= 0.0 or moved <= 0.0:
        return np.zeros(age.shape), np.zeros(age.shape)
    loss = end * np.tanh(0.5 * (moved * age) ** curve)
    return loss, _pace(loss, np.array(end), np.array(curve)) * moved


def _step(term: AgeingTerm, probes: FloatArray, year: FloatArray, loss: FloatArray, per_year: FloatArray) -> FloatArray:
    """Loss by each use at each age, shape (n_years, n_places, ...). [-]"""
    at_age = (..., *(np.newaxis,) * (probes.ndim - 1))
    if term.kind is TermKind.POWER:
        moved = float(year[:, term.slot].sum())
        return per_year[at_age] * (probes[..., term.slot] / moved if moved > 0.0 else 0.0 * probes[..., term.slot])
    end, moved, curve = (probes[..., term.slot + at] for at in range(3))
    if not np.any(moved > 0.0):
        return np.zeros((*loss.shape, *end.shape))
    return _pace(loss[at_age], end, curve) * moved


def _pace(loss: FloatArray, end: FloatArray, curve: FloatArray) -> FloatArray:
    """Slope of ``end * tanh(x**curve / 2)`` over x where it has reached a loss; 0 from its end on."""
    reached = np.minimum(loss / np.maximum(end, _NOTHING), _NEARLY_ALL)
    stands = np.maximum(2.0 * np.arctanh(reached), _NOTHING) ** (1.0 / curve)
    slope = 0.5 * end * (1.0 - reached**2) * curve * stands ** (curve - 1.0)
    return np.where(loss < _NEARLY_ALL * end, slope, 0.0)
