"""A battery as its whole life needs it: its cells, converter, limits, thermal machine and how it keeps its charge."""

from __future__ import annotations

from dataclasses import dataclass, replace

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.cell_parameters import CellParameters
from battuta.physics.life_pack_kernels import PackNumbers
from battuta.physics.pcs import NottonPcs


@dataclass(frozen=True, slots=True, kw_only=True)
class PackClimate:
    """What cools and warms the cells, for the whole pack.

    Attributes
    ----------
    wall_w_per_k : float
        Conductance from the cells to the ambient air. [W/K]
    structure_j_per_k : float
        Heat capacity besides the cells. [J/K]
    cool_above_c, warm_below_c : float
        Cell temperatures at which cooling and warming begin. [degC]
    band_k : float
        How far past them they go on. [K]
    cooling_kw_max, heating_kw_max : float
        Heat moved at most. [kW]
    carnot_share, cop_max, lift_k : float
        Coefficient of performance of cooling: a share of Carnot's between cells and ambient, both moved apart by the
        lift, up to a cap. [-], [-], [K]
    heating_cop : float
        Heat per electric energy of warming. [-]
    running_kw, controls_kw : float
        Pumps and fans while it works or is cooled or warmed; controls always. [kW]
    """

    wall_w_per_k: float
    structure_j_per_k: float = 0.0
    cool_above_c: float = 28.0
    warm_below_c: float = 10.0
    band_k: float = 3.0
    cooling_kw_max: float = 0.0
    heating_kw_max: float = 0.0
    carnot_share: float = 0.40
    cop_max: float = 5.0
    lift_k: float = 8.0
    heating_cop: float = 0.95
    running_kw: float = 0.0
    controls_kw: float = 0.0

    def __post_init__(self) -> None:
        """Refuse climates that cannot be solved."""
        far = float("inf")
        for name, value, low, high, unit in (
            ("wall_w_per_k", self.wall_w_per_k, 1e-9, far, "W/K"),
            ("structure_j_per_k", self.structure_j_per_k, 0.0, far, "J/K"),
            ("band_k", self.band_k, 0.0, 50.0, "K"),
            ("cool_above_c", self.cool_above_c, self.warm_below_c + 2.0 * self.band_k, 200.0, "degC"),
            ("cooling_kw_max", self.cooling_kw_max, 0.0, far, "kW"),
            ("heating_kw_max", self.heating_kw_max, 0.0, far, "kW"),
            ("carnot_share", self.carnot_share, 1e-3, far, "-"),
            ("cop_max", self.cop_max, 1e-3, 50.0, "-"),
            ("heating_cop", self.heating_cop, 1e-3, 50.0, "-"),
            ("running_kw", self.running_kw, 0.0, far, "kW"),
            ("controls_kw", self.controls_kw, 0.0, far, "kW"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="climate of the pack")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeKeeping:
    """A base power that steers the state of charge back, and a day's share of throughput; none of it by default.

    Attributes
    ----------
    soc_target : float
        State of charge it steers to. [-]
    power_kw_max : float
        Base power at most, AC, either way. [kW]
    soc_full : float
        Distance from the target at which all of it is used; less in proportion. [-]
    full_cycles_per_day_max : float
        Equivalent full cycles since midnight after which the request is no longer followed, infinite for no cap. [-]
    """

    soc_target: float = 0.5
    power_kw_max: float = 0.0
    soc_full: float = 0.1
    full_cycles_per_day_max: float = float("inf")

    def __post_init__(self) -> None:
        """Refuse what steers nowhere."""
        far = float("inf")
        for name, value, low, high, unit in (
            ("soc_target", self.soc_target, 0.0, 1.0, "-"),
            ("power_kw_max", self.power_kw_max, 0.0, far, "kW"),
            ("soc_full", self.soc_full, 1e-6, 1.0, "-"),
            ("full_cycles_per_day_max", self.full_cycles_per_day_max, 0.0, far, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="charge keeping")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePack:
    """A battery of equal cells in series and parallel.

    Attributes
    ----------
    cell : CellParameters
        Its cells.
    cells_in_series, strings : int
        Cells of a string, strings in parallel. [-]
    pcs : NottonPcs
        Its converter, whose rating bounds the AC power.
    climate : PackClimate
        What cools and warms it.
    keeping : ChargeKeeping
        How it keeps its state of charge.
    soc_min, soc_max, soc_start : float
        Window of the state of charge, and where a life begins. [-]
    """

    cell: CellParameters
    cells_in_series: int
    strings: int
    pcs: NottonPcs
    climate: PackClimate
    keeping: ChargeKeeping = ChargeKeeping()
    soc_min: float = 0.05
    soc_max: float = 0.95
    soc_start: float = 0.5

    def __post_init__(self) -> None:
        """Refuse packs without cells or without a window."""
        for name, value, low, high in (
            ("cells_in_series", self.cells_in_series, 1, 10_000),
            ("strings", self.strings, 1, 10_000_000),
            ("soc_min", self.soc_min, 0.0, 1.0),
            ("soc_max", self.soc_max, self.soc_min + 0.01, 1.0),
            ("soc_start", self.soc_start, self.soc_min, self.soc_max),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, "-", where="pack")

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.cells_in_series * self.strings

    @property
    def energy_kwh(self) -> float:
        """Energy of a full discharge of new cells at open-circuit voltage. [kWh]"""
        return float(self.cell.tables().ocv_integral_v[-1]) * self.cell.capacity_ah * self.n_cells / 1000.0

    def numbers(self, soh_capacity: float = 1.0, soh_resistance: float = 1.0) -> PackNumbers:
        """Arrange the numbers for the kernel at a state of health.

        Parameters
        ----------
        soh_capacity, soh_resistance : float
            Capacity and resistance over those when new. [-]

        Returns
        -------
        PackNumbers
            Per cell.
        """
        for name, value, low in (("soh_capacity", soh_capacity, 0.01), ("soh_resistance", soh_resistance, 0.1)):
            if not low <= value <= 20.0:
                raise InvalidQuantityError(name, value, low, 20.0, "-", where="pack")
        climate, keeping, pcs, n = self.climate, self.keeping, self.pcs, self.n_cells
        return PackNumbers(
            n_cells=float(n),
            soc_low=self.soc_min,
            soc_high=self.soc_max,
            capacity_new_ah=self.cell.capacity_ah,
            capacity_ah=self.cell.capacity_ah * soh_capacity,
            resistance_factor=soh_resistance,
            rated_kw=pcs.rated_power_kw,
            no_load_discharge_pu=pcs.no_load_discharge_pu,
            quadratic_discharge_pu=pcs.quadratic_discharge_pu,
            no_load_charge_pu=pcs.no_load_charge_pu,
            quadratic_charge_pu=pcs.quadratic_charge_pu,
            standby_pu=pcs.standby_pu,
            keep_kw=keeping.power_kw_max,
            keep_soc=keeping.soc_target,
            keep_per_soc=1.0 / keeping.soc_full,
            day_cycles_max=keeping.full_cycles_per_day_max,
            cell_j_per_k=self.cell.heat_capacity_j_per_k + climate.structure_j_per_k / n,
            wall_w_per_k=climate.wall_w_per_k / n,
            cool_on_c=climate.cool_above_c,
            cool_off_c=climate.cool_above_c - climate.band_k,
            heat_on_c=climate.warm_below_c,
            heat_off_c=climate.warm_below_c + climate.band_k,
            cooling_w=1000.0 * climate.cooling_kw_max / n,
            heating_w=1000.0 * climate.heating_kw_max / n,
            carnot_share=climate.carnot_share,
            cop_max=climate.cop_max,
            lift_k=climate.lift_k,
            heating_cop=climate.heating_cop,
            running_w=1000.0 * climate.running_kw / n,
            controls_w=1000.0 * climate.controls_kw / n,
        )

    def rated(self, power_kw: float) -> LifePack:
        """Give it a converter of another rating, losses per unit as they are. [kW]"""
        return replace(self, pcs=replace(self.pcs, rated_power_kw=power_kw))
