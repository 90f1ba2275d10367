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
        What each site may do; its mandate never allows more power than the derating does.

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
        rows[Limit.SOC_MIN, site] = max(rows[Limit.SOC_MIN, site], each.soc_min)
        rows[Limit.SOC_MAX, site] = min(rows[Limit.SOC_MAX, site], each.soc_max)
    return replace(limits, rows=rows)
