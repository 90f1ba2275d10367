"""What the panels of a site deliver: sun times size, less what heat takes, cut at the inverter."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.world.weather import Weather

_REFERENCE_W_PER_M2 = 1000.0
_REFERENCE_C = 25.0


class Photovoltaics:
    """Panels of a site, level with the ground.

    Parameters
    ----------
    weather : Weather
        Weather of the site.
    panel_power_kw : float
        Power of the panels at 1000 W/m2 and 25 degC. [kW]
    power_kw_max : float, optional
        Power of the inverter; left out, 0.9 of the panels. [kW]
    efficiency : float
        Share left after dirt, wires and inverter. [-]
    loss_per_k : float
        Share lost for each kelvin above 25 degC. [1/K]

    References
    ----------
    .. [1] D. Faiman, "Assessing the outdoor operating temperature of photovoltaic modules",
       Progress in Photovoltaics 16 (2008).

    Examples
    --------
    >>> panels = Photovoltaics(Weather(1, latitude_deg=40.0, longitude_deg=0.0), 500.0)
    >>> midnight = np.array([0])
    >>> float(panels.pv_kw(midnight)[0])
    0.0
    """

    def __init__(
        self,
        weather: Weather,
        panel_power_kw: float,
        *,
        power_kw_max: float | None = None,
        efficiency: float = 0.92,
        loss_per_k: float = 0.0038,
    ) -> None:
        if not panel_power_kw >= 0.0:
            raise InvalidQuantityError("panel_power_kw", panel_power_kw, 0.0, np.inf, "kW", where="Photovoltaics")
        self.panel_power_kw = panel_power_kw
        self.power_kw_max = 0.9 * panel_power_kw if power_kw_max is None else power_kw_max
        self._weather = weather
        self._efficiency = efficiency
        self._loss_per_k = loss_per_k

    def pv_kw(self, time_ns: IntArray) -> FloatArray:
        """Power delivered, a magnitude.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Power, 0 by night. [kW]
        """
        irradiance_w_per_m2 = self._weather.irradiance_w_per_m2(time_ns)
        panel_c = self.panel_temperature_c(time_ns, irradiance_w_per_m2)
        heat = 1.0 - self._loss_per_k * (panel_c - _REFERENCE_C)
        power_kw = self.panel_power_kw * self._efficiency * irradiance_w_per_m2 / _REFERENCE_W_PER_M2 * heat
        return np.clip(power_kw, 0.0, self.power_kw_max)

    def panel_temperature_c(self, time_ns: IntArray, irradiance_w_per_m2: FloatArray) -> FloatArray:
        """Temperature of the panels in sun and wind, after Faiman.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]
        irradiance_w_per_m2 : ndarray, shape (n_times,)
            Irradiance on the panels. [W/m2]

        Returns
        -------
        ndarray, shape (n_times,)
            Temperature. [degC]
        """
        cooling_w_per_m2_k = 25.0 + 6.84 * self._weather.wind_speed_m_per_s(time_ns)
        return self._weather.ambient_temperature_c(time_ns) + irradiance_w_per_m2 / cooling_w_per_m2_k
