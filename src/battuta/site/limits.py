"""What each site may do at most, as the arrays that arbitration and guard read: one column of numbers per site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from battuta.domain.command import Mandate
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


class Loss(IntEnum):
    """What a site may lose, each with a safe power of its own."""

    METER = 0
    BATTERY = 1
    CONVERTER = 2
    LINK = 3
    CLOCK = 4


N_LOSSES = len(Loss)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeState:
    """Where one site goes when it loses something: 0 kW is not safe everywhere.

    A site behind a demand limit may breach it at 0 kW, a low battery may be drained by its auxiliaries.

    Attributes
    ----------
    meter_power_kw, battery_power_kw, converter_power_kw, link_power_kw, clock_power_kw : float
        Battery power to ramp to when the named thing is lost. [kW]
    ramp_duration_s : float
        Longest time of the ramp, from rated power of either sign, at most 60. [s]
    """

    meter_power_kw: float = 0.0
    battery_power_kw: float = 0.0
    converter_power_kw: float = 0.0
    link_power_kw: float = 0.0
    clock_power_kw: float = 0.0
    ramp_duration_s: float = 30.0

    def __post_init__(self) -> None:
        """Refuse ramps that are no ramp or longer than a minute, and powers that are no number."""
        for name, value in zip((f"{loss.name.lower()}_power_kw" for loss in Loss), self.powers_kw, strict=True):
            if not -np.inf < value < np.inf:
                raise InvalidQuantityError(name, value, -np.inf, np.inf, "kW", where="safe state")
        if not 1.0 <= self.ramp_duration_s <= 60.0:
            raise InvalidQuantityError("ramp_duration_s", self.ramp_duration_s, 1.0, 60.0, "s", where="safe state")

    @property
    def powers_kw(self) -> tuple[float, ...]:
        """Safe power for each `Loss`, in its order. [kW]"""
        return (
            self.meter_power_kw,
            self.battery_power_kw,
            self.converter_power_kw,
            self.link_power_kw,
            self.clock_power_kw,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimits:
    """Ratings and limits of one site.

    Attributes
    ----------
    power_kw : float
        Rated AC power of the converter, both ways. [kW]
    apparent_power_kva : float
        Rated apparent power. [kVA]
    energy_kwh : float
        Stored energy between soc 0 and 1. [kWh]
    import_power_kw_max, export_power_kw_max : float
        Limits at the interconnection point, net of auxiliaries. [kW]
    soc_min, soc_max : float
        Window of the state of charge. [-]
    efficiency_charge, efficiency_discharge : float
        One-way efficiency, AC to stored and back. [-]
    mode_ramp_kw_per_s : float
        How fast the base moves when another owner takes over. [kW/s]
    transformer_kva, transformer_no_load_loss_pu, transformer_load_loss_pu : float
        Rating of the transformer between converter and interconnection point, infinite where there is none, and its
        losses always and at rated load. [kVA], [-], [-]
    charge_temperature_c_min, full_charge_temperature_c_min : float
        Coldest cell at which charge is refused, and from which it is allowed in full; even in between. [degC]
    chiller_setpoint_c : float
        Coolant temperature that the chiller falls back to, NaN where none is known. [degC]
    safe_state : SafeState
        Where it goes when it loses something.
    """

    power_kw: float
    apparent_power_kva: float
    energy_kwh: float
    import_power_kw_max: float = np.inf
    export_power_kw_max: float = np.inf
    soc_min: float = 0.0
    soc_max: float = 1.0
    efficiency_charge: float = 0.95
    efficiency_discharge: float = 0.95
    mode_ramp_kw_per_s: float = np.inf
    transformer_kva: float = np.inf
    transformer_no_load_loss_pu: float = 0.0
    transformer_load_loss_pu: float = 0.0
    charge_temperature_c_min: float = 0.0
    full_charge_temperature_c_min: float = 10.0
    chiller_setpoint_c: float = np.nan
    safe_state: SafeState = SafeState()

    def __post_init__(self) -> None:
        """Check ratings, efficiencies and window; NaN passes none of them."""
        self._require_ratings()
        for name in ("efficiency_charge", "efficiency_discharge"):
            value = float(getattr(self, name))
            if not 0.0 < value <= 1.0:
                raise InvalidQuantityError(name, value, 0.0, 1.0, "-", where="site limits", above_low=True)
        if not 0.0 <= self.soc_min < self.soc_max <= 1.0:
            raise InvalidQuantityError("soc_min", self.soc_min, 0.0, self.soc_max, "-", where="site limits")
        if not self.charge_temperature_c_min < self.full_charge_temperature_c_min:
            message = (
                f"charge_temperature_c_min = {self.charge_temperature_c_min:g} is not below "
                f"full_charge_temperature_c_min = {self.full_charge_temperature_c_min:g}"
            )
            raise UsageError(message)

    def _require_ratings(self) -> None:
        for name in ("power_kw", "energy_kwh", "mode_ramp_kw_per_s", "transformer_kva"):
            value = float(getattr(self, name))
            if not value > 0.0:
                raise InvalidQuantityError(
                    name, value, 0.0, np.inf, "kW, kWh, kW/s or kVA", where="site limits", above_low=True
                )
        for name in ("transformer_no_load_loss_pu", "transformer_load_loss_pu"):
            value = float(getattr(self, name))
            if not 0.0 <= value <= 0.5:
                raise InvalidQuantityError(name, value, 0.0, 0.5, "-", where="site limits")
        for name in ("import_power_kw_max", "export_power_kw_max"):
            value = float(getattr(self, name))
            if not value >= 0.0:
                raise InvalidQuantityError(name, value, 0.0, np.inf, "kW", where="site limits")
        if not self.apparent_power_kva >= self.power_kw:
            message = f"apparent_power_kva = {self.apparent_power_kva:g} is below power_kw = {self.power_kw:g}"
            raise UsageError(message)


class Limit(IntEnum):
    """A row of the table of limits."""

    POWER_KW = 0
    APPARENT_POWER_KVA = 1
    ENERGY_KWH = 2
    IMPORT_POWER_KW_MAX = 3
    EXPORT_POWER_KW_MAX = 4
    SOC_MIN = 5
    SOC_MAX = 6
    EFFICIENCY_CHARGE = 7
    EFFICIENCY_DISCHARGE = 8
    MODE_RAMP_KW_PER_S = 9
    SAFE_RAMP_KW_PER_S = 10
    MANDATE_CHARGE_KW_MAX = 11
    MANDATE_DISCHARGE_KW_MAX = 12
    NO_LOAD_LOSS_KW = 13
    LOAD_LOSS_PER_KW = 14
    CHARGE_TEMPERATURE_C_MIN = 15
    FULL_CHARGE_TEMPERATURE_C_MIN = 16
    CHILLER_SETPOINT_C = 17
    DERATED_POWER_KW_MAX = 18
    DERATED_TEMPERATURE_C_MAX = 19
    DERATED_SOC_MIN = 20
    DERATED_SOC_MAX = 21


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LimitTable:
    """Limits of many sites.

    Attributes
    ----------
    rows : ndarray, shape (n_limits, n_sites)
        One row per `Limit`, in its unit.
    safe_power_kw : ndarray, shape (n_losses, n_sites)
        Safe power for each `Loss`. [kW]
    mandate_until_ns : ndarray of int64, shape (n_sites,)
        When each mandate runs out. [ns]
    """

    rows: FloatArray
    safe_power_kw: FloatArray
    mandate_until_ns: IntArray

    def __getitem__(self, limit: Limit) -> FloatArray:
        """One limit of all sites, shape (n_sites,)."""
        return self.rows[limit]

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.rows.shape[1]

    @property
    def expires_ns(self) -> int:
        """When the next mandate that still allows power runs out. [ns]"""
        alive = self.allows_power
        return int(self.mandate_until_ns[alive].min()) if alive.any() else 2**63 - 1

    @property
    def allows_power(self) -> BoolArray:
        """Whether the mandate of each site allows any power, shape (n_sites,)."""
        return (self.rows[Limit.MANDATE_CHARGE_KW_MAX] > 0.0) | (self.rows[Limit.MANDATE_DISCHARGE_KW_MAX] > 0.0)

    def at(self, now_ns: int) -> LimitTable:
        """Return the limits of an instant: a mandate that has run out allows no power. [ns]"""
        rows = self.rows.copy()
        over = self.mandate_until_ns <= now_ns
        rows[Limit.MANDATE_CHARGE_KW_MAX, over] = rows[Limit.MANDATE_DISCHARGE_KW_MAX, over] = 0.0
        return replace(self, rows=rows)


def limit_table(sites: Sequence[SiteLimits], mandates: Sequence[Mandate], now_ns: int) -> LimitTable:
    """Write limits and mandates of many sites as arrays.

    Parameters
    ----------
    sites : sequence of SiteLimits
        One per site.
    mandates : sequence of Mandate
        One per site; one that has run out allows no power at all.
    now_ns : int
        Present time. [ns]

    Returns
    -------
    LimitTable
        The arrays; the mandate's SoC window is intersected with the site's.

    Raises
    ------
    UsageError
        If there are not as many mandates as sites, or a mandate leaves no SoC window.
    InvalidQuantityError
        If a mandate's power is no number or negative.
    """
    if len(sites) != len(mandates) or not sites:
        message = f"each site needs one mandate; got {len(sites)} sites and {len(mandates)} mandates"
        raise UsageError(message)
    columns = [_column(site, mandate) for site, mandate in zip(sites, mandates, strict=True)]
    rows = np.array([[column[limit] for column in columns] for limit in Limit])
    empty = rows[Limit.SOC_MIN] >= rows[Limit.SOC_MAX]
    if np.any(empty):
        first = int(np.argmax(empty))
        low, high = rows[Limit.SOC_MIN, first], rows[Limit.SOC_MAX, first]
        message = f"site {first}: mandate and limits leave no window of soc ({low:g} to {high:g})"
        raise UsageError(message)
    safe_power_kw = np.array([site.safe_state.powers_kw for site in sites]).T
    until_ns = np.array([each.not_after_ns for each in mandates], dtype=np.int64)
    table = LimitTable(rows=rows, safe_power_kw=np.ascontiguousarray(safe_power_kw), mandate_until_ns=until_ns)
    return table.at(now_ns)


def _column(site: SiteLimits, mandate: Mandate) -> dict[Limit, float]:
    for name, value in (("charge_kw_max", mandate.charge_kw_max), ("discharge_kw_max", mandate.discharge_kw_max)):
        if not value >= 0.0:
            raise InvalidQuantityError(name, value, 0.0, np.inf, "kW", where="mandate")
    rated_kva = site.transformer_kva if math.isfinite(site.transformer_kva) else 0.0
    farthest_kw = min(max(abs(each) for each in site.safe_state.powers_kw), site.power_kw)
    return {
        Limit.POWER_KW: site.power_kw,
        Limit.APPARENT_POWER_KVA: site.apparent_power_kva,
        Limit.ENERGY_KWH: site.energy_kwh,
        Limit.IMPORT_POWER_KW_MAX: site.import_power_kw_max,
        Limit.EXPORT_POWER_KW_MAX: site.export_power_kw_max,
        Limit.SOC_MIN: max(site.soc_min, mandate.soc_min),
        Limit.SOC_MAX: min(site.soc_max, mandate.soc_max),
        Limit.EFFICIENCY_CHARGE: site.efficiency_charge,
        Limit.EFFICIENCY_DISCHARGE: site.efficiency_discharge,
        Limit.MODE_RAMP_KW_PER_S: site.mode_ramp_kw_per_s,
        Limit.SAFE_RAMP_KW_PER_S: (site.power_kw + farthest_kw) / site.safe_state.ramp_duration_s,
        Limit.MANDATE_CHARGE_KW_MAX: mandate.charge_kw_max,
        Limit.MANDATE_DISCHARGE_KW_MAX: mandate.discharge_kw_max,
        Limit.NO_LOAD_LOSS_KW: site.transformer_no_load_loss_pu * rated_kva,
        Limit.LOAD_LOSS_PER_KW: site.transformer_load_loss_pu / rated_kva if rated_kva > 0.0 else 0.0,
        Limit.CHARGE_TEMPERATURE_C_MIN: site.charge_temperature_c_min,
        Limit.FULL_CHARGE_TEMPERATURE_C_MIN: site.full_charge_temperature_c_min,
        Limit.CHILLER_SETPOINT_C: site.chiller_setpoint_c,
        Limit.DERATED_POWER_KW_MAX: math.inf,
        Limit.DERATED_TEMPERATURE_C_MAX: math.inf,
        Limit.DERATED_SOC_MIN: 0.0,
        Limit.DERATED_SOC_MAX: 1.0,
    }
