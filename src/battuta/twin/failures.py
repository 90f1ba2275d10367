"""Failures of parts, event by event: what they take from the availability, and what repairs cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.failures import FailureClass
from battuta.domain.studied_battery import StudiedBattery
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.twin.outages import Outages, lost_shares

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnFailures:
    """What failed in each life.

    Attributes
    ----------
    classes : tuple of FailureClass
        What was asked.
    events : ndarray, shape (n_classes, n_lives, n_years)
        How many began. [-]
    outages : tuple of Outages
        When each class took what from the power.
    lost_share_of_class : ndarray, shape (n_classes, n_lives, n_years)
        What each class alone would take. [-]
    repair_cost : ndarray, shape (n_classes, n_lives, n_years)
        Repairs, nominal. [currency]
    """

    classes: tuple[FailureClass, ...]
    events: FloatArray
    outages: tuple[Outages, ...]
    lost_share_of_class: FloatArray
    repair_cost: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Repairs of all classes, shape (n_lives, n_years). [currency]"""
        return self.repair_cost.sum(axis=0)


def share_lost(failure: FailureClass, battery: StudiedBattery) -> float:
    """Share of the power that one event takes: as stated, or one over the number of units. [-]"""
    if failure.share_of_power_lost is not None:
        return failure.share_of_power_lost
    return 1.0 / battery.n_units(failure.unit)


def drawn_failures(
    classes: Sequence[FailureClass],
    battery: StudiedBattery,
    *,
    seed: int,
    n_lives: int,
    n_years: int,
    inflation: float = 0.0,
) -> DrawnFailures:
    """Draw the failures of all lives; those of a life hang on its number and on the name of the class alone.

    A part that was repaired is as old as before (minimal repair): events are those of a Poisson process whose expected
    number until ``t`` is ``rate * units * years * (t / years) ** shape``.

    Parameters
    ----------
    classes : sequence of FailureClass
        What fails.
    battery : StudiedBattery
        How many units there are.
    seed : int
        Seed of the study. [-]
    n_lives, n_years : int
        Lives, and years of each. [-]
    inflation : float
        Growth of the cost of repairs. [1/a]

    Returns
    -------
    DrawnFailures
        What failed.

    References
    ----------
    .. [1] L. H. Crow, "Reliability analysis for complex, repairable systems", in Reliability and Biometry, SIAM (1974).
    """
    drawn = [_events(each, battery, seed=seed, n_lives=n_lives, n_years=n_years) for each in classes]
    shape = (len(drawn), n_lives, n_years)
    events = np.zeros(shape)
    for k, each in enumerate(drawn):
        year = np.minimum(each.start_year.astype(np.int64), n_years - 1)
        np.add.at(events[k], (each.life, year), 1.0)
    price_level = (1.0 + inflation) ** np.arange(n_years)
    cost = np.array([each.repair_cost for each in classes])
    return DrawnFailures(
        classes=tuple(classes),
        events=events,
        outages=tuple(drawn),
        lost_share_of_class=np.array([lost_shares([each], n_lives=n_lives, n_years=n_years) for each in drawn]),
        repair_cost=events * cost[:, None, None] * price_level,
    )


def _events(failure: FailureClass, battery: StudiedBattery, *, seed: int, n_lives: int, n_years: int) -> Outages:
    expected = failure.rate_per_year * battery.n_units(failure.unit) * n_years
    life: list[int] = []
    when: list[FloatArray] = []
    normal: list[FloatArray] = []
    for number in range(n_lives):
        own = generator(seed, f"twin.failure.{failure.name}", cell=number)
        n_events = int(own.poisson(expected))
        life += [number] * n_events
        when.append(own.random(n_events))
        normal.append(own.standard_normal(n_events))
    start = n_years * np.concatenate(when) ** (1.0 / failure.shape)
    repair = failure.repair_days * np.exp(failure.repair_deviation * np.concatenate(normal))
    return Outages(
        life=np.array(life, dtype=np.int64),
        start_year=start,
        end_year=start + repair / DAYS_PER_YEAR,
        share=np.full(start.size, share_lost(failure, battery)),
    )
