"""Where the sun stands over a site and what a cloudless sky would bring, hour by hour; needs pvlib.

Light is given in parts that add up for any panel: the beam from east, north and above, and the light of the sky. How
panels stand follows from which mixture of them a site has delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import numpy as np

from battuta.domain.errors import InvalidQuantityError, MissingExtraError
from battuta.domain.time import duration_ns
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

try:
    import pandas as pd  # pyright: ignore[reportMissingTypeStubs]  neither ships stubs
    from pvlib import clearsky, solarposition  # pyright: ignore[reportMissingTypeStubs]
except ImportError as error:
    raise MissingExtraError("pvlib", "site-forecast") from error

N_PARTS = 4
_SIMPSON: FloatArray = np.array([1.0, 4.0, 1.0]) / 6.0


@dataclass(frozen=True, slots=True, eq=False)
class ClearSky:
    """A cloudless sky over the intervals of a series.

    Attributes
    ----------
    parts_w_per_m2 : ndarray, shape (n_times, 4)
        Beam towards east, north and up (signed), and light of the sky. [W/m2]
    ghi_w_per_m2 : ndarray, shape (n_times,)
        Light on level ground. [W/m2]
    is_night : ndarray, shape (n_times,)
        True where the sun is below the horizon from start to end.
    """

    parts_w_per_m2: FloatArray
    ghi_w_per_m2: FloatArray
    is_night: BoolArray

    def joined(self, later: ClearSky) -> ClearSky:
        """Return it with the intervals that follow."""
        return ClearSky(
            np.concatenate([self.parts_w_per_m2, later.parts_w_per_m2]),
            np.concatenate([self.ghi_w_per_m2, later.ghi_w_per_m2]),
            np.concatenate([self.is_night, later.is_night]),
        )

    def cut(self, steps: slice) -> ClearSky:
        """Return some of its intervals."""
        return ClearSky(self.parts_w_per_m2[steps], self.ghi_w_per_m2[steps], self.is_night[steps])


def clear_sky(time_ns: IntArray, step: timedelta, latitude_deg: float, longitude_deg: float) -> ClearSky:
    """Work out sun and cloudless sky over intervals, each from its start, middle and end.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    step : timedelta
        Length of an interval.
    latitude_deg, longitude_deg : float
        Place, north and east positive. [deg]

    Returns
    -------
    ClearSky
        Light of each interval.

    References
    ----------
    .. [1] I. Reda, A. Andreas, "Solar position algorithm for solar radiation applications", NREL/TP-560-34302 (2008).
    .. [2] P. Ineichen, "A broadband simplified version of the Solis clear sky model", Solar Energy 82 (2008).

    Examples
    --------
    >>> midnight_ns = np.array([20_000 * 86_400 * 10**9])
    >>> bool(clear_sky(midnight_ns, timedelta(hours=1), 51.0, 0.0).is_night[0])
    True
    """
    for name, value, limit in (("latitude_deg", latitude_deg, 90.0), ("longitude_deg", longitude_deg, 180.0)):
        if not -limit <= value <= limit:
            raise InvalidQuantityError(name, value, -limit, limit, "deg", where="clear_sky")
    half_ns = duration_ns(step) // 2
    instants, place = np.unique(time_ns[:, None] + half_ns * np.arange(3), return_inverse=True)
    place = place.reshape(time_ns.size, 3)
    elevation_deg, azimuth_deg = _sun(instants, latitude_deg, longitude_deg)
    solis = clearsky.simplified_solis  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    light = cast("dict[str, FloatArray]", solis(np.clip(elevation_deg, 0.0, 90.0)))
    up, azimuth = np.sin(np.radians(elevation_deg)), np.radians(azimuth_deg)
    level = np.cos(np.radians(elevation_deg))
    day = elevation_deg > 0.0
    beam = light["dni"] * day
    parts = np.stack(
        [
            beam * level * np.sin(azimuth),
            beam * level * np.cos(azimuth),
            beam * np.maximum(up, 0.0),
            light["dhi"] * day,
        ],
        axis=1,
    )
    return ClearSky(
        np.einsum("tsp,s->tp", parts[place], _SIMPSON), (light["ghi"] * day)[place] @ _SIMPSON,
        ~np.any(day[place], axis=1),
    )  # fmt: skip


def _sun(instants: IntArray, latitude_deg: float, longitude_deg: float) -> tuple[FloatArray, FloatArray]:
    """Height of the sun as seen through the air, and its bearing from north by east. [deg]"""
    index = pd.DatetimeIndex(instants.astype("datetime64[ns]"), tz="UTC")
    table = solarposition.spa_python(index, latitude_deg, longitude_deg)  # pyright: ignore[reportUnknownMemberType]
    return np.array(table["apparent_elevation"], dtype=np.float64), np.array(table["azimuth"], dtype=np.float64)
