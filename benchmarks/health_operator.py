"""What false alarms and missed faults mean to an operator: how many call-outs are right, and what the others cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from figures import Figure
from health_lives import CELLS_PER_100_MWH, Life, all_of, cell_years_of, delay_days
from scipy.stats import chi2

from battuta.domain.health import FindingLevel

PREVALENCES = (1e-6, 1e-5, 1e-4)
"""Faults per cell and year for which the precision is told: how many there are in the field, nobody publishes."""


def rates(n_alarms: int, cell_years: float) -> tuple[float, float]:
    """Alarms per 100,000 cells and year, and the upper 95 % bound of Poisson.

    Examples
    --------
    >>> [round(each, 2) for each in rates(0, 30_000.0)]
    [0.0, 9.99]
    """
    per = CELLS_PER_100_MWH / cell_years
    return n_alarms * per, float(chi2.ppf(0.95, 2 * (n_alarms + 1))) / 2.0 * per


def precision(faults_per_cell_year: float, found_share: float, false_per_100_mwh_year: float) -> float:
    """Share of the cells that somebody is sent to that are faulty. [-]

    Examples
    --------
    >>> precision(1e-4, 0.9, 10.0)
    0.47368421052631576
    """
    right = faults_per_cell_year * found_share
    called = right + false_per_100_mwh_year / CELLS_PER_100_MWH
    return right / called if called > 0.0 else 0.0


def false_cells(healthy: Sequence[Life], level: FindingLevel) -> int:
    """Cells of healthy strings that were named."""
    return len({(each.string_id, each.cell) for each in all_of(healthy) if each.level >= level})


def operator_figures(healthy: Sequence[Life], faulty: Sequence[Life], callout_eur: float) -> list[Figure]:
    """Shares found, precision of call-outs at three prevalences, and the price of those for nothing."""
    act = FindingLevel.ACT
    signed = [life for life in faulty if life.planted is not None and not life.planted.is_sudden]
    sudden = [life for life in faulty if life.planted is not None and life.planted.is_sudden]
    rate, bound = rates(false_cells(healthy, act), cell_years_of(healthy))
    figures = [
        Figure(name="planted_without_precursor_share", value=len(sudden) / max(len(faulty), 1), unit="-"),
        Figure(name="found_share_with_precursor", value=share_found(signed), unit="-"),
        Figure(name="found_share_with_precursor_act", value=share_found(signed, act), unit="-"),
        Figure(name="found_share_without_precursor_afterwards", value=share_found(sudden), unit="-"),
    ]
    # a fault without precursor is never found ahead of itself: it counts as missed
    found = share_found(signed, act) * len(signed) / max(len(faulty), 1)
    figures.append(Figure(name="found_share_ahead_of_all_act", value=found, unit="-"))
    for prevalence in PREVALENCES:
        name = f"precision_act_at_{prevalence:.0e}_faults_per_cell_year"
        figures += [
            Figure(name=name, value=precision(prevalence, found, rate), unit="-"),
            Figure(name=f"{name}_lower_95", value=precision(prevalence, found, bound), unit="-"),
        ]
    return [
        *figures,
        Figure(name="callout_eur_assumed", value=callout_eur, unit="EUR"),
        Figure(name="false_callouts_eur_per_100_mwh_year", value=rate * callout_eur, unit="EUR/year"),
        Figure(name="false_callouts_eur_per_100_mwh_year_upper_95", value=bound * callout_eur, unit="EUR/year"),
    ]


def share_found(lives: Sequence[Life], level: FindingLevel = FindingLevel.WATCH) -> float:
    """Share of strings whose faulty cell was named before the test ended; 0 without strings. [-]"""
    return float(np.mean([math.isfinite(delay_days(life, level)) for life in lives])) if lives else 0.0
