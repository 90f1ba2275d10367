"""One frozen problem for every engine: a battery, its limits at each step, its wear, and the prices it faces."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.market import Binding
from battuta.domain.wear import DepthWear
from battuta.numerics.arrays import FloatArray

HOURS_PER_YEAR = 8760.0
PRICE_PER_MWH_MAX = 1e6
"""Prices beyond any price limit are a mistake of units, and no solver keeps its digits with them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Headroom:
    """Power and energy that reserves already sold keep free, per step.

    Attributes
    ----------
    up_kw, down_kw : ndarray, shape (n_times,)
        Power kept free above and below the base. [kW]
    up_energy_kwh, down_energy_kwh : ndarray, shape (n_times,)
        AC energy that must stay deliverable and absorbable at the end of each step. [kWh]
    """

    up_kw: FloatArray
    down_kw: FloatArray
    up_energy_kwh: FloatArray
    down_energy_kwh: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StorageProblem:
    """A price taker's storage problem; every bound is an array over steps.

    Attributes
    ----------
    step_h : float
        Length of a step. [h]
    buy_per_mwh, sell_per_mwh : ndarray, shape (n_times,)
        Price of import and export, with fees. [currency/MWh]
    charge_power_kw_max, discharge_power_kw_max : ndarray, shape (n_times,)
        Rated power after the temperature taper. [kW]
    import_power_kw_max, export_power_kw_max : ndarray, shape (n_times,)
        Limits at the interconnection point, net of auxiliaries. [kW]
    auxiliary_power_kw : ndarray, shape (n_times,)
        Auxiliary load. [kW]
    energy_kwh_min, energy_kwh_max : ndarray, shape (n_times,)
        Window of stored energy at the end of each step. [kWh]
    energy_kwh_start : float
        Stored energy before the first step. [kWh]
    energy_kwh_end : float or None
        Stored energy required after the last step. [kWh]
    capacity_kwh : float
        Stored energy between soc 0 and 1. [kWh]
    charge_pieces, discharge_pieces : ndarray, shape (n_pieces, 2)
        Width [kW] and marginal efficiency [-] of each piece of the part-load curve, from no load upwards.
    retention : float
        Share of stored energy that survives a step of self-discharge. [-]
    wear_per_mwh : float
        Flat wear of each MWh discharged (AC). [currency/MWh]
    depth_wear : DepthWear or None
        Wear by depth segment.
    calendar_per_hour : Curve or None
        Calendar wear: x stored energy [kWh], y [currency/h].
    charge_taper, discharge_taper : Curve or None
        Power limit by stored energy at the start of a step: x [kWh], y [kW].
    ramp_kw : float
        Largest change of net battery power between steps. [kW]
    discharge_energy_kwh_max : float
        Budget of energy discharged (AC) over the horizon. [kWh]
    terminal_value : Curve or None
        Value of energy left: x stored energy [kWh], y [currency]; must be concave.
    headroom : Headroom or None
        What reserves keep free.
    import_fee_per_mwh, export_fee_per_mwh : float
        What `buy_per_mwh` and `sell_per_mwh` contain beside the market price. [currency/MWh]
    currency : str
        ISO 4217 code.
    """

    step_h: float
    buy_per_mwh: FloatArray
    sell_per_mwh: FloatArray
    charge_power_kw_max: FloatArray
    discharge_power_kw_max: FloatArray
    import_power_kw_max: FloatArray
    export_power_kw_max: FloatArray
    auxiliary_power_kw: FloatArray
    energy_kwh_min: FloatArray
    energy_kwh_max: FloatArray
    energy_kwh_start: float
    energy_kwh_end: float | None
    capacity_kwh: float
    charge_pieces: FloatArray
    discharge_pieces: FloatArray
    retention: float = 1.0
    wear_per_mwh: float = 0.0
    depth_wear: DepthWear | None = None
    calendar_per_hour: Curve | None = None
    charge_taper: Curve | None = None
    discharge_taper: Curve | None = None
    ramp_kw: float = math.inf
    discharge_energy_kwh_max: float = math.inf
    terminal_value: Curve | None = None
    headroom: Headroom | None = None
    import_fee_per_mwh: float = 0.0
    export_fee_per_mwh: float = 0.0
    currency: str = "EUR"

    def __post_init__(self) -> None:
        """Refuse prices that are missing and curves that no engine can take."""
        missing = np.flatnonzero(~np.isfinite(self.buy_per_mwh) | ~np.isfinite(self.sell_per_mwh))
        if missing.size:
            message = (
                f"{missing.size} of {self.n_times} prices are missing or infinite, the first at step "
                f"{int(missing[0])}; a schedule needs every price of its horizon"
            )
            raise DataError(message)
        largest = float(max(np.abs(self.buy_per_mwh).max(), np.abs(self.sell_per_mwh).max()))
        if largest > PRICE_PER_MWH_MAX:
            raise InvalidQuantityError(
                "price_per_mwh", largest, -PRICE_PER_MWH_MAX, PRICE_PER_MWH_MAX, f"{self.currency}/MWh"
            )
        if self.terminal_value is not None and not self.terminal_value.is_concave:
            message = "terminal_value must be concave: each further kWh may not be worth more than the one before"
            raise UsageError(message)

    @property
    def n_times(self) -> int:
        """Number of steps."""
        return int(self.buy_per_mwh.shape[0])

    @property
    def price_per_mwh(self) -> FloatArray:
        """Market price before fees, shape (n_times,). [currency/MWh]"""
        return self.buy_per_mwh - self.import_fee_per_mwh

    @property
    def power_kw_high(self) -> FloatArray:
        """Upper bound of net battery power, shape (n_times,). [kW]"""
        high = np.minimum(self.discharge_power_kw_max, self.export_power_kw_max + self.auxiliary_power_kw)
        return high if self.headroom is None else high - self.headroom.up_kw

    @property
    def power_kw_low(self) -> FloatArray:
        """Lower bound of net battery power, shape (n_times,). [kW]"""
        low = np.maximum(-self.charge_power_kw_max, self.auxiliary_power_kw - self.import_power_kw_max)
        return low if self.headroom is None else low + self.headroom.down_kw

    @property
    def energy_kwh_low(self) -> FloatArray:
        """Lower bound of stored energy with reserved energy, shape (n_times,). [kWh]"""
        if self.headroom is None:
            return self.energy_kwh_min
        return self.energy_kwh_min + self.headroom.up_energy_kwh / self.discharge_pieces[:, 1].min()

    @property
    def energy_kwh_high(self) -> FloatArray:
        """Upper bound of stored energy with absorbable energy, shape (n_times,). [kWh]"""
        if self.headroom is None:
            return self.energy_kwh_max
        return self.energy_kwh_max - self.headroom.down_energy_kwh * self.charge_pieces[:, 1].max()

    def high_binding(self) -> list[Binding]:
        """Name of the bound that caps discharge at each step."""
        by_grid = self.export_power_kw_max + self.auxiliary_power_kw < self.discharge_power_kw_max
        reserved = np.zeros(self.n_times, bool) if self.headroom is None else self.headroom.up_kw > 0.0
        return _names(by_grid, reserved, Binding.EXPORT_LIMIT)

    def low_binding(self) -> list[Binding]:
        """Name of the bound that caps charge at each step."""
        by_grid = self.import_power_kw_max - self.auxiliary_power_kw < self.charge_power_kw_max
        reserved = np.zeros(self.n_times, bool) if self.headroom is None else self.headroom.down_kw > 0.0
        return _names(by_grid, reserved, Binding.IMPORT_LIMIT)


