"""What ``battuta forecast`` tells: one JSON object, or tables and a few lines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from battuta.interfaces.cli import output

if TYPE_CHECKING:
    from battuta.app.forecasts import IssuedForecast, PublishedScore, ScoredForecasts

SHOWN_PERCENT = (5, 25, 50, 75, 95)
_NOTES_TOLD = 6


def summary(scored: ScoredForecasts, published: PublishedScore | None, label: str) -> dict[str, output.Json]:
    """Write a test as the command's JSON object."""
    evaluation, scores = scored.evaluation, scored.scores
    quarters: list[output.Json] = list(scores.coverage_90_quarters)
    return {
        "mae": scores.mae,
        "rmae": scores.rmae,
        "smape": scores.smape,
        "rmse": scores.rmse,
        "mae_naive": scores.mae_naive,
        "mae_members": scores.mae_members,
        "crps": scores.crps,
        "crps_baseline": scores.crps_baseline,
        "coverage_90": scores.coverage_90,
        "coverage_90_quarters": quarters,
        "days": scores.days,
        "first_day": evaluation.dates[0].isoformat(),
        "last_day": evaluation.dates[-1].isoformat(),
        "model": evaluation.model,
        **({"paths": path_scores} if (path_scores := _path_scores(scored)) else {}),
        **({} if published is None else {"published": _published(published)}),
        "label": label,
        "is_synthetic": evaluation.prices.is_synthetic,
        "clock": evaluation.prices.clock.value,
        "currency": evaluation.prices.currency,
        "notes": scored.notes,
        **({"found_days": scored.n_days_found} if scored.n_days_found else {}),
        "seconds": scored.seconds,
    }


def _path_scores(scored: ScoredForecasts) -> dict[str, output.Json]:
    """Scores of joint courses, beside the same values with the hours shuffled apart; empty where none were drawn."""
    found = scored.evaluation.path_scores
    if not found:
        return {}
    return {
        "energy_score": sum(each.energy for each in found) / len(found),
        "energy_score_independent": sum(each.energy_independent for each in found) / len(found),
        "variogram_score": sum(each.variogram for each in found) / len(found),
        "variogram_score_independent": sum(each.variogram_independent for each in found) / len(found),
        "days": len(found),
    }


def _published(published: PublishedScore) -> dict[str, output.Json]:
    return {
        "name": published.name,
        "mae": published.mae,
        "mae_here": published.mae_here,
        "p_better": published.p_better,
        "p_worse": published.p_worse,
    }


def print_scores(scored: ScoredForecasts, published: PublishedScore | None, label: str) -> None:
    """Print a test as a person reads it."""
    evaluation, scores = scored.evaluation, scored.scores
    unit = f"{evaluation.prices.currency}/MWh"
    rows = [[f"forecast ({evaluation.model})", f"{scores.mae:,.3f}"]]
    rows += [[f"  {name}", f"{mae:,.3f}"] for name, mae in scores.mae_members.items()]
    rows.append(["similar day", f"{scores.mae_naive:,.3f}"])
    if published is not None:
        rows.append([f"published: {published.name}", f"{published.mae:,.3f}"])
    days = f"{scores.days} days, {evaluation.dates[0]} to {evaluation.dates[-1]}"
    source = evaluation.prices.source or "prices"
    output.print_table(f"{source}: {days}", ["forecast", f"MAE {unit}"], rows)
    print(f"rMAE {_relative(scores.rmae)}, sMAPE {scores.smape:.2%}, RMSE {scores.rmse:,.3f} {unit}")
    print(f"CRPS {scores.crps:,.3f}, of rolling errors around the same forecast {scores.crps_baseline:,.3f} {unit}")
    worst = max(scores.coverage_90_quarters, key=lambda share: abs(share - 0.9))
    print(f"90 % band held {scores.coverage_90:.1%} of the prices, {worst:.1%} in the quarter farthest from 90 %")
    if path_scores := _path_scores(scored):
        for name in ("energy_score", "variogram_score"):
            apart = path_scores[f"{name}_independent"]
            print(f"{name.replace('_', ' ')} of joint courses {path_scores[name]:,.3f}, with hours apart {apart:,.3f}")
    if published is not None:
        _print_published(published)
    for note in notes_told(scored.notes):
        print(note)
    if label:
        print(label)
    print(f"{scored.seconds:.1f} s")


