"""A cell that changes is named with its class; one that always stood apart, or noise, is not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.decisions import StringDecisions
from battuta.health.string_filter import StringDay

N_CELLS = 60
VARIANCE = np.array([1e-8, 1e-6, 1e-12, 1e-12, 1e-8])
SPREAD = np.array([1e-4, 1e-3, 1e-6, 1e-6, 1e-4])


def days(n_days, change=None, seed=1):
    """Days of a healthy string, to which `change` does something."""
    rng = np.random.default_rng(seed)
    standing = np.array([[5e-3], [5e-3], [2e-5], [2e-5], [8e-4]]) * rng.normal(size=(5, N_CELLS))
    for day in range(n_days):
        states = standing + SPREAD[:, None] * rng.normal(size=(5, N_CELLS))
        said = {
            "range_v": np.full(N_CELLS, 0.4), "bled": np.zeros(N_CELLS),
            "surprise": np.exp(0.1 * rng.normal(size=N_CELLS)),
        }  # fmt: skip
        if change is not None:
            change(day, states, said)
        yield StringDay(
            string_id="S", day=20_000 + day, states=states, variance=VARIANCE, bled=said["bled"],
            surprise=said["surprise"], clipped_share=np.zeros(N_CELLS), seen_share=np.ones(N_CELLS),
            range_v=said["range_v"], n_rows=1440,
        )  # fmt: skip


def told(change=None, n_days=60, seed=1):
    decide = StringDecisions(N_CELLS)
    return [finding for said in days(n_days, change, seed) for finding in decide.take(said)]


@pytest.mark.parametrize("seed", range(5))
def test_healthy_strings_are_left_in_peace(seed):
    assert told(n_days=90, seed=seed) == []


def leak(day, states, _):
    states[0, 7] -= 1e-3 * max(day - 30, 0)


def rise(day, states, _):
    states[2, 7] += 1e-5 * max(day - 30, 0)


def offset(day, states, _):
    states[4, 7] += 0.01 if day >= 30 else 0.0


def fade(day, states, _):
    states[1, 7] -= 0.002 * max(day - 30, 0)


def stuck(day, _, said):
    said["range_v"][7] = 0.0 if day >= 30 else 0.4


def loosen(day, _, said):
    said["surprise"][7] *= 5.0 if day >= 30 else 1.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (loosen, FaultClass.LOOSE_CONTACT),
        (leak, FaultClass.MICRO_SHORT),
        (rise, FaultClass.RESISTANCE_RISE),
        (offset, FaultClass.VOLTAGE_SENSOR),
        (fade, FaultClass.CAPACITY_OUTLIER),
        (stuck, FaultClass.STUCK_VALUE),
    ],
)
def test_what_changes_is_named_with_its_cell_and_class(change, fault):
    found = told(change, n_days=90)
    assert {(each.cell, each.fault) for each in found} == {(7, fault)}
    assert max(each.level for each in found) == FindingLevel.ACT
    first = found[0]
    assert 20_030 <= first.found_ns // 86_400_000_000_000 <= 20_055
    assert first.since_ns <= first.found_ns


def test_a_level_is_told_once():
    found = told(leak)
    assert len({(each.cell, each.level) for each in found}) == len(found)


def test_charge_that_the_balancer_took_is_no_leak():
    def bled(day, states, said):
        states[0, 7] -= 1e-3 * max(day - 30, 0)
        said["bled"][7] = 1e-3 * max(day - 30, 0)

    assert told(bled) == []


def test_a_module_that_was_exchanged_is_no_fault_and_a_later_leak_in_it_is():
    def exchange(day, states, _):
        if day >= 30:
            states[0, 20:34] += 0.02 * np.linspace(-1.0, 1.5, 14)
            states[2, 20:34] -= 2e-5
        states[0, 25] -= 2e-3 * max(day - 70, 0)

    found = told(exchange, n_days=100)
    assert {(each.cell, each.fault) for each in found} == {(25, FaultClass.MICRO_SHORT)}
    assert all(each.found_ns // 86_400_000_000_000 > 20_070 for each in found)
