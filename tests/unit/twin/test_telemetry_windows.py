"""Rows that lie close count as one, and many windows are put together."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.domain.measured_health import MeasuredHealth
from battuta.twin.telemetry_windows import WINDOWS_MAX, site_changes


def rows(day, unit=None, resistance=None):
    day = np.asarray(day, dtype=np.float64)
    soh_resistance = np.full(day.size, np.nan) if resistance is None else resistance
    return MeasuredHealth(
        site=("here",) * day.size, unit=tuple(unit or ["a"] * day.size), day=day, soh_capacity=1.0 - 1e-4 * day,
        deviation=np.full(day.size, 0.01), soh_resistance=soh_resistance,
        own_site="here", source="soh.csv", is_synthetic=True,
    )  # fmt: skip


def test_days_of_one_month_count_as_one_row() -> None:
    found, none = site_changes(rows(np.arange(1, 57)), "here", independent_days=28.0, shared_deviation=0.005)
    assert none is None
    assert found.change.shape == (1, 3)
    np.testing.assert_allclose(found.deviation, 0.01)
    np.testing.assert_allclose(found.change[0, 1], 1e-4 * np.arange(28, 56).mean())


def test_two_windows_never_share_a_day() -> None:
    found, _ = site_changes(rows([1.9, 2.1, 3.0]), "here", independent_days=1.0, shared_deviation=0.005)
    assert found.day.tolist() == [1.0, 2.0, 3.0]
    borders, _ = site_changes(rows([27, 28, 55, 56]), "here", independent_days=28.0, shared_deviation=0.005)
    assert borders.change.shape == (1, 3)  # [0, 28), [28, 56), [56, 84)


@pytest.mark.parametrize("length", [1.0, 1.5, 2.5, 7.3])
def test_days_of_windows_ascend(length: float) -> None:
    day = np.random.default_rng(2).uniform(1.0, 40.0, 60)
    found, _ = site_changes(rows(day), "here", independent_days=length, shared_deviation=0.005)
    assert (np.diff(found.day) > 0.0).all()


def test_units_stand_beside_each_other_and_gaps_stay_gaps() -> None:
    found, _ = site_changes(rows([30, 60, 60], ["a", "a", "b"]), "here", independent_days=28.0, shared_deviation=0.005)
    assert np.isnan(found.change).tolist() == [[False, False], [True, False]]
    assert found.day.tolist() == [30.0, 60.0]


def test_twenty_years_of_months_are_put_together_without_losing_what_they_say() -> None:
    months = 30.0 * np.arange(1, 241)
    found, _ = site_changes(rows(months), "here", independent_days=28.0, shared_deviation=0.005)
    assert found.day.size <= WINDOWS_MAX
    assert float((found.deviation**-2).sum()) == pytest.approx(240 / 0.01**2, rel=1e-9)


def test_resistance_is_a_gain_on_the_same_days() -> None:
    measured = rows([30, 60], resistance=np.array([np.nan, 1.1]))
    capacity, found = site_changes(
        measured, "here", independent_days=28.0, shared_deviation=0.005, soh_resistance_deviation=0.02
    )
    assert found is not None
    assert found.day.tolist() == capacity.day.tolist()
    np.testing.assert_allclose(found.change[0, 1], 0.1)
    assert found.n_measured == 1
