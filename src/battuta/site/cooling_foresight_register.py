"""What is written to a chiller that keeps its own thermostat, and what its register means.

The chiller is only given a coolant setpoint. It begins to cool where the hottest cell is `cool_on_k` above that, and
ends at `cool_off_k`: so a wish to cool now is written low enough for its thermostat to agree, and "off" is a setpoint
so high that the thermostat still protects the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.cooling_foresight import OBEYED_K
from battuta.site.cooling_foresight_nameplate import CoolingNameplate

OFF_SETPOINT_C = 35.0
"""Setpoint that is written for off, or less where the limit of the cells asks for it. [degC]"""

PROTECTION_K = 2.0
"""How far below the limit the chiller's own thermostat must begin at the setpoint for off. [K]"""

MARGIN_K = 0.5
"""How much deeper than its band a setpoint is written: half of a coarse step of the temperature readings. [K]"""

_STEP_K = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Thermostats:
    """The chillers' own controllers, each shape (n_sites,).

    Attributes
    ----------
    on_k, off_k : ndarray
        Hottest cell above the setpoint where cooling begins and ends. [K]
    off_setpoint_c : ndarray
        Setpoint that is written for off. [degC]
    default_setpoint_c : ndarray
        Setpoint of the data sheet, written where cells are not seen. [degC]
    """

    on_k: FloatArray
    off_k: FloatArray
    off_setpoint_c: FloatArray
    default_setpoint_c: FloatArray

    @classmethod
    def of(
        cls,
        nameplates: Sequence[CoolingNameplate],
        limit_c: FloatArray,
        default_setpoint_c: FloatArray,
        off_setpoint_c: float = OFF_SETPOINT_C,
    ) -> Thermostats:
        """Read the data sheets; off is written as `off_setpoint_c` or as low as the limit of the cells asks. [degC]"""
        on_k = np.array([each.cool_on_k for each in nameplates])
        return cls(
            on_k=on_k,
            off_k=np.array([each.cool_off_k for each in nameplates]),
            off_setpoint_c=np.minimum(off_setpoint_c, limit_c - on_k - PROTECTION_K),
            default_setpoint_c=default_setpoint_c,
        )


def should_cool(
    thermostats: Thermostats, setpoint_c: FloatArray, hottest_c: FloatArray, was_cooling: BoolArray
) -> BoolArray:
    """Say whether the chillers' own controllers cool now.

    Parameters
    ----------
    thermostats : Thermostats
        Their bands.
    setpoint_c, hottest_c : ndarray, shape (n_sites,)
        Setpoint in the register and hottest cell; NaN is not cooling. [degC]
    was_cooling : ndarray of bool, shape (n_sites,)
        Whether they did before.

    Returns
    -------
    ndarray of bool, shape (n_sites,)
        Whether they do.
    """
    above_k = hottest_c - setpoint_c
    return np.where(was_cooling, above_k > thermostats.off_k, above_k > thermostats.on_k)


def register_setpoint_c(
    thermostats: Thermostats, wish_c: FloatArray, hottest_c: FloatArray, is_cooling: BoolArray
) -> FloatArray:
    """Translate wishes into what is written.

    Parameters
    ----------
    thermostats : Thermostats
        The chillers' own controllers.
    wish_c : ndarray, shape (n_sites,)
        Coolant temperature wished for, NaN for off. [degC]
    hottest_c : ndarray, shape (n_sites,)
        Hottest cell; where NaN, the default setpoint is written. [degC]
    is_cooling : ndarray of bool, shape (n_sites,)
        Whether they cool now.

    Returns
    -------
    ndarray, shape (n_sites,)
        Setpoint for the register. [degC]
    """
    band_k = np.where(is_cooling, thermostats.off_k, thermostats.on_k)
    reach_c = np.floor((hottest_c - band_k - MARGIN_K) / _STEP_K) * _STEP_K
    is_off = ~(wish_c < thermostats.off_setpoint_c)
    written_c = np.where(is_off, thermostats.off_setpoint_c, np.minimum(wish_c, reach_c))
    return np.where(np.isnan(hottest_c), thermostats.default_setpoint_c, written_c)


def wished_c(thermostats: Thermostats, setpoint_c: FloatArray) -> FloatArray:
    """Read a register: NaN, off, at or above the setpoint that means it; shape (n_sites,). [degC]"""
    return np.where(setpoint_c >= thermostats.off_setpoint_c - OBEYED_K, np.nan, setpoint_c)
