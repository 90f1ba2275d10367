"""Three ways to tell where a price may lie around its forecast, mixed by what each was worth before.

Quantile regressions see the day and can bend to it; the pool of standardised errors knows a width for each day and one
shape for all; the rolling errors of half a year know neither, and are hard to beat where little can be known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.error_distribution import ErrorDistribution
from battuta.forecast.error_pool import ErrorPool
from battuta.forecast.error_quantiles import DAYS_PER_SLOT_MIN, WINDOW_DAYS, error_quantiles
from battuta.numerics.arrays import FloatArray
from battuta.numerics.quantile_mix import mix_step, mixed, quantile_mix

_HALF_LIFE_DAYS = 60.0
_RATE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """What was said of a day.

    Attributes
    ----------
    point, width : ndarray, shape (n_slots,)
        Forecast, and how far off it is likely to be. [currency/MWh]
    x : ndarray, shape (n_slots, n_columns)
        What the quantile regressions saw. [-]
    voices : ndarray, shape (3, n_slots, 99)
        Quantiles by regression, by the pool and by rolling errors. [currency/MWh]
    """

    point: FloatArray
    width: FloatArray
    x: FloatArray
    voices: FloatArray


class ErrorVoices:
    """Learns from errors day by day.

    Parameters
    ----------
    n_slots : int
        Slots of a day.
    distribution : ErrorDistribution
        The quantile regressions, with nothing learned yet.
    """

    def __init__(self, n_slots: int, distribution: ErrorDistribution) -> None:
        self._distribution = distribution
        self._pool = ErrorPool(n_slots)
        self._errors: FloatArray = np.empty((0, n_slots))
        self._mix = quantile_mix(percent_levels(), 3, _HALF_LIFE_DAYS, _RATE)

    def spoken(self, point: FloatArray, width: FloatArray, x: FloatArray, day_number: int) -> Spoken:
        """Let each speak of a day; one that has nothing to go by yet says what the regressions say.

        Parameters
        ----------
        point, width : ndarray, shape (n_slots,)
            Forecast, and how far off it is likely to be. [currency/MWh]
        x : ndarray, shape (n_slots, n_columns)
            What `ErrorDistribution.regressors` gave for the day. [-]
        day_number : int
            Ordinal of the date.
        """
        bent = self._distribution.quantiles(x, day_number)
        pooled = self._pool.quantiles(percent_levels())
        voices = [point[:, None] + width[:, None] * each for each in (bent, bent if pooled is None else pooled)]
        is_young = len(self._errors) < DAYS_PER_SLOT_MIN
        plain = voices[0] if is_young else error_quantiles(point, self._errors, percent_levels())
        return Spoken(point=point, width=width, x=x, voices=np.array([*voices, plain]))

    def mixed(self, spoken: Spoken) -> FloatArray:
        """One distribution per slot, shape (n_slots, 99). [currency/MWh]"""
        return mixed(self._mix, spoken.voices)

    def learn(self, spoken: Spoken, price_per_mwh: FloatArray) -> None:
        """Take the prices of a day, shape (n_slots,), NaN where unknown. [currency/MWh]"""
        error = price_per_mwh - spoken.point
        self._distribution.learn(spoken.x, error / spoken.width)
        self._pool.learn(error / spoken.width)
        self._errors = np.concatenate([self._errors, error[None, :]])[-WINDOW_DAYS:]
        self._mix = mix_step(self._mix, spoken.voices, price_per_mwh)
