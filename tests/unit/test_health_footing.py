"""Figures of the health benchmark by hand: limits of others, alarms that rise, precision, and delays over the limit."""

import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def lives(bench):
    return import_module("health_lives")


@pytest.fixture(scope="module")
def footing(bench):
    return import_module("health_footing")


@pytest.fixture(scope="module")
def operator(bench):
    return import_module("health_operator")


def named(lives, cell: int, day: int, level=FindingLevel.WATCH) -> Finding:
    """A finding told when a day was over."""
    found_ns = lives.START_NS + (day + 1) * NS_PER_DAY
    return Finding(
        string_id="s", cell=cell, fault=FaultClass.MICRO_SHORT, level=level, since_ns=found_ns, found_ns=found_ns,
        probability=0.5,
    )  # fmt: skip


def life_with(lives, *, kind: int = 2, findings=(), scores=None, limit_days=math.nan, n_days=40):
    fault = lives.ForeignFault(kind=lives.K.LEAK, string=0, cell=3, start_day=10, size=100.0)
    return lives.Life(
        planted=(lives.PLANTED + lives.SUDDEN)[kind], fault=fault, n_days=n_days, findings=list(findings),
        scores=scores or {}, limit_days=limit_days,
    )  # fmt: skip


def healthy_with(lives, peaks: list[float], n_days: int = 3653):
    scores = np.full((2, len(peaks)), -np.inf)
    scores[1] = peaks
    return lives.Life(planted=None, fault=None, n_days=n_days, scores={"rule": scores})


def test_every_planted_fault_has_a_string_and_sudden_ones_come_last(lives) -> None:
    plan, kinds = lives.planted_fleet(5, 2)
    assert plan.n_strings == len(kinds) == 2 * (len(lives.PLANTED) + len(lives.SUDDEN))
    assert [each.is_sudden for each in kinds] == [False] * 2 * len(lives.PLANTED) + [True] * 2 * len(lives.SUDDEN)
    assert [fault.string for fault in plan.faults] == list(range(plan.n_strings))
    assert all(60 <= fault.start_day < 90 for fault in plan.faults)


def test_limits_are_above_all_healthy_cells_or_all_but_what_may_be(lives, footing) -> None:
    # 240 cells x 10 years: 24 false alarms may be at one per hundred cell-years
    peaks = [float(each) for each in range(240)]
    limits = footing.chosen_limits([healthy_with(lives, peaks)])
    assert limits == {"rule": (239.0, 215.0)}
    assert sum(each > 215.0 for each in peaks) == 24


def test_a_rule_counts_alarms_that_rise_after_the_fault(lives, footing) -> None:
    scores = np.zeros((40, 5))
    scores[5:12, 3] = 2.0  # rose before the fault began: says nothing of it
    scores[20, 3] = 2.0
    life = life_with(lives, scores={"rule": scores})
    assert footing.rule_delay_days(life, "rule", 1.0) == 11.0
    assert footing.rule_delay_days(life, "rule", 3.0) == math.inf


def test_a_rule_and_we_count_days_alike(lives, footing) -> None:
    scores = np.zeros((40, 5))
    scores[17, 3] = 2.0
    life = life_with(lives, findings=[named(lives, 3, 17)], scores={"rule": scores})
    assert lives.delay_days(life) == footing.rule_delay_days(life, "rule", 1.0) == 8.0


def test_side_by_side_is_counted_by_hand(lives, footing) -> None:
    healthy = healthy_with(lives, [0.0] * 238 + [5.0, 9.0])
    scores = np.zeros((40, 5))
    scores[15, 3] = 7.0
    faulty = [life_with(lives, scores={"rule": scores}), life_with(lives, findings=[named(lives, 3, 20)])]
    faulty[1].scores = {"rule": np.zeros((40, 5))}
    told = {each.name: each.value for each in footing.side_by_side([healthy], faulty, {"rule": (9.0, 4.0)})}
    per = 100_000.0 / (240 * 3653 / 365.25)
    assert told["rule_strict_false_per_100_mwh_year"] == 0.0
    assert told["rule_generous_false_per_100_mwh_year"] == pytest.approx(2 * per)
    assert told["rule_strict_leak_100_ohm_in_30_d"] == 0.0
    assert told["rule_generous_leak_100_ohm_in_30_d"] == 0.5
    assert told["battuta_watch_leak_100_ohm_in_30_d"] == 0.5
    assert told["battuta_act_found_share"] == 0.0
    assert told["rule_generous_resistance_20_percent_found"] == "not run"


def test_precision_is_what_bayes_says(lives, operator) -> None:
    assert operator.precision(1e-5, 1.0, 1.0) == pytest.approx(0.5)
    assert operator.precision(1e-5, 0.0, 0.0) == 0.0
    healthy = lives.Life(planted=None, fault=None, n_days=365, findings=[named(lives, 1, 5, FindingLevel.ACT)])
    faulty = [
        life_with(lives, findings=[named(lives, 3, 15, FindingLevel.ACT)]),
        life_with(lives, findings=[named(lives, 3, 15)]),
        life_with(lives, kind=-1, findings=[named(lives, 3, 11, FindingLevel.ACT)]),
    ]
    told = {each.name: each.value for each in operator.operator_figures([healthy], faulty, 500.0)}
    rate = 1.0 / (240 * 365 / 365.25)
    assert told["planted_without_precursor_share"] == pytest.approx(1 / 3)
    assert told["found_share_with_precursor"] == 1.0
    assert told["found_share_with_precursor_act"] == 0.5
    assert told["found_share_ahead_of_all_act"] == pytest.approx(1 / 3)
    right = 1e-4 / 3
    assert told["precision_act_at_1e-04_faults_per_cell_year"] == pytest.approx(right / (right + rate))
    assert told["false_callouts_eur_per_100_mwh_year"] == pytest.approx(500.0 * rate * 100_000.0)
    upper = told["false_callouts_eur_per_100_mwh_year_upper_95"] / told["false_callouts_eur_per_100_mwh_year"]
    assert upper == pytest.approx(4.7439, rel=1e-4)  # Poisson, one seen


def test_delays_are_told_over_the_limit_and_a_miss_counts(bench, lives) -> None:
    lived = [
        life_with(lives, findings=[named(lives, 3, 13)], limit_days=2.0),
        life_with(lives, findings=[named(lives, 3, 15)], limit_days=2.0),
        life_with(lives, limit_days=4.0),
        life_with(lives, limit_days=math.inf),
    ]
    told = {each.name: each for each in bench.over_limits(lived)}
    assert told["delay_over_limit_median"].value == 3.0
    assert told["delay_over_limit_median"].met is False
    assert told["limit_in_test_share"].value == 0.75


def test_what_was_not_asked_is_not_told(bench, lives) -> None:
    assert bench.over_limits([life_with(lives)])[0].value == "not run"
    assert bench.told_days([math.nan, 3.0]) == "not run"
    assert bench.told_days([math.inf, 3.0]) == "later than the test"
    assert bench.told_days([math.inf, 3.0, 5.0]) == 5.0


@pytest.mark.parametrize("words", [["--choose-limits"], ["--choose-limits", "--first-seed", "-1000", "--no-rules"]])
def test_limits_are_not_chosen_on_seeds_of_figures(bench, monkeypatch, capsys, words) -> None:
    monkeypatch.setattr(sys, "argv", ["health.py", *words])
    with pytest.raises(SystemExit):
        bench.asked()
    assert "below 1000" in capsys.readouterr().err
