"""What a new battery goes through in the year, or the years, of a duty, before any of it ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.life_pack_sampling import sampling_of
from battuta.physics.life_pack_walk import PackDays, PackDuty, walk_pack
from battuta.twin.duty_summary import DutySummary, duty_summary
from battuta.twin.node_days import WalkedYear, days_of
from battuta.twin.study_flows import followed_share
from battuta.twin.traded_energy import TradedEnergy, traded_year

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray
    from battuta.physics.life_pack import LifePack
    from battuta.studies.life_study_result import StudyInput
    from battuta.studies.trading_duty import TradingDuty

_STEP_S = 60.0
_BY_STEP = ("soc", "temperature_c", "c_rate", "power_kw")
_BY_DAY = ("discharged_kwh", "charged_kwh", "auxiliary_kwh", "shortfall_kwh", "full_cycles", "heat_kwh")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DutyWhenNew:
    """What a new battery went through.

    Attributes
    ----------
    years : tuple of WalkedYear
        Year by year.
    summary : DutySummary
        A year of it, the mean one of several.
    cycles : DutyDays
        Days and cycles of all its years.
    followed_share : float
        Share of the time in which requests are followed. [-]
    traded : TradedEnergy or None
        What it moved in each year of history, and at which prices; None where it does not trade.
    """

    years: tuple[WalkedYear, ...]
    summary: DutySummary
    cycles: DutyDays
    followed_share: float
    traded: TradedEnergy | None


def duties_of(given: StudyInput, ambient_c: FloatArray) -> list[PackDuty]:
    """Years of a duty as a pack is asked for them, in the order in which they are lived."""
    return [
        PackDuty(power_kw=power_kw, ambient_c=ambient_c, step_s=_STEP_S, is_schedule=given.is_schedule)
        for power_kw in given.years_kw
    ]


def refuse_coarse_sampling(strategy: str, given: StudyInput) -> None:
    """Refuse a duty whose own samples hide cycles; the minutes that are walked lie between them on straight lines.

    Parameters
    ----------
    strategy : str
        Whose duty it is.
    given : StudyInput
        The duty.

    Raises
    ------
    DataError
        If it turns more quickly than it is sampled; see `sampling_of`.
    """
    minutes = max(round(given.sample_s / _STEP_S), 1)
    for power_kw in given.years_kw:
        n_samples = power_kw.size // minutes
        sampled_kw = power_kw[: n_samples * minutes].reshape(n_samples, minutes).mean(axis=1)
        step_s = minutes * _STEP_S
        duty = PackDuty(power_kw=sampled_kw, ambient_c=sampled_kw, step_s=step_s, is_schedule=given.is_schedule)
        try:
            sampling_of(duty)
        except DataError as error:
            message = f"{given.source} ({strategy}): {error}"
            raise DataError(message) from error


def duty_when_new(pack: LifePack, duties: Sequence[PackDuty], given: StudyInput) -> DutyWhenNew:
    """Walk a new battery through all years of a duty, one after the other.

    Parameters
    ----------
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Its years.
    given : StudyInput
        Where they come from.

    Returns
    -------
    DutyWhenNew
        What it went through.
    """
    years: list[WalkedYear] = []
    for duty in duties:
        state = years[-1].days.state if years else None
        days = walk_pack(pack, duty, state=state, keep_power=given.traded is not None)
        years.append(WalkedYear(duty, days, days_of(days)))
    whole = _joined([each.days for each in years])
    cycles = years[0].cycles if len(years) == 1 else days_of(whole)
    asked_mwh = sum(float(np.abs(each.power_kw).sum()) * each.step_s / 3.6e6 for each in duties)
    summary = duty_summary(whole, cycles, asked_mwh)
    return DutyWhenNew(
        years=tuple(years),
        summary=summary if len(years) == 1 else _mean_year(summary, len(years)),
        cycles=cycles,
        followed_share=followed_share(whole, pack.keeping.full_cycles_per_day_max),
        traded=None if given.traded is None else _traded(years, given.traded),
    )


def _traded(years: Sequence[WalkedYear], traded: TradingDuty) -> TradedEnergy:
    pairs = zip(years, traded.years, strict=True)
    return TradedEnergy(
        years=tuple(traded_year(walked.days, planned.price_per_mwh) for walked, planned in pairs),
        capture_share=traded.capture_share,
    )


def _joined(walked: Sequence[PackDays]) -> PackDays:
    if len(walked) == 1:
        return walked[0]
    rows = {name: np.concatenate([getattr(each, name) for each in walked]) for name in (*_BY_STEP, *_BY_DAY)}
    return PackDays(**rows, state=walked[-1].state, step_s=walked[0].step_s)


def _mean_year(summary: DutySummary, n_years: int) -> DutySummary:
    """Mean year of what several years sum up to; shares, extremes and efficiencies stay."""
    return replace(
        summary,
        cycle_count=summary.cycle_count / n_years,
        full_cycles=summary.full_cycles / n_years,
        discharged_mwh=summary.discharged_mwh / n_years,
        charged_mwh=summary.charged_mwh / n_years,
        auxiliary_mwh=summary.auxiliary_mwh / n_years,
    )
