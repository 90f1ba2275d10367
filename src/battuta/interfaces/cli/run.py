"""``battuta run``: simulated sites come alive, are conducted second by second, and tell what came of it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.living import Moment
    from battuta.app.living_result import LivingResult
    from battuta.app.living_run import LivingRun

EXIT_INTERRUPTED = 130
SECONDS_PER_NEWS = 1800
SECONDS_PER_LINE = 6 * 3600
"""How often a run without a terminal says how far it is. [s]"""


def run(
    sites: Annotated[int, typer.Option("--sites", min=1, help="Number of simulated sites.")] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the world and of the synthetic market.")] = 1,
    speed: Annotated[
        str | None,
        typer.Option(
            "--speed", help="Factor of real time, or max; if left out 1 over sockets, 60 in a terminal, else max."
        ),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option(
            "--duration", help="How long it lives: 90s, 15min, 6h, 7d; 7d, or 1min over sockets, if left out."
        ),
    ] = None,
    devices: Annotated[
        str, typer.Option("--devices", help="simulated: in this process; sunspec: over Modbus sockets.")
    ] = "simulated",
    prices: Annotated[
        Path | None, typer.Option("--prices", help="Price file; without one, the built-in synthetic market.")
    ] = None,
    asset: Annotated[Path | None, typer.Option("--asset", help="Asset file; without one, a built-in cabinet.")] = None,
    strategy: Annotated[
        str, typer.Option("--strategy", help="Which strategy trades; the default was chosen on years before any test.")
    ] = "similar_day",
    response: Annotated[
        str, typer.Option("--response", help="Grid product that a quarter of the sites answers to; none for no one.")
    ] = "ce_fcr",
    reactive: Annotated[
        str, typer.Option("--reactive", help="Q(V) curve by which all sites answer the voltage; none for no one.")
    ] = "ieee_1547_b_like",
    demand_limit_kw: Annotated[
        float,
        typer.Option("--demand-limit-kw", help="Quarter-hour mean of import that each site holds [kW]; 0 for none."),
    ] = 120.0,
    follow: Annotated[
        float, typer.Option("--follow", help="Share of the sites that follow their load instead of the market.")
    ] = 0.0,
    thermostats: Annotated[
        bool, typer.Option("--thermostats", help="Leave cooling to the chillers' own thermostats.")
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault", help="Plant a fault, such as leak,site=3,cell=17,size=0.5,start=1h; or random. May be repeated."
        ),
    ] = None,
    frequency: Annotated[
        Path | None, typer.Option("--frequency", help="Recorded frequency (time, frequency_hz) as the sites' grid.")
    ] = None,
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="Show no live view.")] = False,
    no_journal: Annotated[
        bool, typer.Option("--no-journal", help="Keep no journal; the run cannot be replayed.")
    ] = False,
    runs_dir: Annotated[Path, typer.Option("--runs-dir", help="Where runs are kept.")] = Path("battuta-runs"),
    as_json: options.JsonOption = False,
) -> None:
    """Conduct simulated sites through the last days of a price file or of a synthetic market."""
    from battuta.app.living_request import TICKS_PER_S, RunRequest
    from battuta.app.living_run import LivingRun
    from battuta.app.living_setup import living_site
    from battuta.app.pace import parse_duration_s, parse_speed
    from battuta.app.prices import synthetic_prices

    is_paced = _is_sunspec(devices)
    shown = not headless and not as_json and output.is_terminal()
    factor = parse_speed(speed or ("1" if is_paced else "60" if shown else "max"))
    request = RunRequest(
        n_sites=sites,
        seed=seed,
        duration_s=parse_duration_s(duration or ("1min" if is_paced else "7d")),
        strategy=strategy,
        response="" if response == "none" else response,
        reactive="" if reactive == "none" else reactive,
        demand_limit_kw=demand_limit_kw or math.inf,
        follow_share=follow,
        has_foresight=not thermostats,
        faults=tuple(fault or ()),
        frequency=frequency,
        has_journal=not no_journal,
        ticks_per_block=1 if is_paced else TICKS_PER_S,
    )
    site = None if asset is None else options.read_site(asset)
    if prices is None:
        zone_name = "Europe/Berlin" if site is None else site.timezone
        series = synthetic_prices(seed, 400, zone=zone_name, currency=currency or (site.currency if site else "EUR"))
    else:
        stated = currency or (site.currency if site else None)
        series = options.read_and_report(
            options.price_request(prices, source, clock, zone, stated, price_column, allow)
        ).series
    site = site or living_site(series.currency, series.zone)
    alive = LivingRun(request, series, site, runs_dir)
    output.note("waking the sites (the first run compiles its kernels, which takes some twenty seconds)")
    interrupted = _live(alive, factor, devices=devices, shown=shown)
    _tell(alive, as_json=as_json)
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


def _is_sunspec(devices: str) -> bool:
    from battuta.domain.errors import UsageError

    if devices not in {"simulated", "sunspec"}:
        message = f"devices {devices!r} is not known; choose simulated or sunspec"
        raise UsageError(message)
    return devices == "sunspec"


def _live(alive: LivingRun, speed: float, *, devices: str, shown: bool) -> bool:
    """Let the run live to its end or to Ctrl-C; True when it was interrupted."""
    from battuta.app.lockstep import live_in_lockstep
    from battuta.interfaces.cli.live_view import live_view

    total = alive.request.duration_s
    try:
        with output.progress_bar() as progress, live_view(alive, shown=shown) as show:

            def tell(moment: Moment) -> None:
                show(moment)
                if not shown and (alive.seconds_done % SECONDS_PER_NEWS == 0 or alive.seconds_done == total):
                    progress("simulated seconds", alive.seconds_done, total)
                if not output.is_terminal() and alive.seconds_done % SECONDS_PER_LINE == 0:
                    output.note(f"simulated {alive.seconds_done // 3600} h of {total / 3600:.0f} h")

            if devices == "sunspec":
                from battuta.app.socket_run import live_over_sockets

                live_over_sockets(alive, speed, tell, output.note)
            else:
                live_in_lockstep(alive, speed, tell)
    except KeyboardInterrupt:
        output.note(f"interrupted after {alive.seconds_done} simulated seconds; what follows covers these")
        return True
    return False


def _tell(alive: LivingRun, *, as_json: bool) -> None:
    """Count, keep and print what came of a run."""
    import json

    from battuta.app.living_result import finish
    from battuta.interfaces.python.living_tables import write_deliveries

    with output.working("counting the money and the baselines"):
        result = finish(alive)
    folder = alive.folder
    write_deliveries(result, folder / "deliveries.csv")
    told = summary(result, alive.request.strategy, folder)
    (folder / "summary.json").write_text(json.dumps(output.finite(told), indent=2), encoding="utf-8")
    if as_json:
        output.print_json(told)
        return
    _print(result, alive.request.strategy)
    print(f"run:    {folder}")
    if result.journal_root:
        print(f"replay: battuta replay {folder}")


def summary(result: LivingResult, strategy: str, folder: Path) -> dict[str, output.Json]:
    """Write a run as the command's JSON object."""
    from battuta.app.living_result import iso

    currency = result.prices.currency
    events: list[output.Json] = [
        {
            "start": iso(each.start_ns),
            "duration_s": each.duration_s,
            "frequency_hz": each.frequency_hz_extreme,
            "power_kw": each.power_kw_extreme,
        }
        for each in result.frequency_events
    ]
    alarms: list[output.Json] = [
        {"time": iso(time_ns), "site": each.site, "cause": each.cause, "calls_out": each.calls_out}
        for time_ns, each in result.alarms
    ]
    return {
        "sites": result.n_sites,
        "cells": result.n_cells,
        "simulated_hours": result.simulated_s / 3600.0,
        "currency": currency,
        "net": result.net,
        **({"net_eur": result.net} if currency == "EUR" else {}),
        **({} if result.settled is None else {"settled": result.settled}),
        "wear": result.wear,
        "efc": result.cycles,
        "strategy": strategy,
        "baselines": result.baselines,
        "frequency_events": events,
        "alarms": alarms,
        "setpoints": result.setpoints,
        **({"journal": {"root": result.journal_root}} if result.journal_root else {}),
        "is_synthetic": True,
        "label": f"simulated sites; {result.prices.money_label}".removesuffix("; "),
        "run": str(folder),
    }


def _print(result: LivingResult, strategy: str) -> None:
    currency = result.prices.currency
    rows = [["these sites (simulated)", f"{result.net:,.2f}"]]
    rows += [[f"{name}, plain battery model", f"{net:,.2f}"] for name, net in result.baselines.items()]
    hours = result.simulated_s / 3600.0
    title = f"{result.n_sites} sites, {result.n_cells} cells, {hours:,.1f} h, {strategy}, {result.prices.money_label}"
    output.print_table(title.removesuffix(", "), ["what", f"net {currency}"], rows)
    print(f"wear {result.wear:,.2f} {currency}, {result.cycles:.2f} equivalent full cycles a site")
    print(
        f"{result.setpoints:,} setpoints, {len(result.frequency_events)} frequency events, {len(result.alarms)} alarms"
    )
    if result.settled is not None:
        print(f"settled: {result.settled:,.2f} {currency} before wear, to the cent (deliveries.csv)")
