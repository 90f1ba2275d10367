"""Leads over the conventional alarm, counted by hand, and the strings whose leak is seen from its small beginning."""

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


def life_with(lives, *, named: int | None, rung: int | None, level=FindingLevel.WATCH, planted=None):
    """A leak of cell 3 from day 10 on, in a life of 40 days; what is named when a day was over, and what rang."""
    found_ns = lives.START_NS + ((named or 0) + 1) * NS_PER_DAY
    finding = Finding(
        string_id="s", cell=3, fault=FaultClass.MICRO_SHORT, level=level, since_ns=found_ns, found_ns=found_ns,
        probability=0.5,
    )  # fmt: skip
    scores = np.full((40, 5), -np.inf)
    scores[5, 3] = 1.0  # before the fault: says nothing of it
    if rung is not None:
        scores[rung, 3] = 1.0
    return lives.Life(
        planted=planted or lives.EARLY,
        fault=lives.ForeignFault(kind=lives.K.LEAK, string=0, cell=3, start_day=10, size=100.0),
        n_days=40,
        findings=[] if named is None else [finding],
        scores={"bms": scores},
    )


def test_an_early_leak_begins_at_1000_ohm_and_doubles_every_one_or_two_weeks(lives) -> None:
    plan = lives.early_fleet(1600, 24)
    assert [fault.string for fault in plan.faults] == list(range(24))
    for fault in plan.faults:
        assert fault.size / fault.grown(fault.start_day) == pytest.approx(1000.0)
        assert 7.0 <= fault.growth_days / 6.0 < 14.0
        assert 60 <= fault.start_day < 90
    doubling_days = {fault.growth_days / 6.0 for fault in plan.faults}
    assert min(doubling_days) < 9.0
    assert max(doubling_days) > 12.0


def test_a_lead_is_from_the_first_word_to_the_alarm_or_the_end(bench, lives) -> None:
    # named after 4 days of the fault, rung after 20: 16 days ahead
    assert bench.lead_days(life_with(lives, named=13, rung=30)) == 16.0
    assert bench.lead_days(life_with(lives, named=33, rung=30)) == -4.0
    assert bench.lead_days(life_with(lives, named=13, rung=None)) == 26.0
    assert bench.lead_days(life_with(lives, named=None, rung=30)) == -math.inf
    assert bench.lead_days(life_with(lives, named=13, rung=30), FindingLevel.ACT) == -math.inf
    assert bench.rung_day(life_with(lives, named=13, rung=None)) is None


def test_leads_of_doubling_leaks_leave_early_ones_out(bench, lives) -> None:
    doubling = life_with(lives, named=13, rung=30, planted=lives.PLANTED[0])
    told = {each.name: each for each in bench.leads([doubling, life_with(lives, named=13, rung=18)])}
    assert {name: each.value for name, each in told.items()} == {"lead_median": 16.0, "lead_tenth_percentile": 16.0}
    assert told["lead_median"].met is False
    assert told["lead_tenth_percentile"].met is True
    assert bench.leads([life_with(lives, named=13, rung=18)]) == []


def test_early_figures_are_counted_by_hand(bench, lives) -> None:
    act = FindingLevel.ACT
    lived = [life_with(lives, named=13, rung=20 + each, level=act) for each in range(8)]
    lived += [life_with(lives, named=13, rung=None), life_with(lives, named=33, rung=25)]
    told = {each.name.removeprefix("micro_short_growing_early_"): each.value for each in bench.early(lived)}
    assert told == {
        "found": 1.0,
        "found_act": 0.8,
        "delay_median": 4.0,
        "alarm_median": 14.5,
        "alarm_not_rung": 1,
        "named_before_alarm": 0.9,
        "lead_median": 9.5,
        "lead_tenth_percentile": 6.0,
        "lead_act_median": 8.5,
        "lead_act_tenth_percentile": -math.inf,
    }
    assert bench.early([]) == []


@pytest.mark.parametrize("words", [["--no-rules"], ["--choose-limits", "--first-seed", "-1000"]])
def test_leads_alone_need_the_alarms(bench, monkeypatch, capsys, words) -> None:
    monkeypatch.setattr(sys, "argv", ["health.py", "--only-early", *words])
    with pytest.raises(SystemExit):
        bench.asked()
    assert "--no-rules" in capsys.readouterr().err
