"""Many steps of containers in one call: a day, a year, a life, without coming back to Python for each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.container import INNER_S_MAX, given
from battuta.physics.container_kernels import walk_sites

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.physics.container import ContainerState


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerWalk:
    """What each step of a walk did; each ``(n_times, n_sites)``.

    Attributes
    ----------
    power_kw : ndarray
        Mean DC power achieved, discharge positive. [kW]
    auxiliary_power_kw : ndarray
        Mean electric power of pump, chiller, heater and controls. [kW]
    heat_kw, hysteresis_kw, leak_kw, reversible_kw : ndarray
        Heat of the cells: resistances, hysteresis, self-discharge, entropy (either sign). [kW]
    soc : ndarray
        Mean state of charge of the cells after the step. [-]
    cell_temperature_c_low, cell_temperature_c_high : ndarray
        Coldest and hottest cell after the step. [degC]
    """

    power_kw: FloatArray
    auxiliary_power_kw: FloatArray
    heat_kw: FloatArray
    hysteresis_kw: FloatArray
    leak_kw: FloatArray
    reversible_kw: FloatArray
    soc: FloatArray
    cell_temperature_c_low: FloatArray
    cell_temperature_c_high: FloatArray


def walk_container(
    state: ContainerState, power_kw: FloatArray, ambient_c: FloatArray, duration_s: float, *,
    power_rms_kw: FloatArray | None = None, power_magnitude_kw: FloatArray | None = None,
    inner_s_max: float = INNER_S_MAX, sites: tuple[int, int] | None = None,
) -> ContainerWalk:  # fmt: skip
    """Carry containers over many steps of one length, in place.

    The same as `step_container` once a step, to the byte; a step of a lumped container costs less than a microsecond
    instead of some fifteen. Containers are walked one after the other, so the cells of one stay in the cache.

    Parameters
    ----------
    state : ContainerState
        Containers; afterwards they stand at the end of the last step.
    power_kw : ndarray, shape (n_times, n_sites)
        Mean DC power wanted in each step, discharge positive. [kW]
    ambient_c : ndarray, shape (n_times, n_sites)
        Ambient temperature. [degC]
    duration_s : float
        Length of each step. [s]
    power_rms_kw, power_magnitude_kw : ndarray, shape (n_times, n_sites), optional
        Root mean square and mean magnitude of the power inside each step; those of a constant power where omitted. [kW]
    inner_s_max : float
        Longest inner step. [s]
    sites : tuple of int, optional
        First and one past the last container to walk; all where omitted. The answers of the others are NaN.

    Returns
    -------
    ContainerWalk
        What each step did.

    Raises
    ------
    DataError
        If a request has not one finite value for each step and container.
    InvalidQuantityError
        If the steps are not longer than nothing.

    Examples
    --------
    >>> from battuta.physics.container import resting
    >>> from battuta.physics.container_parameters import container_parameters
    >>> state = resting(container_parameters("lfp_314ah").coarse(1), soc=0.9)
    >>> hour = walk_container(state, np.full((60, 1), 1000.0), np.full((60, 1), 20.0), 60.0)
    >>> hour.power_kw.shape, round(float(hour.power_kw.mean())), round(float(hour.soc[-1, 0]), 3)
    ((60, 1), 1000, 0.706)
    """
    if not duration_s > 0.0:
        raise InvalidQuantityError("duration_s", duration_s, 0.0, np.inf, "s", above_low=True)
    shape = (len(power_kw), state.n_sites)
    wanted_kw, outdoor_c = given("power_kw", power_kw, shape), given("ambient_c", ambient_c, shape)
    constant_kw = np.abs(wanted_kw)
    rms_kw = constant_kw if power_rms_kw is None else given("power_rms_kw", power_rms_kw, shape)
    magnitude_kw = constant_kw if power_magnitude_kw is None else given("power_magnitude_kw", power_magnitude_kw, shape)
    first, last = sites if sites is not None else (0, state.n_sites)
    answers = np.full((9, *shape), np.nan)
    walk_sites(
        state.tables, state.parameters.thermal, state.cells, state.strings, state.sites, wanted_kw, rms_kw,
        magnitude_kw, outdoor_c, duration_s, inner_s_max, float(state.parameters.cells_per_node),
        float(state.parameters.strings_per_node), state.account_j, answers, first, last,
    )  # fmt: skip
    power, auxiliary, heat, hysteresis, leak, reversible, soc, cold, hot = answers
    return ContainerWalk(
        power_kw=power, auxiliary_power_kw=auxiliary, heat_kw=heat, hysteresis_kw=hysteresis, leak_kw=leak,
        reversible_kw=reversible, soc=soc, cell_temperature_c_low=cold, cell_temperature_c_high=hot,
    )  # fmt: skip
