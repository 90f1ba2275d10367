"""How much each family of models counts, by what it said before: by block of hours, slowly, never all on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from battuta.forecast.day_table import HOURS_PER_DAY
from battuta.numerics.arrays import FloatArray

_BLOCK_HOURS = 4
_RATE_PER_DAY = 0.1
_HALF_LIFE_DAYS = 90.0
_EQUAL_SHARE = 0.3


@dataclass(slots=True)
class _Record:
    """Discounted losses of one family: their sum by block of hours, and how many days stand behind it."""

    loss: FloatArray
    days: float = 0.0


@dataclass(slots=True)
class OnlineWeights:
    """Exponential weights on discounted absolute errors, shrunk to equal ones.

    Losses are counted in days of the mean error of all families, so that neither currency nor price level matters.

    References
    ----------
    .. [1] N. Cesa-Bianchi, G. Lugosi, "Prediction, Learning, and Games", Cambridge University Press (2006), ch. 2.
    .. [2] J. Berrisch, F. Ziel, "CRPS learning", Journal of Econometrics 237 (2023) 105221.

    Examples
    --------
    >>> weights = OnlineWeights()
    >>> for _ in range(60):
    ...     weights.learn({"good": np.full(24, 51.0), "poor": np.full(24, 60.0)}, np.full(24, 50.0))
    >>> mixed = weights.mixed({"good": np.full(24, 0.0), "poor": np.full(24, 1.0)})
    >>> round(float(mixed[0]), 2)
    0.15
    """

    _records: dict[str, _Record] = field(default_factory=dict[str, _Record])

    def learn(self, said: Mapping[str, FloatArray], price_per_mwh: FloatArray) -> None:
        """Take the outcome of a day.

        Parameters
        ----------
        said : mapping of str to ndarray, shape (n_slots,)
            Forecast of each family. [currency/MWh]
        price_per_mwh : ndarray, shape (n_slots,)
            What came; a day with gaps is passed over. [currency/MWh]
        """
        if not np.isfinite(price_per_mwh).all():
            return
        fade = 0.5 ** (1.0 / _HALF_LIFE_DAYS)
        for name, values in said.items():
            loss: FloatArray = _by_block(np.abs(values - price_per_mwh))
            record = self._records.setdefault(name, _Record(np.zeros_like(loss)))
            record.loss, record.days = fade * record.loss + loss, fade * record.days + 1.0

    def of(self, names: tuple[str, ...], n_blocks: int) -> FloatArray:
        """Weights of the families that are there, shape (n_families, n_blocks); they sum to one in each block. [-]"""
        equal = np.full((len(names), n_blocks), 1.0 / len(names))
        if any(name not in self._records for name in names):
            return equal
        records = [self._records[name] for name in names]
        mean = np.array([record.loss / record.days for record in records])
        days = min(record.days for record in records)
        behind = days * (mean - mean.min(axis=0)) / np.maximum(mean.mean(axis=0), np.finfo(float).tiny)
        weights = np.exp(-_RATE_PER_DAY * behind)
        return _EQUAL_SHARE * equal + (1.0 - _EQUAL_SHARE) * weights / weights.sum(axis=0)

    def mixed(self, said: Mapping[str, FloatArray]) -> FloatArray:
        """Mix what the families say of a day.

        Parameters
        ----------
        said : mapping of str to ndarray, shape (n_slots,)
            Forecast of each family that says anything. [currency/MWh]

        Returns
        -------
        ndarray, shape (n_slots,)
            The mix. [currency/MWh]
        """
        values = np.array(list(said.values()))
        n_blocks = _by_block(values[0]).shape[0]
        weights = self.of(tuple(said), n_blocks)
        return (np.repeat(weights, values.shape[1] // n_blocks, axis=1) * values).sum(axis=0)


def _by_block(values: FloatArray) -> FloatArray:
    """Mean of each block of four hours; days that do not divide into such are one block."""
    n_blocks = HOURS_PER_DAY // _BLOCK_HOURS
    blocks: FloatArray = values.reshape(n_blocks if values.shape[0] % n_blocks == 0 else 1, -1)
    return np.mean(blocks, axis=1)
