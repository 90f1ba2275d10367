"""What current does to the voltage of a string's middle, by the usual resistance of its kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

ACTIVATION_K = 3007.0
"""25 kJ/mol over the gas constant. [K]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StringResistance:
    """Resistances of a cell at 25 degC, as a log in minutes sees them.

    Attributes
    ----------
    fast_ohm, slow_ohm : float
        What answers at once, and what answers slowly. [ohm]
    slow_s : float
        How slowly. [s]
    """

    fast_ohm: float
    slow_ohm: float
    slow_s: float

    @classmethod
    def of_kind(cls, parameters: CellParameters, capacity_ah: float) -> StringResistance:
        """Return those of a kind, for a cell of a given capacity. [Ah]"""
        share = parameters.capacity_ah / capacity_ah
        middle = int(np.argmin(np.abs(parameters.temperature_c - 25.0)))
        (fast_ohm, slow_ohm), (_, slow_s) = parameters.relaxation.T[0], parameters.relaxation.T[1]
        series_ohm = float(parameters.resistance_ohm.mean(axis=0)[middle].mean())
        return cls(
            fast_ohm=(series_ohm + float(fast_ohm)) * share, slow_ohm=float(slow_ohm) * share, slow_s=float(slow_s)
        )

    def drop_v(self, current_a: FloatArray, slow_a: FloatArray, factor: FloatArray) -> FloatArray:
        """Voltage that current takes, shape (n_times,). [V]"""
        return factor * (self.fast_ohm * current_a + self.slow_ohm * slow_a)


def resistance_factor(temperature_c: FloatArray) -> FloatArray:
    """Resistance over that at 25 degC, by the mean of the sensors; 1 where none says anything, shape (n_times,). [-]"""
    n_there = np.isfinite(temperature_c).sum(axis=1)
    return factor_at(np.where(n_there > 0, np.nansum(temperature_c, axis=1) / np.maximum(n_there, 1), 25.0))


def factor_at(temperature_c: FloatArray) -> FloatArray:
    """Resistance over that at 25 degC, at temperatures of any shape. [-]

    Examples
    --------
    >>> factor_at(np.array([15.0, 25.0])).round(2).tolist()
    [1.42, 1.0]
    """
    return np.exp(ACTIVATION_K * (1.0 / (temperature_c + 273.15) - 1.0 / 298.15))
