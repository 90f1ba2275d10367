"""Strategies that change with health: one that never does is the plain one, one that does at once is the other."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.study import ChangeWhen, Storage, Strategy, StrategyChange
from battuta.studies.changed_duty import changing, later_stages, remarks_on_changes
from battuta.studies.life_study import life_study
from unit.studies.life_case import inputs, study

BASE = study().strategies[0]
HALF = replace(BASE.duty, power_share=0.3)


def changed(name, duty=HALF, **when):
    return Strategy(name=name, duty=BASE.duty, changes=(StrategyChange(when=ChangeWhen(**when), duty=duty),))


@cache
def result():
    strategies = (
        BASE,
        Strategy(name="half", duty=HALF),
        changed("never", soh_capacity_below=0.1),
        changed("at once", from_year=1),
        changed("tired", soh_capacity_below=0.95),
        changed("late", from_year=3, duty=Storage(soc=0.5)),
        Strategy(
            name="skips",
            duty=BASE.duty,
            changes=(
                StrategyChange(when=ChangeWhen(soh_capacity_below=0.1), duty=HALF),
                StrategyChange(when=ChangeWhen(from_year=3), duty=Storage(soc=0.5)),
            ),
        ),
    )
    asked = replace(study(n_lives=16, n_years=5), strategies=strategies)
    stages = replace(asked, strategies=tuple(stage for each in strategies for stage in each.stages))
    return life_study(asked, inputs(stages), LocalCompute(1), with_risk=True)


@pytest.mark.parametrize(("one", "other"), [("never", "base"), ("at once", "half")])
def test_a_change_that_never_comes_changes_nothing_and_one_from_the_start_is_the_other_duty(one, other):
    found, plain = result().of(one), result().of(other)
    for name in ("soh_capacity", "soh_resistance", "full_cycles", "discharged_mwh"):
        # the same but for the nodes, which reach for both duties
        np.testing.assert_allclose(getattr(found.lives, name), getattr(plain.lives, name), rtol=2e-4, err_msg=name)
    np.testing.assert_allclose(found.flows.revenue, plain.flows.revenue, rtol=2e-4)
    np.testing.assert_allclose(found.finance.npv, plain.finance.npv, rtol=2e-3, atol=500.0)


def test_a_tired_battery_works_less_each_life_when_it_is_tired_itself():
    tired, base, half = (result().of(each) for each in ("tired", "base", "half"))
    share = tired.lives.stage_share
    np.testing.assert_allclose(share.sum(axis=2), 1.0)
    assert np.all(np.diff(share[:, :, 1], axis=1) >= 0.0)  # never back
    begins = (share[:, :, 1] > 0.0).argmax(axis=1)
    assert len(set(begins.tolist())) > 1
    before = np.arange(5) < begins[:, None]
    assert np.all(tired.lives.soh_capacity[:, :-1][before] > 0.949)
    mixed = share[:, :, :1] * base.flows.revenue[..., None] + share[:, :, 1:] * half.flows.revenue[..., None]
    np.testing.assert_allclose(tired.flows.revenue, mixed[..., 0], rtol=5e-3)
    assert np.all(tired.lives.full_cycles >= half.lives.full_cycles * 0.999)
    assert np.all(tired.lives.soh_capacity[:, -1] >= base.lives.soh_capacity[:, -1] - 1e-4)


def test_from_a_year_on_it_rests_and_sells_nothing():
    late = result().of("late")
    assert np.array_equal(late.lives.stage_share[:, :, 1], np.tile([0.0, 0.0, 1.0, 1.0, 1.0], (16, 1)))
    assert np.all(late.flows.revenue[:, 2:] < 0.01 * late.flows.revenue[:, :1])


def test_a_year_comes_to_lives_that_an_earlier_change_never_reached():
    skips, late = result().of("skips"), result().of("late")
    assert np.array_equal(skips.lives.stage_share[:, :, 2], late.lives.stage_share[:, :, 1])
    assert not skips.lives.stage_share[:, :, 1].any()
    np.testing.assert_allclose(skips.flows.revenue, late.flows.revenue, rtol=2e-4)


def test_the_reader_is_told_when_lives_change_and_what_the_warranty_saw():
    said = " | ".join(result().of("tired").remarks)
    for words in (
        "tired, change 1 (capacity below 0.95): a tenth of the lives by year",
        "% of the lives ever change",
        "those of a new battery, before any change",
        "tired, change 1: its duty is SYNTHETIC",
        "conditions of its warranty are judged, in each life",
    ):
        assert words in said
    assert "no life comes to it; 0 % of the lives" in result().of("never").remarks[0]
    assert "a tenth of the lives by year 3, half by year 3; 100 %" in result().of("late").remarks[0]
    assert not any("change" in each for each in result().of("base").remarks)
    assert remarks_on_changes(BASE, result().of("base").lives, is_judged=True) == ()


def test_speeds_of_ageing_move_the_change():
    faster = result().risk.strategies["tired"]
    assert faster is not None
    assert later_stages(BASE, []) == ()


def test_service_is_that_of_each_stage_by_its_share():
    lives = replace(result().of("tired").lives)
    tables = _flat(lives)
    found = changing(lives, [tables, tables], [1.0, 0.5], [800.0, 200.0])
    first, second = np.moveaxis(lives.stage_share, 2, 0)
    np.testing.assert_allclose(found.served_share, first + 0.5 * second)
    np.testing.assert_allclose(found.served_share * found.sold_kw, 800.0 * first + 100.0 * second)


def _flat(lives):
    """Tables of one node, at which nothing is missed."""
    from battuta.twin.stress_tables import StressTables

    one = np.ones(1)
    return StressTables(
        laws=lives.law, soh_capacity=one, soh_resistance=one, stresses=(), flows=np.zeros((1, 1, 1, 3)),
        usable_kwh=np.ones((1, 1)), shortfall_share=np.zeros((1, 1)), usable_kwh_new=1.0,
    )  # fmt: skip
