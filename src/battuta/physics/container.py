"""Containers as blocks of cells: power wanted in; power achieved, voltages, temperatures and auxiliary power out.

One call carries any number of containers of one kind over one step, of a second or of an hour::

    parameters = container_parameters("lfp_314ah")  # every cell; .coarse(8) for foresight
    state = resting(parameters, n_sites=100, soc=0.5, temperature_c=22.0)
    state.cells.leak_a[17] = 0.5  # faults are plain arrays, written at any time:
    state.cells.resistance_factor[18] = 1.4  #   leak_a, resistance_factor, contact_ohm, capacity_ah,
    state.sites.flow_factor[3] = 0.4  #   flow_factor, cooling_factor; strings.share = 0 opens one
    for second in range(3600):
        step_container(state, power_kw=wanted_kw, ambient_c=outdoor_c, duration_s=1.0)
        state.sites.power_kw  # achieved (n_sites,), discharge positive
        state.sites.auxiliary_power_kw  # pump, chiller, heater, controls
        state.cells.voltage_v, state.cells.temperature_c  # flat over all cells; state.cells_of(site) is a slice

After writing ``soc``, ``relaxation_v_*`` or ``hysteresis`` of a state that has been stepped, set
``state.strings.memory`` to 0, so that the next step looks at each cell anew. Everything is written in place and nothing
is allocated per call; `ContainerState.copy` branches a future, and `container_walk.walk_container` takes many steps in
one call, which is much faster where a container is one lumped block. Two threads may step disjoint ranges
``sites=(first, last)`` of one state: the kernel releases the interpreter lock.

Strings do not share a bus: each has its converter and takes its `share` of the container's power. A string at a limit
delivers less and the others do not make up for it; the missing power shows in ``sites.power_kw``.

An outer step is cut into inner ones (at most 0.01 of soc and `inner_s_max` seconds), so a piecewise constant signal
gives nearly the same answer at any step. A mean over a step loses what the signal does inside it: pass `power_rms_kw`,
which keeps the series losses, and `power_magnitude_kw`, which keeps the throughput.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.cell_arrays import CellArrays
from battuta.physics.cell_block_kernels import SCRATCH
from battuta.physics.cell_kernels import MEMORY
from battuta.physics.cells import resting_cells, stored_j
from battuta.physics.container_kernels import SiteArrays, StringArrays, step_sites
from battuta.physics.container_parameters import ContainerParameters
from battuta.physics.thermal_kernels import MODE_AUTOMATIC

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.physics.cell_arrays import CellTables

INNER_S_MAX = 60.0
"""Longest inner step unless told otherwise. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerState:
    """Containers of one kind: their parameters and the arrays that `step_container` writes.

    Attributes
    ----------
    parameters : ContainerParameters
        Kind of container.
    tables : CellTables
        Its cells for the kernels.
    cells : CellArrays
        Cells, ``(n_cells,)`` each, site after site, string after string, along the coolant.
    strings : StringArrays
        Strings, ``(n_strings,)`` each.
    sites : SiteArrays
        Containers, ``(n_sites,)`` each.
    account_j : ndarray, shape (n_sites, 8)
        Energies of the last step, of one modelled string's cells: terminals, resistances, hysteresis, leak, entropy; of
        the whole container: chiller, heater, walls. [J]
    """

    parameters: ContainerParameters
    tables: CellTables
    cells: CellArrays
    strings: StringArrays
    sites: SiteArrays
    account_j: FloatArray

    @property
    def n_sites(self) -> int:
        """Number of containers."""
        return self.sites.power_kw.size

    def cells_of(self, site: int, string: int | None = None) -> slice:
        """Cells of a container, or of one of its strings.

        Parameters
        ----------
        site : int
            Container.
        string : int, optional
            String within the container; all where omitted.

        Returns
        -------
        slice
            Range in the arrays of `cells`.
        """
        first, last = int(self.sites.string_offset[site]), int(self.sites.string_offset[site + 1])
        if string is not None:
            first, last = first + string, first + string + 1
        return slice(int(self.strings.cell_offset[first]), int(self.strings.cell_offset[last]))

    def mean_soc(self) -> FloatArray:
        """Mean state of charge of the cells of each container.

        Returns
        -------
        ndarray, shape (n_sites,)
            Mean. [-]
        """
        return self.cells.soc.reshape(self.n_sites, -1).mean(axis=1)

    def stored_j(self) -> FloatArray:
        """Energy in each container's cells: open-circuit, relaxation and hysteresis stores, above soc 0.

        Returns
        -------
        ndarray, shape (n_sites,)
            Energy. [J]
        """
        real = self.parameters.cells_per_node * self.parameters.strings_per_node
        return real * stored_j(self.tables, self.cells).reshape(self.n_sites, -1).sum(axis=1)

    def copy(self) -> ContainerState:
        """Copy every array, to try a future without touching this state.

        Returns
        -------
        ContainerState
            Independent state.
        """
        return ContainerState(
            parameters=self.parameters,
            tables=self.tables,
            cells=CellArrays(*(each.copy() for each in self.cells)),
            strings=self.strings._make(
                np.zeros_like(each) if each is self.strings.scratch else each.copy() for each in self.strings
            ),
            sites=self.sites._make(each.copy() for each in self.sites),
            account_j=self.account_j.copy(),
        )


