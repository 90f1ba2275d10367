"""The years of a study, drawn once for all its strategies: prices, availability, and the market years of trading."""

from __future__ import annotations

from dataclasses import replace

from battuta.domain.study import Study
from battuta.studies.life_study_result import StudyInputs
from battuta.twin.market_years import expected_factors, market_years
from battuta.twin.outlook import DrawnYears, drawn_years, price_factor


def study_years(study: Study, inputs: StudyInputs) -> DrawnYears:
    """Draw the years of all lives.

    Parameters
    ----------
    study : Study
        Market, availability, seed.
    inputs : StudyInputs
        Years of history that strategies traded, and what is expected of later ones.

    Returns
    -------
    DrawnYears
        The years; where what is expected comes from a file, the flat price of energy follows it too.

    Raises
    ------
    DataError
        If what is expected misses a year.
    """
    n_lives, n_years = study.n_lives, study.n_years
    years = drawn_years(
        study.market, study.availability, seed=study.seed, first_life=0, n_lives=n_lives, n_years=n_years
    )
    factors = expected_factors(study.market, inputs.expected or None, first_year=study.first_year, n_years=n_years)
    if inputs.expected:
        years = replace(years, energy_price_per_mwh=factors.level * years.energy_price_per_mwh)
    history = {len(each.traded.years) for each in inputs.duties.values() if each.traded is not None}
    if not history:
        return years
    (n_history,) = history
    factor = price_factor(study.market, seed=study.seed, first_life=0, n_lives=n_lives, n_years=n_years)
    drawn = market_years(study.market, factor, factors, n_history=n_history, seed=study.seed, first_life=0)
    return replace(years, traded=drawn)
