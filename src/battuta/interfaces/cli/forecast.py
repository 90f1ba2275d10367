"""``battuta forecast``: prices of the days to come with how sure they are, or a test of such forecasts on history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import forecast_options, options, output

if TYPE_CHECKING:
    from battuta.app.forecasts import PublishedScore, ScoredForecasts
    from battuta.app.prices import PriceRequest
    from battuta.domain.prices import PriceSeries


def run(
    prices: options.PricesArgument,
    test_days: Annotated[
        int | None, typer.Option("--test-days", help="Score the last days; left out, the next day is forecast.")
    ] = None,
    families: Annotated[
        str, typer.Option("--families", help="Families of models, comma-separated: linear, kernel, trees.")
    ] = "linear,kernel,trees",
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    gate: options.GateOption = None,
    holidays: options.HolidaysOption = "zone",
    late_columns: forecast_options.LateOption = False,
    known_columns: forecast_options.KnownOption = "",
    weather: forecast_options.WeatherOption = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="When its values were known, as 'D-1 06:00 Europe/Berlin'.")
    ] = None,
    place: Annotated[str | None, typer.Option("--place", help="Where the weather is, for labels.")] = None,
    neighbour: forecast_options.NeighbourOption = None,
    import_shares: Annotated[
        bool, typer.Option("--import-shares", help="Look at how full borders were; see docs/forecast_features.md.")
    ] = False,
    published: forecast_options.PublishedOption = None,
    published_source: Annotated[
        str | None, typer.Option("--published-source", help="How that file is written; default as the prices.")
    ] = None,
    published_column: Annotated[str | None, typer.Option("--published-column", help="Column of that file.")] = None,
    vintages: forecast_options.VintagesOption = None,
    keep: forecast_options.KeepOption = None,
    paths: forecast_options.PathsOption = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Write a row per interval (CSV or Parquet).")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a self-contained HTML report; needs --test-days.")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Forecast the next delivery day of a price file, or score forecasts of its last days."""
    from battuta.app.forecasts import assumed_known

    _refuse_alone(weather, known_at, place, published, published_source, published_column)
    _refuse_what_does_not_fit(test_days, vintages, keep, published, report, paths, is_shown=as_json or out is not None)
    zones = forecast_options.named_files(neighbour or [])
    paths_out = out.with_stem(f"{out.stem}-paths") if out is not None and paths else None
    options.refuse_to_overwrite([prices, weather, published, *zones.values()], out, report, paths_out)
    request = options.price_request(prices, source, clock, zone, currency, price_column, allow, gate, holidays)
    series = options.read_and_report(request).series
    series, assumptions = assumed_known(series, late_columns=late_columns, known_columns=_listed(known_columns))
    if weather is not None:
        series = _with_weather(series, weather, known_at, place, is_issue=test_days is None)
    if zones or import_shares:
        series = _with_borders(series, request, zones, shares=import_shares, is_issue=test_days is None)
    _say_unused(series, late_columns=late_columns)
    if test_days is None:
        _issue(series, _listed(families), paths, vintages, assumptions, out, as_json=as_json)
        return
    other, name = _other_forecast(published, published_source, published_column, request, series.currency)
    _evaluate(series, test_days, _listed(families), paths, keep, other, name, assumptions, out, report, as_json=as_json)


def _other_forecast(
    path: Path | None, source: str | None, column: str | None, prices: PriceRequest, currency: str
) -> tuple[PriceSeries | None, str]:
    """Read a published forecast, written as the prices unless it is said otherwise, and what to call it."""
    from dataclasses import replace

    if path is None:
        return None, ""
    kind = source or _forecast_source(prices.source)
    asked = replace(prices, path=path, source=kind, currency=currency, price_column=column, holidays="none")
    return options.read_and_report(asked).series, column or path.name


