"""What measured health says, and is worth to a lender: blocks of the sections on ageing and on money."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.twin_blocks import Band, Block, Chart, Facts, Line, Picture, Rows, Subheading, Words
from battuta.interfaces.reports.twin_figures import StudyFigures
from battuta.interfaces.reports.twin_telemetry_reading import shared_error_text, telemetry_reading
from battuta.interfaces.reports.twin_wording import chance_text, money_text
from battuta.interfaces.reports.wording import MISSING, number_text, percent_text
from battuta.numerics.arrays import FloatArray
from battuta.studies.telemetry_study import TelemetryOutcome
from battuta.twin.telemetry_guesses import WIDE_SHARE
from battuta.twin.telemetry_worth import LenderView

_DAYS_PER_YEAR = 365.25
_PERCENT = 100.0
_LEAST_CHANCE = 0.001


def completeness(study: StudyFigures) -> str:
    """Say how much of this plant was measured."""
    found = study.result.telemetry
    if found is None:
        return (
            "Telemetry completeness: none. No measurement of this plant was available, so nothing here is "
            "calibrated to it."
        )
    measured = found.measured
    made = "SYNTHETIC " if measured.is_synthetic else ""
    return (
        f"Telemetry completeness: {len(measured.site):,} {made}states of health of {measured.whose} "
        f"(units: {measured.n_units}) over {measured.last_day / _DAYS_PER_YEAR:.1f} years, of which "
        f"{found.fit.n_measured} count as independent. "
        "Models, rates and exponents are weighed by them; duty and temperature of those years are the study's."
    )


def telemetry(study: StudyFigures) -> tuple[Block, ...]:
    """Blocks on what was measured and what it says of the models; none without."""
    found = study.result.telemetry
    if found is None:
        return ()
    fit, laws = found.fit, tuple(study.result.cards)
    facts = [
        ("measurements that count", f"{fit.n_measured}"),
        ("error that all measurements of a site share", shared_error_text(study.result.study.telemetry)),
        (f"ages like none of the models ({percent_text(WIDE_SHARE, 0)} before)", chance_text(fit.wide_share)),
        ("a worse fit by chance (below 1\u00a0%: unexplained)", _chance(fit.fit_chance)),
        ("guesses that count", number_text(fit.n_alive, 0)),
    ]
    if fit.unit_spread > 0.0:
        facts.append(("rates differ between racks by", percent_text(fit.unit_spread, 1)))
    if len(found.sites) > 1:
        facts.append(("rates differ between sites by", percent_text(fit.site_spread, 1)))
    rows = tuple(
        (name, percent_text(float(before), 1), percent_text(float(after), 1))
        for name, before, after in zip(laws, fit.law_weight_before, fit.law_weight, strict=True)
    )
    blocks: list[Block] = [
        Subheading(text="What the telemetry says"),
        Words(text=telemetry_reading(found), is_warning=fit.is_outside),
        Facts(items=tuple(facts)),
        Rows(
            caption="Probability of each ageing model before and after the telemetry",
            columns=("model", "before", "after"),
            rows=rows,
        ),
        Picture(
            key="telemetry",
            caption="Capacity as measured, mean of the units of a site, and what the lives say of those days: the band "
            "holds 80 % of them, after the telemetry; thin lines are the edges of that band before it. Errors that all "
            "measurements share are not drawn.",
            charts=(_chart(found),),
        ),
    ]
    return tuple(blocks)


def telemetry_worth_rows(study: StudyFigures) -> tuple[Rows, ...]:
    """Table of what measuring is worth to a lender; none without telemetry or debt."""
    found = study.result.telemetry
    if found is None or not found.worth:
        return ()
    rows: list[tuple[str, ...]] = []
    for name, worth in found.worth.items():
        rows += [
            (name, "without", "all", *_cells(worth.before)),
            ("", "with", "all", *_cells(worth.after)),
            ("", "without", worth.law, *_cells(worth.before_alone)),
            ("", "with", worth.law, *_cells(worth.after_alone)),
            ("", "gained", "all", *(money_text(float(each)) for each in worth.gained), *(MISSING,) * 3, MISSING),
        ]
    return (
        Rows(
            caption=f"What the telemetry is worth to a lender: debt that so many of the lives carry, {study.currency}; "
            "lowest coverage of the loan of this study less the coverage asked; lives that break a supplier's promise. "
            "Prices and availability are the same in all rows",
            columns=(
                "strategy",
                "telemetry",
                "models",
                "debt P50",
                "debt P90",
                "debt P99",
                "margin P50",
                "margin P90",
                "margin P99",
                "promise broken",
            ),
            rows=tuple(rows),
            word_columns=(0, 1, 2),
        ),
    )


def _cells(view: LenderView) -> tuple[str, ...]:
    return (
        *(MISSING if np.isnan(each) else money_text(float(each)) for each in view.debt),
        *(f"{round(float(each), 2) + 0.0:+.2f}" if np.isfinite(each) else MISSING for each in view.margin_dscr),
        MISSING if np.isnan(view.promise_breach) else chance_text(view.promise_breach),
    )


def _chance(chance: float) -> str:
    return f"below {percent_text(_LEAST_CHANCE, 1)}" if chance < _LEAST_CHANCE else percent_text(chance, 1)


def _chart(found: TelemetryOutcome) -> Chart:
    year = found.fit.day / _DAYS_PER_YEAR
    low, middle, high = _PERCENT * found.fit.soh_after
    before = _PERCENT * found.fit.soh_before
    measured = tuple(
        Line(
            name="measured" + (f", {each.name}" if len(found.sites) > 1 else ""),
            x=each.capacity.day / _DAYS_PER_YEAR,
            y=_mean(each.capacity.change),
            style=2 + number,
        )
        for number, each in enumerate(found.sites)
    )
    edges = tuple(
        Line(name="before" if k == 0 else "", x=year, y=edge, is_quiet=True) for k, edge in enumerate(before[[0, 2]])
    )
    return Chart(
        title="Capacity on the measured days",
        x_label="years since commissioning",
        y_label="% of new",
        bands=(Band(name="10 to 90 % of lives", x=year, low=low, high=high, style=1),),
        lines=(Line(name="median", x=year, y=middle, style=1), *edges, *measured),
        share=0.5,
    )


def _mean(change: FloatArray) -> FloatArray:
    """Capacity left, mean of the units that were measured. [%]"""
    held = np.isfinite(change)
    return _PERCENT * (1.0 - np.where(held, change, 0.0).sum(axis=0) / held.sum(axis=0))
