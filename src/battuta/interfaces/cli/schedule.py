"""``battuta schedule``: one best schedule, every step with its reason."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.domain.market import Schedule

ROWS_SHOWN = 48


def run(
    prices: options.PricesArgument,
    asset: options.AssetOption,
    day: Annotated[str | None, typer.Option("--day", help="One local delivery day, e.g. 2026-06-01.")] = None,
    last_days: Annotated[int | None, typer.Option("--last-days", help="The last days of the file.")] = None,
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    engine: options.EngineOption = "auto",
    temperature_c: options.TemperatureOption = None,
    soc_start: Annotated[float | None, typer.Option("--soc-start", help="In place of the asset's [-].")] = None,
    soc_end: Annotated[float | None, typer.Option("--soc-end", help="In place of the asset's [-].")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the steps (CSV or Parquet).")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write a self-contained HTML report.")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Find the best schedule for the prices of a file (all of them, one day, or the last days) and explain it."""
    from battuta.app.schedules import engine_by_name, select_days, timed_schedule
    from battuta.interfaces.python.tables import schedule_frame, write_frame

    options.refuse_to_overwrite([prices, asset], out, report)
    site = options.read_site(asset)
    request = options.price_request(prices, source, clock, zone, currency or site.currency, price_column, allow)
    series = select_days(options.read_and_report(request).series, day=day, last_days=last_days)
    with output.working(f"finding the best of {series.n_times:,} steps"):
        found = timed_schedule(
            series,
            site,
            engine_by_name(engine),
            soc_start=soc_start,
            soc_end=soc_end,
            temperature_c=temperature_c,
        )
    if out is not None:
        write_frame(schedule_frame(found, series), out)
        output.note(f"steps: {out}")
    if report is not None:
        from battuta.app.clock import utc_now
        from battuta.interfaces.reports.html_report import write_schedule_report

        write_schedule_report(found, site, series, report, title=f"Schedule of {site.name}", created_at=utc_now())
        output.note(f"report: {report}")
    if as_json:
        output.print_json(summary(found, series.money_label))
    else:
        print_schedule(found, series.zone, series.money_label)


def summary(found: Schedule, label: str) -> dict[str, output.Json]:
    """Write a schedule as the command's JSON object."""
    from battuta.domain.time import from_ns
    from battuta.trading.reasons import sentence

    steps: list[output.Json] = [
        {
            "time": from_ns(int(found.time_ns[t])).isoformat(),
            "power_kw": float(found.power_kw[t]),
            "soc": float(found.soc[t]),
            "price_per_mwh": float(found.price_per_mwh[t]),
            "binding": found.binding[t].value,
            "marginal_value_per_mwh": float(found.marginal_value_per_mwh[t]),
            "wear": float(found.wear[t]),
            "at_stake": float(found.at_stake[t]),
            "reason": sentence(found, t),
        }
        for t in range(found.power_kw.shape[0])
    ]
    counts = Counter(each.value for each in found.binding)
    binding: list[output.Json] = [{"bound": bound, "steps": n} for bound, n in counts.most_common()]
    return {
        "objective": found.objective,
        "currency": found.currency,
        "engine": found.engine,
        "steps": steps,
        "binding": binding,
        "budget_price_per_mwh": found.budget_price_per_mwh,
        "label": label,
        "seconds": found.seconds,
    }


def print_schedule(found: Schedule, zone: str, label: str) -> None:
    """Print a schedule as a table for people."""
    from battuta.domain.time import from_ns, zone_of
    from battuta.trading.reasons import power_text, sentence

    tz = zone_of(zone)
    rows = [
        [
            f"{from_ns(int(found.time_ns[t])).astimezone(tz):%Y-%m-%d %H:%M}",
            f"{float(found.price_per_mwh[t]):z,.2f}",
            power_text(float(found.power_kw[t])),
            f"{100.0 * float(found.soc[t]):z.1f}",
            f"{found.at_stake[t]:z,.2f}" if math.isfinite(found.at_stake[t]) else "must",
            sentence(found, t),
        ]
        for t in range(min(found.power_kw.shape[0], ROWS_SHOWN))
    ]
    columns = ["start (local)", f"{found.currency}/MWh", "power kW", "SoC %", "at stake", "reason"]
    title = f"objective {found.objective:,.2f} {found.currency}, engine {found.engine}"
    output.print_table(title, columns, rows, ends_in_text=True)
    if any(row[4] == "must" for row in rows):
        print("must: no schedule keeps all bounds if this step idles")
    left_out = found.power_kw.shape[0] - len(rows)
    if left_out > 0:
        print(f"{left_out} more steps; write them all with --out FILE or --json")
    if label:
        print(label)
