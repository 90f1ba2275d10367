"""What an engine hands back before it is explained: power, energy, and what one more stored MWh would be worth."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """An engine's answer.

    Attributes
    ----------
    power_kw : ndarray, shape (n_times,)
        Net AC power of the battery, discharge positive. [kW]
    energy_kwh : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]
    marginal_value_per_mwh : ndarray, shape (n_times,)
        Value of one more stored MWh at the end of each step. [currency/MWh]
    at_stake : ndarray, shape (n_times,)
        Loss if the step idled: exact from dynamic programming, a lower bound from duals. [currency]
    budget_price_per_mwh : float
        Dual price of the throughput budget. [currency/MWh]
    engine : str
        ``dynamic`` or ``milp``.
    """

    power_kw: FloatArray
    energy_kwh: FloatArray
    marginal_value_per_mwh: FloatArray
    at_stake: FloatArray
    budget_price_per_mwh: float
    engine: str
