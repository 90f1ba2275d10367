"""What ``battuta forecast-site`` tells: one JSON object, or a table and a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from battuta.interfaces.cli import output

if TYPE_CHECKING:
    from battuta.app.site_forecasts import IssuedSite, ScoredSite

SHOWN_PERCENT = (5, 50, 95)


def summary(scored: ScoredSite) -> dict[str, output.Json]:
    """Write a test as the command's JSON object."""
    from battuta.domain.time import from_ns

    series = scored.site.series
    bands: list[output.Json] = [
        {
            "low_h": each.low_h,
            "high_h": each.high_h,
            "n_values": each.n_values,
            "mae_kw": each.mae_kw,
            "mae_last_kw": each.mae_last_kw,
            "mae_yesterday_kw": each.mae_yesterday_kw,
            "mae_week_kw": each.mae_week_kw,
            "crps_kw": each.crps_kw,
            "coverage_90": each.coverage_90,
        }
        for each in scored.bands
    ]
    return {
        "bands": bands,
        "mean_kw": scored.mean_kw,
        "start": from_ns(scored.start_ns).isoformat(),
        "end": from_ns(series.end_ns).isoformat(),
        "model": scored.model,
        "label": scored.site.label,
        "is_synthetic": series.is_synthetic,
        "seconds": scored.seconds,
    }


def print_scores(scored: ScoredSite) -> None:
    """Print a test as a person reads it."""
    from battuta.domain.time import from_ns, zone_of

    series = scored.site.series
    tz = zone_of(series.zone)
    start, end = (f"{from_ns(each).astimezone(tz):%Y-%m-%d %H:%M}" for each in (scored.start_ns, series.end_ns))
    rows = [
        [
            f"{each.low_h:g} to {each.high_h:g} h",
            *(
                f"{value:,.3f}" if each.n_values else "-"
                for value in (each.mae_kw, each.mae_last_kw, each.mae_yesterday_kw, each.mae_week_kw, each.crps_kw)
            ),
            f"{each.coverage_90:.1%}" if each.n_values else "-",
        ]
        for each in scored.bands
    ]
    columns = ["lead", "MAE kW", "last value", "yesterday", "last week", "CRPS kW", "inside 90 %"]
    output.print_table(f"{scored.site.source}, {scored.model}: {start} to {end}", columns, rows)
    print(f"mean of these days {scored.mean_kw:,.3f} kW; errors are means over all issues, in kW")
    if scored.site.label:
        print(scored.site.label)
    print(f"{scored.seconds:.1f} s")


def issue_summary(issued: IssuedSite) -> dict[str, output.Json]:
    """Write an issued forecast as the command's JSON object."""
    from battuta.domain.time import from_ns

    forecast = issued.forecast
    quantiles: dict[str, output.Json] = {
        f"q{percent:02d}": [float(each) for each in forecast.quantiles.values[:, percent - 1]]
        for percent in range(1, forecast.quantiles.levels.shape[0] + 1)
    }
    return {
        "known_at": from_ns(forecast.known_at_ns).isoformat(),
        "time": [from_ns(int(each)).isoformat() for each in forecast.time_ns],
        "point": [float(each) for each in forecast.point],
        "quantiles": quantiles,
        "unit": forecast.unit,
        "model": forecast.model,
        "notes": list(forecast.notes),
        "label": issued.site.label,
        "is_synthetic": forecast.is_synthetic,
        "seconds": issued.seconds,
    }


def print_issue(issued: IssuedSite) -> None:
    """Print an issued forecast as a person reads it: of each hour its first interval."""
    from battuta.domain.time import from_ns, zone_of
    from battuta.forecast.site_series import steps_per_day

    forecast, series = issued.forecast, issued.site.series
    tz, per_hour = zone_of(series.zone), steps_per_day(series.step) // 24
    rows = [
        [
            f"{from_ns(int(forecast.time_ns[t])).astimezone(tz):%a %Y-%m-%d %H:%M}",
            f"{forecast.point[t]:,.2f}",
            *(f"{forecast.quantiles.values[t, percent - 1]:,.2f}" for percent in SHOWN_PERCENT),
        ]
        for t in range(0, forecast.time_ns.shape[0], per_hour)
    ]
    known_at = from_ns(forecast.known_at_ns).astimezone(tz)
    title = f"{issued.site.source}, {forecast.model}, {forecast.unit}, from what was known at {known_at:%Y-%m-%d %H:%M}"
    output.print_table(title, ["interval", "point", *(f"P{percent}" for percent in SHOWN_PERCENT)], rows)
    if per_hour > 1:
        print(f"of each hour the first of {per_hour} intervals; --out FILE writes all, with 99 quantiles")
    for note in forecast.notes:
        print(f"note: {note}")
    if issued.site.label:
        print(issued.site.label)
    print(f"{issued.seconds:.1f} s")
