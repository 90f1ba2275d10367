"""Weather that never was, at one place: temperature, sun, cloud, wind and humidity from one seed.

Sites of one region share most of their weather. The sun follows its formula; clouds, warm and cold air wander.
The numbers are invented: only their seasons, their days and their spread imitate a place of that latitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from math import erf

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, to_ns
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.world.mean_reversion import mean_reverting

_SHARED = 0.94
_CLOUDS_SHARED = 0.8
_WARMEST_HOUR = 15.0
_SPELL_EDGE_HOURS = 12.0


class SpellKind(StrEnum):
    """What a spell of weather brings."""

    HEAT = "heat"
    COLD = "cold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days of heat or cold that are planted in the weather.

    Attributes
    ----------
    kind : SpellKind
        Heat or cold.
    first_day : date
        First day, by the sun.
    n_days : int
        Number of days; twelve hours lead in and out.
    temperature_c : float
        Highest temperature of each day of heat, lowest of each day of cold. [degC]
    """

    kind: SpellKind
    first_day: date
    n_days: int
    temperature_c: float

    @property
    def swing_c(self) -> float:
        """Difference between day and night. [K]"""
        return 14.0 if self.kind is SpellKind.HEAT else 7.0

    def target_c(self, hour: FloatArray) -> FloatArray:
        """Temperature at an hour by the sun, once the spell has come. [degC]"""
        warmth = 0.5 * (1.0 + _day_shape(hour))
        if self.kind is SpellKind.HEAT:
            return self.temperature_c - self.swing_c * (1.0 - warmth)
        return self.temperature_c + self.swing_c * warmth

    def share(self, solar_ns: FloatArray) -> FloatArray:
        """Share of the spell in the weather, 0 before and after, 1 within. [-]"""
        start_ns = to_ns(datetime(self.first_day.year, self.first_day.month, self.first_day.day, tzinfo=UTC))
        edge_ns = _SPELL_EDGE_HOURS * NS_PER_HOUR
        inside = np.minimum(solar_ns - start_ns, start_ns + self.n_days * NS_PER_DAY - solar_ns)
        rise = np.clip(1.0 + inside / edge_ns, 0.0, 1.0)
        return rise * rise * (3.0 - 2.0 * rise)


