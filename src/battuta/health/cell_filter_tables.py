"""What the filter of cells believes of a kind of cell: its curve, its resistances, and how far each may be wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.health.cell_filter_kernels import FloatArray32
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

N_NODES = 2048
"""Nodes of the curve that kernels read, from `SOC_LOW` to `SOC_HIGH`."""
SOC_LOW, SOC_HIGH = -0.05, 1.05
SLOPE_HALF_WIDTHS = (0.01, 0.04, 0.10)
"""Half widths over which a slope is taken; the wider the doubt, the wider the slope. [-]"""
_GAS_J_PER_MOL_K = 8.314462618
_ACTIVATION_J_PER_MOL = 25_000.0


class CurveTables(NamedTuple):
    """Open-circuit voltage and slopes on `N_NODES` nodes.

    Attributes
    ----------
    ocv_v : ndarray of float32, shape (n_nodes,)
        Open-circuit voltage. [V]
    slope_v : ndarray of float32, shape (2 n_nodes,)
        Its slope over the first, then over the last of `SLOPE_HALF_WIDTHS`. [V per unit of soc]
    ocv_v_exact : ndarray, shape (n_nodes,)
        The same curve in double precision. [V]
    slopes_v : ndarray, shape (n_widths, n_nodes)
        Slopes over each of `SLOPE_HALF_WIDTHS`. [V per unit of soc]
    """

    ocv_v: FloatArray32
    slope_v: FloatArray32
    ocv_v_exact: FloatArray
    slopes_v: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLaw:
    """One kind of cell as the filter sees it, with the standard deviations of what it gets wrong.

    Attributes
    ----------
    ocv_v : ndarray, shape (n_soc,)
        Open-circuit voltage on a uniform grid of soc from 0 to 1. [V]
    capacity_ah : float
        Capacity of a new cell. [Ah]
    resistance_ohm : float
        Resistance at once, at 25 degC. [ohm]
    relaxation_ohm, relaxation_s : float
        Resistance at 25 degC [ohm] and time constant [s] of the relaxation.
    hysteresis_v, hysteresis_rate : float
        Half the width of the hysteresis [V]; how fast it turns, per full charge [-].
    activation_k : float
        Activation energy of the resistances over the gas constant. [K]
    noise_v : float
        Noise of a voltage reading, its last digit included. [V]
    model_v : float
        Error of the voltage model, such as hysteresis that is not followed. [V]
    curve_v : float
        Error of the curve, which stays as long as the charge does: at a slope no reading tells more than this over it.
        [V]
    model_share : float
        Error of the voltage that current drops in the cell, as a share of it. [-]
    model_soc : float
        The same along soc: steep parts tell no better than this. [-]
    correlation_s : float
        Time over which these errors stay the same. [s]
    throughput_share : float
        Error of counted charge as a share of it: gain of the sensor and capacity. [-]
    soc_drift_per_day : float
        Random walk of soc beside all that is counted. [-]
    resistance_drift_per_day : float
        Random walk of the resistance as a share of it. [-]
    offset_a_per_day : float
        Random walk of the offset of the current sensor. [A]
    gap_s : float
        Longest time between two rows over which the current is taken as straight. [s]
    tables : CurveTables
        The curve as kernels read it, made from `ocv_v`; beyond its ends it goes on straight.
    """

    ocv_v: FloatArray
    capacity_ah: float
    resistance_ohm: float
    relaxation_ohm: float
    relaxation_s: float
    hysteresis_v: float
    hysteresis_rate: float
    activation_k: float = _ACTIVATION_J_PER_MOL / _GAS_J_PER_MOL_K
    noise_v: float = 0.001
    model_v: float = 0.004
    curve_v: float = 0.004
    model_share: float = 0.1
    model_soc: float = 0.005
    correlation_s: float = 3600.0
    throughput_share: float = 0.005
    soc_drift_per_day: float = 0.001
    resistance_drift_per_day: float = 0.01
    offset_a_per_day: float = 0.02
    gap_s: float = 900.0
    tables: CurveTables = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be, and arrange the curve."""
        for name, value, unit in (
            ("capacity_ah", self.capacity_ah, "Ah"),
            ("resistance_ohm", self.resistance_ohm, "ohm"),
            ("relaxation_s", self.relaxation_s, "s"),
            ("noise_v", self.noise_v, "V"),
            ("correlation_s", self.correlation_s, "s"),
            ("gap_s", self.gap_s, "s"),
        ):
            if not 0.0 < value < np.inf:
                raise InvalidQuantityError(name, value, np.nextafter(0.0, 1.0), np.inf, unit, where="CellLaw")
        fall = float(np.min(np.diff(self.ocv_v)))
        if not fall >= 0.0:
            raise InvalidQuantityError("ocv_v_step", fall, 0.0, np.inf, "V", where="CellLaw")
        object.__setattr__(self, "tables", self._arranged())

    def open_circuit_v(self, soc: FloatArray) -> FloatArray:
        """Open-circuit voltage without hysteresis.

        Parameters
        ----------
        soc : ndarray
            State of charge; beyond 0 and 1 the curve goes on straight. [-]

        Returns
        -------
        ndarray
            Voltage. [V]
        """
        grid = np.linspace(0.0, 1.0, self.ocv_v.size)
        low, high = self._end_slopes()
        inside = np.interp(soc, grid, self.ocv_v)
        return inside + low * np.minimum(soc, 0.0) + high * np.maximum(soc - 1.0, 0.0)

    def soc_of(self, open_circuit_v: FloatArray) -> FloatArray:
        """State of charge at an open-circuit voltage without hysteresis.

        Parameters
        ----------
        open_circuit_v : ndarray
            Voltage. [V]

        Returns
        -------
        ndarray
            State of charge, within the ends of the curve. [-]
        """
        grid = np.linspace(0.0, 1.0, self.ocv_v.size)
        return np.interp(open_circuit_v, self.ocv_v, grid)

    def _arranged(self) -> CurveTables:
        soc = np.linspace(SOC_LOW, SOC_HIGH, N_NODES)
        ocv_v = self.open_circuit_v(soc)
        slopes_v = np.array(
            [
                (self.open_circuit_v(soc + half) - self.open_circuit_v(soc - half)) / (2.0 * half)
                for half in SLOPE_HALF_WIDTHS
            ]
        )
        return CurveTables(
            ocv_v=ocv_v.astype(np.float32),
            slope_v=np.concatenate((slopes_v[0], slopes_v[-1])).astype(np.float32),
            ocv_v_exact=ocv_v,
            slopes_v=slopes_v,
        )

    def _end_slopes(self) -> tuple[float, float]:
        per_node = self.ocv_v.size - 1
        return float(self.ocv_v[1] - self.ocv_v[0]) * per_node, float(self.ocv_v[-1] - self.ocv_v[-2]) * per_node


