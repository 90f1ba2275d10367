"""``battuta run``: trade a simulated site for a week and show what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.studies.backtest import BacktestResult

BASELINES = (
    "idle",
    "fixed_time",
    "fixed_time_fitted",
    "percentile",
    "persistence",
    "similar_day",
    "median_profile_28d",
)


def run(
    prices: Annotated[
        Path | None, typer.Option("--prices", help="Price file; without one, the built-in synthetic market.")
    ] = None,
    asset: Annotated[Path | None, typer.Option("--asset", help="Asset file; without one, a built-in example.")] = None,
    strategy: Annotated[
        str, typer.Option("--strategy", help="Which strategy trades; the default was chosen on years before any test.")
    ] = "similar_day",
    duration: Annotated[str, typer.Option("--duration", help="How long, in days, e.g. 7d.")] = "7d",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the synthetic market.")] = 1,
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="Print no table, only where the run lies.")] = False,
    runs_dir: Annotated[Path, typer.Option("--runs-dir", help="Where runs are kept.")] = Path("battuta-runs"),
    as_json: options.JsonOption = False,
) -> None:
    """Trade one simulated site over the last days of a price file or of a synthetic market."""
    from battuta.app.assets import default_site
    from battuta.app.prices import synthetic_prices
    from battuta.app.runs import trade_site
    from battuta.app.schedules import parse_days

    days = parse_days(duration)
    site = None if asset is None else options.read_site(asset)
    if prices is None:
        zone_name = "Europe/Berlin" if site is None else site.timezone
        series = synthetic_prices(seed, 400, zone=zone_name, currency=currency or (site.currency if site else "EUR"))
    else:
        stated = currency or (site.currency if site else None)
        series = options.read_and_report(
            options.price_request(prices, source, clock, zone, stated, price_column, allow)
        ).series
    site = site or default_site(series.currency, series.zone)
    names = list(dict.fromkeys((strategy, *BASELINES, "oracle_day")))
    output.note("finding schedules (the first run compiles its kernels, which takes some ten seconds)")
    with output.progress_bar() as progress:
        kept = trade_site(series, site, names, days, seed=seed, runs_dir=runs_dir, progress=progress)
    _keep(kept.result, strategy, kept.folder)
    if as_json:
        output.print_json(summary(kept.result, strategy, kept.folder))
        return
    if not headless:
        _print(kept.result, strategy, kept.seconds)
    print(f"report: {kept.folder / 'report.html'}")
    print(f"run:    {kept.folder}")


def summary(result: BacktestResult, strategy: str, folder: Path) -> dict[str, output.Json]:
    """Write a run as the command's JSON object."""
    chosen = result.results[strategy]
    baselines: dict[str, output.Json] = {name: each.net for name, each in result.results.items() if name != strategy}
    currency = result.site.currency
    return {
        "sites": 1,
        "simulated_hours": float(result.steps.shape[0]) * result.prices.step_h,
        "currency": currency,
        "net": chosen.net,
        **({"net_eur": chosen.net} if currency == "EUR" else {}),
        **({} if result.is_benchmark else {"settled": float(result.settlement(strategy).total)}),
        "wear": float(chosen.wear.sum()),
        "efc": chosen.efc,
        "captured": result.captured(strategy),
        "strategy": strategy,
        "baselines": baselines,
        "is_synthetic": result.prices.is_synthetic,
        "label": result.money_label,
        "run": str(folder),
    }


def _keep(result: BacktestResult, strategy: str, folder: Path) -> None:
    """Write the report, the steps and the summary into the run's folder."""
    import json

    from battuta.app.clock import utc_now
    from battuta.interfaces.python.tables import settlement_frame, write_frame, write_steps
    from battuta.interfaces.reports.html_report import write_backtest_report

    title = f"{result.site.name}: {len(result.test_days)} days"
    write_backtest_report(result, strategy, folder / "report.html", title=title, created_at=utc_now())
    write_steps(result, folder / "steps.csv")
    if not result.is_benchmark:
        settled = settlement_frame(result.settlement(strategy), is_synthetic=result.prices.is_synthetic)
        write_frame(settled, folder / "settlement.csv")
    text = json.dumps(output.finite(summary(result, strategy, folder)), indent=2)
    (folder / "summary.json").write_text(text, encoding="utf-8")


def _print(result: BacktestResult, strategy: str, seconds: float) -> None:
    from battuta.interfaces.cli.backtest import print_result

    print_result(result, seconds)
    chosen = result.results[strategy]
    share = 100.0 * result.captured(strategy)
    if not result.is_benchmark:
        print(f"settled: {result.settlement(strategy).total:,} {result.site.currency} before wear (settlement.csv)")
    print(f"{strategy} traded: net {chosen.net:,.2f} {result.site.currency}, {share:.1f} % captured")