class Weather:
    """Weather of one site; the same bytes whatever was asked before.

    Parameters
    ----------
    seed : int
        Seed of the world.
    site : int
        Number of the site.
    latitude_deg, longitude_deg : float
        Place, north and east positive. [deg]
    region : int
        Sites of one region share most of their clouds and air.
    temperature_c_mean : float, optional
        Mean of the year; left out, a rule of thumb by latitude at sea level. [degC]
    spells : tuple of Spell
        Heat waves and cold spells.

    Examples
    --------
    >>> noon = np.array([to_ns(datetime(2026, 7, 1, 12, tzinfo=UTC))])
    >>> wave = Spell(kind=SpellKind.HEAT, first_day=date(2026, 6, 30), n_days=3, temperature_c=45.0)
    >>> weather = Weather(1, latitude_deg=48.0, longitude_deg=45.0, spells=(wave,))
    >>> round(float(weather.ambient_temperature_c(noon)[0]), 6)
    45.0
    """

    def __init__(
        self,
        seed: int,
        site: int = 0,
        latitude_deg: float = 50.0,
        longitude_deg: float = 10.0,
        *,
        region: int = 0,
        temperature_c_mean: float | None = None,
        spells: tuple[Spell, ...] = (),
    ) -> None:
        for name, value, limit in (("latitude_deg", latitude_deg, 90.0), ("longitude_deg", longitude_deg, 180.0)):
            if not -limit <= value <= limit:
                raise InvalidQuantityError(name, value, -limit, limit, "deg", where="Weather")
        self.latitude_deg = latitude_deg
        self.longitude_deg = longitude_deg
        self.spells = spells
        self._seed = seed
        self._site = site
        self._region = region
        by_latitude_c = 28.0 - 0.007 * latitude_deg**2
        self._year_c = by_latitude_c if temperature_c_mean is None else temperature_c_mean

    def ambient_temperature_c(self, time_ns: IntArray) -> FloatArray:
        """Temperature of the air in the shade.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Temperature. [degC]
        """
        away = abs(self.latitude_deg)
        season_c = 0.19 * self.latitude_deg * _summer(time_ns)
        clear = 1.0 - self._slow_cloud_fraction(time_ns)
        day_c = (2.5 + 3.0 * clear) * _day_shape(self._solar_hour(time_ns))
        air_c = (0.3 + 0.07 * away) * self._wander("air", time_ns, 3.0, 8, _SHARED)
        breeze_c = 0.4 * self._wander("breeze", time_ns, 0.06, 96, 0.0)
        ambient_c = self._year_c + season_c + day_c + air_c + breeze_c
        for spell in self.spells:
            share = spell.share(self._solar_ns(time_ns))
            ambient_c += share * (spell.target_c(self._solar_hour(time_ns)) - ambient_c)
        return ambient_c

    def irradiance_w_per_m2(self, time_ns: IntArray) -> FloatArray:
        """Global irradiance on level ground: the clear sky, dimmed by clouds.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Irradiance. [W/m2]

        References
        ----------
        .. [1] B. Haurwitz, "Insolation in relation to cloudiness and cloud density", J. Meteorology 2 (1945).
        .. [2] F. Kasten, G. Czeplak, "Solar and terrestrial radiation dependent on the amount and type of cloud",
           Solar Energy 24 (1980).
        """
        height = self.solar_height(time_ns)
        up = np.maximum(height, 1e-3)
        clear_w_per_m2 = np.where(height > 0.0, 1098.0 * up * np.exp(-0.057 / up), 0.0)
        return clear_w_per_m2 * (1.0 - 0.75 * self.cloud_fraction(time_ns) ** 3.4)

    def solar_height(self, time_ns: IntArray) -> FloatArray:
        """Sine of the height of the sun above the horizon, negative at night. [-]"""
        declination = np.radians(23.44) * _summer(time_ns, warmest_day=172.0)
        latitude = np.radians(self.latitude_deg)
        angle = np.radians(15.0 * (self._solar_hour(time_ns) - 12.0))
        return np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(angle)

    def cloud_fraction(self, time_ns: IntArray) -> FloatArray:
        """Share of the sky under cloud: slow weather, and single clouds in a broken sky. [-]"""
        slow = self._slow_cloud_fraction(time_ns)
        single = 0.9 * slow * (1.0 - slow) * self._wander("clouds", time_ns, 0.003, 2880, 0.0)
        return np.clip(slow + single, 0.0, 1.0)

    def wind_speed_m_per_s(self, time_ns: IntArray) -> FloatArray:
        """Wind, Rayleigh-distributed about 4 m/s. [m/s]"""
        share = _normal_share(self._wander("wind", time_ns, 0.5, 24, 0.9))
        return 4.5 * np.sqrt(-np.log(np.clip(1.0 - share, 1e-6, 1.0)))

    def humidity_fraction(self, time_ns: IntArray) -> FloatArray:
        """Relative humidity: higher by night and under cloud. [-]"""
        day = -0.14 * _day_shape(self._solar_hour(time_ns))
        wander = 0.08 * self._wander("humidity", time_ns, 1.0, 24, _SHARED)
        return np.clip(0.62 + day + 0.2 * self._slow_cloud_fraction(time_ns) + wander, 0.08, 1.0)

    def _slow_cloud_fraction(self, time_ns: IntArray) -> FloatArray:
        cloudier = 0.8 * min(max((abs(self.latitude_deg) - 25.0) / 25.0, 0.0), 1.0)
        cloud = _normal_share(cloudier + self._wander("sky", time_ns, 0.6, 24, _CLOUDS_SHARED))
        for spell in self.spells:
            clear = 0.1 if spell.kind is SpellKind.HEAT else 0.4
            cloud += spell.share(self._solar_ns(time_ns)) * (clear - cloud)
        return cloud

    def _wander(self, what: str, time_ns: IntArray, memory_days: float, n_per_day: int, shared: float) -> FloatArray:
        """Noise of unit variance, of which the region shares a part (a correlation between its sites)."""
        values = np.zeros(time_ns.shape)
        for scope, site, share in (("region", self._region, shared), ("site", self._site, 1.0 - shared)):
            if share > 0.0:
                stream = f"world.weather.{what}.{scope}"
                values += np.sqrt(share) * mean_reverting(
                    self._seed, stream, time_ns, memory_days=memory_days, n_per_day=n_per_day, site=site
                )
        return values

    def _solar_ns(self, time_ns: IntArray) -> FloatArray:
        return time_ns.astype(np.float64) + self.longitude_deg / 15.0 * NS_PER_HOUR

    def _solar_hour(self, time_ns: IntArray) -> FloatArray:
        hour = (time_ns % NS_PER_DAY).astype(np.float64) / NS_PER_HOUR
        return (hour + self.longitude_deg / 15.0) % 24.0


def _summer(time_ns: IntArray, warmest_day: float = 203.0) -> FloatArray:
    """1 at the northern height of the year, -1 half a year away; the sun leads, the air follows a month later."""
    day = time_ns / NS_PER_DAY
    whole = (time_ns // NS_PER_DAY).astype("M8[D]")
    year_day = day - whole.astype("M8[Y]").astype("M8[D]").astype(np.int64)
    return np.cos((2.0 * np.pi / 365.25) * (year_day - warmest_day)).astype(np.float64)


def _day_shape(hour: FloatArray) -> FloatArray:
    return np.cos(2.0 * np.pi * (hour - _WARMEST_HOUR) / 24.0)


@lru_cache(maxsize=1)
def _normal_table() -> tuple[FloatArray, FloatArray]:
    at = np.linspace(-5.0, 5.0, 1001)
    return at, np.array([0.5 * (1.0 + erf(x / np.sqrt(2.0))) for x in at])


def _normal_share(x: FloatArray) -> FloatArray:
    """Map standard normal numbers to shares, uniform on [0, 1]."""
    return np.interp(x, *_normal_table())
