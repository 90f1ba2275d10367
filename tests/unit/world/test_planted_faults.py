"""Planted faults: each acts where and when it says, and nowhere else."""

import math

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.world.planted_faults import (
    RATES_PER_YEAR,
    SIZE_MAX,
    SIZE_UNITS,
    FaultKind,
    PlantedFault,
    apply_faults,
    healthy_state,
    random_faults,
)

YEAR_S = 365.25 * 86_400.0
FIELDS = {
    FaultKind.LEAK: ("leak_a", 0.0),
    FaultKind.RESISTANCE_RISE: ("resistance_factor", 1.0),
    FaultKind.LOOSE_CONTACT: ("contact_ohm", 0.0),
    FaultKind.SENSOR_DRIFT: ("voltage_offset_v", 0.0),
    FaultKind.TEMPERATURE_DRIFT: ("temperature_offset_c", 0.0),
    FaultKind.COOLING_LOSS: ("flow_factor", 1.0),
    FaultKind.GAS: ("gas_ppm", 0.0),
    FaultKind.SMOKE: ("smoke_percent_per_m", 0.0),
}


def fault(kind=FaultKind.LEAK, **changes):
    return PlantedFault(**({"kind": kind, "site": 1, "cell": 2, "start_s": 100.0, "size": 0.5} | changes))


def field(state, kind):
    return getattr(state, FIELDS[kind][0])


@pytest.mark.parametrize("kind", list(FaultKind))
def test_a_fault_acts_on_its_own_array_only(kind):
    state, healthy = healthy_state(3, 4), healthy_state(3, 4)
    apply_faults([fault(kind, size=0.0625)], 200.0, state)
    for other in FaultKind:
        changed = np.flatnonzero(field(state, other) != field(healthy, other))
        place = 1 if field(state, kind).ndim == 1 else 1 * 4 + 2
        assert changed.tolist() == ([place] if other is kind else [])
    expected = 0.9375 if kind is FaultKind.COOLING_LOSS else FIELDS[kind][1] + 0.0625
    assert field(state, kind).flat[place] == expected


@pytest.mark.parametrize("kind", list(FaultKind))
def test_a_fault_that_ends_leaves_no_trace(kind):
    state = healthy_state(3, 4)
    ending = [fault(kind, size=0.05, end_s=300.0)]
    for at_s in (200.0, 400.0):
        apply_faults(ending, at_s, state)
    assert (field(state, kind) == FIELDS[kind][1]).all()


def test_faults_on_one_cell_add_up():
    state = healthy_state(2, 4)
    faults = [fault(), fault(size=0.25), fault(FaultKind.COOLING_LOSS), fault(FaultKind.COOLING_LOSS)]
    for at_s in (150.0, 160.0):
        apply_faults(faults, at_s, state)
    assert state.leak_a[1, 2] == 0.75
    assert state.flow_factor[1] == 0.25


def test_a_fault_grows():
    growing = fault(size=-0.02, kind=FaultKind.SENSOR_DRIFT, ramp_s=100.0)
    assert [growing.size_at(at_s) for at_s in (99.0, 150.0, 200.0, 1e9)] == [0.0, -0.01, -0.02, -0.02]


def test_a_loose_contact_comes_and_goes():
    loose = fault(FaultKind.LOOSE_CONTACT, size=1e-3, active_share=0.7)
    sizes = np.array([loose.size_at(100.0 + k) for k in range(2000)])
    assert set(sizes.tolist()) == {0.0, 1e-3}
    assert (sizes > 0.0).mean() == pytest.approx(0.7, abs=0.05)
    assert loose.size_at(100.0) == loose.size_at(100.9)


@pytest.mark.parametrize(
    "changes",
    [
        {"site": -1},
        {"active_share": 1.5},
        {"size": -1.0},
        {"kind": FaultKind.COOLING_LOSS, "size": 1.1},
        {"size": math.nan},
        {"start_s": math.nan},
        {"end_s": math.nan},
    ],
)
def test_faults_that_cannot_be(changes):
    with pytest.raises(InvalidQuantityError):
        fault(**changes)


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_each_kind_has_a_largest_size_and_what_is_larger_is_told_with_the_range(kind, sign):
    largest = SIZE_MAX[kind]
    is_signed = kind in {FaultKind.SENSOR_DRIFT, FaultKind.TEMPERATURE_DRIFT}
    if sign > 0.0 or is_signed:
        assert fault(kind, size=sign * largest).size == sign * largest
    for size in (sign * 1.01 * largest, sign * 1e300, sign * math.inf):
        with pytest.raises(InvalidQuantityError) as refused:
            fault(kind, size=size)
        unit = "" if SIZE_UNITS[kind] == "-" else f" {SIZE_UNITS[kind]}"
        low = f"{-largest:g}" if is_signed else "0"
        told = f"PlantedFault({kind.value}): size = {size:g}{unit} is outside [{low}, {largest:g}]{unit}"
        assert str(refused.value) == told


@pytest.mark.parametrize("kind", list(FaultKind))
def test_faults_that_overlap_go_no_further_than_the_largest_one(kind):
    state, rest = healthy_state(3, 4), FIELDS[kind][1]
    apply_faults([fault(kind, size=SIZE_MAX[kind])] * 3, 200.0, state)
    expected = 0.0 if kind is FaultKind.COOLING_LOSS else rest + SIZE_MAX[kind]
    place = 1 if field(state, kind).ndim == 1 else 1 * 4 + 2
    assert field(state, kind).flat[place] == expected


def test_drifts_of_both_signs_are_summed_before_they_are_cut():
    state = healthy_state(3, 4)
    apply_faults([fault(FaultKind.SENSOR_DRIFT, size=size) for size in (8.0, 8.0, -9.0)], 200.0, state)
    assert state.voltage_offset_v[1, 2] == 7.0
    apply_faults([fault(FaultKind.SENSOR_DRIFT, size=-8.0)] * 2, 200.0, state)
    assert state.voltage_offset_v[1, 2] == -10.0


def test_a_fault_outside_the_fleet():
    with pytest.raises(InvalidQuantityError, match="cell = 2"):
        apply_faults([fault()], 0.0, healthy_state(2, 2))


def test_drawn_faults_have_their_rates():
    rates = {FaultKind.LEAK: 0.01, FaultKind.COOLING_LOSS: 0.5}
    drawn = random_faults(3, 50, 200, 2.0 * YEAR_S, rates)
    leaks = [each for each in drawn if each.kind is FaultKind.LEAK]
    losses = [each for each in drawn if each.kind is FaultKind.COOLING_LOSS]
    assert abs(len(leaks) - 200) < 5 * math.sqrt(200)
    assert abs(len(losses) - 50) < 5 * math.sqrt(50)
    assert all(0.01 <= each.size <= 1.0 and 0 <= each.cell < 200 for each in leaks)
    assert len({each.cell for each in leaks}) > 80
    assert [each.start_s for each in drawn] == sorted(each.start_s for each in drawn)


def test_one_more_site_or_year_changes_nothing_before():
    small = random_faults(3, 4, 500, 3.0 * YEAR_S)
    large = random_faults(3, 6, 500, 6.0 * YEAR_S)
    assert small
    assert small == tuple(each for each in large if each.site < 4 and each.start_s < 3.0 * YEAR_S)
    assert set(RATES_PER_YEAR) == set(FaultKind)
