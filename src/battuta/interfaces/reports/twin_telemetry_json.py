"""The telemetry of a study for machines: what was measured, what it says, and what it is worth to a lender."""

from __future__ import annotations

from battuta.interfaces.reports.twin_json_parts import Json, carried_json, number
from battuta.studies.telemetry_study import TelemetryOutcome
from battuta.twin.telemetry_worth import LenderView, TelemetryWorth


def telemetry_json(found: TelemetryOutcome, laws: tuple[str, ...]) -> dict[str, Json]:
    """Write what measured health says.

    Parameters
    ----------
    found : TelemetryOutcome
        What it came to.
    laws : tuple of str
        Names of the models.

    Returns
    -------
    dict
        Counts, probabilities of the models before and after, and the fan of the measured days.
    """
    fit = found.fit
    weights = {
        name: {"before": float(before), "after": float(after)}
        for name, before, after in zip(laws, fit.law_weight_before, fit.law_weight, strict=True)
    }
    return {
        "rows": len(found.measured.site),
        "sites": list(found.measured.sites),
        "own_site": found.measured.own_site,
        "units": found.measured.n_units,
        "is_synthetic": found.measured.is_synthetic,
        "measurements": fit.n_measured,
        "shared_error": _shared_error(found),
        "fit_chance": fit.fit_chance,
        "is_outside": fit.is_outside,
        "wide_share": fit.wide_share,
        "guesses_alive": fit.n_alive,
        "site_spread": fit.site_spread,
        "unit_spread": fit.unit_spread,
        "model_probability": {name: dict(row) for name, row in weights.items()},
        "days": [float(each) for each in fit.day],
        "soh_before": _fan(fit.soh_before.tolist()),
        "soh_after": _fan(fit.soh_after.tolist()),
    }


def telemetry_worth_json(worth: TelemetryWorth) -> dict[str, Json]:
    """Write debt, coverage and broken promises before and after, of all models and of one."""
    views: dict[str, Json] = {name: _view(view) for name, view in worth.views.items()}
    return {"model": worth.law, **views, "gained": carried_json(worth.gained)}


def _shared_error(found: TelemetryOutcome) -> dict[str, Json]:
    """What all measurements of a site share, over that when new, and whether it is assumed."""
    resistance = next((each.resistance.shared_deviation for each in found.sites if each.resistance is not None), None)
    return {
        "soh_capacity": found.sites[0].capacity.shared_deviation,
        "is_assumed": found.is_shared_error_assumed,
        "soh_resistance": resistance,
        "is_resistance_assumed": None if resistance is None else True,
    }


def _view(view: LenderView) -> dict[str, Json]:
    return {
        "debt": carried_json(view.debt),
        "margin_dscr": carried_json(view.margin_dscr),
        "promise_breach_probability": number(view.promise_breach),
    }


def _fan(rows: list[list[float]]) -> dict[str, Json]:
    return {name: list(row) for name, row in zip(("p10", "p50", "p90"), rows, strict=True)}
