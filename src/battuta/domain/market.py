"""What is decided and what it earned: a schedule with the reason of each step, and the settlement of delivery."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from battuta.numerics.arrays import FloatArray, IntArray


class Binding(StrEnum):
    """What held a step where it is; the words are shown to operators."""

    RATED_POWER = "rated power"
    IMPORT_LIMIT = "import limit at the interconnection point"
    EXPORT_LIMIT = "export limit at the interconnection point"
    FULL = "upper SoC bound"
    EMPTY = "lower SoC bound"
    TAPER = "power taper"
    RAMP = "ramp limit"
    RESERVE = "reserve headroom"
    BUDGET = "throughput budget"
    END = "required SoC at the end"
    MARGIN = "price spread does not pay for losses and wear"
    PRICE = "price equals the value of stored energy"
    RULE = "fixed rule"
    CLIPPED = "clipped at a limit of the battery"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """Power of a battery over a horizon, with the reason of each step.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    step : timedelta
        Length of an interval.
    power_kw : ndarray, shape (n_times,)
        AC power of the battery, discharge positive. [kW]
    soc : ndarray, shape (n_times,)
        State of charge at the end of each interval. [-]
    price_per_mwh : ndarray, shape (n_times,)
        The price the schedule was made for. [currency/MWh]
    binding : tuple of Binding
        What held each step.
    marginal_value_per_mwh : ndarray, shape (n_times,)
        Value of one more stored MWh at the end of each interval. [currency/MWh]
    wear : ndarray, shape (n_times,)
        Wear paid in each interval. [currency]
    at_stake : ndarray, shape (n_times,)
        What idling in this interval would have cost. [currency]
    objective : float
        Revenue less wear plus the value of energy left. [currency]
    currency : str
        ISO 4217 code.
    engine : str
        Which engine found it.
    seconds : float
        Time the engine took; measured outside the pure rooms, NaN when nobody did. [s]
    budget_price_per_mwh : float
        Dual price of the throughput budget; 0 where it does not bind. [currency/MWh]
    """

    time_ns: IntArray
    step: timedelta
    power_kw: FloatArray
    soc: FloatArray
    price_per_mwh: FloatArray
    binding: tuple[Binding, ...]
    marginal_value_per_mwh: FloatArray
    wear: FloatArray
    at_stake: FloatArray
    objective: float
    currency: str
    engine: str
    seconds: float = float("nan")
    budget_price_per_mwh: float = 0.0

    def slice(self, steps: slice) -> Schedule:
        """Return the same schedule restricted to a range of steps; `objective` stays that of the whole."""
        return replace(
            self,
            time_ns=self.time_ns[steps],
            power_kw=self.power_kw[steps],
            soc=self.soc[steps],
            price_per_mwh=self.price_per_mwh[steps],
            binding=self.binding[steps],
            marginal_value_per_mwh=self.marginal_value_per_mwh[steps],
            wear=self.wear[steps],
            at_stake=self.at_stake[steps],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """One settled interval.

    Attributes
    ----------
    start : datetime
        Start of the interval, aware UTC.
    energy_mwh : Decimal
        Energy exported at the interconnection point, import negative. [MWh]
    price_per_mwh : Decimal
        Settlement price with fees. [currency/MWh]
    amount : Decimal
        Exact product, not rounded. [currency]
    """

    start: datetime
    energy_mwh: Decimal
    price_per_mwh: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a delivered schedule is worth, to the cent.

    Attributes
    ----------
    lines : tuple of SettlementLine
        One per interval.
    exact : Decimal
        Sum of the amounts before rounding. [currency]
    total : Decimal
        The sum rounded once to the currency's minor unit. [currency]
    currency : str
        ISO 4217 code.
    """

    lines: tuple[SettlementLine, ...]
    exact: Decimal
    total: Decimal
    currency: str
