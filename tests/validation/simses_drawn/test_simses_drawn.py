"""SimSES 2 on duties that nobody chose, 30 days at 60 s, in the mode `compat`; `make.py` asks SimSES for them again.

Tolerances are those of the goal: state of health 1e-5, temperature 1e-3 K.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.physics.life_pack_simses import live_as_simses
from battuta.physics.life_pack_walk import PackDuty
from validation.simses_drawn.drawn_duties import N_DAYS, SEEDS, STEP_S, duty

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))["duties"]


@pytest.fixture(scope="module")
def pack(data_dir):
    benchmarks = str(Path(__file__).parents[3] / "benchmarks")
    sys.path.insert(0, benchmarks)
    yield import_module("peers.sony_ageing").simses_pack(data_dir / "health")
    sys.path.remove(benchmarks)


def asked(seed) -> PackDuty:
    power_w, ambient_c = duty(seed)
    return PackDuty(power_kw=-np.array(power_w) / 1000.0, ambient_c=np.array(ambient_c), step_s=STEP_S)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drawn_duty_ages_the_pack_as_simses_says(pack, seed) -> None:
    theirs = REFERENCE[seed]
    daily = np.array(theirs["daily_soc_temperature_c_soh_capacity_soh_resistance"])
    assert daily.shape == (N_DAYS, 4)
    lived = live_as_simses(pack, asked(seed))
    assert np.abs(lived.soh_capacity - daily[:, 2]).max() < 1e-5
    assert np.abs(lived.soh_resistance - daily[:, 3]).max() < 1e-5
    assert np.abs(lived.temperature_c - daily[:, 1]).max() < 1e-3
    assert np.abs(lived.soc - daily[:, 0]).max() < 1e-5
    assert lived.full_cycles == pytest.approx(theirs["full_cycles"], rel=1e-5)
    assert lived.ac_throughput_kwh == pytest.approx(theirs["ac_throughput_kwh"], rel=1e-5)


def test_the_duties_wander_are_stopped_by_limits_and_differ() -> None:
    cut = [each["steps_cut"] for each in REFERENCE]
    assert cut[0] == 0, "the first stays off the limits"
    assert cut[2] > 10_000, "the last stands at them"
    assert len({each["full_cycles"] for each in REFERENCE}) == 3


def test_another_duty_is_told_apart(pack) -> None:
    daily = np.array(REFERENCE[1]["daily_soc_temperature_c_soh_capacity_soh_resistance"])
    lived = live_as_simses(pack, asked(2))
    assert np.abs(lived.soh_capacity - daily[:, 2]).max() > 1e-4
