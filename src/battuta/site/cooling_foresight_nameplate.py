"""What cooling foresight knows before anything is measured, from data sheets: heat of the cells and the chiller."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.container_parameters import ContainerParameters

REFERENCE_C = 30.0
"""Temperature of cells that resistances are taken at. [degC]"""

COOLANT_C = 25.0
"""Coolant temperature that the COP without lift is taken at. [degC]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingNameplate:
    """What the data sheet of a container says.

    Attributes
    ----------
    resistive_kw, constant_kw : float
        Heat of the cells at rated power: in resistances, and what grows with power only linearly. [kW]
    heat_kwh_per_k : float
        Heat capacity of the cells. [kWh/K]
    coolant_kw_per_k, wall_kw_per_k : float
        Heat passed from cells to coolant, and from ambient to cells. [kW/K]
    tank_kwh_per_k : float
        Heat capacity of the coolant. [kWh/K]
    cooling_kw : float
        Heat that the chiller moves. [kW]
    cop, half_lift_k, cop_max : float
        COP with ambient at coolant temperature [-], ambient above coolant where it is half of that [K], its cap [-].
    pump_kw, controls_kw : float
        Electric power of the pump, and of controls, which always run. [kW]
    cool_on_k, cool_off_k : float
        Hottest cell above the coolant setpoint where the chiller's own controller begins and ends. [K]
    spread_share : float
        Hottest above mean cell over mean cell above coolant. [-]
    deviation_share : float
        Standard deviation of all of these. [-]
    """

    resistive_kw: float
    constant_kw: float
    heat_kwh_per_k: float
    coolant_kw_per_k: float
    wall_kw_per_k: float
    tank_kwh_per_k: float
    cooling_kw: float
    cop: float
    half_lift_k: float
    cop_max: float
    pump_kw: float
    controls_kw: float = 0.0
    cool_on_k: float = 8.0
    cool_off_k: float = 5.0
    spread_share: float = 0.2
    deviation_share: float = 0.25


def nameplate_of(parameters: ContainerParameters, rated_kw: float) -> CoolingNameplate:
    """Read the parameters of a container as its data sheet.

    The current at rated power is that of all cells in parallel at their mean open-circuit voltage. It heats the series
    resistance at 30 degC, meant over state of charge and both directions, and the relaxations, which settle within the
    half hours that are planned; hysteresis heats in proportion to current; entropic heat changes its sign with the
    current and is left out, the learner takes up what is left of it. The chiller's COP is the share of Carnot at a
    coolant of 25 degC: it halves where ambient is twice the lift above the coolant.

    Parameters
    ----------
    parameters : ContainerParameters
        The container.
    rated_kw : float
        Power that is 1 per unit. [kW]

    Returns
    -------
    CoolingNameplate
        What the controller begins with.

    Examples
    --------
    >>> from battuta.physics.container_parameters import container_parameters
    >>> plate = nameplate_of(container_parameters("lfp_314ah"), 2500.0)
    >>> round(plate.resistive_kw), round(plate.constant_kw), round(plate.heat_kwh_per_k, 1)
    (48, 8, 7.8)
    """
    cell, thermal, n_cells = parameters.cell, parameters.thermal, parameters.n_cells
    current_a = rated_kw * 1000.0 / (n_cells * float(cell.ocv_v.mean()))
    of_charge_ohm: FloatArray = cell.resistance_ohm.mean(axis=(0, 2))
    series_ohm = float(np.interp(REFERENCE_C, cell.temperature_c, of_charge_ohm))
    settled_ohm = series_ohm + float(cell.relaxation[:, 0].sum())
    flow_w_per_k = thermal.flow_w_per_k * parameters.strings * parameters.strings_per_node
    passed_share = 1.0 - np.exp(-thermal.cell_coolant_w_per_k * n_cells / flow_w_per_k)
    coolest_k = COOLANT_C - thermal.lift_k + 273.15
    return CoolingNameplate(
        resistive_kw=n_cells * current_a**2 * settled_ohm / 1000.0,
        constant_kw=n_cells * current_a * cell.hysteresis_v / 1000.0,
        heat_kwh_per_k=thermal.cell_j_per_k * n_cells / 3.6e6,
        coolant_kw_per_k=float(passed_share) * flow_w_per_k / 1000.0,
        wall_kw_per_k=thermal.wall_w_per_k / 1000.0,
        tank_kwh_per_k=thermal.tank_j_per_k / 3.6e6,
        cooling_kw=thermal.cooling_w_max / 1000.0,
        cop=thermal.carnot_share * coolest_k / (2.0 * thermal.lift_k),
        half_lift_k=2.0 * thermal.lift_k,
        cop_max=thermal.cop_max,
        pump_kw=thermal.pump_w / 1000.0,
        controls_kw=thermal.controls_w / 1000.0,
        cool_on_k=thermal.cool_on_k,
        cool_off_k=thermal.cool_off_k,
    )
