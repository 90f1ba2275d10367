"""How full the lines into a zone were: imports that were scheduled, as a share of what the lines could carry."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray


def import_share(scheduled_import_mw: FloatArray, import_capacity_mw: FloatArray) -> FloatArray:
    """Share of the import capacity that is used.

    Parameters
    ----------
    scheduled_import_mw : ndarray, shape (n_times,)
        Imports over a border, NaN where missing. [MW]
    import_capacity_mw : ndarray, shape (n_times,)
        What the border could carry into the zone, NaN where missing. [MW]

    Returns
    -------
    ndarray, shape (n_times,)
        0 for an idle border, 1 for a full one and for one that carries nothing at all, above 1 where more was scheduled
        than was offered; NaN where either is missing. [-]

    Raises
    ------
    DataError
        If the shapes differ.
    InvalidQuantityError
        If a value is negative: imports and capacities are magnitudes, exports stand in a column of their own.

    Examples
    --------
    >>> import_share(np.array([0.0, 600.0, 0.0, 900.0]), np.array([1200.0, 1200.0, 0.0, np.nan]))
    array([0. , 0.5, 1. , nan])
    """
    if scheduled_import_mw.shape != import_capacity_mw.shape:
        message = (
            f"scheduled_import_mw has shape {scheduled_import_mw.shape}, import_capacity_mw {import_capacity_mw.shape}"
        )
        raise DataError(message)
    both = (("scheduled_import_mw", scheduled_import_mw), ("import_capacity_mw", import_capacity_mw))
    for name, values in both:
        negative = np.flatnonzero(values < 0.0)
        if negative.size:
            first = int(negative[0])
            raise InvalidQuantityError(name, float(values[first]), 0.0, np.inf, "MW", where=f"interval {first}")
    is_shut = import_capacity_mw == 0.0
    unused = np.where(np.isfinite(scheduled_import_mw), 1.0, np.nan)
    return np.where(is_shut, unused, scheduled_import_mw / np.where(is_shut, 1.0, import_capacity_mw))
