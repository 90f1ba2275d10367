"""How modules with a converter each shared the setpoints of a run: as JSON, and in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.interfaces.cli.output import Json
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.app.living_modules import ModulesTold

LINES_MAX = 5
"""Modules and orders that are told one by one."""


def modules_json(told: ModulesTold) -> dict[str, Json]:
    """Write how modules shared; a row for each site, a value for each of its modules, null where nothing was asked.

    Parameters
    ----------
    told : ModulesTold
        How they did.

    Returns
    -------
    dict
        Shares of energy, weights, what findings left, what was short, and costs with and without sharing.
    """
    costs: list[Json] = [
        {
            "order": each.order_id,
            "amount": each.cost.amount,
            "amount_unshared": each.amount_unshared,
            "currency": each.cost.currency,
            "horizon_hours": each.cost.horizon_h,
        }
        for each in told.costs
    ]
    return {
        "per_site": told.energy_share.shape[1],
        "energy_share": _rows(told.energy_share),
        "weight": _rows(told.weight),
        "power_share_max": _rows(told.power_share_max),
        "short_hours": told.short_s / 3600.0,
        "missing_kwh": told.missing_kwh,
        "costs": costs,
    }


def modules_words(told: ModulesTold) -> list[str]:
    """Say how modules shared: all of them in a line, those that are held back and their costs in one each.

    Parameters
    ----------
    told : ModulesTold
        How they did.

    Returns
    -------
    list of str
        Lines.
    """
    n_modules, share = told.energy_share.shape[1], told.energy_share
    line = f"{n_modules} modules a site (SYNTHETIC), each with a converter"
    if not np.isnan(share).all():
        line += (
            f": {np.nanmin(share):.1%} to {np.nanmax(share):.1%} of their site's energy, even is {1 / n_modules:.1%}"
        )
    lines = [line]
    if told.short_s:
        lines.append(f"  short of the setpoint for {told.short_s / 3600.0:,.2f} h, {told.missing_kwh:,.2f} kWh missing")
    held = np.argwhere(told.power_share_max < 1.0)
    for site, module in held[:LINES_MAX]:
        lines.append(
            f"  site {site}, module {module}: held back to {told.power_share_max[site, module]:.0%} of its power, took"
            f" {share[site, module]:.1%} of its site's energy"
        )
    if len(held) > LINES_MAX:
        lines.append(f"  and {len(held) - LINES_MAX} more (summary.json)")
    lines += [
        f"  {each.order_id}: costs {each.cost.amount:,.2f} {each.cost.currency} in {each.cost.horizon_h:g} h,"
        f" {each.amount_unshared:,.2f} if its whole site were held back"
        for each in told.costs[:LINES_MAX]
    ]
    return lines


def _rows(values: FloatArray) -> list[Json]:
    return [[None if np.isnan(each) else float(each) for each in row] for row in values]