def _names(by_grid: np.ndarray, reserved: np.ndarray, grid: Binding) -> list[Binding]:
    return [
        Binding.RESERVE if kept else grid if capped else Binding.RATED_POWER
        for capped, kept in zip(by_grid.tolist(), reserved.tolist(), strict=True)
    ]


def storage_problem(
    site: Site,
    price_per_mwh: FloatArray,
    step_h: float,
    *,
    soc_start: float | None = None,
    soc_end: float | None = None,
    is_end_free: bool = False,
    temperature_c: FloatArray | float | None = None,
    terminal_value: Curve | None = None,
    headroom: Headroom | None = None,
) -> StorageProblem:
    """Write the problem of a site that faces prices.

    Parameters
    ----------
    site : Site
        The asset.
    price_per_mwh : ndarray, shape (n_times,)
        Market price before the site's fees. [currency/MWh]
    step_h : float
        Length of a step. [h]
    soc_start, soc_end : float or None
        In place of the asset's own. [-]
    is_end_free : bool
        True ignores the asset's ``soc_end``.
    temperature_c : ndarray, shape (n_times,), or float or None
        Cell temperature for the temperature tapers. [degC]
    terminal_value : Curve or None
        Value of stored energy at the end: x soc [-], y [currency].
    headroom : Headroom or None
        What reserves keep free.

    Raises
    ------
    DataError, UsageError
        If prices are missing; if a temperature taper is given without a temperature.
    """
    battery = site.battery
    price = np.ascontiguousarray(price_per_mwh, dtype=np.float64)
    n_times = price.shape[0]
    end = soc_end if soc_end is not None else (None if is_end_free else battery.soc_end)
    capacity = battery.energy_kwh
    return StorageProblem(
        step_h=step_h,
        buy_per_mwh=price + site.import_fee_per_mwh,
        sell_per_mwh=price - site.export_fee_per_mwh,
        charge_power_kw_max=_by_temperature(
            battery, battery.charge_temperature_taper, temperature_c, n_times, "charge"
        ),
        discharge_power_kw_max=_by_temperature(
            battery, battery.discharge_temperature_taper, temperature_c, n_times, "discharge"
        ),
        import_power_kw_max=_level(n_times, site.import_power_kw_max),
        export_power_kw_max=_level(n_times, site.export_power_kw_max),
        auxiliary_power_kw=_level(n_times, battery.auxiliary_power_kw),
        energy_kwh_min=_level(n_times, battery.soc_min * capacity),
        energy_kwh_max=_level(n_times, battery.soc_max * capacity),
        energy_kwh_start=(battery.soc_start if soc_start is None else soc_start) * capacity,
        energy_kwh_end=None if end is None else end * capacity,
        capacity_kwh=capacity,
        charge_pieces=pieces(battery, is_charge=True),
        discharge_pieces=pieces(battery, is_charge=False),
        retention=(1.0 - battery.self_discharge_per_day) ** (step_h / 24.0),
        wear_per_mwh=battery.wear.price_per_mwh,
        depth_wear=battery.wear.depth,
        calendar_per_hour=_scaled(battery.wear.calendar_per_hour, capacity, 1.0),
        charge_taper=_scaled(battery.charge_taper, capacity, battery.power_kw),
        discharge_taper=_scaled(battery.discharge_taper, capacity, battery.power_kw),
        ramp_kw=battery.ramp_kw_per_minute * 60.0 * step_h,
        discharge_energy_kwh_max=battery.throughput_mwh_per_year_max * 1000.0 * n_times * step_h / HOURS_PER_YEAR,
        terminal_value=_scaled(terminal_value, capacity, 1.0),
        headroom=headroom,
        import_fee_per_mwh=site.import_fee_per_mwh,
        export_fee_per_mwh=site.export_fee_per_mwh,
        currency=site.currency,
    )


