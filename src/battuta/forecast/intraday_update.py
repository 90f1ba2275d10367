"""A forecast of the rest of a day, once its first prices are known.

How high the first prices came out in their own forecasts says how high the next ones will: by the correlation of past
days, most for the next hour, little for the evening. The distributions move and narrow, each keeps its own shape.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from battuta.domain.errors import DataError
from battuta.forecast.price_paths import PastRanks, normal_scores, slot_correlation
from battuta.numerics.arrays import FloatArray
from battuta.numerics.quantile_function import quantiles_at
from battuta.numerics.triangles import lower_factor, solved_lower

_LEVEL_MIN = 1e-4
_VARIANCE_MIN = 1e-4


def updated_quantiles(
    quantiles: FloatArray, levels: FloatArray, past: PastRanks, price_per_mwh: FloatArray
) -> FloatArray:
    """Quantiles of a day given those of its prices that are known.

    Parameters
    ----------
    quantiles : ndarray, shape (n_slots, n_levels)
        What was issued before the day. [currency/MWh]
    levels : ndarray, shape (n_levels,)
        Levels of the quantiles. [-]
    past : PastRanks
        How past days came out in their forecasts.
    price_per_mwh : ndarray, shape (n_slots,)
        Prices of the day, NaN where not known yet. [currency/MWh]

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        The new quantiles; a known price stands in all of its row. [currency/MWh]

    Raises
    ------
    DataError
        If the shapes do not fit.
    """
    if price_per_mwh.shape != quantiles.shape[:1]:
        message = f"prices {price_per_mwh.shape} do not fit quantiles {quantiles.shape}; give each slot a price or NaN"
        raise DataError(message)
    is_known = np.isfinite(price_per_mwh)
    if not is_known.any():
        return quantiles
    updated = np.repeat(price_per_mwh[:, None], levels.shape[0], axis=1)
    if is_known.all():
        return updated
    told = normal_scores(price_per_mwh[is_known], levels, quantiles[is_known])
    correlation = slot_correlation(past)
    factor = lower_factor(correlation[np.ix_(is_known, is_known)].copy())
    reach = solved_lower(factor, correlation[np.ix_(is_known, ~is_known)])
    mean = reach.T @ solved_lower(factor, told)
    deviation = np.sqrt(np.maximum(1.0 - np.square(reach).sum(axis=0), _VARIANCE_MIN))
    normal = NormalDist()
    wanted = np.array([normal.inv_cdf(float(level)) for level in levels])
    moved = mean[:, None] + deviation[:, None] * wanted
    share = np.clip(np.vectorize(normal.cdf)(moved), _LEVEL_MIN, 1.0 - _LEVEL_MIN)
    rows = [quantiles_at(levels, row[None], at)[0] for row, at in zip(quantiles[~is_known], share, strict=True)]
    updated[~is_known] = np.sort(np.array(rows), axis=1)
    return updated
