"""How well guesses of a bent ageing law explain check-ups, in one loop over guesses, conditions and check-ups."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

SMALLEST = 1e-200


@jit
def shifted_log_likelihood(
    guesses: FloatArray, design: FloatArray, points: FloatArray, soc: FloatArray, bounds: IntArray
) -> FloatArray:
    """Logarithm of the probability of all losses, what belongs to single conditions integrated out.

    Parameters
    ----------
    guesses : ndarray, shape (n_draws, n_tilts + 8)
        Tilts; capacity moved per state of charge, state of charge at which none moves, time constant [d]; inverse
        variances of the shifts of a condition (rate, exponent, overhang); wander (variance per loss), variance of a
        check-up.
    design : ndarray, shape (n_points, n_tilts)
        What each tilt multiplies.
    points : ndarray, shape (n_points, 4)
        Logarithm of the law's loss, age [d], logarithm of the age over the pivot, measured loss.
    soc : ndarray, shape (n_conditions,)
        State of charge. [-]
    bounds : ndarray of int, shape (n_conditions + 1,)
        First point of each condition, and the end.

    Returns
    -------
    ndarray, shape (n_draws,)
        Logarithm of the likelihood. [-]
    """
    found = np.empty(guesses.shape[0])
    for draw in range(guesses.shape[0]):
        guess = guesses[draw]
        total = points.shape[0] * np.log(2.0 * np.pi)
        for condition in range(soc.size):
            total += _condition(guess, design, points, soc[condition], bounds[condition], bounds[condition + 1])
        found[draw] = -0.5 * total
    return found


@jit
def _condition(guess: FloatArray, design: FloatArray, points: FloatArray, soc: float, first: int, end: int) -> float:
    """Misfit of one condition with the size of its normal, minus twice the logarithm of its probability."""
    n_tilts = design.shape[1]
    rate, bend, move = guess[n_tilts + 3], guess[n_tilts + 4], guess[n_tilts + 5]
    expected = guess[n_tilts] * (soc - guess[n_tilts + 1])
    p00, p11, p22, p01, p02, p12 = rate, bend, move, 0.0, 0.0, 0.0
    b0, b1, b2 = 0.0, 0.0, move * expected
    misfit, size, total = move * expected**2, 1.0, 0.0
    loss_before = bent_before = moved_before = share_before = 0.0
    for point in range(first, end):
        power = points[point, 0]
        for tilt in range(n_tilts):
            power += guess[tilt] * design[point, tilt]
        loss = np.exp(min(max(power, -40.0), 1.0))
        bent = loss * points[point, 2]
        moved = 1.0 - np.exp(-points[point, 1] / guess[n_tilts + 2])
        one, two, three = loss - loss_before, bent - bent_before, moved - moved_before
        variance = guess[n_tilts + 6] * abs(one) + guess[n_tilts + 7]
        away = points[point, 3] - share_before - one
        weight = 1.0 / variance
        p00 += weight * one * one
        p11 += weight * two * two
        p22 += weight * three * three
        p01 += weight * one * two
        p02 += weight * one * three
        p12 += weight * two * three
        b0 += weight * one * away
        b1 += weight * two * away
        b2 += weight * three * away
        misfit += weight * away * away
        size *= variance
        if size < SMALLEST:
            total += np.log(size)
            size = 1.0
        loss_before, bent_before, moved_before, share_before = loss, bent, moved, points[point, 3]
    second = p11 - p01 * p01 / p00
    across = p12 - p02 * p01 / p00
    third = p22 - p02 * p02 / p00 - across * across / second
    y1 = b1 - p01 / p00 * b0
    y2 = b2 - p02 / p00 * b0 - across / second * y1
    misfit -= b0 * b0 / p00 + y1 * y1 / second + y2 * y2 / third
    return misfit + total + np.log(size) + np.log(p00 * second * third / (rate * bend * move))