def _listed(text: str) -> tuple[str, ...]:
    """Take a comma-separated list apart."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _refuse_alone(
    weather: Path | None,
    known_at: str | None,
    place: str | None,
    published: Path | None,
    published_source: str | None,
    published_column: str | None,
) -> None:
    """Refuse what is said of a file that is not given."""
    options.refuse_alone("--weather FILE", weather is not None, {"--known-at": known_at, "--place": place})
    said = {"--published-source": published_source, "--published-column": published_column}
    options.refuse_alone("--published FILE", published is not None, said)


def _refuse_what_does_not_fit(
    test_days: int | None,
    vintages: Path | None,
    keep: Path | None,
    published: Path | None,
    report: Path | None,
    n_paths: int,
    *,
    is_shown: bool,
) -> None:
    """Refuse options that belong to the other half of the command, or whose outcome nobody would see."""
    from battuta.domain.errors import UsageError

    of_test = {"--published": published, "--report": report, "--keep": keep}
    options.refuse_alone("--test-days N", test_days is not None, of_test)
    if test_days is not None and vintages is not None:
        message = "--vintages keeps issued forecasts; with --test-days give --keep in its place"
        raise UsageError(message)
    if test_days is None and n_paths and not is_shown:
        message = f"--paths {n_paths} would be drawn and not shown; give --out FILE or --json with it, or --test-days N"
        raise UsageError(message)


def _with_weather(
    series: PriceSeries, path: Path, known_at: str | None, place: str | None, *, is_issue: bool
) -> PriceSeries:
    """Lay a weather file beside prices, the day to forecast included."""
    from dataclasses import replace

    from battuta.app.weather import WeatherRequest, load_weather, with_weather
    from battuta.domain.weather import Place
    from battuta.studies.next_day import with_next_day

    somewhere = Place(latitude_deg=0.0, longitude_deg=0.0, name=place or "")  # the file says where, and nobody asks it
    imported = load_weather(WeatherRequest(path=path, place=somewhere, known_at=known_at))
    for finding in imported.findings:
        output.note(f"{path.name}: {finding}")
    forecast = replace(imported.forecast, source=f"{path.name}, {place}" if place else path.name)
    return with_weather(with_next_day(series)[0] if is_issue else series, forecast)


def _forecast_source(source: str) -> str:
    """Layout in which forecasts of a source are published."""
    from battuta.app.prices import FORECAST_SOURCES

    return FORECAST_SOURCES.get(source, source)


def _with_borders(
    series: PriceSeries, prices: PriceRequest, zones: Mapping[str, Path], *, shares: bool, is_issue: bool
) -> PriceSeries:
    """Lay yesterday's spreads to other zones, written as the prices, and how full borders were, beside prices."""
    from dataclasses import replace

    from battuta.app.neighbours import with_import_shares, with_neighbours
    from battuta.studies.next_day import with_next_day

    series = with_next_day(series)[0] if is_issue else series
    others = {
        name: options.read_and_report(replace(prices, path=path, currency=series.currency, holidays="none")).series
        for name, path in zones.items()
    }
    if others:
        series = with_neighbours(series, others)
    return with_import_shares(series) if shares else series


def _issue(
    series: PriceSeries,
    families: tuple[str, ...],
    n_paths: int,
    vintages: Path | None,
    assumptions: tuple[str, ...],
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    from time import perf_counter

    from battuta.app.forecasts import DEFAULT_FOLDER, issue
    from battuta.interfaces.cli.forecast_words import issue_summary, print_issue
    from battuta.interfaces.python.forecast_frames import issued_frame, path_frame
    from battuta.interfaces.python.forecasts import label_of
    from battuta.interfaces.python.tables import write_frame

    folder = vintages or DEFAULT_FOLDER
    started = perf_counter()
    with output.progress_bar() as progress:
        issued = issue(series, families, folder=folder, n_paths=n_paths, progress=progress)
    seconds = perf_counter() - started
    for finding in issued.findings:
        output.note(finding)
    label = label_of(series, assumptions)
    if as_json:  # first of all: whatever the disk does not take, the forecast is said
        output.print_json(issue_summary(issued, label, seconds))
    else:
        print_issue(issued, label, seconds)
    if out is not None:
        write_frame(issued_frame(issued), out)
        output.note(f"steps: {out}")
        if issued.paths is not None:
            beside = out.with_name(f"{out.stem}-paths{out.suffix}")
            write_frame(path_frame(issued), beside)
            output.note(f"paths: {beside}")
    if issued.storage_error is not None:
        raise issued.storage_error
    output.note(f"kept in: {folder}")


def _evaluate(
    series: PriceSeries,
    test_days: int,
    families: tuple[str, ...],
    n_paths: int,
    keep: Path | None,
    other: PriceSeries | None,
    name: str,
    assumptions: tuple[str, ...],
    out: Path | None,
    report: Path | None,
    *,
    as_json: bool,
) -> None:
    from battuta.app.forecasts import evaluate, score_published
    from battuta.interfaces.cli.forecast_words import print_scores, summary
    from battuta.interfaces.python.forecasts import label_of

    try:
        with output.progress_bar() as progress:
            scored = evaluate(series, test_days, families, n_paths=n_paths, keep=keep, progress=progress)
    except KeyboardInterrupt:
        if keep is not None:
            output.note(f"calibrated days are kept in {keep}: the same command goes on from there")
        raise
    for finding in scored.findings:
        output.note(finding)
    if scored.n_days_found:
        output.note(f"{scored.n_days_found} days had been calibrated before, found in {keep}")
    published = None if other is None else score_published(scored, other, name)
    label = label_of(series, assumptions)
    if as_json:
        output.print_json(summary(scored, published, label))
    else:
        print_scores(scored, published, label)
    _write(scored, published, assumptions, out, report)


def _write(
    scored: ScoredForecasts,
    published: PublishedScore | None,
    assumptions: tuple[str, ...],
    out: Path | None,
    report: Path | None,
) -> None:
    from battuta.interfaces.python.forecast_frames import evaluation_frame
    from battuta.interfaces.python.forecasts import write_report
    from battuta.interfaces.python.tables import write_frame

    if out is not None:
        write_frame(evaluation_frame(scored.evaluation), out)
        output.note(f"steps: {out}")
    if report is not None:
        write_report(scored, report, assumptions, published)
        output.note(f"report: {report}")


def _say_unused(series: PriceSeries, *, late_columns: bool) -> None:
    """Name columns that come too late to be used."""
    from battuta.app.forecasts import unused_columns

    for name, rule in unused_columns(series).items():
        mend = "--known-columns" if late_columns else "--known-columns, --late-columns"
        output.note(f"{name} is not used: its values are known too late, {rule}; see {mend}")
