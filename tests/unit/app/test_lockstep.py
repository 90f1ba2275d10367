"""Lock step: each second is decided on before the next begins."""

import math

import numpy as np

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import LockstepSites, live_in_lockstep
from battuta.app.prices import synthetic_prices
from battuta.domain.command import Owner
from battuta.domain.image import Signal
from battuta.domain.time import NS_PER_S


def run_of(folder, duration_s: int) -> LivingRun:
    request = RunRequest(n_sites=2, duration_s=duration_s, response="")
    return LivingRun(request, synthetic_prices(1, 60), living_site(), folder)


def test_it_lives_to_its_end_and_tells_each_second(tmp_path) -> None:
    run, moments = run_of(tmp_path, 30), []
    live_in_lockstep(run, math.inf, moments.append)
    run.journal.close()
    assert [each.image.time_ns for each in moments] == [run.settings.start_ns + k * NS_PER_S for k in range(30)]
    assert run.seconds_done == 30


def test_what_is_decided_is_delivered_in_the_next_second(tmp_path) -> None:
    run = run_of(tmp_path, 60)
    sites = LockstepSites(run)
    sites.second()
    until_ns = run.settings.start_ns + 100 * NS_PER_S
    run.system.wish(run.now_ns, Owner.SYSTEM_OPERATOR, until_ns, np.array([40.0, -30.0]))
    moments = [sites.second() for _ in range(3)]
    run.journal.close()
    assert moments[0].dispatch.base_kw.tolist() == [40.0, -30.0]
    np.testing.assert_allclose(moments[1].image[Signal.CONVERTER_POWER_KW], [40.0, -30.0], atol=4.0)
    np.testing.assert_allclose(moments[2].image[Signal.CONVERTER_POWER_KW], [40.0, -30.0], atol=0.5)


def test_a_clock_set_back_before_the_day_has_no_price_and_a_mended_one_has(tmp_path) -> None:
    run = run_of(tmp_path, 200)
    sites = LockstepSites(run)
    sites.second()
    price = run.price_per_mwh
    assert math.isfinite(price)
    sites.clock_offset_ns = -3600 * NS_PER_S
    sites.second()
    before = run.revenue
    for _ in range(5):
        sites.second()
    assert math.isnan(run.price_per_mwh)
    assert run.revenue == before
    sites.clock_offset_ns = 0
    for _ in range(40):
        moment = sites.second()
    run.journal.close()
    assert run.price_per_mwh == price
    assert Owner(int(moment.dispatch.owner[0])) is Owner.MARKET
