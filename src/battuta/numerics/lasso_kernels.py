"""The path of a LASSO regression on a Gram matrix, followed knot by knot, and the knot that a criterion likes best.

The path is that of least angle regression, with the rule that a coefficient which comes to zero leaves. `upper` is
the Cholesky factor R of the Gram matrix of the active columns, G = R'R, row by row, so that inner loops run along
memory.
"""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_COLLINEAR = 1e-7
_STEP_MIN = 1e-10
_EXHAUSTED = 1e-9
_ROUNDING = 1e-12


@jit
def enter(gram: FloatArray, upper: FloatArray, active: IntArray, n_active: int, column: int) -> bool:
    """Append a column to the factor.

    Parameters
    ----------
    gram : ndarray, shape (n_columns, n_columns)
        Inner products of all columns.
    upper : ndarray, shape (n_max, n_max)
        The factor; row `n_active` and the column beside it are written.
    active : ndarray, shape (n_max,)
        Columns of the factor; place `n_active` is written.
    n_active : int
        How many columns the factor has.
    column : int
        The one to append.

    Returns
    -------
    bool
        False, with nothing changed that counts, when the column is a mixture of those there.
    """
    for i in range(n_active):
        upper[i, n_active] = gram[active[i], column]
    for i in range(n_active):
        upper[i, n_active] /= upper[i, i]
        for m in range(i + 1, n_active):
            upper[m, n_active] -= upper[i, m] * upper[i, n_active]
    rest = gram[column, column]
    for i in range(n_active):
        rest -= upper[i, n_active] * upper[i, n_active]
    if rest <= _COLLINEAR * gram[column, column]:
        return False
    upper[n_active, n_active] = np.sqrt(rest)
    active[n_active] = column
    return True


@jit
def leave(upper: FloatArray, active: IntArray, sign: FloatArray, n_active: int, place: int) -> None:
    """Delete a column from the factor, and make it triangular again by rotations.

    Parameters
    ----------
    upper : ndarray, shape (n_max, n_max)
        The factor, changed in place.
    active, sign : ndarray, shape (n_max,)
        Columns of the factor and the signs of their correlations, closed up in place.
    n_active : int
        Number of columns before one leaves.
    place : int
        Which one leaves.
    """
    for j in range(place, n_active - 1):
        active[j] = active[j + 1]
        sign[j] = sign[j + 1]
        for i in range(j + 2):
            upper[i, j] = upper[i, j + 1]
    for j in range(place, n_active - 1):
        radius = np.hypot(upper[j, j], upper[j + 1, j])
        cosine, sine = upper[j, j] / radius, upper[j + 1, j] / radius
        for m in range(j, n_active - 1):
            above, below = upper[j, m], upper[j + 1, m]
            upper[j, m] = cosine * above + sine * below
            upper[j + 1, m] = cosine * below - sine * above


@jit
def direct(upper: FloatArray, sign: FloatArray, n_active: int, direction: FloatArray) -> float:
    """Direction in which all active correlations shrink alike: the solution of G d = sign.

    Parameters
    ----------
    upper : ndarray, shape (n_max, n_max)
        The factor.
    sign : ndarray, shape (n_max,)
        Signs of the active correlations.
    n_active : int
        Number of active columns.
    direction : ndarray, shape (n_max,)
        Written.

    Returns
    -------
    float
        sign' d, the fall of half the squared error per step and correlation.
    """
    for i in range(n_active):
        direction[i] = sign[i]
    for i in range(n_active):
        direction[i] /= upper[i, i]
        for m in range(i + 1, n_active):
            direction[m] -= upper[i, m] * direction[i]
    for i in range(n_active - 1, -1, -1):
        total = direction[i]
        for m in range(i + 1, n_active):
            total -= upper[i, m] * direction[m]
        direction[i] = total / upper[i, i]
    slope = 0.0
    for i in range(n_active):
        slope += sign[i] * direction[i]
    return slope


@jit
def strongest(correlation: FloatArray, is_out: BoolArray) -> int:
    """Column outside whose correlation with the residual is largest; -1 if there is none."""
    level, column = 0.0, -1
    for j in range(correlation.size):
        if is_out[j] and abs(correlation[j]) > level:
            level, column = abs(correlation[j]), j
    return column


@jit
def carry(gram: FloatArray, active: IntArray, direction: FloatArray, n_active: int, motion: FloatArray) -> None:
    """Write into `motion` how each correlation falls per unit of step along the direction of the active columns."""
    motion[:] = 0.0
    for i in range(n_active):
        row, share = gram[active[i]], direction[i]
        for j in range(motion.size):
            motion[j] += share * row[j]


