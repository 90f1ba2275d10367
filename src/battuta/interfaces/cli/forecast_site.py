"""``battuta forecast-site``: what a site will draw or its panels will bring, or a test of such forecasts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.site_forecasts import SiteImport, SiteWish
    from battuta.domain.weather import WeatherForecast


def run(
    series: Annotated[Path, typer.Argument(help="CSV or Parquet: time with offset, and load_kw or pv_kw.")],
    what: Annotated[str, typer.Option("--what", help="load or pv.")],
    zone: Annotated[str | None, typer.Option("--zone", help="IANA zone in which the site lives its days.")] = None,
    test_days: Annotated[
        int | None, typer.Option("--test-days", help="Score the last days; left out, 48 hours are forecast.")
    ] = None,
    latitude_deg: Annotated[
        float | None, typer.Option("--latitude-deg", help="Where the panels stand, north positive; PV alone.")
    ] = None,
    longitude_deg: Annotated[
        float | None, typer.Option("--longitude-deg", help="Where the panels stand, east positive; PV alone.")
    ] = None,
    power_kw_max: Annotated[
        float | None, typer.Option("--power-kw-max", help="Power of the inverter; learned if left out. PV alone.")
    ] = None,
    free_days: Annotated[
        str, typer.Option("--free-days", help="Holidays and closures, as 2026-12-24,2026-12-25. Load alone.")
    ] = "",
    weather: Annotated[
        Path | None, typer.Option("--weather", help="Weather file: temperature_c, radiation_w_per_m2, cloud_cover.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="When its values were known, as 'D-1 06:00 Europe/Berlin'.")
    ] = None,
    issue_every: Annotated[
        str | None,
        typer.Option(
            "--issue-every", help="From one issue of a test to the next; 1h45min, or 1h of hours, if left out."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a row per interval, or per band of a test (CSV or Parquet).")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Forecast the next 48 hours of a site's load or PV, or score such forecasts on its last days."""
    from battuta.app.site_forecasts import SiteWish, load_site

    wish = SiteWish(
        what=what, zone=zone, latitude_deg=latitude_deg, longitude_deg=longitude_deg, power_kw_max=power_kw_max,
        free_days=frozenset(listed_days(free_days)),
    )  # fmt: skip
    _refuse_what_does_not_fit(test_days, issue_every, weather, known_at)
    options.refuse_to_overwrite([series, weather], out)
    every = None if issue_every is None else parsed_span(issue_every)
    site = load_site(series, wish)
    for finding in site.findings:
        output.note(f"{series.name}: {finding}")
    beside = None if weather is None else _read_weather(weather, known_at)
    if test_days is None:
        _issue(site, wish, beside, out, as_json=as_json)
    else:
        _evaluate(site, wish, beside, test_days, every, out, as_json=as_json)


def listed_days(text: str) -> list[date]:
    """Take a comma-separated list of days apart.

    Examples
    --------
    >>> listed_days("2026-12-24, 2026-12-25")
    [datetime.date(2026, 12, 24), datetime.date(2026, 12, 25)]
    """
    from battuta.domain.errors import UsageError

    days: list[date] = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            days.append(date.fromisoformat(part))
        except ValueError:
            message = f"--free-days: {part!r} is no day; write them as 2026-12-24,2026-12-25"
            raise UsageError(message) from None
    return days


def parsed_span(text: str) -> timedelta:
    """Read a length of time in one or more parts.

    Examples
    --------
    >>> parsed_span("1h45min"), parsed_span("15min")
    (datetime.timedelta(seconds=6300), datetime.timedelta(seconds=900))
    """
    from battuta.app.pace import parse_duration_s

    parts = re.fullmatch(r"\s*(\d+(?:\.\d+)?h)(\d+(?:\.\d+)?min)\s*", text)
    return timedelta(seconds=sum(map(parse_duration_s, parts.groups() if parts else [text])))


def _refuse_what_does_not_fit(
    test_days: int | None, issue_every: str | None, weather: Path | None, known_at: str | None
) -> None:
    """Refuse options that nothing would be done with, before anything is read."""
    from battuta.domain.errors import UsageError

    if test_days is None and issue_every is not None:
        message = "--issue-every belongs to a test; give --test-days N with it"
        raise UsageError(message)
    if weather is None and known_at is not None:
        message = "--known-at belongs to a weather file; give --weather FILE with it"
        raise UsageError(message)


def _read_weather(path: Path, known_at: str | None) -> WeatherForecast:
    from dataclasses import replace

    from battuta.interfaces.python.site_forecasts import site_weather

    imported = site_weather(path, known_at)
    for finding in imported.findings:
        output.note(f"{path.name}: {finding}")
    return replace(imported.forecast, source=path.name)


def _issue(
    site: SiteImport, wish: SiteWish, weather: WeatherForecast | None, out: Path | None, *, as_json: bool
) -> None:
    from battuta.app.site_forecasts import issue
    from battuta.interfaces.cli.forecast_site_words import issue_summary, print_issue
    from battuta.interfaces.python.site_forecasts import issued_site_frame
    from battuta.interfaces.python.tables import write_frame

    with output.working("learning from the series"):
        issued = issue(site, wish, weather)
    if out is not None:
        write_frame(issued_site_frame(issued), out)
        output.note(f"steps: {out}")
    if as_json:
        output.print_json(issue_summary(issued))
    else:
        print_issue(issued)


def _evaluate(
    site: SiteImport,
    wish: SiteWish,
    weather: WeatherForecast | None,
    test_days: int,
    every: timedelta | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    from battuta.app.site_forecasts import evaluate
    from battuta.interfaces.cli.forecast_site_words import print_scores, summary
    from battuta.interfaces.python.site_forecasts import band_frame
    from battuta.interfaces.python.tables import write_frame

    with output.working(f"forecasting {test_days} days"):
        scored = evaluate(site, wish, test_days, weather, issue_every=every)
    if out is not None:
        write_frame(band_frame(scored), out)
        output.note(f"bands: {out}")
    if as_json:
        output.print_json(summary(scored))
    else:
        print_scores(scored)