def resting(
    parameters: ContainerParameters, *, n_sites: int = 1, soc: float = 0.5, temperature_c: float = 20.0
) -> ContainerState:
    """Containers after a long rest: sound cells, all at one state of charge and one temperature.

    Parameters
    ----------
    parameters : ContainerParameters
        Kind of container.
    n_sites : int
        Number of containers.
    soc : float
        State of charge. [-]
    temperature_c : float
        Temperature of cells, coolant and air. [degC]

    Returns
    -------
    ContainerState
        State; its arrays may be written.

    Examples
    --------
    >>> from battuta.physics.container_parameters import container_parameters
    >>> state = resting(container_parameters("lfp_314ah").coarse(8))
    >>> step_container(state, power_kw=np.array([2500.0]), ambient_c=np.array([20.0]), duration_s=60.0)
    >>> round(float(state.sites.power_kw[0]))
    2500
    """
    n_strings = n_sites * parameters.strings
    cells = resting_cells(
        parameters.cell, n_strings * parameters.cells_per_string, soc=soc, temperature_c=temperature_c
    )
    string_v = float(cells.voltage_v[0]) * parameters.cells_per_string * parameters.cells_per_node
    strings = StringArrays(
        cell_offset=np.arange(n_strings + 1, dtype=np.int64) * parameters.cells_per_string,
        share=np.ones(n_strings),
        current_a=np.zeros(n_strings),
        voltage_v=np.full(n_strings, string_v),
        emf_v=np.full(n_strings, string_v),
        resistance_ohm=np.zeros(n_strings),
        memory=np.zeros((n_strings, MEMORY)),
        scratch=np.zeros((n_sites, SCRATCH)),
    )
    return ContainerState(
        parameters=parameters,
        tables=parameters.cell.tables(),
        cells=cells,
        strings=strings,
        sites=_resting_sites(parameters, n_sites, temperature_c),
        account_j=np.zeros((n_sites, 8)),
    )


