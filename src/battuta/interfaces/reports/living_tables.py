"""The tables of a living run's report: its money beside rules and an oracle, its sites, its events and its alarms."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.living_record import LivingRecord
from battuta.interfaces.reports.markup import Html, element, table
from battuta.interfaces.reports.wording import MISSING, number_text

ROWS_MAX = 200
"""Most rows of a table, so that a page of ten thousand sites still opens. [rows]"""
ORACLE = "oracle_day"


def money_table(record: LivingRecord) -> Html:
    """Make the table of the run's net beside what rules would have earned on a plain model of its batteries."""
    result, money = record.result, record.money
    ours = result.net
    rows = [["these sites (simulated)", number_text(ours), MISSING]]
    ranked = sorted(result.baselines.items(), key=lambda each: -each[1])
    rows += [
        [
            f"{name}, plain battery model{' (yardstick: knows the day)' if name == ORACLE else ''}",
            number_text(net),
            number_text(ours - net),
        ]
        for name, net in ranked
    ]
    caption = (
        "Sales less purchases, fees and wear. The lines below the first are rules on a plain model of the same "
        "batteries over the same time, without frequency response, load or peak shaving"
    )
    return table(caption, ["what", f"net, {money}", f"these sites are ahead by, {money}"], [rows])


def site_table(record: LivingRecord) -> Html:
    """Make the table of sites: energy, cycles, money, demand, temperature and alarms of each."""
    trace, n_sites = record.trace, record.result.n_sites
    alarms = record.alarms_per_site()
    shown = np.arange(min(n_sites, ROWS_MAX))
    energy_kwh, cycles = trace.energy_out_kwh, record.cycles_per_site()
    revenue, hottest_c = record.revenue_per_site(), record.hottest_per_site()
    products = {True: record.request.response, False: ""}
    rows = [
        [
            str(site),
            _duty(record, int(site), products[int(site) in record.request.answering]),
            number_text(float(energy_kwh[site]), 1),
            number_text(float(cycles[site])),
            number_text(float(revenue[site])),
            number_text(float(trace.import_kw_max[site]), 1),
            number_text(float(hottest_c[site]), 1),
            number_text(float(record.result.capacity_lost[site]) * 100.0, 3),
            str(int(alarms[site])),
        ]
        for site in shown
    ]
    columns = [
        "site",
        "serves",
        "energy out, kWh",
        "cycles, EFC",
        f"revenue before fees and wear, {record.money}",
        "highest import, kW (15 min)",
        "hottest cell, °C",
        "capacity lost, %",
        "alarms",
    ]
    first = f"The first {ROWS_MAX} of {number_text(n_sites, 0)} sites" if n_sites > ROWS_MAX else "All sites"
    return table(
        f"{first}; a dash where nothing was measured or no quarter hour ended", columns, [rows], text_columns=(0, 1)
    )


def _duty(record: LivingRecord, site: int, product: str) -> str:
    trade = "own load" if site in record.request.following else "market"
    return f"{trade}, {product}" if product else trade


def event_table(record: LivingRecord) -> Html:
    """Make the table of frequency events."""
    events = record.result.frequency_events
    if not events:
        return element("p", "No frequency events.", class_="quiet")
    starts = record.clock.texts(
        np.array([each.start_ns for each in events[:ROWS_MAX]], dtype=np.int64), "%a %Y-%m-%d %H:%M:%S"
    )
    rows = [
        [
            start,
            number_text(each.duration_s, 0),
            number_text(each.frequency_hz_extreme, 3),
            number_text(each.power_kw_extreme, 1),
        ]
        for start, each in zip(starts, events[:ROWS_MAX], strict=True)
    ]
    columns = ["start", "duration, s", "farthest frequency, Hz", "farthest setpoint of all sites, kW"]
    return table(_told("frequency events", len(events)), columns, [rows])


def alarm_table(record: LivingRecord) -> Html:
    """Make the table of alarms, oldest first."""
    alarms = record.result.alarms
    if not alarms:
        return element("p", "No alarms.", class_="quiet")
    times = record.clock.texts(
        np.array([time_ns for time_ns, _ in alarms[:ROWS_MAX]], dtype=np.int64), "%a %Y-%m-%d %H:%M:%S"
    )
    rows = [
        [when, str(each.site), each.cause.lower().replace("_", " "), "yes" if each.calls_out else "no"]
        for when, (_, each) in zip(times, alarms[:ROWS_MAX], strict=True)
    ]
    columns = ["time", "site", "cause", "calls people out"]
    return table(_told("alarms", len(alarms)), columns, [rows], text_columns=(0, 2, 3))


def _told(what: str, n: int) -> str:
    return f"All {what}" if n <= ROWS_MAX else f"The first {ROWS_MAX} of {n} {what}; summary.json holds all"
