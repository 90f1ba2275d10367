"""The clauses of a warranty in words, the same for lives and for the log of a site."""

from __future__ import annotations

import math
from dataclasses import dataclass

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import SohGuarantee, Window, WindowQuantity

_WATCHED = {
    WindowQuantity.SOC: "state of charge",
    WindowQuantity.RESTING_SOC: "state of charge at rest",
    WindowQuantity.TEMPERATURE: "cell temperature",
    WindowQuantity.CHARGING_TEMPERATURE: "cell temperature while charging",
    WindowQuantity.CHARGE_RATE: "charging rate",
    WindowQuantity.DISCHARGE_RATE: "discharging rate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseClause:
    """A limit of use in words.

    Attributes
    ----------
    name : str
        Short name.
    limit : float
        Most of it. [unit]
    unit : str
        Its unit.
    text : str
        What it says, in one sentence.
    """

    name: str
    limit: float
    unit: str
    text: str


def use_clauses(warranty: Warranty) -> tuple[UseClause, ...]:
    """All limits of use, in the order in which a log keeps its sums; those that are not limited are infinite."""
    use = warranty.use
    kind = warranty.year_kind.value
    table = (
        ("full_cycles_per_day", use.full_cycles_per_day_max, "1/day", "full cycles in each UTC day"),
        ("full_cycles_per_year", use.full_cycles_per_year_max, "1/year", f"full cycles in each {kind} year"),
        ("full_cycles", use.full_cycles_max, "-", "full cycles in all"),
        (
            "discharged_mwh_per_mwh",
            use.discharged_mwh_per_mwh_max,
            "MWh/MWh",
            "MWh discharged in all for each MWh installed",
        ),
        (
            "missing_hours_per_year",
            use.missing_hours_per_year_max,
            "h/year",
            f"hours without telemetry in each {kind} year",
        ),
    )
    return tuple(
        UseClause(name=name, limit=limit, unit=unit, text=f"at most {limit:g} {words}")
        for name, limit, unit, words in table
    )


def window_text(window: Window) -> str:
    """Say a window in one sentence.

    Examples
    --------
    >>> window_text(Window(name="w", quantity=WindowQuantity.CHARGE_RATE, high=0.5, average_minutes=5.0))
    'charging rate, mean of 5 min, at most 0.5 1/h, always'
    """
    unit = "" if window.quantity.unit == "-" else f" {window.quantity.unit}"
    if math.isinf(window.low):
        bounds = f"at most {window.high:g}{unit}"
    elif math.isinf(window.high):
        bounds = f"at least {window.low:g}{unit}"
    else:
        bounds = f"from {window.low:g} to {window.high:g}{unit}"
    mean = f", mean of {window.average_minutes:g} min," if window.average_minutes > 0.0 else ""
    share = window.share_outside_max
    spared = f"but for {100.0 * share:g} % of a year" if share > 0.0 else "always"
    return f"{_WATCHED[window.quantity]}{mean} {bounds}, {spared}"


def window_limit(window: Window) -> tuple[float, str]:
    """Limit and unit by which a window is told: share of a year where one is allowed outside, else its bound."""
    if window.share_outside_max > 0.0:
        return window.share_outside_max, "-"
    return (window.low if math.isinf(window.high) else window.high), window.quantity.unit


def capacity_text(promise: SohGuarantee) -> str:
    """Say the promise on capacity in one sentence."""
    bands: list[str] = []
    for band in promise.bands:
        most = band.full_cycles_per_year_max
        use = f"up to {most:g} full cycles a year " if math.isfinite(most) else ""
        bands.append(use + ", ".join(f"{soh:g} after {year:g}" for year, soh in band.floor))
    return (
        f"state of health of capacity by year, {promise.between.value}: {'; '.join(bands)}; "
        f"tolerance {promise.tolerance:g}, doubt borne by {promise.doubt_borne_by.value}"
    )
