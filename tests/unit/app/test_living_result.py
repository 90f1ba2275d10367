"""What came of a run: the meters' energy at the cleared price, fees and wear, beside rules on the same time."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_result import BASELINES, LivingResult, finish, iso
from battuta.app.living_run import LivingRun
from battuta.app.lockstep import LockstepSites
from battuta.domain.image import Signal
from battuta.domain.time import NS_PER_HOUR, ClockKind, to_ns
from battuta.studies.backtest import run_backtest


def lived(tmp_path, prices, site, seconds: int, **values) -> tuple[LivingRun, LivingResult]:
    usual = {"n_sites": 2, "seed": 5, "duration_s": 86_400}
    run = LivingRun(RunRequest(**(usual | values)), prices, site, tmp_path)
    sites = LockstepSites(run)
    for _ in range(seconds):
        sites.second()
    return run, finish(run)


def test_a_result_counts_what_was_lived(tmp_path, ten_days, small_site) -> None:
    run, result = lived(tmp_path, ten_days, small_site, 90)
    assert (result.n_sites, result.n_cells, result.simulated_s) == (2, 40, 90)
    assert result.setpoints == 90 * 20 * 2
    assert result.steps.tolist() == [216]
    assert result.delivered_kw.shape == (1, 2)
    assert len(result.journal_root) == len(run.journal.close()) > 0
    assert result.alarms == ()
    assert result.net == pytest.approx(result.revenue - result.wear)
    assert result.cycles == pytest.approx(run.discharged_kwh.sum() / (2 * 20.54))


@pytest.mark.parametrize("is_benchmark", [False, True])
def test_revenue_is_the_metered_energy_at_its_price_less_fees(tmp_path, ten_days, small_site, is_benchmark) -> None:
    run, _ = lived(tmp_path, ten_days, small_site, 90, has_journal=False)
    run._delivered_kwh[0] = [4.0, -3.0]
    run.prices = replace(ten_days, clock=ClockKind.LOCAL_24H if is_benchmark else ten_days.clock)
    result = finish(run)
    energy_mwh = np.array([4.0, -3.0]) / 1000.0
    price = ten_days.price_per_mwh[216]
    expected = np.where(energy_mwh > 0.0, price - 2.0, price + 5.0) * energy_mwh
    assert result.revenue == pytest.approx(expected.sum())
    if is_benchmark:
        assert result.settled is None
    else:
        assert result.settled == pytest.approx(result.revenue, abs=0.011)


def test_baselines_are_those_of_the_backtest_for_the_share_that_was_lived(tmp_path, ten_days, small_site) -> None:
    _, result = lived(tmp_path, ten_days, small_site, 0 + 5_400, n_sites=1, has_journal=False)
    assert set(result.baselines) == set(BASELINES)
    whole = run_backtest(ten_days, small_site, BASELINES, 1)
    for name, each in whole.results.items():
        net = each.revenue - each.wear
        assert result.baselines[name] == pytest.approx(net[0] + 0.5 * net[1]), name


def test_a_missing_price_pays_nothing(tmp_path, ten_days, small_site) -> None:
    run = LivingRun(RunRequest(n_sites=1, seed=5, duration_s=86_400, has_journal=False), ten_days, small_site, tmp_path)
    sites = LockstepSites(run)
    for _ in range(30):
        sites.second()
    holed = ten_days.price_per_mwh.copy()
    holed[216] = np.nan
    run.prices = replace(ten_days, price_per_mwh=holed)
    result = finish(run)
    assert result.steps.size == 0
    assert result.revenue == 0.0


def test_a_run_of_24_h_over_a_last_day_of_23_counts_what_has_a_price(tmp_path, ten_days, small_site) -> None:
    start_ns = to_ns(datetime(2026, 3, 19, 23, tzinfo=UTC))
    spring = replace(
        ten_days,
        time_ns=start_ns + np.arange(239) * NS_PER_HOUR,
        price_per_mwh=ten_days.price_per_mwh[:239],
        zone="Europe/Berlin",
    )
    site = replace(small_site, timezone="Europe/Berlin")
    run = LivingRun(RunRequest(n_sites=1, seed=5, duration_s=86_400, has_journal=False), spring, site, tmp_path)
    sites = LockstepSites(run)
    for _ in range(30):
        sites.second()
    run.lived_s = 86_400.0
    result = finish(run)
    assert result.steps.tolist() == list(range(216, 239))
    assert result.delivered_kw.shape == (23, 1)
    assert result.baselines["oracle_day"] > 0.0
    assert result.simulated_s == 86_400


def test_a_site_that_lost_its_battery_values_is_not_paid_for_a_number_that_is_none(
    tmp_path, ten_days, small_site
) -> None:
    run = LivingRun(RunRequest(n_sites=2, seed=5, duration_s=86_400, has_journal=False), ten_days, small_site, tmp_path)
    sites = LockstepSites(run)
    sites.devices.instruments.says_nan[Signal.CONVERTER_POWER_KW, 0] = True
    for _ in range(30):
        sites.second()
    result = finish(run)
    assert np.isfinite(result.revenue)
    assert result.delivered_kw[0, 0] == pytest.approx(-run.auxiliary_kwh[0]), "its auxiliaries alone"
    assert result.unmetered_s == 30.0


def test_instants_are_written_in_utc() -> None:
    assert iso(1_767_225_600 * 10**9) == "2026-01-01T00:00:00+00:00"
