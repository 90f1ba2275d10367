"""What ``battuta run`` tells of a run that is over: one JSON object, or a table and a few lines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from battuta.interfaces.cli import output
from battuta.interfaces.cli.health_words import counted
from battuta.interfaces.cli.live_alarms import alarm_words
from battuta.interfaces.cli.module_words import modules_json, modules_words

if TYPE_CHECKING:
    from battuta.app.living_result import Demand, LivingResult

ALARMS_TOLD = 5
"""Alarms that are printed one by one."""


def summary(result: LivingResult, strategy: str, folder: Path) -> dict[str, output.Json]:
    """Write a run as the command's JSON object."""
    from dataclasses import asdict

    from battuta.app.kept_work_orders import order_json
    from battuta.app.living_result import iso
    from battuta.app.site_ageing import MODEL
    from battuta.interfaces.cli.health_words import finding_json

    demand = result.demand
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
        **({} if math.isnan(result.soc_end) else {"soc_start": result.soc_start, "soc_end": result.soc_end}),
        "sites_answering": result.n_answering,
        "sites_following": result.n_following,
        **({"unmetered_hours": result.unmetered_s / 3600.0} if result.unmetered_s else {}),
        "auxiliary_kwh": result.auxiliary_kwh,
        "ageing": {"model": MODEL, "capacity_lost": float(result.capacity_lost.mean())},
        **({} if demand is None else {"demand": asdict(demand)}),
        "strategy": strategy,
        "baselines": result.baselines,
        "frequency_events": events,
        "alarms": alarms,
        **({} if result.findings is None else {"findings": [finding_json(each) for each in result.findings]}),
        **({} if result.findings is None else {"work_orders": [order_json(each) for each in result.work_orders]}),
        **({} if result.modules is None else {"modules": modules_json(result.modules)}),
        "setpoints": result.setpoints,
        **({"journal": {"root": result.journal_root}} if result.journal_root else {}),
        "is_synthetic": True,
        "label": f"simulated sites; {result.prices.money_label}".removesuffix("; "),
        "run": str(folder),
    }


def print_run(result: LivingResult, strategy: str) -> None:
    """Print a run as a person reads it."""
    from battuta.app.living_result import iso

    currency = result.prices.currency
    rows = [["these sites (simulated)", f"{result.net:,.2f}"]]
    rows += [[f"{name}, plain battery model", f"{net:,.2f}"] for name, net in result.baselines.items()]
    hours = result.simulated_s / 3600.0
    size = f"{counted(result.n_sites, 'site')}, {counted(result.n_cells, 'cell')}"
    title = f"{size}, {hours:,.1f} h, {strategy}, {result.prices.money_label}"
    output.print_table(title.removesuffix(", "), ["what", f"net {currency}"], rows)
    print(f"wear {result.wear:,.2f} {currency} at the asset's price, {result.cycles:.2f} equivalent full cycles a site")
    if not math.isnan(result.soc_end):
        stock = f"mean state of charge {result.soc_start:.0%} at the start, {result.soc_end:.0%} at the end"
        print(f"{stock}; what is stored is not valued, neither here nor in the rows above")
    if result.unmetered_s:
        print(f"{result.unmetered_s / 3600.0:,.2f} h of sites unmetered: nobody knew their power, none is counted")
    lost = float(result.capacity_lost.mean())
    print(
        f"auxiliaries {result.auxiliary_kwh:,.0f} kWh; capacity lost {lost:.3%} of new cells, by the ageing model: "
        "not in the money"
    )
    print(f"{counted(result.n_answering, 'site')} answered frequency, {result.n_following} followed their load")
    if result.demand is not None:
        _print_demand(result.demand)
    print(
        f"{result.setpoints:,} setpoints, {counted(len(result.frequency_events), 'frequency event')}, "
        f"{counted(len(result.alarms), 'alarm')}"
    )
    for time_ns, each in result.alarms[:ALARMS_TOLD]:
        where = f"site {each.site}" if each.site >= 0 else "all sites"
        called = ", people are called out" if each.calls_out else ""
        print(f"  {iso(time_ns)}  {where}: {alarm_words(each.cause)}{called}")
    if len(result.alarms) > ALARMS_TOLD:
        print(f"  and {len(result.alarms) - ALARMS_TOLD} more (summary.json)")
    _print_findings(result)
    _print_orders(result)
    if result.modules is not None:
        for line in modules_words(result.modules):
            print(line)
    if result.settled is not None:
        print(f"settled: {result.settled:,.2f} {currency} before wear, to the cent (deliveries.csv)")


def _print_findings(result: LivingResult) -> None:
    """Say which cells were found to go bad."""
    from battuta.interfaces.cli.health_words import finding_words

    if result.findings is None:
        return
    print(f"{counted(len(result.findings), 'finding')} of single cells")
    for each in result.findings[:ALARMS_TOLD]:
        print(f"  {finding_words(each)}")


def _print_orders(result: LivingResult) -> None:
    """Say what somebody has to do, what it holds back meanwhile, and what that costs."""
    from battuta.interfaces.cli.work_order_words import order_words

    if not result.work_orders:
        return
    n_open = sum(each.is_open for each in result.work_orders)
    print(f"{counted(len(result.work_orders), 'work order')}, {n_open} open (work_orders.json)")
    for each in result.work_orders[:ALARMS_TOLD]:
        for line in order_words(each):
            print(f"  {line}")
    if len(result.work_orders) > ALARMS_TOLD:
        print(f"  and {len(result.work_orders) - ALARMS_TOLD} more")


def _print_demand(held: Demand) -> None:
    raised = ", which batteries raised up to the limit" if held.highest_kw > held.without_kw else ""
    print(
        f"demand limit {held.limit_kw:,.0f} kW: highest quarter-hour {held.highest_kw:,.1f} kW{raised}, "
        f"{held.without_kw:,.1f} kW without batteries; {counted(held.sites_over, 'site')} over it, "
        f"{held.sites_over_without} without"
    )
