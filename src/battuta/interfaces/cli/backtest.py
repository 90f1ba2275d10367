"""``battuta backtest``: strategies on history, each with what it could know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.forecast_words import notes_told

if TYPE_CHECKING:
    from battuta.studies.backtest import BacktestResult

DEFAULT = "idle,fixed_time,fixed_time_fitted,fixed_time_refitted,percentile,persistence,similar_day,median_profile_28d"


def run(
    prices: options.PricesArgument,
    asset: options.AssetOption,
    strategies: Annotated[str, typer.Option("--strategies", help="Names, comma-separated, or 'list'.")] = DEFAULT,
    test_days: Annotated[int, typer.Option("--test-days", help="Number of last delivery days to test.")] = 28,
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    gate: options.GateOption = None,
    holidays: options.HolidaysOption = "zone",
    forecast: Annotated[
        Path | None, typer.Option("--forecast", help="Forecast file for day_ahead in place of its own forecast.")
    ] = None,
    forecast_source: Annotated[
        str | None, typer.Option("--forecast-source", help="How the forecast file is written; default as the prices.")
    ] = None,
    forecast_column: Annotated[str | None, typer.Option("--forecast-column", help="Column of that file.")] = None,
    engine: options.EngineOption = "auto",
    temperature_c: options.TemperatureOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a row per strategy and step (CSV or Parquet).")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write a self-contained HTML report.")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Run strategies over the last days of a price file and print what each earned."""
    from dataclasses import replace
    from time import perf_counter

    from battuta.app.forecasts import local_compute
    from battuta.app.prices import aligned_forecast
    from battuta.app.schedules import engine_by_name, require_temperature
    from battuta.studies.backtest import run_backtest

    if strategies.strip() == "list":
        _print_strategies()
        return
    names = _names(strategies)
    _refuse_alone(forecast, forecast_source, forecast_column)
    options.refuse_to_overwrite([prices, asset, forecast], out, report)
    require_temperature(temperature_c)
    site = options.read_site(asset)
    currency = currency or site.currency
    request = options.price_request(prices, source, clock, zone, currency, price_column, allow, gate, holidays)
    series = options.read_and_report(request).series
    aligned = None
    if forecast is not None:
        source = forecast_source or _forecast_source(source)
        wanted = replace(request, path=forecast, source=source, currency=series.currency, price_column=forecast_column)
        aligned = aligned_forecast(options.read_and_report(wanted).series, series)
        names = names if "day_ahead" in names else [*names, "day_ahead"]
    started = perf_counter()
    with output.progress_bar() as progress:
        result = run_backtest(
            series,
            site,
            names,
            test_days,
            forecast_per_mwh=aligned,
            engine=engine_by_name(engine),
            temperature_c=temperature_c,
            compute=local_compute(),
            progress=progress,
        )
    seconds = perf_counter() - started
    if as_json:
        output.print_json(summary(result, seconds))
    else:
        print_result(result, seconds)
    if out is not None:
        _write_steps(result, out)
    if report is not None:
        _write_report(result, report)


def _names(strategies: str) -> list[str]:
    names = [name.strip() for name in strategies.split(",") if name.strip()]
    if not names:
        from battuta.domain.errors import UsageError

        message = "--strategies names none; name some, comma-separated, or 'list' to see them"
        raise UsageError(message)
    return names


def _forecast_source(source: str) -> str:
    from battuta.app.prices import FORECAST_SOURCES

    return FORECAST_SOURCES.get(source, source)


def _refuse_alone(forecast: Path | None, source: str | None, column: str | None) -> None:
    """Refuse what says something of a forecast file that is not there."""
    beside = {"--forecast-source": source, "--forecast-column": column}
    options.refuse_alone("--forecast FILE", forecast is not None, beside)


def _print_strategies() -> None:
    from battuta.studies.strategies.registry import STRATEGIES

    rows = [[each.name, each.information, each.gate, each.formula] for each in STRATEGIES.values()]
    output.print_table("strategies", ["name", "looks at", "decides", "does"], rows, left=4)


def _write_steps(result: BacktestResult, path: Path) -> None:
    from battuta.interfaces.python.tables import write_steps

    write_steps(result, path)
    output.note(f"steps: {path}")


def _write_report(result: BacktestResult, path: Path) -> None:
    from battuta.app.clock import utc_now
    from battuta.interfaces.reports.figures import best_strategy
    from battuta.interfaces.reports.html_report import write_backtest_report

    write_backtest_report(
        result, best_strategy(result), path, title=f"Backtest of {result.site.name}", created_at=utc_now()
    )
    output.note(f"report: {path}")


def summary(result: BacktestResult, seconds: float) -> dict[str, output.Json]:
    """Write a result as the command's JSON object."""
    strategies: dict[str, output.Json] = {
        name: {
            "net": each.net,
            "revenue": float(each.revenue.sum()),
            "wear": float(each.wear.sum()),
            "captured": result.captured(name),
            "efc": each.efc,
            "per_mw_year": result.per_mw_year(name),
            "is_oracle": each.is_oracle,
            **({"notes": each.notes} if each.notes else {}),
        }
        for name, each in result.results.items()
    }
    uplift: dict[str, output.Json] = {
        name: result.uplift(name) for name, each in result.results.items() if not each.is_oracle and name != "idle"
    }
    skipped: list[output.Json] = [day.isoformat() for day in result.skipped_days]
    return {
        "strategies": strategies,
        "uplift": uplift,
        "currency": result.site.currency,
        "test_days": len(result.test_days),
        "first_day": result.test_days[0].isoformat(),
        "last_day": result.test_days[-1].isoformat(),
        "skipped_days": skipped,
        "clock": result.prices.clock.value,
        "is_synthetic": result.prices.is_synthetic,
        "label": result.money_label,
        "seconds": seconds,
    }


def print_result(result: BacktestResult, seconds: float) -> None:
    """Print a result as a table for people."""
    currency = result.site.currency
    rows = [
        [
            name + (" (oracle)" if each.is_oracle else ""),
            f"{each.net:,.2f}",
            f"{float(each.revenue.sum()):,.2f}",
            f"{float(each.wear.sum()):,.2f}",
            f"{each.efc:,.1f}",
            f"{100.0 * result.captured(name):.1f} %",
            f"{result.per_mw_year(name):,.1f}",
        ]
        for name, each in sorted(result.results.items(), key=lambda item: (item[1].is_oracle, item[1].net))
    ]
    days = f"{len(result.test_days)} days, {result.test_days[0]} to {result.test_days[-1]}"
    source = result.prices.source or "prices"
    columns = ["strategy", f"net {currency}", "revenue", "wear", "cycles (EFC)", "captured", f"{currency}/MW/year"]
    output.print_table(f"{result.site.name}: {days}; {source}", columns, rows)
    for name, each in result.results.items():
        for note in notes_told(each.notes):
            print(f"{name}: {note}")
    if result.money_label:
        print(result.money_label)
    if result.skipped_days:
        print(f"{len(result.skipped_days)} days left out, as prices are missing: first {result.skipped_days[0]}")
    print(f"captured: net as a share of oracle_day; {seconds:.1f} s")
