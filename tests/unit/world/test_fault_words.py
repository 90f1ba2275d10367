"""Faults as users write them, and what they are told when they miswrite."""

import math

import pytest

from battuta.domain.errors import UsageError
from battuta.world.fault_words import SIZES, parse_fault
from battuta.world.planted_faults import SITE_WIDE, FaultKind, PlantedFault


def test_a_leak_that_grows_and_ends() -> None:
    assert parse_fault("leak,site=3,cell=17,size=0.5,start=1h,ramp=30min,end=2d") == PlantedFault(
        kind=FaultKind.LEAK, site=3, cell=17, size=0.5, start_s=3600.0, ramp_s=1800.0, end_s=172_800.0
    )


def test_what_is_left_out_is_now_a_step_and_for_ever() -> None:
    fault = parse_fault(" smoke , size = 5 , site = 0 ")
    assert (fault.kind, fault.start_s, fault.ramp_s, fault.end_s) == (FaultKind.SMOKE, 0.0, 0.0, math.inf)


@pytest.mark.parametrize(
    ("text", "start_s"), [("90s", 90.0), ("0", 0.0), ("0.0", 0.0), ("0.5d", 43_200.0), ("1.5h", 5400.0)]
)
def test_durations_are_those_of_a_run(text, start_s) -> None:
    assert parse_fault(f"gas,site=0,size=1,start={text}").start_s == start_s


def test_a_loose_contact_has_a_share_and_a_sensor_drifts_either_way() -> None:
    assert parse_fault("loose_contact,site=0,cell=1,size=0.002,share=0.7").active_share == 0.7
    assert parse_fault("sensor_drift,site=0,cell=1,size=-0.01").size == -0.01


@pytest.mark.parametrize("kind", list(FaultKind))
def test_each_kind_can_be_written_and_says_its_size(kind) -> None:
    cell = "" if kind in SITE_WIDE else ",cell=0"
    assert parse_fault(f"{kind.value},site=1{cell},size=0.05").kind is kind
    with pytest.raises(UsageError, match=SIZES[kind]):
        parse_fault(f"{kind.value},site=1{cell}")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("leek,site=0,cell=0,size=1", "no kind 'leek'; there are leak, resistance_rise"),
        ("leak,cell=0,size=1", "site= is missing"),
        ("leak,site=0,size=1", "cell= is missing"),
        ("leak,site=0,cell=0,size=1,until=2d", "'until=2d' is none of site=, cell="),
        ("leak,site=0,cell=0,size=1,start", "'start' is none of"),
        ("leak,site=0,site=1,cell=0,size=1", "site is said twice"),
        ("leak,site=-1,cell=0,size=1", "site=-1 is not a whole number"),
        (f"leak,site={'9' * 5000},cell=0,size=1", "is not a whole number from 0 of at most 9 digits"),
        ("leak,site=0,cell=0,size=big", "size=big is not a number"),
        ("leak,site=0,cell=0,size=-1", "outside"),
        ("cooling_loss,site=0,size=2", "outside"),
        ("gas,site=0,cell=3,size=1", "leave cell= out"),
        ("leak,site=0,cell=0,size=1,share=0.5", "loose_contact only"),
        ("resistance_rise,site=0,cell=0,size=1e300", "(resistance_rise): size = 1e+300 is outside [0, 200]"),
        ("loose_contact,site=0,cell=0,size=1e300", "(loose_contact): size = 1e+300 ohm is outside [0, 0.1] ohm"),
        ("sensor_drift,site=0,cell=0,size=-1e308", "(sensor_drift): size = -1e+308 V is outside [-10, 10] V"),
        ("leak,site=0,cell=0,size=1,start=90", "start=90 has no unit: write 90s for seconds"),
        ("leak,site=0,cell=0,size=1,ramp=0.5", "ramp=0.5 has no unit: write 0.5s for seconds"),
        ("leak,site=0,cell=0,size=1,end=1e3", "end=1e3 has no unit: write 1e3s for seconds"),
        ("leak,site=0,cell=0,size=1,end=inf", "end=inf is no duration"),
        ("leak,site=0,cell=0,size=1,start=soon", "start=soon is no duration"),
        ("leak,site=0,cell=0,size=1,ramp=-5s", "ramp=-5s is no duration"),
        ("leak,site=0,cell=0,size=1,start=2d,end=1d", "does not come after the start"),
    ],
)
def test_a_miswritten_fault_is_told_what_is_wrong(words, told) -> None:
    with pytest.raises(UsageError) as refused:
        parse_fault(words)
    assert told in str(refused.value)
    assert repr(words) in str(refused.value)
