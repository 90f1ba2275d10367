"""How likely measured health is under guesses: sensors that err, racks that differ, and a law that strays.

What a unit loses is ``(1 + f + d) L + w + s + u``: the loss ``L`` of the guess, ``f`` of the site and ``d`` of the unit
on its rate, a wander ``w`` of the site that grows with the loss, and errors ``s`` and ``u`` that all measurements of
the site and of the unit share. All but ``L`` is normal and integrated out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.field_forecast import WANDER

_GUESSES_AT_ONCE = 2000
_TINY = 1e-6
"""Deviation of what is taken for known. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteChange:
    """What units of one site lost, or gained, by the day.

    Attributes
    ----------
    day : ndarray, shape (n_times,)
        Days since commissioning, whole and ascending. [d]
    change : ndarray, shape (n_units, n_times)
        Capacity lost, or resistance gained, over that when new; NaN where it was not measured. [-]
    deviation : ndarray, shape (n_units, n_times)
        Standard deviation of each. [-]
    shared_deviation : float
        Standard deviation of what all of them share, half its variance that of the unit and half that of the site. [-]
    """

    day: FloatArray
    change: FloatArray
    deviation: FloatArray
    shared_deviation: float

    @property
    def n_measured(self) -> int:
        """How many are there. [-]"""
        return int(np.isfinite(self.change).sum())


def site_likelihood(
    site: SiteChange, loss: FloatArray, site_spread: FloatArray, unit_spread: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Likelihood of a site's measurements under guesses.

    Parameters
    ----------
    site : SiteChange
        What was measured.
    loss : ndarray, shape (n_guesses, n_times)
        What each guess loses. [-]
    site_spread, unit_spread : ndarray, shape (n_guesses,)
        Standard deviation of a factor on that loss from site to site (0 where the guess is of this site), and from unit
        to unit. [-]

    Returns
    -------
    log_likelihood, misfit : ndarray, shape (n_guesses,)
        Logarithm of the probability density, and the squared distance in deviations, which scatters as chi-squared of
        `n_measured` where the guess holds. [-]
    """
    parts = [
        _likelihood(site, loss[k : k + _GUESSES_AT_ONCE], site_spread[k : k + _GUESSES_AT_ONCE], own)
        for k in range(0, loss.shape[0], _GUESSES_AT_ONCE)
        for own in (unit_spread[k : k + _GUESSES_AT_ONCE],)
    ]
    return np.concatenate([each[0] for each in parts]), np.concatenate([each[1] for each in parts])


def _likelihood(
    site: SiteChange, loss: FloatArray, site_spread: FloatArray, unit_spread: FloatArray
) -> tuple[FloatArray, FloatArray]:
    n_guesses, n_times = loss.shape
    shared = max(0.5 * site.shared_deviation**2, _TINY**2)
    precision, pull = np.zeros((n_guesses, n_times, n_times)), np.zeros((n_guesses, n_times))
    misfit, log_size = np.zeros(n_guesses), np.zeros(n_guesses)
    own_spread = np.maximum(unit_spread, _TINY) ** 2
    for measured, deviation in zip(site.change, site.deviation, strict=True):
        held = np.isfinite(measured)
        weight = np.where(held, 1.0 / np.square(np.where(held, deviation, 1.0)), 0.0)
        away = np.where(held, measured, 0.0) - loss * held
        columns = np.stack((np.ones(loss.shape), loss), axis=2) * weight[:, None]  # (n_guesses, n_times, 2), weighed
        inner = np.stack((np.ones(loss.shape), loss), axis=2).transpose(0, 2, 1) @ columns
        inner[:, 0, 0] += 1.0 / shared
        inner[:, 1, 1] += 1.0 / own_spread
        inverse = np.linalg.inv(inner)
        told = np.einsum("gtk,gt->gk", columns, away)
        taken = np.einsum("gtk,gkl->gtl", columns, inverse)
        precision -= taken @ columns.transpose(0, 2, 1)
        precision[:, np.arange(n_times), np.arange(n_times)] += weight
        pull += weight * away - np.einsum("gtl,gl->gt", taken, told)
        misfit += (weight * away**2).sum(axis=1) - np.einsum("gk,gkl,gl->g", told, inverse, told)
        log_size += 2.0 * np.log(deviation[held]).sum() + np.log(shared) + np.log(own_spread)
        log_size += np.log(np.linalg.det(inner))
    common = WANDER * np.minimum(loss[:, :, None], loss[:, None, :]) + shared
    common += np.square(site_spread)[:, None, None] * loss[:, :, None] * loss[:, None, :]
    mixed = np.eye(n_times) + common @ precision
    moved = np.einsum("gts,gs->gt", common, pull)[..., None]
    explained: FloatArray = np.asarray(np.linalg.solve(mixed, moved)[..., 0], dtype=np.float64)
    misfit -= (pull * explained).sum(axis=1)
    log_size += np.linalg.slogdet(mixed)[1]
    return -0.5 * (misfit + log_size + site.n_measured * math.log(2.0 * math.pi)), misfit


def chance_of_worse(misfit: FloatArray, n_measured: int) -> FloatArray:
    """Chance of so bad a fit or a worse one where a guess holds, by the cube root of chi-squared.

    Parameters
    ----------
    misfit : ndarray, shape (n_guesses,)
        Squared distances in deviations. [-]
    n_measured : int
        Measurements. [-]

    Returns
    -------
    ndarray, shape (n_guesses,)
        Chances. [-]

    References
    ----------
    .. [1] E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", PNAS 17 (1931).

    Examples
    --------
    >>> chance_of_worse(np.array([18.307]), 10).round(3)
    array([0.05])
    """
    spread = 2.0 / (9.0 * n_measured)
    away = (np.cbrt(np.maximum(misfit, 0.0) / n_measured) - (1.0 - spread)) / math.sqrt(spread)
    return np.array([0.5 * math.erfc(float(each) / math.sqrt(2.0)) for each in away])
