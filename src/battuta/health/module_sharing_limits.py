"""What a module may give or take right now: its window of charge, its temperature and its resistance bound it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLimits:
    """What bounds the power of a module.

    Attributes
    ----------
    charge_temperature_c_min, full_charge_temperature_c : float
        No charging at or below the first, all of it from the second on. [degC]
    warm_temperature_c, temperature_c_max : float
        Full power up to the first, none from the second on, both ways. [degC]
    horizon_s : float
        Time for which the limit has to keep the module in its window. [s]
    """

    charge_temperature_c_min: float = 0.0
    full_charge_temperature_c: float = 10.0
    warm_temperature_c: float = 45.0
    temperature_c_max: float = 55.0
    horizon_s: float = 10.0

    def of(
        self,
        *,
        rated_power_kw: FloatArray,
        capacity_kwh: FloatArray,
        soc: FloatArray,
        soc_min: FloatArray,
        soc_max: FloatArray,
        temperature_c: FloatArray,
        soh_resistance: FloatArray,
    ) -> tuple[FloatArray, FloatArray]:
        """Most power out of and into each module now.

        Parameters
        ----------
        rated_power_kw, capacity_kwh : ndarray, shape (n_modules,)
            Ratings and what each holds now. [kW], [kWh]
        soc, soc_min, soc_max : ndarray, shape (n_modules,)
            State of charge and its window. [-]
        temperature_c : ndarray, shape (n_modules,)
            Hottest cell of each. [degC]
        soh_resistance : ndarray, shape (n_modules,)
            Resistance, multiple of the new one: the power is kept to the heat that a new module makes. [-]

        Returns
        -------
        discharge_kw_max, charge_kw_max : ndarray, shape (n_modules,)
            Magnitudes; NaN where something is missing. [kW]
        """
        span = self.temperature_c_max - self.warm_temperature_c
        cool = np.clip((self.temperature_c_max - temperature_c) / span, 0.0, 1.0)
        rise = self.full_charge_temperature_c - self.charge_temperature_c_min
        warm = np.clip((temperature_c - self.charge_temperature_c_min) / rise, 0.0, 1.0)
        share = cool / np.sqrt(np.maximum(soh_resistance, 1.0))
        per_h = 3600.0 / self.horizon_s
        discharge = np.minimum(rated_power_kw * share, np.maximum(soc - soc_min, 0.0) * capacity_kwh * per_h)
        charge = np.minimum(rated_power_kw * share * warm, np.maximum(soc_max - soc, 0.0) * capacity_kwh * per_h)
        return discharge, charge
