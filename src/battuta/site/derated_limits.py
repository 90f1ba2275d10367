"""What findings leave of the limits of each site: less power, a narrower window of charge, less heat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from battuta.domain.errors import UsageError
from battuta.domain.health import Derating
from battuta.site.limits import Limit, LimitTable


def derated(limits: LimitTable, deratings: Sequence[Derating | None]) -> LimitTable:
    """Narrow limits by what findings leave.

    Parameters
    ----------
    limits : LimitTable
        What each site may do when nothing is wrong with it.
    deratings : sequence of (Derating or None)
        One for each site, None for all of it; where several strings stand at a site, the strictest of them.

    Returns
    -------
    LimitTable
        What each site may do; its mandate never allows more power than the derating does, nor a charge outside it.

    Raises
    ------
    UsageError
        If there is not one for each site.
    """
    if len(deratings) != limits.n_sites:
        message = f"{len(deratings)} deratings for {limits.n_sites} sites; give None where nothing is wrong"
        raise UsageError(message)
    if not any(deratings):
        return limits
    rows = limits.rows.copy()
    for site, each in enumerate(deratings):
        if each is None:
            continue
        power_kw = each.power_share_max * rows[Limit.POWER_KW, site]
        rows[Limit.DERATED_POWER_KW_MAX, site] = power_kw
        for mandate in (Limit.MANDATE_CHARGE_KW_MAX, Limit.MANDATE_DISCHARGE_KW_MAX):
            rows[mandate, site] = min(rows[mandate, site], power_kw)
        rows[Limit.DERATED_TEMPERATURE_C_MAX, site] = each.temperature_c_max
        rows[Limit.DERATED_SOC_MIN, site], rows[Limit.DERATED_SOC_MAX, site] = each.soc_min, each.soc_max
        soc_min, soc_max = soc_window(rows[Limit.SOC_MIN, site], rows[Limit.SOC_MAX, site], each)
        rows[Limit.SOC_MIN, site], rows[Limit.SOC_MAX, site] = soc_min, soc_max
    return replace(limits, rows=rows)


def soc_window(soc_min: float, soc_max: float, derating: Derating) -> tuple[float, float]:
    """Window of charge that a derating leaves of another: what both allow.

    Where nothing is allowed by both, as for a reserve that is held full by a string that must not be, what is safe
    goes before what was promised: the window moves until it lies in the derating, as wide as it was where there is
    room, so that the site can be brought there and stays there.

    Parameters
    ----------
    soc_min, soc_max : float
        Window of the site and its mandate. [-]
    derating : Derating
        What findings leave.

    Returns
    -------
    tuple of float
        Lower and upper end, never the wrong way round. [-]

    Examples
    --------
    >>> leak = Derating(
    ...     string_id="a", power_share_max=0.5, soc_min=0.1, soc_max=0.8, temperature_c_max=40.0, reason="leak"
    ... )
    >>> soc_window(0.05, 0.95, leak)
    (0.1, 0.8)
    >>> low, high = soc_window(0.85, 0.95, leak)  # held full: it is let down to 0.8, and has 0.1 to work with
    >>> round(low, 3), high
    (0.7, 0.8)
    """
    low, high = max(soc_min, derating.soc_min), min(soc_max, derating.soc_max)
    if low < high:
        return float(low), float(high)
    width = soc_max - soc_min
    if derating.soc_max <= soc_min:
        return float(max(derating.soc_min, derating.soc_max - width)), derating.soc_max
    if derating.soc_min >= soc_max:
        return derating.soc_min, float(min(derating.soc_max, derating.soc_min + width))
    return float(derating.soc_min), float(derating.soc_max)
