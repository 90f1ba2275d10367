"""A strategy that changes with health: what it serves and sells in each year, and when its lives change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from battuta.domain.study import Strategy
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.twin.lives import Lives
from battuta.twin.lives_shared import NEVER, LaterStage
from battuta.twin.stress_tables import StressTables
from battuta.twin.study_flows import served_share
from battuta.twin.study_sensitivity_cases import Lived
from battuta.twin.warranty import judge
from battuta.twin.warranty_outcome import WarrantyOutcome
from battuta.twin.warranty_stages import outcome_of_stages


def later_stages(strategy: Strategy, tables: Sequence[StressTables]) -> tuple[LaterStage, ...]:
    """Stages after the first, with what begins them.

    Parameters
    ----------
    strategy : Strategy
        Whose changes they are.
    tables : sequence of StressTables
        Tables of each change, in order.

    Returns
    -------
    tuple of LaterStage
        One for each change.
    """
    found: list[LaterStage] = []
    for change, own in zip(strategy.changes, tables, strict=True):
        below, year = change.when.soh_capacity_below, change.when.from_year
        found.append(
            LaterStage(
                tables=own,
                soh_capacity_below=-1.0 if below is None else below,
                from_year=NEVER if year is None else year,
            )
        )
    return tuple(found)


def changing(
    lives: Lives, tables: Sequence[StressTables], followed: Sequence[float], sold_kw: Sequence[float]
) -> Lived:
    """Say what lives that change serve and sell, each stage by its share of the year.

    Parameters
    ----------
    lives : Lives
        The lives, with the shares of their stages.
    tables : sequence of StressTables
        Tables of all stages.
    followed, sold_kw : sequence of float
        Share of the time in which each stage follows requests, and the response that it sells. [-], [kW]

    Returns
    -------
    Lived
        Share that is served, and response that is sold, of which that share is given.
    """
    assert lives.stage_share is not None, "lives that change know their stages"
    share = np.moveaxis(lives.stage_share, 2, 0)
    given = [each * own * served_share(one, lives) for each, own, one in zip(share, followed, tables, strict=True)]
    served: FloatArray = np.sum(given, axis=0)
    sold: FloatArray = np.sum([each * own for each, own in zip(given, sold_kw, strict=True)], axis=0)
    return Lived(lives=lives, served_share=served, sold_kw=sold / np.maximum(served, 1e-12))


def judged_by_stage(
    warranty: Warranty | None,
    lives: Lives,
    duties: Sequence[DutyDays],
    installed_mwh: float,
    availability: FloatArray,
) -> WarrantyOutcome | None:
    """Judge lives by the duties of all stages that each comes to, from the year in which it does.

    Parameters
    ----------
    warranty : Warranty or None
        The contract, if there is one.
    lives : Lives
        The lives.
    duties : sequence of DutyDays
        A year of a cell in each stage.
    installed_mwh : float
        AC energy when new. [MWh]
    availability : ndarray, shape (n_lives, n_years)
        Share of the hours in which it is there. [-]

    Returns
    -------
    WarrantyOutcome or None
        What the warranty comes to.
    """
    if warranty is None:
        return None
    judged = [
        judge(
            warranty,
            lives.soh_capacity,
            lives.full_cycles,
            lives.discharged_mwh,
            each,
            installed_mwh=installed_mwh,
            charged_mwh=lives.charged_mwh,
            availability=availability,
            loss_by_cause=lives.loss_by_cause,
        )
        for each in duties
    ]
    return judged[0] if lives.stage_share is None else outcome_of_stages(judged, lives.stage_share)


def said_of_stages(of_stage: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Remarks on all stages by their names; those on later ones say which."""
    first, *later = of_stage.items()
    return (*first[1], *(f"{name}: {each}" for name, said in later for each in said))


def year_of_change(lives: Lives, number: int) -> FloatArray:
    """Year in which each life comes to a change.

    Parameters
    ----------
    lives : Lives
        Lives that know their stages.
    number : int
        Of the change, from 1.

    Returns
    -------
    ndarray, shape (n_lives,)
        Year of operation from 1; infinite for a life that never does. [year]
    """
    assert lives.stage_share is not None, "lives that change know their stages"
    reached = lives.stage_share[:, :, number:].sum(axis=2) > 0.0
    return np.where(reached.any(axis=1), 1.0 + reached.argmax(axis=1), np.inf)


def years_by_share(years: FloatArray, share: float) -> float:
    """Year by which so many lives have changed; infinite where never so many do.

    Examples
    --------
    >>> years = np.array([3.0, 5.0, np.inf, np.inf])
    >>> years_by_share(years, 0.1), years_by_share(years, 0.5), years_by_share(years, 0.9)
    (3.0, 5.0, inf)
    """
    return float(np.sort(years)[int(np.ceil(share * years.size)) - 1])


def remarks_on_changes(strategy: Strategy, lives: Lives, *, is_judged: bool) -> tuple[str, ...]:
    """Say when lives change, and what of the report is that of a new battery.

    Parameters
    ----------
    strategy : Strategy
        The strategy.
    lives : Lives
        Its lives.
    is_judged : bool
        Whether a warranty is held against it.

    Returns
    -------
    tuple of str
        A sentence each; none for a strategy that does not change.
    """
    if lives.stage_share is None:
        return ()
    said: list[str] = []
    for number, (change, stage) in enumerate(zip(strategy.changes, strategy.stages[1:], strict=True), start=1):
        years = year_of_change(lives, number)
        does = np.isfinite(years)
        when = [
            *([] if change.when.soh_capacity_below is None else [f"capacity below {change.when.soh_capacity_below:g}"]),
            *([] if change.when.from_year is None else [f"year {change.when.from_year}"]),
        ]
        tenth, half = (years_by_share(years, part) for part in (0.1, 0.5))
        words = (
            f"{_in_year('a tenth of the lives', tenth)}, {_in_year('half', half)}"
            if does.any()
            else "no life comes to it"
        )
        said.append(
            f"{stage.name} ({', or '.join(when)}): {words}; {100.0 * does.mean():.0f} % of the lives ever change"
        )
    said.append("its duty curve, cycles and response are those of a new battery, before any change")
    if is_judged:
        said.append("conditions of its warranty are judged, in each life, by the duties of the stages that it comes to")
    return tuple(said)


def _in_year(who: str, year: float) -> str:
    return f"{who} by year {year:.0f}" if np.isfinite(year) else f"{who} never"
