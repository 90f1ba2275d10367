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
    ("ramp_kw_per_minute", "kW/min", "largest change of power in a minute", _ABOVE_ZERO, 0.0, math.inf),
    ("energy_kwh", "kWh", "energy stored (DC) between state of charge 0 and 1", _ABOVE_ZERO, 0.0, 1e10),
    ("energy_mwh", "MWh", "energy of a settled interval at the connection", "export", -1e7, 1e7),
    ("throughput_mwh_per_year_max", "MWh/year", "budget of energy discharged (AC)", _ABOVE_ZERO, 0.0, math.inf),
    ("efficiency_charge", "-", "energy stored per energy drawn", _ABOVE_ZERO, 0.0, 1.0),
    ("efficiency_discharge", "-", "energy delivered per energy taken from store", _ABOVE_ZERO, 0.0, 1.0),
    ("self_discharge_per_day", "-", "share of stored energy lost in a day", _ABOVE_ZERO, 0.0, 0.99),
    ("soc", "-", "state of charge: stored energy per energy_kwh, at the end of an interval", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_min", "-", "lowest state of charge that operation may reach", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_max", "-", "highest state of charge that operation may reach", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_start", "-", "state of charge at the start", _ABOVE_ZERO, 0.0, 1.0),
    ("soc_end", "-", "state of charge required at the end of each planning day", _ABOVE_ZERO, 0.0, 1.0),
    ("temperature_c", "degC", "cell temperature", _ANY, -60.0, 100.0),
    ("price_per_mwh", "currency/MWh", "price of energy in an interval", _ANY, -math.inf, math.inf),
    ("price_eur_per_mwh", "EUR/MWh", "price of energy, its currency in the name", _ANY, -math.inf, math.inf),
    ("forecast_per_mwh", "currency/MWh", "price expected at the gate", _ANY, -math.inf, math.inf),
    ("marginal_value_per_mwh", "currency/MWh", "worth of one more stored MWh", _ANY, -math.inf, math.inf),
    ("budget_price_per_mwh", "currency/MWh", "worth of one more MWh of throughput budget", _ABOVE_ZERO, 0.0, math.inf),
    ("import_fee_per_mwh", "currency/MWh", "fees on each MWh drawn", _ABOVE_ZERO, 0.0, 1e6),
    ("export_fee_per_mwh", "currency/MWh", "fees on each MWh delivered", _ABOVE_ZERO, 0.0, 1e6),
    ("wear_per_mwh", "currency/MWh", "flat wear price of each MWh discharged (AC)", _ABOVE_ZERO, 0.0, math.inf),
    ("wear", "currency", "what cycling and time cost", _ABOVE_ZERO, 0.0, math.inf),
    ("revenue", "currency", "sales less purchases and fees", "income", -math.inf, math.inf),
    ("net", "currency", "revenue less wear", "gain", -math.inf, math.inf),
    ("objective", "currency", "revenue less wear plus the value of energy left", "gain", -math.inf, math.inf),
    ("at_stake", "currency", "what idling in this interval would cost", _ABOVE_ZERO, 0.0, math.inf),
    ("per_mw_year", "currency/(MW year)", "net per rated MW and 365 tested days", "gain", -math.inf, math.inf),
    ("captured", "-", "net as a share of oracle_day", "gain", -math.inf, math.inf),
    ("uplift", "-", "gain over a baseline as a share of it", "gain", -math.inf, math.inf),
    ("efc", "-", "equivalent full cycles, by rainflow count of soc", _ABOVE_ZERO, 0.0, math.inf),
    ("time_ns", "ns", "start of an interval since 1970-01-01 UTC", _ANY, -math.inf, math.inf),
    ("simulated_hours", "h", "time that a run covered", _ABOVE_ZERO, 0.0, math.inf),
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
