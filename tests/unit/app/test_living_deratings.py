"""A finding in a living run: heard within a second, by the desk with its next plan, priced, kept, lifted by people."""

import json

import numpy as np
import pytest

from battuta.app.kept_work_orders import kept_orders
from battuta.app.living_deratings import derating_words, resistance_ohm_of, string_id_of
from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.lockstep import LockstepSites
from battuta.app.replay import replay
from battuta.domain.command import Reason
from battuta.domain.errors import DataError, UsageError
from battuta.domain.health import FaultClass, Finding, FindingLevel


def run_of(tmp_path, ten_days, small_site, **values) -> LivingRun:
    usual = {"n_sites": 3, "seed": 5, "duration_s": 2 * 86_400, "response": "", "strategy": "similar_day"}
    return LivingRun(RunRequest(**(usual | values)), ten_days, small_site, tmp_path)


def leak(run: LivingRun, site: int = 1) -> Finding:
    return Finding(
        string_id=string_id_of(site), cell=7, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT, since_ns=run.now_ns,
        found_ns=run.now_ns, probability=0.5, evidence={"charge_lost_per_day": 0.01},
    )  # fmt: skip


def seconds(sites: LockstepSites, number: int):
    return [sites.second() for _ in range(number)]


def test_conductor_and_desk_read_the_same_and_a_person_lifts_it(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    sites = LockstepSites(run)
    seconds(sites, 5)
    run.hear([leak(run)])
    (order,) = run.deratings.orders
    assert order.cost is not None, "the day that is lived prices it at once"
    assert order.cost.horizon_h == 24.0
    limits = run.system._conductor.allowed
    assert limits.rows[18].tolist() == [np.inf, 5.0, np.inf]
    day = run.planner.days[1]
    plans_kw = run.deratings.plan_kw(run.now_ns, day, np.full(3, 0.5))
    assert np.abs(plans_kw).max(axis=1).tolist() == [10.0, 5.0, 10.0]
    with pytest.raises(DataError, match="closed by nobody"):
        run.close_work_order(order.order_id, "")
    run.close_work_order(order.order_id, "J. Doe", "cell exchanged")
    assert run.system._conductor.allowed.rows[18].tolist() == [np.inf] * 3
    with pytest.raises(UsageError, match="no open work order"):
        run.close_work_order(order.order_id, "J. Doe")
    seconds(sites, 5)
    run.finish()
    assert [alarm.cause.split()[0] for _, alarm in run.system.alarms] == ["DERATED", "DERATING_LIFTED"]
    assert replay(run.folder).is_proven
    assert kept_orders(run.folder) == run.deratings.orders
    (told,) = json.loads((run.folder / "work_orders.json").read_text())["work_orders"]
    assert (told["closed_by"], told["note"], told["cost"]["currency"]) == ("J. Doe", "cell exchanged", "EUR")


def test_the_cost_is_what_the_plan_loses(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    day, soc = run.planner.days[0], np.full(3, 0.5)
    run.hear([leak(run)])
    assert run.deratings.orders[0].cost is None, "nothing was planned yet"
    plans_kw = run.deratings.plan_kw(run.now_ns, day, soc)
    cost = run.deratings.orders[0].cost
    value = [run.planner.value(day, 0.5, each) for each in plans_kw]
    assert cost.amount == pytest.approx(value[0] - value[1])
    assert cost.amount > 0.0
    assert cost.start_ns == run.planner.time_ns(day)[0]
    run.finish()


def test_a_plan_that_knows_of_a_derating_is_kept_and_another_is_refused(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, n_sites=2, has_foresight=False, has_journal=False)
    plan = run.planner.plan_kw
    run.planner.plan_kw = lambda day, soc, left: plan(day, soc, left[:1] + (None,) * (len(soc) - 1))
    sites = LockstepSites(run)
    run.hear([leak(run, site) for site in range(2)])
    reasons = [moment.dispatch.reason for moment in seconds(sites, 4 * 3600)]
    knows, knows_not = np.mean((np.array(reasons) & int(Reason.DERATING)) != 0, axis=0)
    assert knows < 0.02, "what is left of it are errors of the plain battery model at the ends of the window"
    assert knows_not > 0.1
    run.finish()


def test_a_site_that_follows_its_load_has_no_price(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site, follow_share=1.0)
    seconds(LockstepSites(run), 3)
    run.hear([leak(run)])
    assert run.deratings.orders[0].cost is None
    run.finish()


def test_what_is_left_is_said_in_words(tmp_path, ten_days, small_site) -> None:
    run = run_of(tmp_path, ten_days, small_site)
    run.hear([leak(run)])
    words = derating_words(run.deratings.book.deratings[1])
    assert words == "50 % of the power, 19 to 80 % charge, up to 40 degC: micro short of cell 7 (act)"
    assert 3e-4 < resistance_ohm_of("lfp_314ah") < 6e-4
    run.finish()