@jit
def next_entry(correlation: FloatArray, motion: FloatArray, is_out: BoolArray, level: float) -> float:
    """Length of the step until another column is as correlated as the active ones; at most the whole way.

    Parameters
    ----------
    correlation, motion : ndarray, shape (n_columns,)
        Correlation of each column with the residual, and its fall per unit of step.
    is_out : ndarray of bool, shape (n_columns,)
        True for columns that may enter.
    level : float
        Correlation of the active columns.

    Returns
    -------
    float
        Length of the step.
    """
    length, least = level, _STEP_MIN * level
    for j in range(correlation.size):
        if is_out[j]:
            fall, rise = 1.0 - motion[j], 1.0 + motion[j]
            if least * fall < level - correlation[j] < length * fall:
                length = (level - correlation[j]) / fall
            if least * rise < level + correlation[j] < length * rise:
                length = (level + correlation[j]) / rise
    return length


@jit
def next_exit(
    here: FloatArray, active: IntArray, direction: FloatArray, n_active: int, length: float
) -> tuple[float, int]:
    """Length of the step until a coefficient comes to zero, and its place; the given length and -1 if none does."""
    leaving = -1
    for i in range(n_active):
        at = here[active[i]]
        if at * direction[i] < 0.0 and -at / direction[i] < length:
            length, leaving = -at / direction[i], i
    return length, leaving


@jit
def criterion(squared_error: float, n_rows: int, n_active: int, penalty_per_coefficient: float) -> float:
    """Information criterion of a knot: n log(RSS/n) plus a penalty, corrected for few rows where it is Akaike's.

    A penalty of 2 is Akaike's criterion with a correction in the manner of Hurvich and Tsai, which here counts the
    coefficients alone, neither mean nor variance; log(n) is that of Schwarz.
    """
    penalty = penalty_per_coefficient * n_active
    if penalty_per_coefficient == 2.0:
        penalty *= n_rows / (n_rows - n_active - 2.0)
    return n_rows * np.log(squared_error / n_rows) + penalty


@jit
def best_knot(
    gram: FloatArray,
    correlation: FloatArray,
    square: float,
    n_rows: int,
    penalty_per_coefficient: float,
    n_active_max: int,
    patience: int,
    coefficient: FloatArray,
) -> float:
    """Follow the path until its criterion has not improved for a while; keep the best knot.

    Parameters
    ----------
    gram : ndarray, shape (n_columns, n_columns)
        X'X of centred columns.
    correlation : ndarray, shape (n_columns,)
        X'y of the centred target; used up.
    square : float
        y'y of the centred target, above 0.
    n_rows : int
        Number of observations.
    penalty_per_coefficient : float
        Of the criterion.
    n_active_max : int
        Most coefficients, at least 1 and below `n_rows` - 2.
    patience : int
        Knots without improvement after which the path is left.
    coefficient : ndarray, shape (n_columns,)
        Written: coefficients at the best knot, zeros where none beats the mean.

    Returns
    -------
    float
        Correlation of the active columns with the residual there: the penalty of the LASSO times `n_rows`.
    """
    here, motion = np.zeros(gram.shape[0]), np.empty(gram.shape[0])
    is_out = np.diag(gram) > _EXHAUSTED * n_rows
    active, sign, direction = np.empty(n_active_max, np.int64), np.empty(n_active_max), np.empty(n_active_max)
    upper = np.zeros((n_active_max, n_active_max))
    coefficient[:] = 0.0
    level, squared_error, best, best_level = np.inf, square, criterion(square, n_rows, 0, 0.0), np.inf
    n_active, n_knots, since = 0, 0, 0
    has_left = False
    while since <= patience and n_knots < 4 * n_active_max:
        if not has_left:
            incoming = strongest(correlation, is_out)
            if incoming < 0 or n_active == n_active_max or abs(correlation[incoming]) < _EXHAUSTED * n_rows:
                break
            is_out[incoming] = False
            if not enter(gram, upper, active, n_active, incoming):
                continue
            level, sign[n_active] = abs(correlation[incoming]), np.sign(correlation[incoming])
            n_active += 1
        slope = direct(upper, sign, n_active, direction)
        carry(gram, active, direction, n_active, motion)
        length = next_entry(correlation, motion, is_out, level)
        length, leaving = next_exit(here, active, direction, n_active, length)
        squared_error += (length - 2.0 * level) * length * slope
        for i in range(n_active):
            here[active[i]] += length * direction[i]
        for j in range(here.size):
            correlation[j] -= length * motion[j]
        level -= length
        has_left = leaving >= 0
        if has_left:
            here[active[leaving]] = 0.0
            is_out[active[leaving]] = True
            leave(upper, active, sign, n_active, leaving)
            n_active -= 1
        n_knots, since = n_knots + 1, since + 1
        value = criterion(max(squared_error, _ROUNDING * square), n_rows, n_active, penalty_per_coefficient)
        if value < best:
            best, best_level, since = value, level, 0
            coefficient[:] = here
    return best_level
