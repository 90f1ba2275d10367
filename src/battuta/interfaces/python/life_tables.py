"""Lives as data frames: a row per strategy, life and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome


def lives_frame(result: LifeStudyResult) -> pl.DataFrame:
    """Make a row per strategy, life and year of operation.

    Parameters
    ----------
    result : LifeStudyResult
        A study's answer.

    Returns
    -------
    polars.DataFrame
        ``strategy, life, ageing_model, year`` (1 is the first), states of health at the end of the year, energies,
        prices, cash flows of the year in the study's currency.
    """
    return pl.concat([_frame(result, each) for each in result.strategies])


def _frame(result: LifeStudyResult, outcome: StrategyOutcome) -> pl.DataFrame:
    lives, money = outcome.lives, outcome.finance
    n_lives, n_years = lives.n_lives, result.study.n_years
    laws = np.array(lives.law)[lives.law_of_life]
    ends = {name: getattr(lives, name)[:, 1:] for name in ("soh_capacity", "soh_resistance", "soh_energy")}
    rows = {name: getattr(lives, name) for name in ("discharged_mwh", "charged_mwh", "full_cycles")}
    cash = {
        name: getattr(money, name)[:, 1:]
        for name in ("revenue", "operating_cost", "cfads", "debt_service", "tax", "equity_flow")
    }
    return pl.DataFrame(
        {
            "strategy": np.repeat(outcome.strategy.name, n_lives * n_years),
            "life": np.repeat(np.arange(n_lives), n_years),
            "ageing_model": np.repeat(laws, n_years),
            "year": np.tile(np.arange(1, n_years + 1), n_lives),
            **{name: values.ravel() for name, values in (ends | rows | cash).items()},
            "availability": result.years.availability.ravel(),
        }
    )