def _relative(rmae: float) -> str:
    """Write an error relative to last week's prices, which may have been exactly right.

    Examples
    --------
    >>> _relative(0.4321), _relative(float("nan"))
    ("0.432 of last week's prices", "not defined (last week's prices were exactly right)")
    """
    if math.isnan(rmae):
        return "not defined (last week's prices were exactly right)"
    return f"{rmae:.3f} of last week's prices"


def notes_told(notes: Mapping[str, int]) -> list[str]:
    """Write the commonest notes, each with the days on which it was said.

    Examples
    --------
    >>> notes_told({"load: 24 of 24 values of the day are missing": 3, "without kernel: too little history": 1})
    ['3 days: load: 24 of 24 values of the day are missing', '1 day: without kernel: too little history']
    """
    told = [f"{n_days} {'day' if n_days == 1 else 'days'}: {note}" for note, n_days in notes.items()]
    n_more = len(told) - _NOTES_TOLD
    return told if n_more <= 0 else [*told[:_NOTES_TOLD], f"and {n_more} other notes (--json)"]


def _print_published(published: PublishedScore) -> None:
    print(
        f"where {published.name} has a value: MAE {published.mae_here:,.3f} here, {published.mae:,.3f} there; "
        f"Diebold-Mariano p = {published.p_better:.4f} that this lead is luck, {published.p_worse:.4f} the other way"
        if math.isfinite(published.p_better)
        else f"where {published.name} has a value: MAE {published.mae_here:,.3f} here, {published.mae:,.3f} there; "
        "too few days to test"
    )


def issue_summary(issued: IssuedForecast, label: str, seconds: float) -> dict[str, output.Json]:
    """Write an issued forecast as the command's JSON object."""
    from battuta.domain.time import from_ns

    forecast = issued.forecast
    percents = range(1, forecast.quantiles.levels.shape[0] + 1)
    quantiles: dict[str, output.Json] = {
        f"q{percent:02d}": [float(each) for each in forecast.quantiles.values[:, percent - 1]] for percent in percents
    }
    members: dict[str, output.Json] = {
        name: [float(each) for each in values] for name, values in forecast.members.items()
    }
    return {
        "day": issued.day.isoformat(),
        "known_at": from_ns(forecast.known_at_ns).isoformat(),
        "time": [from_ns(int(each)).isoformat() for each in forecast.time_ns],
        "point": [float(each) for each in forecast.point],
        "quantiles": quantiles,
        "members": members,
        "unit": forecast.unit,
        "currency": issued.prices.currency,
        "model": forecast.model,
        "calibrated_days": issued.n_calibrated,
        **({} if issued.paths is None else {"paths": [[float(each) for each in path] for path in issued.paths.values]}),
        "notes": _issue_notes(issued),
        "label": label,
        "is_synthetic": forecast.is_synthetic,
        "clock": issued.prices.clock.value,
        "seconds": seconds,
    }


def _issue_notes(issued: IssuedForecast) -> list[str]:
    from battuta.app.forecasts import idle_columns

    return [*issued.forecast.notes, *idle_columns(issued.prices)]


def print_issue(issued: IssuedForecast, label: str, seconds: float) -> None:
    """Print an issued forecast as a person reads it."""
    from battuta.domain.time import from_ns, zone_of

    forecast, tz = issued.forecast, zone_of(issued.prices.zone)
    rows = [
        [
            f"{from_ns(int(forecast.time_ns[t])).astimezone(tz):%H:%M}",
            f"{forecast.point[t]:,.2f}",
            *(f"{forecast.quantiles.values[t, percent - 1]:,.2f}" for percent in SHOWN_PERCENT),
        ]
        for t in range(forecast.time_ns.shape[0])
    ]
    gate = from_ns(forecast.known_at_ns).astimezone(tz)
    title = f"{issued.day}, {forecast.unit}, by {forecast.model}, from what was known at {gate:%Y-%m-%d %H:%M}"
    output.print_table(title, ["hour", "point", *(f"P{percent}" for percent in SHOWN_PERCENT)], rows)
    for note in _issue_notes(issued):
        print(f"note: {note}")
    if label:
        print(label)
    days = "1 day" if issued.n_calibrated == 1 else f"{issued.n_calibrated} days"
    print(f"{days} calibrated, {seconds:.1f} s")
