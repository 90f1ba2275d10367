"""Planted faults: how they grow, what is refused, what a right finding calls them."""

import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.health import FaultClass
from battuta.world.foreign.faults import CLASSES, SIZE_RANGES, ForeignFault, ForeignFaultKind


def fault(kind, size, **more):
    return ForeignFault(kind=kind, string=0, cell=3, start_day=20, size=size, **more)


@pytest.mark.parametrize("kind", ForeignFaultKind)
def test_nothing_before_its_start_and_everything_after_its_ramp(kind) -> None:
    low, high, _ = SIZE_RANGES[kind]
    each = fault(kind, min(max(low, 1.0), high), growth_days=30.0)
    grown = [each.grown(day) for day in range(80)]
    assert grown[:20] == [0.0] * 20
    assert grown[50:] == [1.0] * 30
    assert grown == sorted(grown)


def test_kinds_grow_in_their_own_way() -> None:
    assert fault(ForeignFaultKind.RESISTANCE_RISE, 0.5).grown(20) == 1.0
    assert fault(ForeignFaultKind.RESISTANCE_RISE, 0.5, growth_days=10).grown(25) == 0.5
    assert fault(ForeignFaultKind.CAPACITY_KNEE, 0.5, growth_days=10).grown(25) == 0.125
    leak = fault(ForeignFaultKind.LEAK, 30.0, growth_days=60)
    assert leak.grown(60) == 2.0 * leak.grown(50)


def test_every_kind_has_a_range_and_a_class() -> None:
    assert set(SIZE_RANGES) == set(CLASSES) == set(ForeignFaultKind)
    assert {each for each in CLASSES.values() if each} <= set(FaultClass)
    assert fault(ForeignFaultKind.LEAK, 30.0).fault_class is FaultClass.MICRO_SHORT


@pytest.mark.parametrize(
    ("kind", "size", "more", "name"),
    [
        (ForeignFaultKind.LEAK, 0.0, {}, "size"),
        (ForeignFaultKind.COOLING_LOSS, 1.5, {}, "size"),
        (ForeignFaultKind.LEAK, 30.0, {"growth_days": -1.0}, "growth_days"),
        (ForeignFaultKind.LOOSE_CONTACT, 1e-3, {"active_share": 2.0}, "active_share"),
        (ForeignFaultKind.VOLTAGE_OFFSET, float("nan"), {}, "size"),
    ],
)
def test_what_cannot_be_is_refused(kind, size, more, name) -> None:
    with pytest.raises(InvalidQuantityError, match=name):
        fault(kind, size, **more)
