"""A study with measured health: lives follow it from commissioning on, and a lender sees both (SYNTHETIC)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import UsageError
from battuta.domain.measured_health import MeasuredHealth, TelemetryFile
from battuta.studies.life_study import life_study

from .life_case import inputs, study

DAY = np.round(30.4 * np.arange(1, 25))


def measured(loss, own_site="here", seed=1):
    noise = 0.004 * np.random.default_rng(seed).standard_normal(DAY.size)
    return MeasuredHealth(
        site=("here",) * DAY.size, unit=("whole",) * DAY.size, day=DAY, soh_capacity=1.0 - loss + noise,
        deviation=np.full(DAY.size, 0.004), soh_resistance=np.full(DAY.size, np.nan), own_site=own_site,
        source="soh.csv", is_synthetic=True,
    )  # fmt: skip


@cache
def answered(scale=0.035, exponent=0.5, n_threads=1, **given):
    asked = study(telemetry=TelemetryFile(path="soh.csv", lived_as="base", **given), n_lives=80)
    own_site = None if given.get("is_of_sister_sites") else "here"
    known = replace(inputs(asked), telemetry=measured(scale * (DAY / 365.0) ** exponent, own_site))
    return life_study(asked, known, LocalCompute(n_threads))


def test_lives_go_through_what_was_measured() -> None:
    found = answered()
    after_two_years = 1.0 - found.of("base").lives.soh_capacity[:, 2]
    assert np.median(after_two_years) == pytest.approx(0.035 * np.sqrt(2.0), abs=0.004)
    assert found.telemetry is not None
    assert found.telemetry.fit.law_weight.sum() == pytest.approx(1.0)
    words = " ".join(found.remarks)
    assert "weighed by 24 measurements of site 'here', the one of the file and taken for this battery over 730" in words
    assert "share an error of 0.5 points (ASSUMED, as [telemetry] shared_deviation is left out)" in words
    assert "telemetry is SYNTHETIC" in words


def test_two_workers_say_the_same() -> None:
    one, two = answered(), answered(n_threads=2)
    np.testing.assert_array_equal(one.of("base").lives.soh_capacity, two.of("base").lives.soh_capacity)


def test_a_lender_sees_both_and_before_is_the_study_without_telemetry() -> None:
    found = answered()
    assert found.telemetry is not None
    assert found.risk is not None
    worth, base = found.telemetry.worth["base"], found.risk.strategies["base"].debt_worth
    assert base is not None
    assert worth.law in {"naumann_lfp", "lfp_250ah"}
    assert np.isfinite(worth.after_alone.margin_dscr).all()
    np.testing.assert_allclose(worth.after.debt, base.with_spread)
    asked = study(n_lives=80)
    plain = life_study(asked, inputs(asked), LocalCompute(1)).risk
    assert plain is not None
    without = plain.strategies["base"].debt_worth
    assert without is not None
    np.testing.assert_allclose(worth.before.debt, without.with_spread, rtol=1e-3)


def test_a_battery_like_no_model_is_told() -> None:
    words = " ".join(answered(0.07, 0.8).remarks)
    assert "ages like none of the models" in words


def test_sisters_leave_the_factor_of_the_battery_open() -> None:
    own, sister = answered(), answered(is_of_sister_sites=True)
    ends = [np.ptp(np.quantile(each.of("base").lives.soh_capacity[:, 2], (0.1, 0.9))) for each in (own, sister)]
    assert ends[1] > ends[0]
    assert "sister sites" in " ".join(sister.remarks)


def test_an_error_that_is_stated_is_told_as_such() -> None:
    assert "share an error of 1.2 points (as the study states)" in " ".join(answered(shared_deviation=0.012).remarks)


def test_contradictions_are_refused() -> None:
    with pytest.raises(UsageError, match="lived_as = 'other' is none of the strategies: base, rest"):
        study(telemetry=TelemetryFile(path="soh.csv", lived_as="other"))
    with pytest.raises(UsageError, match="first_year = 2024"):
        study(telemetry=TelemetryFile(path="soh.csv", lived_as="base", commissioned=dt.date(2024, 3, 1)))
