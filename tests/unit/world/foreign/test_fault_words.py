"""A fault is read as it is written, or refused with what there is."""

import pytest

from battuta.domain.errors import BattutaError
from battuta.world.foreign.fault_words import parse_foreign_fault
from battuta.world.foreign.faults import ForeignFaultKind


def test_a_fault_is_read() -> None:
    fault = parse_foreign_fault("resistance_rise, string=2, cell=5, size=0.2, start=30, growth=20")
    assert fault.kind is ForeignFaultKind.RESISTANCE_RISE
    assert (fault.string, fault.cell, fault.size, fault.start_day, fault.growth_days) == (2, 5, 0.2, 30, 20.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rust", "there is no fault 'rust'; there are leak"),
        ("leak", "say how large it is, size=0.05 to 1e\\+06 in ohm"),
        ("leak,size=much", "'much' is no number"),
        ("leak,size=100,colour=3", "keys are string, cell"),
        ("leak,size=100,cell=3,cell=4", "stands twice"),
        ("leak,size=100,cell=3.5", "no whole number"),
        ("leak,size=100,cell=nan", "no whole number"),
        ("leak,size=-3", "size"),
    ],
)
def test_what_cannot_be_read_is_refused(words: str, said: str) -> None:
    with pytest.raises(BattutaError, match=said):
        parse_foreign_fault(words)
