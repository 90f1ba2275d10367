"""A living run: planned from prices, followed by the sites, paid for what the meters saw."""

import numpy as np
import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import LockstepSites
from battuta.app.replay import replay
from battuta.domain.command import Owner
from battuta.domain.errors import StaleDataError, UsageError
from battuta.domain.image import Signal, Source
from battuta.domain.time import NS_PER_S


def run_of(tmp_path, ten_days, small_site, **values) -> LivingRun:
    usual = {"n_sites": 3, "seed": 5, "duration_s": 86_400, "has_journal": False}
    return LivingRun(RunRequest(**(usual | values)), ten_days, small_site, tmp_path)


def live(run: LivingRun, seconds: int):
    sites = LockstepSites(run)
    return sites, [sites.second() for _ in range(seconds)]


def test_it_begins_with_the_last_day_and_makes_the_sites_of_the_asset(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    assert run.settings.start_ns == ten_days.time_ns[-24]
    assert run.n_cells == 20
    assert run.settings.sites[0].power_kw == 10.0
    assert run.folder.is_dir()
    assert run.settings.n_sites == 3


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.25, 1), (0.34, 1), (0.67, 2), (1.0, 3)])
def test_a_share_of_the_sites_answers_frequency(tmp_path, ten_days, small_site, share, expected) -> None:
    run = run_of(tmp_path, ten_days, small_site, response_share=share)
    assert sum(name == "ce_fcr" for name in run.settings.products) == expected


def test_a_site_that_follows_its_load_has_no_plan_of_the_market(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, response="", follow_share=0.34)
    _, moments = live(run, 30)
    following = [site for site, follows in enumerate(run.settings.follows_load) if follows]
    assert len(following) == 1
    owners = moments[-1].dispatch.owner
    assert [site for site in range(3) if owners[site] == Owner.SELF_CONSUMPTION] == following
    assert sum(owners == Owner.MARKET) == 2


def test_a_product_of_another_grid_is_refused(tmp_path, ten_days, small_site) -> None:
    with pytest.raises(UsageError, match="product ercot_ffr answers a grid of 60 Hz, the sites stand in one of 50 Hz"):
        run_of(tmp_path, ten_days, small_site, response="ercot_ffr", response_share=1.0)
    assert not list(tmp_path.iterdir())


def test_a_silent_converter_earns_nothing_and_its_time_is_told(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, response="")
    sites, _ = live(run, 60)
    sites.devices.instruments.silent[Source.CONVERTER, 0] = True
    for _ in range(600):
        sites.second()
    assert run.unmetered_s.tolist() == [pytest.approx(600.0, abs=7.0), 0.0, 0.0]
    before_kwh = run.discharged_kwh[0]
    for _ in range(60):
        sites.second()
    assert run.discharged_kwh[0] == before_kwh


def test_late_seconds_are_counted_by_the_clock(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, response="")
    sites = LockstepSites(run)
    values, measured_ns = sites.devices.read()
    start_ns = sites.devices.time_ns
    for second in (0, 1, 3, 4, 30):
        now_ns = start_ns + second * 10**9
        run.look(values, np.full_like(measured_ns, now_ns), now_ns, now_ns)
    assert run.seconds_done == 31
    assert run.unmetered_s.tolist() == [21.0, 21.0, 21.0], "of 26 s at the end 5 are believed"


def test_a_run_ages_its_batteries(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    live(run, 600)
    lost = run.ageing.capacity_lost()
    assert np.all((lost > 0.0) & (lost < 1e-2))


def test_without_a_product_nobody_answers(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, response="", response_share=1.0)
    assert run.settings.products == ("", "", "")


def test_sites_follow_the_plan_of_the_interval(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, response="")
    run.now_ns = run.settings.start_ns
    _, moments = live(run, 60)
    soc = moments[0].image[Signal.SOC]
    plan_kw = run.planner.plan_kw(9, soc)[:, 0]
    np.testing.assert_allclose(moments[-1].dispatch.base_kw, plan_kw, atol=1e-9)
    if plan_kw.any():
        assert (moments[-1].dispatch.owner == Owner.MARKET).all()
    assert run.price_per_mwh == ten_days.price_per_mwh[-24]


def test_money_and_energy_are_those_of_the_images(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    _, moments = live(run, 4_000)
    battery_kw = np.array(
        [each.image[Signal.CONVERTER_POWER_KW] - each.image[Signal.AUXILIARY_POWER_KW] for each in moments]
    )
    price = np.where(np.arange(4_000) < 3_600, ten_days.price_per_mwh[-24], ten_days.price_per_mwh[-23])
    assert run.revenue == pytest.approx(float((battery_kw.sum(axis=1) * price).sum() / 3.6e6))
    assert (run.seconds_done, run.n_steps) == (4_000, 2)
    assert run.steps.tolist() == [216, 217]
    np.testing.assert_allclose(run.delivered_kw[0], battery_kw[:3_600].mean(axis=0))
    np.testing.assert_allclose(run.delivered_kw[1], battery_kw[3_600:].sum(axis=0) / 3_600.0)
    out_kwh = np.maximum([each.image[Signal.CONVERTER_POWER_KW] for each in moments], 0.0).sum(axis=0) / 3_600.0
    np.testing.assert_allclose(run.discharged_kwh, out_kwh)
    np.testing.assert_allclose(run.wear_per_site, 6.0 * out_kwh / 1000.0)
    assert run.net == pytest.approx(run.revenue - run.wear_per_site.sum())


def test_the_same_seed_gives_the_same_journal_and_replays(tmp_path, ten_days, small_site) -> None:
    roots = []
    for name in ("a", "b"):
        run = run_of(tmp_path / name, ten_days, small_site, has_journal=True)
        live(run, 120)
        roots.append(run.finish())
        result = replay(run.folder)
        assert (result.differences, result.seconds_replayed) == (0, 120)
    assert roots[0] == roots[1] != ""


def test_a_battery_that_tells_no_charge_is_planned_from_the_start_of_the_asset(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    sites = LockstepSites(run)
    sites.devices.instruments.says_nan[Signal.SOC, 1] = True
    moment = sites.second()
    assert np.isnan(moment.image[Signal.SOC]).tolist() == [False, True, False]


def test_plans_go_on_into_the_next_day(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, duration_s=2 * 86_400, n_sites=1)
    sites = LockstepSites(run)
    values, measured_ns = sites.devices.read()
    seen = []
    for hour in range(48):
        now_ns = run.settings.start_ns + hour * 3_600 * NS_PER_S
        run.look(values, measured_ns, now_ns, now_ns)
        seen.append(run.price_per_mwh)
    assert seen == ten_days.price_per_mwh[-48:].tolist()


@pytest.mark.parametrize(
    "values",
    [{"n_sites": 0}, {"n_sites": 10_001}, {"duration_s": 0}, {"duration_s": 367 * 86_400}, {"response_share": 1.1}],
)
def test_runs_of_nothing_are_refused(values) -> None:
    with pytest.raises(UsageError, match="must lie between"):
        RunRequest(**values)


def test_what_does_not_exist_is_refused_before_a_folder_is_made(tmp_path, ten_days, small_site) -> None:
    with pytest.raises(StaleDataError):
        run_of(tmp_path, ten_days, small_site, duration_s=30 * 86_400)
    with pytest.raises(UsageError, match="no_such_product"):
        run_of(tmp_path, ten_days, small_site, response="no_such_product")
    assert list(tmp_path.iterdir()) == []


def test_the_usual_site_is_priced_for_its_wear() -> None:
    site = living_site()
    assert site.battery.wear.price_per_mwh == 6.0
    assert site.currency == "EUR"
