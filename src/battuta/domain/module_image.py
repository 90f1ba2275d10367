"""What the modules of a site say of themselves where each has its own converter, in the resolution that is kept."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np

from battuta.domain.image import MISSING_COUNT
from battuta.numerics.arrays import CountArray, FloatArray

MODULE_STEP_KW: Final = 0.001
"""Powers of modules are written in whole numbers of this. [kW]"""


class ModuleSignal(IntEnum):
    """What is said of a module; a row of its image."""

    SOC = 0
    """Mean of its cells. [-]"""
    CELL_TEMPERATURE_C_MAX = 1
    """Its hottest cell. [degC]"""
    CHARGE_POWER_KW_MAX = 2
    """What its cells take now. [kW]"""
    DISCHARGE_POWER_KW_MAX = 3
    """What its cells give now. [kW]"""


N_MODULE_SIGNALS: Final = len(ModuleSignal)
_STEP = np.array([1e-4, 0.1, MODULE_STEP_KW, MODULE_STEP_KW])[:, None, None]
_LARGEST = 2**31 - 1


def module_counts(values: FloatArray) -> CountArray:
    """Write what modules say as counts.

    Parameters
    ----------
    values : ndarray, shape (4, n_sites, n_modules)
        One row per `ModuleSignal`; what is not finite or too large is missing. [units of the signals]

    Returns
    -------
    ndarray of int32, shape (4, n_sites, n_modules)
        Counts, `MISSING_COUNT` where missing.

    Examples
    --------
    >>> told = np.array([0.53217, 24.96, 12.5, np.nan]).reshape(4, 1, 1)
    >>> module_values(module_counts(told)).ravel().round(4).tolist()
    [0.5322, 25.0, 12.5, nan]
    """
    with np.errstate(invalid="ignore"):
        counts = np.rint(values / _STEP)
        known = np.abs(counts) <= _LARGEST
    return np.where(known, np.where(known, counts, 0.0), MISSING_COUNT).astype(np.int32)


def module_values(counts: CountArray) -> FloatArray:
    """Read what modules said back from counts, as a replay does; shapes as in `module_counts`."""
    return np.where(counts == MISSING_COUNT, np.nan, counts * _STEP)