def cell_law(parameters: CellParameters) -> CellLaw:
    """Make the law of the filter from a parameter set.

    Parameters
    ----------
    parameters : CellParameters
        A kind of cell.

    Returns
    -------
    CellLaw
        Its curve; resistance in the middle of charge at 25 degC, charge and discharge alike; of its two relaxations the
        quick one counts as resistance where rows are ten seconds apart, the slow one is followed.

    Examples
    --------
    >>> from battuta.physics.cell_parameters import cell_parameters
    >>> law = cell_law(cell_parameters("lfp_314ah"))
    >>> round(1e3 * law.resistance_ohm, 2), law.relaxation_s
    (0.3, 600.0)
    """
    middle: FloatArray = parameters.resistance_ohm[:, :, parameters.resistance_ohm.shape[2] // 2].mean(axis=0)
    quick, slow = np.argsort(parameters.relaxation[:, 1])
    log_ohm: FloatArray = np.log(middle)
    at_once_ohm = float(np.exp(np.interp(25.0, parameters.temperature_c, log_ohm)))
    return CellLaw(
        ocv_v=parameters.ocv_v,
        capacity_ah=parameters.capacity_ah,
        resistance_ohm=at_once_ohm + float(parameters.relaxation[quick, 0]),
        relaxation_ohm=float(parameters.relaxation[slow, 0]),
        relaxation_s=float(parameters.relaxation[slow, 1]),
        hysteresis_v=parameters.hysteresis_v,
        hysteresis_rate=parameters.hysteresis_rate,
    )
