"""The simulated plants: converter, cells, cooling and connection of all sites, one call a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from battuta.domain.image import N_SIGNALS, Signal
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.physics.container import ContainerState, resting, step_container
from battuta.physics.pcs import notton_pcs, pcs_rows
from battuta.physics.pcs_kernels import ac_to_dc, dc_to_ac, pcs_follow
from battuta.world import plant_kernels as kernels
from battuta.world.breakage import Breakage
from battuta.world.heterogeneity import cell_population
from battuta.world.plant_parameters import PlantCharacter, cabinet
from battuta.world.planted_faults import PlantedFault
from battuta.world.surroundings import Surroundings

FULL_CELL_TAPER_V = 0.05
"""Charge is tapered over this much before the highest cell reaches its limit, discharge over four times as much."""

FULL_CELL_TAPER_SOC = 0.005
"""Charge is tapered over this much before the fullest cell is full, discharge before the emptiest is empty. [-]"""

SOLVED_SHARE = 2e-4
"""Power is found to this share of the rating: a battery that gives less than it was asked by more is limited."""


class Plants:
    """All simulated sites.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites : int
        Number of sites.
    start_s : int
        First second since 1970. [s]
    character : PlantCharacter, optional
        What sites are made of.
    surroundings : Surroundings, optional
        Air, load, sun and grid; left out, drawn from the seed.
    faults : sequence of PlantedFault
        What breaks; cell k of a site is the one of `battuta.world.heterogeneity.cell_population`.
    faults_from_s : int, optional
        Second since 1970 from which the times of the faults count; the first second left out. [s]

    Attributes
    ----------
    slot : ndarray of int, shape (n_sites, n_cells)
        Place of each cell in the arrays of the container: cells lie there along the coolant, and a cell has the rank of
        its place between inlet and outlet. Cells in series carry one current in any order. [-]
    """

    def __init__(
        self,
        seed: int,
        n_sites: int,
        start_s: int,
        character: PlantCharacter | None = None,
        surroundings: Surroundings | None = None,
        faults: Sequence[PlantedFault] = (),
        faults_from_s: int | None = None,
    ) -> None:
        self.character = character or PlantCharacter()
        self.surroundings = surroundings or Surroundings(seed, n_sites, self.character)
        self.second = start_s
        row = self.surroundings.at(start_s)
        parameters = cabinet(self.character.n_cells)
        self.energy_kwh = parameters.energy_kwh
        self.container: ContainerState = resting(parameters, n_sites=n_sites, soc=self.character.soc_start)
        self.slot: IntArray = np.empty((n_sites, self.character.n_cells), dtype=np.int64)
        for site in range(n_sites):
            self._draw_cells(seed, site, float(self.surroundings.ambient_c[row, site]))
        self._faults_from_s = start_s if faults_from_s is None else faults_from_s
        self._breakage = Breakage(faults, self.container, self.slot) if faults else None
        converters = (notton_pcs(self.character.converter, self.character.power_kw),) * n_sites
        self._rows = pcs_rows(converters)
        cell = parameters.cell
        self._limits_v = np.array([cell.voltage_v_min, cell.voltage_v_max])
        self._tapers = np.array(cell.charge_taper), np.array(cell.discharge_taper)
        self._power_pu = np.zeros(n_sites)
        self._lag_s = np.full(n_sites, self.character.lag_s)
        self._ramp_pu_per_s = np.full(n_sites, self.character.ramp_pu_per_s)
        self._dc_kw, self._loss_kw = np.zeros(n_sites), np.zeros(n_sites)
        self.power_kw: FloatArray = np.zeros(n_sites)
        self.reactive_kvar: FloatArray = np.zeros(n_sites)
        self.opened: BoolArray = np.zeros(n_sites, dtype=np.bool_)
        self.gas: FloatArray = np.zeros(n_sites)
        self.smoke: FloatArray = np.zeros(n_sites)
        self._break()

    def _draw_cells(self, seed: int, site: int, ambient_c: float) -> None:
        """Give each cell of a site its own capacity, resistance, leak, place and start; a new site moves no other."""
        n_cells, spread = self.character.n_cells, self.character.spread
        population = cell_population(seed, site, n_cells, spread)
        cells, place = self.container.cells, self.container.cells_of(site)
        slot = np.empty(n_cells, dtype=np.int64)
        slot[np.argsort(population.coolant_position, kind="stable")] = np.arange(place.start, place.stop)
        self.slot[site] = slot
        cells.capacity_ah[slot] *= population.capacity_factor
        cells.resistance_factor[slot] = population.resistance_factor
        cells.leak_a[slot] = population.self_discharge_per_day * cells.capacity_ah[slot] / 24.0
        draws = generator(seed, "world.plant.soc", site=site).standard_normal(n_cells)
        cells.soc[slot] = np.clip(cells.soc[slot] + self.character.soc_start_deviation * draws, 0.0, 1.0)
        cells.temperature_c[slot] = min(max(ambient_c, 15.0), 30.0)

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.power_kw.shape[0]

    @property
    def n_cells(self) -> int:
        """Number of cells of all sites."""
        return self.container.cells.soc.size

    def advance(self, setpoint_kw: FloatArray, reactive_kvar: FloatArray, chiller_setpoint_c: FloatArray) -> FloatArray:
        """Let one second pass.

        Parameters
        ----------
        setpoint_kw : ndarray, shape (n_sites, n_ticks)
            Setpoint that stands during each tick of the second. [kW]
        reactive_kvar : ndarray, shape (n_sites,)
            Reactive power asked. [kvar]
        chiller_setpoint_c : ndarray, shape (n_sites,)
            Coolant temperature asked of the chiller, NaN to leave it. [degC]

        Returns
        -------
        ndarray, shape (n_sites, n_ticks)
            Active power at the end of each tick, before limits of the battery. [kW]
        """
        n_ticks = setpoint_kw.shape[1]
        rated_kw = self.character.power_kw
        asked_pu = np.where(self.opened[:, None], 0.0, np.clip(setpoint_kw / rated_kw, -1.0, 1.0))
        followed_pu = np.empty(asked_pu.shape)
        pcs_follow(asked_pu, self._power_pu, self._lag_s, self._ramp_pu_per_s, 1.0 / n_ticks, followed_pu)
        wanted_kw = followed_pu.mean(axis=1) * rated_kw
        ac_to_dc(wanted_kw, self._rows, self._dc_kw, self._loss_kw)
        swing = np.sqrt((followed_pu**2).mean(axis=1)) * rated_kw
        magnitude = np.abs(followed_pu).mean(axis=1) * rated_kw
        row = self.surroundings.at(self.second)
        told = ~np.isnan(chiller_setpoint_c)
        self.container.sites.setpoint_c[told] = chiller_setpoint_c[told]
        self.container.strings.share[:] = np.where(self.opened, 0.0, 1.0)
        dc_kw = self._dc_kw.copy()
        step_container(
            self.container,
            power_kw=dc_kw,
            ambient_c=self.surroundings.ambient_c[row],
            duration_s=1.0,
            power_rms_kw=np.maximum(swing, np.abs(dc_kw)),
            power_magnitude_kw=np.maximum(magnitude, np.abs(dc_kw)),
        )
        achieved_kw = self.container.sites.power_kw
        limited = np.abs(achieved_kw - dc_kw) > SOLVED_SHARE * rated_kw
        ac_kw = np.empty(self.n_sites)
        dc_to_ac(achieved_kw, self._rows, ac_kw, self._loss_kw)
        self.power_kw = np.where(limited, ac_kw, wanted_kw)
        self._power_pu[limited] = ac_kw[limited] / rated_kw
        room = np.sqrt(np.maximum((1.1 * rated_kw) ** 2 - self.power_kw**2, 0.0))
        self.reactive_kvar = np.clip(reactive_kvar, -room, room)
        self.second += 1
        self._break()
        return followed_pu * rated_kw

    def truth(self) -> FloatArray:
        """What perfect instruments would say now.

        Returns
        -------
        ndarray, shape (n_signals, n_sites)
            One row per `Signal`, in its unit.
        """
        state, n_sites = self.container, self.n_sites
        row = self.surroundings.at(self.second)
        seen = np.empty((kernels.N_SEEN, n_sites))
        kernels.look_at_cells(
            *self._monitored(),
            state.cells.soc,
            self._limits_v,
            FULL_CELL_TAPER_V,
            self._tapers[0],
            self._tapers[1],
            seen,
        )
        load_kw, pv_kw = self.surroundings.load_kw[row], self.surroundings.pv_kw[row]
        auxiliary_kw = state.sites.auxiliary_power_kw
        values = np.empty((N_SIGNALS, n_sites))
        values[Signal.METER_POWER_KW] = self.power_kw + pv_kw - load_kw - auxiliary_kw
        values[Signal.METER_REACTIVE_KVAR] = self.reactive_kvar
        values[Signal.METER_VOLTAGE_PU] = self.surroundings.voltage_pu[row]
        values[Signal.FREQUENCY_HZ] = self.surroundings.frequency_hz(self.second)[0]
        values[Signal.CONVERTER_POWER_KW] = self.power_kw
        values[Signal.CONVERTER_REACTIVE_KVAR] = self.reactive_kvar
        values[Signal.SOC] = seen[kernels.MEAN_SOC]
        values[Signal.CELL_VOLTAGE_V_MIN] = seen[kernels.LOWEST_V]
        values[Signal.CELL_VOLTAGE_V_MAX] = seen[kernels.HIGHEST_V]
        values[Signal.CELL_TEMPERATURE_C_MIN] = seen[kernels.LOWEST_C]
        values[Signal.CELL_TEMPERATURE_C_MEAN] = seen[kernels.MEAN_C]
        values[Signal.CELL_TEMPERATURE_C_MAX] = seen[kernels.HIGHEST_C]
        values[Signal.CHARGE_POWER_KW_MAX] = self._allowed_kw(seen[kernels.CHARGE_SHARE], charging=True)
        values[Signal.DISCHARGE_POWER_KW_MAX] = self._allowed_kw(seen[kernels.DISCHARGE_SHARE], charging=False)
        values[Signal.AUXILIARY_POWER_KW] = auxiliary_kw
        values[Signal.LOAD_KW], values[Signal.PV_KW] = load_kw, pv_kw
        values[Signal.COOLANT_TEMPERATURE_C] = state.sites.tank_c
        values[Signal.CHILLER_SETPOINT_C] = state.sites.setpoint_c
        values[Signal.CHILLER_POWER_KW] = state.sites.auxiliary_power_kw
        values[Signal.AMBIENT_TEMPERATURE_C] = self.surroundings.ambient_c[row]
        values[Signal.GAS], values[Signal.SMOKE], values[Signal.COOLANT_LEAK] = self.gas, self.smoke, 0.0
        if self._breakage is not None:
            values[Signal.GAS] += self._breakage.state.gas_ppm
            values[Signal.SMOKE] += self._breakage.state.smoke_percent_per_m
        return values

    def cells_seen(self, site: int) -> tuple[FloatArray, FloatArray]:
        """What the monitors see of the cells of a site.

        Parameters
        ----------
        site : int
            Number of the site.

        Returns
        -------
        voltage_v, temperature_c : ndarray, shape (n_cells,)
            Along the string, with the offsets of broken sensors. [V], [degC]
        """
        voltage_v, temperature_c = self._monitored()
        return voltage_v[self.slot[site]], temperature_c[self.slot[site]]

    def _monitored(self) -> tuple[FloatArray, FloatArray]:
        """Voltages and temperatures as the cell monitors have them, in the order of the container. [V], [degC]"""
        cells = self.container.cells
        if self._breakage is None:
            return cells.voltage_v, cells.temperature_c
        return self._breakage.shown_v(cells.voltage_v), self._breakage.shown_c(cells.temperature_c)

    def _break(self) -> None:
        if self._breakage is not None:
            self._breakage.bring_to(float(self.second - self._faults_from_s))

    def _allowed_kw(self, share: FloatArray, *, charging: bool) -> FloatArray:
        """Power that the battery management allows, none behind open contactors."""
        cell = self.container.parameters.cell
        rate = cell.charge_rate_max if charging else cell.discharge_rate_max
        allowed_kw = np.minimum(rate * self.energy_kwh * share, self.character.power_kw)
        return np.where(self.opened, 0.0, allowed_kw)
