"""The simulated plants: converter, cells, cooling and connection of all sites, one call a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.image import N_SIGNALS, Signal
from battuta.domain.module_image import ModuleSignal
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.physics.container import INNER_S_MAX, ContainerState, resting
from battuta.physics.container_kernels import step_sites
from battuta.physics.pcs import notton_pcs, pcs_rows
from battuta.world import plant_kernels as kernels
from battuta.world.breakage import Breakage
from battuta.world.heterogeneity import cell_population
from battuta.world.module_view import module_view, sites_of
from battuta.world.plant_parameters import PlantCharacter, cabinet
from battuta.world.planted_faults import PlantedFault
from battuta.world.surroundings import Surroundings

FULL_CELL_TAPER_V = 0.05
"""Charge is tapered over this much before the highest cell reaches its limit, discharge over four times as much."""

FULL_CELL_TAPER_SOC = 0.005
"""Charge is tapered over this much before the fullest cell is full, discharge before the emptiest is empty. [-]"""

_ROWS = np.array(
    [
        Signal.METER_POWER_KW,
        Signal.METER_REACTIVE_KVAR,
        Signal.METER_VOLTAGE_PU,
        Signal.FREQUENCY_HZ,
        Signal.CONVERTER_POWER_KW,
        Signal.CONVERTER_REACTIVE_KVAR,
        Signal.SOC,
        Signal.CELL_VOLTAGE_V_MIN,
        Signal.CELL_VOLTAGE_V_MAX,
        Signal.CELL_TEMPERATURE_C_MIN,
        Signal.CELL_TEMPERATURE_C_MEAN,
        Signal.CELL_TEMPERATURE_C_MAX,
        Signal.CHARGE_POWER_KW_MAX,
        Signal.DISCHARGE_POWER_KW_MAX,
        Signal.AUXILIARY_POWER_KW,
        Signal.LOAD_KW,
        Signal.PV_KW,
        Signal.COOLANT_TEMPERATURE_C,
        Signal.CHILLER_SETPOINT_C,
        Signal.CHILLER_POWER_KW,
        Signal.AMBIENT_TEMPERATURE_C,
    ],
    dtype=np.int64,
)
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
        parameters = cabinet(self.character.n_cells, self.character.n_modules)
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
        allowed_kw = [rate * self.energy_kwh for rate in (cell.charge_rate_max, cell.discharge_rate_max)]
        self._power_kw_max = np.array([*allowed_kw, self.character.power_kw])
        self._power_pu = np.zeros(n_sites)
        self._lag_s = np.full(n_sites, self.character.lag_s)
        self._ramp_pu_per_s = np.full(n_sites, self.character.ramp_pu_per_s)
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
        per_module = n_cells // self.n_modules
        for first in range(0, n_cells, per_module):
            along = np.argsort(population.coolant_position[first : first + per_module], kind="stable")
            slot[first + along] = place.start + first + np.arange(per_module)
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
    def n_modules(self) -> int:
        """Modules with a converter each at a site; 1 is a string as a whole."""
        return self.character.n_modules

    @property
    def n_cells(self) -> int:
        """Number of cells of all sites."""
        return self.container.cells.soc.size

    def advance(
        self,
        setpoint_kw: FloatArray,
        reactive_kvar: FloatArray,
        chiller_setpoint_c: FloatArray,
        module_share: FloatArray | None = None,
    ) -> FloatArray:
        """Let one second pass.

        Parameters
        ----------
        setpoint_kw : ndarray, shape (n_sites, n_ticks)
            Setpoint that stands during each tick of the second. [kW]
        reactive_kvar : ndarray, shape (n_sites,)
            Reactive power asked. [kvar]
        chiller_setpoint_c : ndarray, shape (n_sites,)
            Coolant temperature asked of the chiller, NaN to leave it. [degC]
        module_share : ndarray, shape (n_sites, n_modules), optional
            Weight of each module in the power of its site, not negative; even if left out. [-]

        Returns
        -------
        ndarray, shape (n_sites, n_ticks)
            Active power at the end of each tick, before limits of the battery. [kW]
        """
        rated_kw, container = self.character.power_kw, self.container
        followed_kw = np.empty(setpoint_kw.shape)
        wanted = np.empty((kernels.N_WANTED, self.n_sites))
        missing = kernels.follow_second(
            setpoint_kw,
            self.opened,
            rated_kw,
            self._power_pu,
            self._lag_s,
            self._ramp_pu_per_s,
            self._rows,
            followed_kw,
            wanted,
        )
        if missing >= 0:
            message = f"setpoint_kw of site {missing} is no number in some tick; say what to do without it"
            raise DataError(message)
        np.copyto(container.sites.setpoint_c, chiller_setpoint_c, where=~np.isnan(chiller_setpoint_c))
        self._share(module_share)
        step_sites(  # `step_container` without its checks: this is every second of every site
            container.tables,
            container.parameters.thermal,
            container.cells,
            container.strings,
            container.sites,
            wanted[kernels.DC_KW],
            wanted[kernels.RMS_KW],
            wanted[kernels.MAGNITUDE_KW],
            self.surroundings.ambient_c[self.surroundings.at(self.second)],
            1.0,
            INNER_S_MAX,
            float(container.parameters.cells_per_node),
            float(container.parameters.strings_per_node),
            container.account_j,
            0,
            self.n_sites,
        )
        self.power_kw, self.reactive_kvar = np.empty(self.n_sites), np.empty(self.n_sites)
        kernels.settle_second(
            wanted,
            container.sites.power_kw,
            reactive_kvar,
            rated_kw,
            SOLVED_SHARE,
            self._rows,
            self._power_pu,
            self.power_kw,
            self.reactive_kvar,
        )
        self.second += 1
        self._break()
        return followed_kw

    def truth(self) -> FloatArray:
        """What perfect instruments would say now.

        Returns
        -------
        ndarray, shape (n_signals, n_sites)
            One row per `Signal`, in its unit.
        """
        state, n_sites = self.container, self.n_sites
        row = self.surroundings.at(self.second)
        by_module = self._look()
        seen = sites_of(by_module, n_sites)
        around, sites = self.surroundings, state.sites
        values = np.empty((N_SIGNALS, n_sites))
        kernels.write_truth(
            seen,
            float(around.frequency_hz(self.second)[0]),
            around.ambient_c[row],
            around.load_kw[row],
            around.pv_kw[row],
            around.voltage_pu[row],
            self.power_kw,
            self.reactive_kvar,
            sites.auxiliary_power_kw,
            sites.tank_c,
            sites.setpoint_c,
            self.opened,
            self._power_kw_max,
            _ROWS,
            values,
        )
        if self.n_modules > 1:  # a module whose cells end holds back itself and no other
            view = self._view(by_module)
            values[Signal.CHARGE_POWER_KW_MAX] = view[ModuleSignal.CHARGE_POWER_KW_MAX].sum(axis=1)
            values[Signal.DISCHARGE_POWER_KW_MAX] = view[ModuleSignal.DISCHARGE_POWER_KW_MAX].sum(axis=1)
        values[Signal.GAS], values[Signal.SMOKE], values[Signal.COOLANT_LEAK] = self.gas, self.smoke, 0.0
        if self._breakage is not None:
            values[Signal.GAS] += self._breakage.state.gas_ppm
            values[Signal.SMOKE] += self._breakage.state.smoke_percent_per_m
        return values

    def _share(self, module_share: FloatArray | None) -> None:
        """Give each module its weight in the power of its site; those of an open site carry nothing."""
        share = self.container.strings.share.reshape(self.n_sites, self.n_modules)
        share[:] = 1.0 if module_share is None else module_share
        share[self.opened] = 0.0

    def modules_seen(self) -> FloatArray:
        """What the controllers of the modules say now, one row per `ModuleSignal`, shape (4, n_sites, n_modules)."""
        return self._view(self._look())

    def _view(self, by_module: FloatArray) -> FloatArray:
        return module_view(by_module, self._power_kw_max, self.opened)

    def _look(self) -> FloatArray:
        """Look at the cells of each module, shape (8, n_sites n_modules)."""
        seen = np.empty((kernels.N_SEEN, self.n_sites * self.n_modules))
        kernels.look_at_cells(
            *self._monitored(),
            self.container.cells.soc,
            self._limits_v,
            FULL_CELL_TAPER_V,
            self._tapers[0],
            self._tapers[1],
            seen,
        )
        return seen

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

    def all_cells_seen(self) -> tuple[FloatArray, FloatArray]:
        """What the monitors see of the cells of all sites, along each string, shape (n_sites, n_cells). [V], [degC]"""
        voltage_v, temperature_c = self._monitored()
        return voltage_v[self.slot], temperature_c[self.slot]

    def string_current_a(self) -> FloatArray:
        """Mean current of each module over the last second, discharge positive, shape (n_sites n_modules,). [A]"""
        return self.container.strings.current_a.copy()

    def _monitored(self) -> tuple[FloatArray, FloatArray]:
        """Voltages and temperatures as the cell monitors have them, in the order of the container. [V], [degC]"""
        cells = self.container.cells
        if self._breakage is None:
            return cells.voltage_v, cells.temperature_c
        return self._breakage.shown_v(cells.voltage_v), self._breakage.shown_c(cells.temperature_c)

    def _break(self) -> None:
        if self._breakage is not None:
            self._breakage.bring_to(float(self.second - self._faults_from_s))
