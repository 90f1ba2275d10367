"""The living system in a terminal: frequency and money above, one line per site below."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.command import Owner, Reason
from battuta.domain.image import Signal
from battuta.domain.time import from_ns

if TYPE_CHECKING:
    from rich.table import Table

    from battuta.app.living import Moment
    from battuta.app.living_run import LivingRun

REFRESH_S = 0.25
ROWS_MAX = 24


@contextmanager
def live_view(alive: LivingRun, *, shown: bool) -> Generator[Callable[[Moment], None]]:
    """Show a run while it lives; gives a function that takes each of its moments."""
    if not shown:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.live import Live

    last_s = -REFRESH_S
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:

        def show(moment: Moment) -> None:
            nonlocal last_s
            if monotonic() - last_s >= REFRESH_S:
                last_s = monotonic()
                live.update(picture(alive, moment), refresh=True)

        yield show


def picture(alive: LivingRun, moment: Moment) -> Table:
    """Draw one moment of a run."""
    from rich import box
    from rich.table import Table

    image, block = moment.image, alive.system.block
    frequency_hz = float(np.nanmedian(image[Signal.FREQUENCY_HZ]))
    total_kw = float(np.nansum(image[Signal.METER_POWER_KW]))
    battery_kw = float(np.nansum(image[Signal.CONVERTER_POWER_KW]))
    when = from_ns(image.time_ns)
    title = (
        f"{when:%Y-%m-%d %H:%M:%S} UTC   {frequency_hz:.3f} Hz   batteries {battery_kw:+,.0f} kW, "
        f"meters {total_kw:+,.0f} kW   {alive.price_per_mwh:.2f} {alive.site.currency}/MWh   "
        f"net {alive.net:+,.2f} {alive.site.currency} (simulated)"
    )
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("site", "setpoint kW", "meter kW", "soc %", "cells V", "cells degC", "mode", "held by"):
        table.add_column(name, justify="left" if name in {"mode", "held by"} else "right")
    for site in range(min(image.n_sites, ROWS_MAX)):
        if block is None:
            table.add_row(*row(moment, site, 0.0, 0))
        else:
            table.add_row(*row(moment, site, float(block.power_kw[site, -1]), int(block.reason[site])))
    hidden = image.n_sites - ROWS_MAX
    alarms = [f"site {each.site}: {each.cause.lower()}" for _, each in alive.system.alarms[-3:]]
    told = [f"and {hidden} more sites"] if hidden > 0 else []
    table.caption = "; ".join([*told, *(alarms or ["no alarms"]), "Ctrl-C ends with a summary"])
    return table


def row(moment: Moment, site: int, setpoint_kw: float, reason: int) -> tuple[str, ...]:
    """Write the line of one site; `reason` is the guard's."""
    image, dispatch = moment.image, moment.dispatch
    volts = f"{image[Signal.CELL_VOLTAGE_V_MIN][site]:.3f}-{image[Signal.CELL_VOLTAGE_V_MAX][site]:.3f}"
    degrees = f"{image[Signal.CELL_TEMPERATURE_C_MIN][site]:.1f}-{image[Signal.CELL_TEMPERATURE_C_MAX][site]:.1f}"
    owner = Owner(int(dispatch.owner[site]))
    armed = " + response" if dispatch.bounds_kw[2, site] > 0.0 else ""
    reasons = Reason(int(dispatch.reason[site]) | reason)
    held = [each.name.lower() for each in reasons if each.name is not None and each.name != owner.name]
    return (
        str(site),
        f"{setpoint_kw:+.1f}",
        f"{image[Signal.METER_POWER_KW][site]:+.1f}",
        f"{100.0 * image[Signal.SOC][site]:.1f}",
        volts,
        degrees,
        owner.name.lower().replace("_", " ") + armed,
        ", ".join(each.replace("_", " ") for each in held),
    )
