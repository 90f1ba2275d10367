"""The asset that is traded: a battery behind an interconnection point, with every limit that a schedule must keep."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from battuta.domain.curves import Curve
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.time import zone_of
from battuta.domain.wear import Wear


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A battery as its AC terminals show it.

    Attributes
    ----------
    power_kw : float
        Rated AC power, both directions. [kW]
    energy_kwh : float
        Stored (DC) energy between soc 0 and 1. [kWh]
    efficiency_charge, efficiency_discharge : float
        One-way efficiency, AC to stored and stored to AC. [-]
    soc_min, soc_max : float
        Window of the state of charge. [-]
    soc_start : float
        State of charge at the start. [-]
    soc_end : float or None
        State of charge required at the end of each planning day, or None for a free end. [-]
    self_discharge_per_day : float
        Share of the stored energy lost in a day. [-]
    auxiliary_power_kw : float
        Constant auxiliary load, drawn at the interconnection point. [kW]
    ramp_kw_per_minute : float
        Largest change of net battery power; infinite when not limited. [kW/min]
    charge_taper, discharge_taper : Curve or None
        Share of the rated power allowed by state of charge; must be concave.
    charge_temperature_taper, discharge_temperature_taper : Curve or None
        Share of the rated power allowed by cell temperature (x in degC).
    part_load_efficiency : Curve or None
        One-way efficiency by share of the rated power, in place of the two constants.
    throughput_mwh_per_year_max : float
        Budget of energy discharged (AC); infinite when there is none. [MWh/year]
    wear : Wear
        What cycling and time cost.
    """

    power_kw: float
    energy_kwh: float
    efficiency_charge: float = 1.0
    efficiency_discharge: float = 1.0
    soc_min: float = 0.0
    soc_max: float = 1.0
    soc_start: float = 0.0
    soc_end: float | None = None
    self_discharge_per_day: float = 0.0
    auxiliary_power_kw: float = 0.0
    ramp_kw_per_minute: float = math.inf
    charge_taper: Curve | None = None
    discharge_taper: Curve | None = None
    charge_temperature_taper: Curve | None = None
    discharge_temperature_taper: Curve | None = None
    part_load_efficiency: Curve | None = None
    throughput_mwh_per_year_max: float = math.inf
    wear: Wear = field(default_factory=Wear)

    def __post_init__(self) -> None:
        """Check every quantity against its range."""
        _require("power_kw", self.power_kw, 0.0, 1e9, "kW", above=True)
        _require("energy_kwh", self.energy_kwh, 0.0, 1e10, "kWh", above=True)
        _require("efficiency_charge", self.efficiency_charge, 0.0, 1.0, "-", above=True)
        _require("efficiency_discharge", self.efficiency_discharge, 0.0, 1.0, "-", above=True)
        _require("soc_min", self.soc_min, 0.0, 1.0, "-")
        _require("soc_max", self.soc_max, self.soc_min, 1.0, "-", above=True)
        _require("soc_start", self.soc_start, self.soc_min, self.soc_max, "-")
        if self.soc_end is not None:
            _require("soc_end", self.soc_end, self.soc_min, self.soc_max, "-")
        _require("self_discharge_per_day", self.self_discharge_per_day, 0.0, 0.99, "-")
        _require("auxiliary_power_kw", self.auxiliary_power_kw, 0.0, 1e9, "kW")
        _require("ramp_kw_per_minute", self.ramp_kw_per_minute, 0.0, math.inf, "kW/min", above=True)
        _require("throughput_mwh_per_year_max", self.throughput_mwh_per_year_max, 0.0, math.inf, "MWh/year")
        self._require_curves()

    def _require_curves(self) -> None:
        for name in ("charge_taper", "discharge_taper"):
            curve: Curve | None = getattr(self, name)
            if curve is None:
                continue
            _require(name, min(curve.y), 0.0, 1.0, "-")
            _require(name, max(curve.y), 0.0, 1.0, "-")
            if not curve.spanning(0.0, 1.0).is_concave:
                message = (
                    f"{name} must be concave (its slope may only fall; beyond its points it is level), "
                    f"got {list(zip(curve.x, curve.y, strict=True))}"
                )
                raise UsageError(message)
        efficiency = self.part_load_efficiency
        if efficiency is not None:
            _require("part_load_efficiency", min(efficiency.y), 0.0, 1.0, "-", above=True)
            _require("part_load_efficiency", max(efficiency.y), 0.0, 1.0, "-")
            _require("part_load_efficiency power share", efficiency.x[0], 0.0, 1.0, "-", above=True)
            _require("part_load_efficiency power share", efficiency.x[-1], 1.0, 1.0, "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A battery behind its interconnection point, in its market.

    Attributes
    ----------
    battery : Battery
        The battery.
    timezone : str
        IANA zone of the site's market day.
    currency : str
        ISO 4217 code of all its prices.
    import_power_kw_max, export_power_kw_max : float
        Limits at the interconnection point, net of auxiliaries; infinite when not limited. [kW]
    import_fee_per_mwh, export_fee_per_mwh : float
        Grid and market fees on each MWh. [currency/MWh]
    name : str
        What the owner calls it.
    """

    battery: Battery
    timezone: str = "UTC"
    currency: str = "EUR"
    import_power_kw_max: float = math.inf
    export_power_kw_max: float = math.inf
    import_fee_per_mwh: float = 0.0
    export_fee_per_mwh: float = 0.0
    name: str = "site"

    def __post_init__(self) -> None:
        """Check limits, zone and currency."""
        zone_of(self.timezone)
        _require("import_power_kw_max", self.import_power_kw_max, 0.0, math.inf, "kW")
        _require("export_power_kw_max", self.export_power_kw_max, 0.0, math.inf, "kW")
        _require("import_fee_per_mwh", self.import_fee_per_mwh, 0.0, 1e6, f"{self.currency}/MWh")
        _require("export_fee_per_mwh", self.export_fee_per_mwh, 0.0, 1e6, f"{self.currency}/MWh")


def _require(name: str, value: float, low: float, high: float, unit: str, *, above: bool = False) -> None:
    inside = (low < value if above else low <= value) and value <= high
    if not inside:
        raise InvalidQuantityError(name, value, low, high, unit)
