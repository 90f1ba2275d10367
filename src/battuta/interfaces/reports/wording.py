"""Numbers and reasons in the words of a report: signs are said, missing values are a dash, zero has no sign."""

from __future__ import annotations

import math

from battuta.domain.asset import Site
from battuta.domain.market import Binding

MISSING = "-"
NBSP = "\u00a0"
IDLE_KW = 0.5e-3
"""Below this a battery waits: what is left over by arithmetic is not a trade. [kW]"""


def number_text(value: float, digits: int = 2) -> str:
    """Write a number with grouped thousands.

    Parameters
    ----------
    value : float
        Any number; NaN is missing.
    digits : int
        Decimals.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> number_text(12345.678), number_text(-0.001), number_text(float("nan"))
    ('12,345.68', '0.00', '-')
    """
    if not math.isfinite(value):
        return MISSING
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0.0 else text


def percent_text(share: float, digits: int = 1, *, is_signed: bool = False) -> str:
    r"""Write a share as percent.

    Examples
    --------
    >>> percent_text(0.7139), percent_text(0.05, is_signed=True), percent_text(float("nan"))
    ('71.4\xa0%', '+5.0\xa0%', '-')
    """
    if not math.isfinite(share):
        return MISSING
    sign = "+" if is_signed and share >= 0.0 else ""
    return f"{sign}{number_text(100.0 * share, digits)}{NBSP}%"


def action_text(power_kw: float) -> str:
    """Say what a battery does, in words.

    Examples
    --------
    >>> action_text(500.0), action_text(-500.0), action_text(0.0)
    ('sell / discharge', 'buy / charge', 'wait')
    """
    if abs(power_kw) <= IDLE_KW:
        return "wait"
    return "sell / discharge" if power_kw > 0.0 else "buy / charge"


def step_sentence(
    *,
    power_kw: float,
    price_per_mwh: float,
    binding: Binding,
    marginal_value_per_mwh: float,
    at_stake: float,
    wear: float,
    currency: str,
    money: str,
    is_planned: bool,
) -> str:
    """Say in one sentence what a step does and why.

    Parameters
    ----------
    power_kw : float
        Delivered power, discharge positive. [kW]
    price_per_mwh : float
        Price of the step. [currency/MWh]
    binding : Binding
        What held the step.
    marginal_value_per_mwh : float
        Value of one more stored MWh, NaN where nobody planned. [currency/MWh]
    at_stake : float
        What idling would have cost, NaN where nobody planned. [currency]
    wear : float
        Wear paid. [currency]
    currency : str
        ISO 4217 code.
    money : str
        What amounts are counted in, such as ``EUR`` or ``benchmark EUR``.
    is_planned : bool
        True when value and stake are those of a plan made before the price was known.

    Returns
    -------
    str
        The sentence.

    Examples
    --------
    >>> print(
    ...     step_sentence(
    ...         power_kw=500.0,
    ...         price_per_mwh=81.2,
    ...         binding=Binding.RATED_POWER,
    ...         at_stake=20.6,
    ...         wear=0.0,
    ...         marginal_value_per_mwh=40.0,
    ...         currency="EUR",
    ...         money="EUR",
    ...         is_planned=False,
    ...     )
    ... )
    Sell 500 kW at 81.20 EUR/MWh, held by: rated power; stored energy is worth 40.00 EUR/MWh; ... wear 0.00 EUR.
    """
    is_waiting = abs(power_kw) <= IDLE_KW
    verb = "Wait" if is_waiting else "Sell" if power_kw > 0.0 else "Buy"
    amount = "" if is_waiting else f" {number_text(abs(power_kw), 0)} kW"
    parts = [f"{verb}{amount} at {number_text(price_per_mwh)} {currency}/MWh, held by: {binding.value}"]
    if math.isfinite(marginal_value_per_mwh):
        valued = "the plan valued stored energy at" if is_planned else "stored energy is worth"
        parts.append(f"{valued} {number_text(marginal_value_per_mwh)} {currency}/MWh")
    if math.isfinite(at_stake) and not is_waiting:
        cost = "by its forecast idling would have cost" if is_planned else "idling would cost"
        parts.append(f"{cost} {number_text(at_stake)} {money}")
    parts.append(f"wear {number_text(wear)} {money}")
    return "; ".join(parts) + "."


def battery_text(site: Site) -> str:
    r"""Say which battery it is.

    Examples
    --------
    >>> from battuta.domain.asset import Battery
    >>> battery_text(Site(battery=Battery(power_kw=1000, energy_kwh=2000, efficiency_charge=0.9)))
    '1,000 kW AC, 2,000 kWh stored, SoC 0 to 100\xa0%, one-way efficiency 90.0\xa0% charging and 100.0\xa0% discharging'
    """
    battery = site.battery
    window = f"SoC {number_text(100.0 * battery.soc_min, 0)} to {number_text(100.0 * battery.soc_max, 0)}{NBSP}%"
    size = f"{number_text(battery.power_kw, 0)} kW AC, {number_text(battery.energy_kwh, 0)} kWh stored, {window}"
    if battery.part_load_efficiency is not None:
        return f"{size}, efficiency by part load"
    charge, discharge = percent_text(battery.efficiency_charge), percent_text(battery.efficiency_discharge)
    return f"{size}, one-way efficiency {charge} charging and {discharge} discharging"
