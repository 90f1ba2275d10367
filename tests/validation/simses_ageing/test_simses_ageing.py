"""90 days at 60 s of an ageing Sony pack behind SimSES 2's Sungrow converter, in the mode `compat`: its numbers lie in
`reference.json`, and `make.py` asks SimSES for them again.

Tolerances, set before comparing: state of health 1e-5, temperature 1e-3 K, state of charge 1e-6, throughput 1e-6.
"""

import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.physics.life_pack_simses import live_as_simses

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
DAILY = np.array(REFERENCE["daily"])


@pytest.fixture(scope="module")
def peer():
    """Battuta's side of the duty, which the benchmark uses too."""
    benchmarks = str(Path(__file__).parents[3] / "benchmarks")
    sys.path.insert(0, benchmarks)
    yield import_module("peers.sony_ageing")
    sys.path.remove(benchmarks)


@pytest.fixture(scope="module")
def lived(peer, data_dir):
    return live_as_simses(peer.simses_pack(data_dir / "health"), peer.simses_duty(90))


def test_state_of_health_is_that_of_simses(lived) -> None:
    assert np.abs(lived.soh_capacity - DAILY[:, 2]).max() < 1e-5
    assert np.abs(lived.soh_resistance - DAILY[:, 3]).max() < 1e-5
    assert DAILY[-1, 2] < 0.975, "the pack must have aged"


def test_temperature_and_charge_are_those_of_simses(lived) -> None:
    assert np.abs(lived.temperature_c - DAILY[:, 1]).max() < 1e-3
    assert np.abs(lived.soc - DAILY[:, 0]).max() < 1e-6


def test_cycles_and_throughput_are_those_of_simses(lived) -> None:
    assert lived.full_cycles == pytest.approx(REFERENCE["full_cycles"], rel=1e-5)
    assert lived.ac_throughput_kwh == pytest.approx(REFERENCE["ac_throughput_kwh"], rel=1e-6)


def test_without_its_hysteresis_the_numbers_are_others(peer, data_dir) -> None:
    """The comparison can fail: a pack without the table is far outside the tolerances."""
    pack = peer.simses_pack(data_dir / "health")
    other = live_as_simses(replace(pack, hysteresis_v=np.zeros_like(pack.hysteresis_v)), peer.simses_duty(10))
    assert np.abs(other.temperature_c - DAILY[:10, 1]).max() > 0.05
