"""The living system in a terminal: frequency and money above, one line per site, alarms below; no line ever wraps."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.command import Owner, Reason
from battuta.domain.image import AGE_LIMIT_S, SOURCE_OF_SIGNAL, Signal
from battuta.domain.time import from_ns
from battuta.interfaces.cli.live_alarms import OpenAlarms
from battuta.interfaces.cli.live_words import ON_THE_WAY, held_by, lost_of, mode_of
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.site.guard import SETPOINT_STEP_KW

if TYPE_CHECKING:
    from rich.text import Text

    from battuta.app.living import Moment
    from battuta.app.living_run import LivingRun

REFRESH_S = 0.25
ROWS_MAX = 24
ROWS_MIN = 3
ALARMS_MAX = 5
ALARMS_LOW = 3
HEIGHT_LOW = 36
"""A terminal lower than this shows `ALARMS_LOW` alarms at most. [lines]"""

HEIGHT_WITHOUT_ROWS = 9
"""Lines beside those of sites and alarms: title, head, count of more alarms, caption and blanks."""

GAP = "  "
TITLE, HEAD, FAINT, ALARM, STOPPED, ON_WAY = "bold", "bold", "dim", "bold red", "red", "yellow"

COLUMNS = {
    "site": 0,
    "setpoint": 0,
    "battery": 96,
    "load": 0,
    "meter": 0,
    "kvar": 90,
    "soc %": 0,
    "cool/hot": 90,
    "cells V": 110,
    "mode": 0,
}
"""Columns before what holds a site, and how wide a terminal has to be to show each; one without a word is left out.
[characters]"""

MODE = list(COLUMNS).index("mode")
_SOURCES = np.array(SOURCE_OF_SIGNAL, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """What is said of one site: a cell for each of `COLUMNS`, what holds it, and the colour of its line."""

    cells: tuple[str, ...]
    held: tuple[str, ...]
    style: str


@contextmanager
def live_view(alive: LivingRun, *, shown: bool) -> Generator[Callable[[Moment], None]]:
    """Show a run while it lives; gives a function that takes each of its moments."""
    if not shown:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.live import Live

    last_s, console, alarms = -REFRESH_S, Console(stderr=True), OpenAlarms(ALARMS_MAX)
    with Live(console=console, auto_refresh=False, transient=True) as live:

        def show(moment: Moment) -> None:
            nonlocal last_s
            if monotonic() - last_s >= REFRESH_S:
                last_s = monotonic()
                size = console.size
                live.update(picture(alive, moment, alarms, width=size.width, height=size.height), refresh=True)

        yield show


def picture(alive: LivingRun, moment: Moment, alarms: OpenAlarms, *, width: int, height: int) -> Text:
    """Draw one moment of a run.

    Parameters
    ----------
    alive : LivingRun
        The run.
    moment : Moment
        Its newest second.
    alarms : OpenAlarms
        Alarms heard so far; brought up to now.
    width, height : int
        Size of the terminal. [characters]

    Returns
    -------
    Text
        As many lines as fit, none longer than the terminal is wide.
    """
    from rich.text import Text

    image, block = moment.image, alive.system.block
    reason: IntArray = moment.dispatch.reason if block is None else moment.dispatch.reason | block.reason
    setpoint_kw = np.full(image.n_sites, math.nan) if block is None else block.counts[:, -1] * SETPOINT_STEP_KW
    stopped = (reason & int(Reason.FAST_LANE)) != 0
    is_clock_lost = bool((moment.dispatch.reason & int(Reason.CLOCK_STEP)).any())
    alarms.hear(alive.system.alarms, stopped, is_clock_lost=is_clock_lost)
    n_alarms = ALARMS_LOW if height < HEIGHT_LOW else ALARMS_MAX
    chosen = chosen_sites(reason, max(min(ROWS_MAX, height - HEIGHT_WITHOUT_ROWS - n_alarms), ROWS_MIN))
    products = alive.settings.products
    sites = [
        site_line(moment, site, float(setpoint_kw[site]), Reason(int(reason[site])), alarms.stops(site), products[site])
        for site in chosen
    ]
    lines = [(each, TITLE) for each in title(alive, moment)]
    lines += [("", ""), *table(sites, width), ("", "")]
    lines += [(each, ALARM if is_open else FAINT) for each, is_open in alarms.lines(image.time_ns, n_alarms)]
    lines += [(each, FAINT) for each in caption(image.n_sites - len(chosen), width)]
    text = Text(no_wrap=True, overflow="crop", end="")
    for place, (line, style) in enumerate(lines):
        text.append(("\n" if place else "") + cut(line, width), style)
    return text


def title(alive: LivingRun, moment: Moment) -> tuple[str, str]:
    """Write the two lines above: what the grid and the market do, and what all sites together do."""
    image, currency = moment.image, alive.site.currency
    frequency_hz = image[Signal.FREQUENCY_HZ]
    known_hz = frequency_hz[~np.isnan(frequency_hz)]
    hertz = f"{np.median(known_hz):.3f} Hz" if known_hz.size else "? Hz"
    price = "no price" if math.isnan(alive.price_per_mwh) else f"{alive.price_per_mwh:.2f} {currency}/MWh"
    battery_kw, meter_kw = np.nansum(image[Signal.CONVERTER_POWER_KW]), np.nansum(image[Signal.METER_POWER_KW])
    return (
        f"{from_ns(image.time_ns):%Y-%m-%d %H:%M:%S} UTC (simulated)   {hertz}   {price}",
        f"batteries {battery_kw:+,.0f} kW   meters {meter_kw:+,.0f} kW   net {alive.net:+,.2f} {currency}",
    )


def caption(n_hidden: int, width: int) -> list[str]:
    """Write the lines below: what the signs mean, and how it ends; as many to a line as fit."""
    pieces = [f"and {n_hidden} more sites"] if n_hidden > 0 else []
    pieces += ["kW, minus: charge, load, import", "load: less sun"]
    pieces += ["cool/hot: coolant asked, hottest cell, degC"] if width >= COLUMNS["cool/hot"] else []
    pieces += ["Ctrl-C ends with a summary"]
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) + 2 <= width:
            lines[-1] += f"; {piece}"
        else:
            lines.append(piece)
    return lines


def chosen_sites(reason: IntArray, n_rows: int) -> list[int]:
    """Choose the sites that are shown: where there are too many, first those that stand or go to a safe state.

    Examples
    --------
    >>> chosen_sites(np.array([0, 0, 0, int(Reason.FAST_LANE)]), 2)
    [0, 3]
    """
    rank = np.where(reason & int(Reason.FAST_LANE), 0, np.where(reason & int(ON_THE_WAY), 1, 2))
    return sorted(int(site) for site in np.argsort(rank, kind="stable")[:n_rows])


def site_line(
    moment: Moment, site: int, setpoint_kw: float, reasons: Reason, stops: Sequence[str], product: str
) -> SiteLine:
    """Say what there is to say of one site.

    Parameters
    ----------
    moment : Moment
        Image and decision.
    site : int
        Number of the site.
    setpoint_kw : float
        What the guard asks of it. [kW]
    reasons : Reason
        Of conductor and guard.
    stops : sequence of str
        Names of the causes of its stop.
    product : str
        Product that it answers to, empty for none.

    Returns
    -------
    SiteLine
        Values that nobody knows are written "?".
    """
    image, dispatch = moment.image, moment.dispatch
    is_known = image.age_s[_SOURCES, site] <= AGE_LIMIT_S
    said: FloatArray = np.where(is_known, image.values[:, site], math.nan)
    load_kw = said[Signal.PV_KW] - said[Signal.LOAD_KW] - said[Signal.AUXILIARY_POWER_KW]
    kvar = number(said[Signal.CONVERTER_REACTIVE_KVAR], "+z.1f")
    asked_c = float(dispatch.chiller_setpoint_c[site])
    asked_c = float(said[Signal.CHILLER_SETPOINT_C]) if math.isnan(asked_c) else asked_c
    owner, kept_kw = Owner(int(dispatch.owner[site])), float(dispatch.bounds_kw[2:, site].max())
    lost = lost_of(image, site) if Reason.STALE_TELEMETRY in reasons else ()
    cells = {
        "site": str(site),
        "setpoint": number(setpoint_kw, "+z.1f"),
        "battery": number(said[Signal.CONVERTER_POWER_KW], "+z.1f"),
        "load": number(load_kw, "+z.1f"),
        "meter": number(said[Signal.METER_POWER_KW], "+z.1f"),
        "kvar": "" if kvar in {"+0.0", "?"} else kvar,
        "soc %": number(100.0 * said[Signal.SOC], ".1f"),
        "cool/hot": f"{number(asked_c, '.1f')}/{number(said[Signal.CELL_TEMPERATURE_C_MAX], '.1f')}",
        "cells V": f"{number(said[Signal.CELL_VOLTAGE_V_MIN], '.3f')}-{number(said[Signal.CELL_VOLTAGE_V_MAX], '.3f')}",
        "mode": mode_of(owner, reasons, lost, stops, product if kept_kw > 0.0 else ""),
    }
    style = STOPPED if Reason.FAST_LANE in reasons else ON_WAY if reasons & ON_THE_WAY else ""
    return SiteLine(
        cells=tuple(cells[name] for name in COLUMNS),
        held=tuple(held_by(owner, reasons, kept_kw, float(said[Signal.SOC]))),
        style=style,
    )


def table(sites: Sequence[SiteLine], width: int) -> list[tuple[str, str]]:
    """Set the lines of some sites under one head, in the columns that a width has room for."""
    names, fits = list(COLUMNS), [width >= least for least in COLUMNS.values()]
    shown = [place for place, fit in enumerate(fits) if fit and any(each.cells[place] for each in sites)]
    widths = {place: max(len(names[place]), *(len(each.cells[place]) for each in sites)) for place in shown}

    def joined(cells: Sequence[str]) -> str:
        return GAP.join(
            cells[place].ljust(widths[place]) if place == MODE else cells[place].rjust(widths[place]) for place in shown
        )

    room = width - sum(widths.values()) - len(GAP) * len(widths)
    lines = [(f"{joined(names)}{GAP}held by", HEAD)]
    lines += [(f"{joined(each.cells)}{GAP}{held_words(each.held, room)}", each.style) for each in sites]
    return lines


def held_words(held: Sequence[str], room: int) -> str:
    """Write as many words as there is room for, and how many more there are.

    Examples
    --------
    >>> held_words(["demand limit", "battery limit", "ramping"], 20)
    'demand limit +2'
    """
    for n_left in range(len(held)):
        text = ", ".join(held[: len(held) - n_left]) + (f" +{n_left}" if n_left else "")
        if len(text) <= room:
            return text
    return held[0] if held else ""


def number(value: float, form: str) -> str:
    """Write a number, or that nobody knows it."""
    return "?" if math.isnan(value) else format(value, form)


def cut(line: str, width: int) -> str:
    """Cut a line that is longer than the terminal is wide."""
    return line if len(line) <= width else f"{line[: width - 1]}…"
