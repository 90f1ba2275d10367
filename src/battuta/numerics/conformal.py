"""An interval around any forecast from the errors it made on what it had not learned: no assumption on their shape.

Each group of what was learned is left out once. What the model without it says of the new case, moved down and up by
its error on the group, gives one voice on either bound; the bound is a quantile of these voices.
"""

from __future__ import annotations

import math

import numpy as np

from battuta.numerics.arrays import FloatArray


def n_min_for(coverage: float) -> int:
    """Fewest errors from which an interval of that coverage can be told.

    Parameters
    ----------
    coverage : float
        Share of cases that the interval shall hold, in (0, 1). [-]

    Returns
    -------
    int
        Number of errors.

    Raises
    ------
    ValueError
        If the coverage is outside (0, 1).

    Examples
    --------
    >>> n_min_for(0.9)
    9
    """
    if not 0.0 < coverage < 1.0:
        message = f"coverage = {coverage:g} is outside (0, 1); give a probability, not percent"
        raise ValueError(message)
    return math.ceil(coverage / (1.0 - coverage) - 1e-9)


def jackknife_plus(
    left_out: FloatArray, errors: FloatArray, coverage: float, widening: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Interval of new cases by the jackknife+; with folds instead of single cases it is the CV+.

    Parameters
    ----------
    left_out : ndarray, shape (n_errors, n_new)
        What the model that never saw case i says of each new case, in units of the forecast.
    errors : ndarray, shape (n_errors,)
        Error of that model on case i, either sign, in units of the forecast.
    coverage : float
        Share of cases that the interval shall hold, in (0, 1). [-]
    widening : ndarray, shape (n_new,), optional
        Factor on the errors for each new case, 1 where it is like what was learned. [-]

    Returns
    -------
    tuple of ndarray, shape (n_new,)
        Lower and upper bound, in units of the forecast.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is not finite, or there are too few errors for the coverage.

    References
    ----------
    .. [1] R. F. Barber, E. J. Candes, A. Ramdas, R. J. Tibshirani, "Predictive inference with the jackknife+",
       Ann. Statist. 49 (2021), sections 1.3 and 3: exchangeable cases are held with probability 2 coverage - 1 at
       least, and close to coverage in practice.

    Examples
    --------
    >>> low, high = jackknife_plus(np.zeros((9, 1)), np.arange(1.0, 10.0), 0.8)
    >>> low, high
    (array([-8.]), array([8.]))
    """
    left_out, errors = np.asarray(left_out, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if left_out.ndim != 2 or errors.shape != left_out.shape[:1]:
        message = f"left_out has the shape {left_out.shape}, errors {errors.shape}; give a row for each error"
        raise ValueError(message)
    n_errors, n_min = errors.size, n_min_for(coverage)
    if n_errors < n_min:
        message = f"{n_errors} errors cannot carry an interval of coverage {coverage:g}; give at least {n_min}"
        raise ValueError(message)
    factor = np.ones(left_out.shape[1]) if widening is None else np.asarray(widening, dtype=np.float64)
    reach = np.abs(errors)[:, None] * factor
    if not (np.isfinite(left_out).all() and np.isfinite(reach).all()):
        message = "left_out, errors or widening hold values that are not finite; leave such cases out"
        raise ValueError(message)
    rank = math.ceil(coverage * (n_errors + 1) - 1e-9)
    upper = np.sort(left_out + reach, axis=0)[rank - 1]
    lower = np.sort(left_out - reach, axis=0)[n_errors - rank]
    return lower, upper
