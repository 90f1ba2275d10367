"""Measured health in a study: lives weighed by it, and what it is worth to a lender."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.measured_health import SHARED_DEVIATION_ASSUMED, SHARED_SOH_RESISTANCE_DEVIATION, MeasuredHealth
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.studies.duty_when_new import duties_of
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeDraws, live
from battuta.twin.near_tables import near_tables
from battuta.twin.study_pack import study_pack
from battuta.twin.telemetry_calibration import (
    BADLY_FIT,
    FAR_WIDE,
    MeasuredSite,
    TelemetryFit,
    measured_days,
    telemetry_fit,
)
from battuta.twin.telemetry_guesses import GuessForm, first_guesses
from battuta.twin.telemetry_windows import site_changes
from battuta.twin.telemetry_worth import LenderLives, TelemetryWorth, telemetry_worth
from battuta.twin.warranty_outcome import ClauseKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.domain.study import Study
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.ports.compute import Compute
    from battuta.studies.life_study_result import StudyInputs
    from battuta.twin.study_sensitivity_cases import StrategyModel
    from battuta.twin.warranty_outcome import WarrantyOutcome

_REACH_GUESSES = 300
"""Guesses that say how far the tables of the measured days have to reach. [-]"""
_FEW_ALIVE = 200.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TelemetryOutcome:
    """What measured health came to in a study.

    Attributes
    ----------
    measured : MeasuredHealth
        The rows.
    sites : tuple of MeasuredSite
        The rows as they counted.
    fit : TelemetryFit
        What they say.
    is_shared_error_assumed : bool
        Whether what all measured capacities of a site share is assumed, the study not stating it.
    worth : Mapping of str to TelemetryWorth
        What that is worth to a lender, by the name of the strategy; empty without debt.
    """

    measured: MeasuredHealth
    sites: tuple[MeasuredSite, ...]
    fit: TelemetryFit
    is_shared_error_assumed: bool
    worth: Mapping[str, TelemetryWorth] = field(default_factory=dict[str, TelemetryWorth])


def telemetry_outcome(
    study: Study, inputs: StudyInputs, laws: Sequence[AgeingLaw], compute: Compute
) -> TelemetryOutcome | None:
    """Weigh the lives of a study by measured health.

    Parameters
    ----------
    study : Study
        What is asked.
    inputs : StudyInputs
        Climate, duties and measured health.
    laws : sequence of AgeingLaw
        Models, each with a growth of resistance.
    compute : Compute
        Where guesses live the measured days.

    Returns
    -------
    TelemetryOutcome or None
        The lives and what was learned; None where the study names no telemetry.
    """
    named, measured = study.telemetry, inputs.telemetry
    if named is None or measured is None:
        return None
    sites = tuple(_measured_site(study, measured, each) for each in measured.sites)
    form = GuessForm(
        laws=laws,
        weights=study.ageing.weights,
        cell_deviation_share=study.ageing.cell_deviation_share,
        learns_sites=len(sites) > 1,
        learns_units=any(each.capacity.change.shape[0] > 1 for each in sites),
        has_resistance=any(each.resistance is not None for each in sites),
    )
    strategy = next(each for each in study.strategies if each.name == named.lived_as)
    given = inputs.duties[strategy.name]
    duties = duties_of(given, inputs.ambient_c)
    pack = study_pack(study.battery, strategy.duty, given.soc_start)
    begins = named.commissioned or dt.date(study.first_year, 1, 1)
    days = _days_until(begins, measured_days(sites), len(duties))
    reach = first_guesses(form, _REACH_GUESSES, generator(study.seed, "twin.telemetry.reach")).draws(form)
    tables = near_tables(pack, duties, laws, reach, days, n_nodes=(2, 2), spread=compute)

    def lived(draws: LifeDraws) -> tuple[FloatArray, FloatArray]:
        found = live(tables, laws, draws, days, spread=compute)
        return 1.0 - found.soh_capacity[:, 1:], found.soh_resistance[:, 1:] - 1.0

    fit = telemetry_fit(form, sites, lived, seed=study.seed, n_lives=study.n_lives)
    return TelemetryOutcome(
        measured=measured, sites=sites, fit=fit, is_shared_error_assumed=named.shared_deviation is None
    )


def reach_of(before: LifeDraws, found: TelemetryOutcome | None) -> LifeDraws:
    """Lives that tables have to hold: those of the models and, where health was measured, those of its fit too."""
    if found is None:
        return before
    after = found.fit.draws
    shifts = [
        np.zeros_like(each.rate) if each.exponent_shift is None else each.exponent_shift for each in (before, after)
    ]
    new = [each.soh_resistance_new for each in (before, after) if each.soh_resistance_new is not None]
    return LifeDraws(
        law_of_life=np.concatenate((before.law_of_life, after.law_of_life)),
        rate=np.concatenate((before.rate, after.rate)),
        soh_resistance_new=np.concatenate(new) if new else None,
        exponent_shift=None if before.exponent_shift is after.exponent_shift is None else np.concatenate(shifts),
    )


def without_own_factor(fit: TelemetryFit) -> LifeDraws:
    """What was learned of the models, without the factor of the battery: so strings age that come later."""
    draws = fit.draws
    return replace(draws, rate=draws.rate * np.exp(-fit.own_factor)[:, None])


def worth_of(
    found: TelemetryOutcome,
    before: tuple[StrategyModel, WarrantyOutcome | None],
    after: tuple[StrategyModel, WarrantyOutcome | None],
    service: FloatArray,
) -> TelemetryWorth:
    """Hold a strategy as it was measured against the lives of the models alone.

    Parameters
    ----------
    found : TelemetryOutcome
        What was measured.
    before : tuple of StrategyModel and WarrantyOutcome or None
        The strategy with the lives of the models alone.
    after : tuple of StrategyModel and WarrantyOutcome or None
        The strategy as studied; its plan has debt.
    service : ndarray, shape (n_years + 1,)
        Service of the loan of the study, mean of the lives. [currency]

    Returns
    -------
    TelemetryWorth
        Debt, coverage and broken promises of both.
    """
    number = int(np.argmax(found.fit.law_weight))
    return telemetry_worth(_seen(*before), _seen(*after), service, (after[0].lived(1.0).lives.law[number], number))


def _seen(model: StrategyModel, warranty: WarrantyOutcome | None) -> LenderLives:
    if warranty is None:
        return LenderLives(model=model, is_broken=None)
    first = [each.first_breach_year for each in warranty.clauses if each.kind is ClauseKind.PROMISE]
    is_broken = np.zeros(warranty.damages.shape[0], dtype=np.bool_)
    for each in first:
        is_broken |= np.isfinite(each)
    return LenderLives(model=model, is_broken=is_broken)


def remarks_on_telemetry(study: Study, found: TelemetryOutcome | None) -> tuple[str, ...]:
    """Say what a reader has to know of what was measured, a sentence each."""
    if found is None:
        return ()
    fit, measured, named = found.fit, found.measured, study.telemetry
    assert named is not None, "telemetry was read where it is named"
    said = [
        (
            f"lives are weighed by {fit.n_measured} measurements of {measured.whose} over "
            f"{measured.last_day:.0f} days, taken for lived under the duty of {named.lived_as!r}"
        ),
        _shared_error(named.shared_deviation, has_resistance=any(each.resistance is not None for each in found.sites)),
    ]
    if measured.is_synthetic:
        said.append(f"the telemetry is SYNTHETIC: {measured.source}")
    if fit.wide_share > FAR_WIDE:
        said.append(
            f"the battery ages like none of the models with a probability of {100.0 * fit.wide_share:.0f} %: rates and "
            "exponents far from theirs were let in, and the fan is wider"
        )
    if fit.fit_chance < BADLY_FIT:
        said.append(
            f"no guess explains the telemetry (a worse fit by chance: {100.0 * fit.fit_chance:.2g} %): the truth lies "
            "outside, or deviations are stated too small; do not lend on this fan"
        )
    if fit.n_alive < _FEW_ALIVE:
        said.append(f"only {fit.n_alive:.0f} guesses count after the telemetry: quantiles are grainy")
    return tuple(said)


def _shared_error(stated: float | None, *, has_resistance: bool) -> str:
    taken = SHARED_DEVIATION_ASSUMED if stated is None else stated
    by_whom = "ASSUMED, as [telemetry] shared_deviation is left out" if stated is None else "as the study states"
    said = (
        f"measured capacities of a site share an error of {100.0 * taken:g} points ({by_whom}): no number of rows "
        "averages it away"
    )
    if has_resistance:
        said += f"; measured resistances one of {100.0 * SHARED_SOH_RESISTANCE_DEVIATION:g} points, ASSUMED"
    return said


def _measured_site(study: Study, measured: MeasuredHealth, name: str) -> MeasuredSite:
    named = study.telemetry
    assert named is not None, "telemetry is read where it is named"
    capacity, resistance = site_changes(
        measured,
        name,
        independent_days=named.independent_days,
        shared_deviation=named.shared_deviation_taken,
        soh_resistance_deviation=named.soh_resistance_deviation,
        shared_soh_resistance_deviation=SHARED_SOH_RESISTANCE_DEVIATION,
    )
    return MeasuredSite(name=name, is_own=name == measured.own_site, capacity=capacity, resistance=resistance)


def _days_until(begins: dt.date, days: FloatArray, n_duties: int) -> LifeDays:
    """Days of a life whose stretches end on the measured days, in place of years."""
    last = int(days[-1])
    calendar = life_days(begins, last // 365 + 1, [365] * n_duties)
    return LifeDays(table_day=calendar.table_day[:last], year_start=np.concatenate(([0], days)).astype(np.int64))