def pieces(battery: Battery, *, is_charge: bool) -> FloatArray:
    """Width and marginal efficiency of each piece of a part-load curve.

    Between two points of the curve the stored power runs straight, so each piece has one marginal efficiency: AC over
    stored in discharge, stored over AC in charge.

    Parameters
    ----------
    battery : Battery
        The battery.
    is_charge : bool
        Direction.

    Returns
    -------
    ndarray, shape (n_pieces, 2)
        Width [kW] and marginal efficiency [-], from no load upwards.
    """
    curve = battery.part_load_efficiency
    if curve is None:
        efficiency = battery.efficiency_charge if is_charge else battery.efficiency_discharge
        return np.array([[battery.power_kw, efficiency]])
    ac = np.concatenate(([0.0], np.asarray(curve.x))) * battery.power_kw
    efficiency_at = np.concatenate(([curve.y[0]], np.asarray(curve.y)))
    stored = ac * efficiency_at if is_charge else ac / efficiency_at
    width = np.diff(ac)
    marginal = np.diff(stored) / width if is_charge else width / np.diff(stored)
    if not (np.all(marginal > 0.0) and np.all(np.isfinite(marginal))):
        message = "part_load_efficiency falls so fast that more power would move less energy; check the curve"
        raise UsageError(message)
    return np.column_stack((width, marginal))


def _level(n_times: int, value: float) -> FloatArray:
    return np.full(n_times, value, dtype=np.float64)


def _scaled(curve: Curve | None, x_scale: float, y_scale: float) -> Curve | None:
    if curve is None:
        return None
    whole = curve.spanning(0.0, 1.0)
    return Curve(x=tuple(x * x_scale for x in whole.x), y=tuple(y * y_scale for y in whole.y))


def _by_temperature(
    battery: Battery, taper: Curve | None, temperature_c: FloatArray | float | None, n_times: int, direction: str
) -> FloatArray:
    if taper is None:
        return _level(n_times, battery.power_kw)
    if temperature_c is None:
        message = f"{direction}_temperature_taper is set, so temperature_c must be given"
        raise UsageError(message)
    temperature = np.broadcast_to(np.asarray(temperature_c, dtype=np.float64), (n_times,))
    return battery.power_kw * np.clip(taper(temperature), 0.0, 1.0)