def step_container(
    state: ContainerState, power_kw: FloatArray, ambient_c: FloatArray, duration_s: float, *,
    power_rms_kw: FloatArray | None = None, power_magnitude_kw: FloatArray | None = None,
    inner_s_max: float = INNER_S_MAX, sites: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    """Carry containers over one step, in place.

    Parameters
    ----------
    state : ContainerState
        Containers; their arrays are overwritten, the answers are in ``state.sites``, ``.strings`` and ``.cells``.
    power_kw : ndarray, shape (n_sites,)
        Mean DC power wanted of each container, discharge positive. [kW]
    ambient_c : ndarray, shape (n_sites,)
        Ambient temperature. [degC]
    duration_s : float
        Length of the step. [s]
    power_rms_kw, power_magnitude_kw : ndarray, shape (n_sites,), optional
        Root mean square and mean magnitude of the power inside the step; those of a constant power where omitted. [kW]
    inner_s_max : float
        Longest inner step. [s]
    sites : tuple of int, optional
        First and one past the last container to step; all where omitted.

    Raises
    ------
    DataError
        If a request has not one finite value for each container.
    InvalidQuantityError
        If the step is not longer than nothing.
    """
    if not duration_s > 0.0:
        raise InvalidQuantityError("duration_s", duration_s, 0.0, np.inf, "s", above_low=True)
    shape = (state.n_sites,)
    wanted_kw, outdoor_c = given("power_kw", power_kw, shape), given("ambient_c", ambient_c, shape)
    constant_kw = np.abs(wanted_kw)
    rms_kw = constant_kw if power_rms_kw is None else given("power_rms_kw", power_rms_kw, shape)
    magnitude_kw = constant_kw if power_magnitude_kw is None else given("power_magnitude_kw", power_magnitude_kw, shape)
    first, last = sites if sites is not None else (0, state.n_sites)
    step_sites(
        state.tables, state.parameters.thermal, state.cells, state.strings, state.sites, wanted_kw, rms_kw,
        magnitude_kw, outdoor_c, duration_s, inner_s_max, float(state.parameters.cells_per_node),
        float(state.parameters.strings_per_node), state.account_j, first, last,
    )  # fmt: skip


def given(name: str, values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Values as the kernel takes them; refused where one is missing.

    Parameters
    ----------
    name : str
        What they are.
    values : ndarray
        One value for each container, in each step where there are several.
    shape : tuple of int
        Shape that they must have, containers last.

    Returns
    -------
    ndarray
        The values, contiguous.

    Raises
    ------
    DataError
        If the shape is another, or a value is not finite.

    Examples
    --------
    >>> given("power_kw", np.array([250, -100]), (2,))
    array([ 250., -100.])
    """
    found = np.ascontiguousarray(values, dtype=np.float64)
    if found.shape != shape:
        message = f"{name} has shape {found.shape}; one value for each of {shape[-1]} containers is needed"
        if len(shape) > 1:
            message += f" in each of {shape[0]} steps"
        raise DataError(message)
    flat = found.reshape(-1)
    # the sum of squares is no number where a value is none: five times as fast as to ask each; if it is only too large,
    # each is asked
    if not math.isfinite(flat.dot(flat)) and not np.isfinite(flat).all():
        at = np.unravel_index(int(np.flatnonzero(~np.isfinite(flat))[0]), shape)
        where = f"container {int(at[-1])}" if len(shape) == 1 else f"container {int(at[-1])} in step {int(at[0])}"
        message = f"{name} of {where} is {found[at]}; say what to do without it before it is stepped"
        raise DataError(message)
    return found


def _resting_sites(parameters: ContainerParameters, n_sites: int, temperature_c: float) -> SiteArrays:
    def filled(value: float) -> FloatArray:
        return np.full(n_sites, value)

    def empty() -> FloatArray:
        return np.zeros(n_sites)

    return SiteArrays(
        string_offset=np.arange(n_sites + 1, dtype=np.int64) * parameters.strings,
        tank_c=filled(temperature_c),
        air_c=filled(temperature_c),
        mode=np.zeros(n_sites, dtype=np.int64),
        mode_request=np.full(n_sites, MODE_AUTOMATIC, dtype=np.int64),
        mode_s=empty(),
        setpoint_c=filled(parameters.setpoint_c),
        flow_factor=filled(1.0),
        cooling_factor=filled(1.0),
        power_kw=empty(),
        auxiliary_power_kw=empty(),
        cooling_kw=empty(),
        heating_kw=empty(),
        wall_kw=empty(),
        heat_kw=empty(),
        hysteresis_kw=empty(),
        leak_kw=empty(),
        reversible_kw=empty(),
        throughput_ah=empty(),
        cell_temperature_c_low=filled(temperature_c),
        cell_temperature_c_high=filled(temperature_c),
    )
