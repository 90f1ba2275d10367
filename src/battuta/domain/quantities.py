"""The words of the trade as numbers: each quantity with its unit, its meaning, its sign and its range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from battuta.domain.errors import UsageError

_ABOVE_ZERO = "magnitude"
_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity as names, files and tables spell it.

    Attributes
    ----------
    name : str
        Name, unit last.
    unit : str
        Unit, ``-`` for a share or a count; ``currency`` is that of the site.
    meaning : str
        What it is, in one sentence.
    sign : str
        What a positive value says; ``magnitude`` where it cannot be negative.
    low, high : float
        Range of values that make sense. [unit]
    """

    name: str
    unit: str
    meaning: str
    sign: str = _ABOVE_ZERO
    low: float = 0.0
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range; NaN, which is missing, does not.

        Examples
        --------
        >>> quantity("soc").holds(0.5), quantity("soc").holds(50.0)
        (True, False)
        """
        return self.low <= value <= self.high


# name, unit, meaning, sign, low, high
_TABLE: tuple[tuple[str, str, str, str, float, float], ...] = (
    ("power_kw", "kW", "AC power of the battery; as a rating, the same both ways", "discharge", -1e9, 1e9),
    ("request_kw", "kW", "power that a strategy asks for, before bounds", "discharge", -1e9, 1e9),
    ("auxiliary_power_kw", "kW", "constant load of cooling and controls, at the connection", _ABOVE_ZERO, 0.0, 1e9),
    ("import_power_kw_max", "kW", "most drawn at the connection, auxiliaries included", _ABOVE_ZERO, 0.0, math.inf),
    ("export_power_kw_max", "kW", "most delivered at the connection, net of auxiliaries", _ABOVE_ZERO, 0.0, math.inf),
    ("setpoint_kw", "kW", "power that the guard writes to the converter", "discharge", -1e9, 1e9),
    ("base_kw", "kW", "power that the conductor decides once a second, before any response", "discharge", -1e9, 1e9),
    ("preferred_kw", "kW", "power that an owner would like", "discharge", -1e9, 1e9),
    ("low_kw", "kW", "lower end of an interval of power", "discharge", -math.inf, math.inf),
    ("high_kw", "kW", "upper end of an interval of power", "discharge", -math.inf, math.inf),
    ("up_kw", "kW", "power kept free towards discharge", _ABOVE_ZERO, 0.0, 1e9),
    ("down_kw", "kW", "power kept free towards charge", _ABOVE_ZERO, 0.0, 1e9),
    ("charge_kw_max", "kW", "most power towards charge", _ABOVE_ZERO, 0.0, 1e9),
    ("discharge_kw_max", "kW", "most power towards discharge", _ABOVE_ZERO, 0.0, 1e9),
    ("load_kw", "kW", "power that consumers at the site draw", _ABOVE_ZERO, 0.0, 1e9),
    ("pv_kw", "kW", "power that the sun delivers at the site", _ABOVE_ZERO, 0.0, 1e9),
    ("heat_kw", "kW", "heat released", _ABOVE_ZERO, 0.0, 1e9),
    ("loss_kw", "kW", "power lost in the converter", _ABOVE_ZERO, 0.0, 1e9),
    ("reactive_kvar", "kvar", "reactive power", "injection", -1e9, 1e9),
    ("apparent_power_kva", "kVA", "rated apparent power of the converter", _ABOVE_ZERO, 0.0, 1e9),
    ("power_pu", "-", "power per unit of the rating, or of the award", "discharge", -10.0, 10.0),
    ("voltage_pu", "-", "voltage at the connection per unit of nominal", _ABOVE_ZERO, 0.0, 2.0),
    ("ramp_kw_per_s", "kW/s", "largest change of power in a second", _ABOVE_ZERO, 0.0, math.inf),
    ("ramp_pu_per_s", "1/s", "largest change of per-unit power in a second", _ABOVE_ZERO, 0.0, math.inf),
    ("ramp_kw_per_minute", "kW/min", "largest change of power in a minute", _ABOVE_ZERO, 0.0, math.inf),
    (
        "missing_kwh",
        "kWh",
        "energy of a setpoint that the modules of a site together could not carry",
        _ABOVE_ZERO,
        0.0,
        1e10,
    ),
    ("auxiliary_kwh", "kWh", "energy that cooling and controls drew", _ABOVE_ZERO, 0.0, 1e10),
    ("energy_kwh", "kWh", "energy stored (DC) between state of charge 0 and 1", _ABOVE_ZERO, 0.0, 1e10),
    ("energy_mwh", "MWh", "energy of a settled interval at the connection", "export", -1e7, 1e7),
    ("discharged_mwh", "MWh", "energy delivered at the connection in a year", _ABOVE_ZERO, 0.0, 1e7),
    ("installed_mwh", "MWh", "energy of the cells that a site has", _ABOVE_ZERO, 0.0, 1e7),
    ("usable_mwh", "MWh", "energy (AC) of a full discharge at the connection", _ABOVE_ZERO, 0.0, 1e7),
    ("throughput_mwh_per_year_max", "MWh/year", "budget of energy discharged (AC)", _ABOVE_ZERO, 0.0, math.inf),
    ("energy_up_kwh", "kWh", "energy kept for full discharge of an award, at the connection", _ABOVE_ZERO, 0.0, 1e10),
    ("energy_down_kwh", "kWh", "energy kept for full charge of an award, at the connection", _ABOVE_ZERO, 0.0, 1e10),
    ("capacity_ah", "Ah", "charge of a cell between soc 0 and 1", _ABOVE_ZERO, 0.0, 1e6),
    ("current_a", "A", "current of a cell or string", "discharge", -1e6, 1e6),
    ("voltage_v", "V", "voltage; of a cell where nothing else is said", _ABOVE_ZERO, 0.0, 1e6),
    ("resistance_ohm", "ohm", "resistance of a cell, string or joint", _ABOVE_ZERO, 0.0, 1e6),
    ("resistance_rise_ohm", "ohm", "resistance of a cell beyond its own past", "rise", -1e6, 1e6),
    ("charge_lost_per_day", "-", "charge that a cell loses a day, of its capacity", "loss", -1.0, 1.0),
    ("charge_lost_more_per_day", "-", "the same beyond the cell's own past", "loss", -1.0, 1.0),
    ("capacity_lost_share", "-", "capacity of a cell below its own past", "loss", -1.0, 1.0),
    ("unrest_log", "-", "logarithm of what no state explains, beyond the cell's own past", "rise", -50.0, 50.0),
    ("resistance_factor", "-", "resistance of a cell per that of its parameter set", _ABOVE_ZERO, 0.0, 1e3),
    ("heat_capacity_j_per_k", "J/K", "heat that warms a body by one kelvin", _ABOVE_ZERO, 0.0, math.inf),
    ("efficiency_charge", "-", "energy stored per energy drawn", _ABOVE_ZERO, 0.0, 1.0),
    ("efficiency_discharge", "-", "energy delivered per energy taken from store", _ABOVE_ZERO, 0.0, 1.0),
    ("self_discharge_per_day", "-", "share of stored energy lost in a day", _ABOVE_ZERO, 0.0, 0.99),
    ("soc", "-", "state of charge: stored energy per energy_kwh, at the end of an interval", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_min", "-", "lowest state of charge that operation may reach", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_max", "-", "highest state of charge that operation may reach", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_start", "-", "state of charge at the start", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_end", "-", "state of charge required at the end of each planning day", _ABOVE_ZERO, 0.0, 1.0),
    ("temperature_c", "degC", "temperature; of a cell where nothing else is said", _ANY, -60.0, 100.0),
    ("power_share_max", "-", "share of the rated power that a finding leaves", _ABOVE_ZERO, 0.0, 1.0),
    ("temperature_c_max", "degC", "highest temperature of a cell at which it may work", _ANY, -60.0, 100.0),
    ("ambient_c", "degC", "temperature of the air outside", _ANY, -60.0, 60.0),
    ("setpoint_c", "degC", "coolant temperature asked of a chiller", _ANY, -60.0, 100.0),
    ("frequency_hz", "Hz", "grid frequency, kept in whole mHz", _ABOVE_ZERO, 0.0, 100.0),
    ("nominal_hz", "Hz", "frequency that the grid is meant to have", _ABOVE_ZERO, 0.0, 100.0),
    ("deadband_hz", "Hz", "half width of the band without response", _ABOVE_ZERO, 0.0, 10.0),
    ("trigger_hz", "Hz", "frequency at which a triggered response begins", _ABOVE_ZERO, 0.0, 100.0),
    (
        "break_even_capacity_price_per_mw_h",
        "currency/(MW h)",
        "price of response at which the owner earns what is asked",
        _ABOVE_ZERO,
        0.0,
        math.inf,
    ),
    ("break_even_spread_factor", "-", "spread at which the owner earns what is asked", _ABOVE_ZERO, 0.0, 1e6),
    ("price_per_mwh", "currency/MWh", "price of energy in an interval", _ANY, -math.inf, math.inf),
    ("price_eur_per_mwh", "EUR/MWh", "price of energy, its currency in the name", _ANY, -math.inf, math.inf),
    ("sale_per_mwh", "currency/MWh", "mean price of the energy that is sold", _ANY, -math.inf, math.inf),
    ("purchase_per_mwh", "currency/MWh", "mean price of the energy that is bought", _ANY, -math.inf, math.inf),
    ("mean_per_mwh", "currency/MWh", "mean price of all hours", _ANY, -math.inf, math.inf),
    ("margin_planned_best", "currency", "planned margin of perfect foresight", "gain", -math.inf, math.inf),
    ("margin_planned", "currency", "planned margin that is earned, before auxiliaries", "gain", -math.inf, math.inf),
    ("margin_metered", "currency", "margin earned at the meter, auxiliaries paid", "gain", -math.inf, math.inf),
    ("auxiliary_cost", "currency", "cost of what auxiliaries take", "loss", -math.inf, math.inf),
    ("forecast_per_mwh", "currency/MWh", "price expected at the gate", _ANY, -math.inf, math.inf),
    ("marginal_value_per_mwh", "currency/MWh", "worth of one more stored MWh", _ANY, -math.inf, math.inf),
    ("budget_price_per_mwh", "currency/MWh", "worth of one more MWh of throughput budget", _ABOVE_ZERO, 0.0, math.inf),
    ("import_fee_per_mwh", "currency/MWh", "fees on each MWh drawn", _ABOVE_ZERO, 0.0, 1e6),
    ("export_fee_per_mwh", "currency/MWh", "fees on each MWh delivered", _ABOVE_ZERO, 0.0, 1e6),
    ("wear_per_mwh", "currency/MWh", "flat wear price of each MWh discharged (AC)", _ABOVE_ZERO, 0.0, math.inf),
    ("cycle_cost_per_mwh", "currency/MWh", "cost of one cycle of a depth per stored MWh", _ABOVE_ZERO, 0.0, math.inf),
    (
        "rest_cost_per_mwh_h",
        "currency/(MWh h)",
        "cost of an hour at a state of charge, per stored MWh",
        _ABOVE_ZERO,
        0.0,
        math.inf,
    ),
    (
        "throughput_price_per_mwh",
        "currency/MWh",
        "what a MWh discharged (AC) takes from the promises of a warranty",
        _ABOVE_ZERO,
        0.0,
        math.inf,
    ),
    ("wear", "currency", "what cycling and time cost", _ABOVE_ZERO, 0.0, math.inf),
    ("revenue", "currency", "sales less purchases and fees", "income", -math.inf, math.inf),
    ("net", "currency", "revenue less wear", "gain", -math.inf, math.inf),
    ("objective", "currency", "revenue less wear plus the value of energy left", "gain", -math.inf, math.inf),
    ("at_stake", "currency", "what idling in this interval would cost", _ABOVE_ZERO, 0.0, math.inf),
    ("per_mw_year", "currency/(MW year)", "net per rated MW and 365 tested days", "gain", -math.inf, math.inf),
    ("captured", "-", "net as a share of oracle_day", "gain", -math.inf, math.inf),
    ("uplift", "-", "gain over a baseline as a share of it", "gain", -math.inf, math.inf),
    ("efc", "-", "equivalent full cycles, by rainflow count of soc", _ABOVE_ZERO, 0.0, math.inf),
    ("mae", "currency/MWh", "mean absolute error of a price forecast", _ABOVE_ZERO, 0.0, math.inf),
    ("rmae", "-", "mae over that of the prices of a week before", _ABOVE_ZERO, 0.0, math.inf),
    ("smape", "-", "symmetric mean absolute error, a fraction", _ABOVE_ZERO, 0.0, 2.0),
    ("rmse", "currency/MWh", "root of the mean square error of a price forecast", _ABOVE_ZERO, 0.0, math.inf),
    ("crps", "currency/MWh", "twice the mean pinball loss of 99 quantiles", _ABOVE_ZERO, 0.0, math.inf),
    ("coverage_90", "-", "share of values inside the band from 5 to 95 %", _ABOVE_ZERO, 0.0, 1.0),
    ("low_h", "h", "lead time at which a band of a site forecast begins", _ABOVE_ZERO, 0.0, 48.0),
    ("high_h", "h", "lead time at which that band ends", _ABOVE_ZERO, 0.0, 48.0),
    ("mean_kw", "kW", "mean load or PV power of the days of a test", _ABOVE_ZERO, 0.0, math.inf),
    ("mae_kw", "kW", "mean absolute error of a load or PV forecast", _ABOVE_ZERO, 0.0, math.inf),
    ("mae_last_kw", "kW", "mae_kw of the last value known at the issue", _ABOVE_ZERO, 0.0, math.inf),
    ("mae_yesterday_kw", "kW", "mae_kw of the latest value known at that time of day", _ABOVE_ZERO, 0.0, math.inf),
    ("mae_week_kw", "kW", "mae_kw of the value of a week before", _ABOVE_ZERO, 0.0, math.inf),
    ("crps_kw", "kW", "twice the mean pinball loss of 99 quantiles of load or PV", _ABOVE_ZERO, 0.0, math.inf),
    ("time_ns", "ns", "start of an interval since 1970-01-01 UTC", _ANY, -math.inf, math.inf),
    ("measured_ns", "ns", "when an instrument was read, since 1970-01-01 UTC; 0 if never", _ABOVE_ZERO, 0.0, math.inf),
    ("steady_ns", "ns", "time of a clock that nobody sets, from an arbitrary start", _ANY, -math.inf, math.inf),
    ("expires_ns", "ns", "when a wish stops counting, since 1970-01-01 UTC", _ANY, -math.inf, math.inf),
    ("age_s", "s", "how old a value is", _ABOVE_ZERO, 0.0, math.inf),
    ("tick_s", "s", "time between two answers of the guard", _ABOVE_ZERO, 0.0, 60.0),
    ("duration_s", "s", "length of time", _ABOVE_ZERO, 0.0, math.inf),
    ("simulated_hours", "h", "time that a run covered", _ABOVE_ZERO, 0.0, math.inf),
    (
        "short_hours",
        "h",
        "time of all sites in which modules together carried less than asked",
        _ABOVE_ZERO,
        0.0,
        math.inf,
    ),
    ("horizon_hours", "h", "time that a plan looks ahead", _ABOVE_ZERO, 0.0, math.inf),
    ("seconds", "s", "time that the machine took", _ABOVE_ZERO, 0.0, math.inf),
)

QUANTITIES: MappingProxyType[str, Quantity] = MappingProxyType(
    {
        name: Quantity(name=name, unit=unit, meaning=meaning, sign=sign, low=low, high=high)
        for name, unit, meaning, sign, low, high in _TABLE
    }
)
"""All quantities by name."""


def quantity(name: str) -> Quantity:
    """Look a quantity up.

    Parameters
    ----------
    name : str
        Name, unit last.

    Returns
    -------
    Quantity
        Its unit, meaning, sign and range.

    Raises
    ------
    UsageError
        If there is none of that name; the message lists those that begin alike.

    Examples
    --------
    >>> quantity("ramp_kw_per_minute").unit
    'kW/min'
    """
    if name not in QUANTITIES:
        first = name.split("_", maxsplit=1)[0]
        alike = [known for known in QUANTITIES if first in known.split("_")]
        message = f"quantity {name!r} is not known; there is {', '.join(alike or QUANTITIES)}"
        raise UsageError(message)
    return QUANTITIES[name]
