"""Stresses of a string's day: those of the law for the same day walked, and nothing of resistance."""

import numpy as np
import pytest

from battuta.health import ageing_arms_kernels as kernels
from battuta.health.ageing_arms import ARMS, StringDuty, duty_row
from battuta.health.ageing_arms_days import day_stress
from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names
from battuta.physics.ageing.ageing_term import AgedQuantity, TermKind
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.naumann import naumann

DUTY = StringDuty(move_h=4.0, rest_high_h=6.0)


def walked(low, depth, n_days=40):
    """Days of the same kind, minute by minute, as a telemetry record would have them."""
    minute = np.arange(1, 1441) / 60.0
    soc = low + depth * np.interp(minute, [0, 6, 10, 20, 24], [1, 1, 0, 0, 1])
    soc = np.tile(soc, n_days)
    return duty_days(soc, np.full(soc.size, 28.0), -np.diff(soc, prepend=soc[-1]) * 60.0, 60.0)


@pytest.mark.parametrize("name", ageing_law_names())
@pytest.mark.parametrize(("depth", "place"), [(0.8, 1.0), (0.8, 0.0), (0.5, 0.5), (1.0, 1.0)])
def test_a_days_stress_is_the_laws_own_for_days_in_a_row(name, depth, place) -> None:
    law = ageing_law(name)
    found = day_stress(law, DUTY, 28.0, 28.0)
    row = found.slots[0, round(depth * 50), round(place * 8)]
    whole = law.stresses(walked(place * (1.0 - depth), depth))
    kept = [k for each in law.terms if each.quantity is AgedQuantity.CAPACITY for k in slots_of(each)]
    np.testing.assert_allclose(row, whole[:, kept].mean(axis=0), rtol=0.01, atol=1e-12)


def slots_of(term):
    return range(term.slot, term.slot + (1 if term.kind is TermKind.POWER else 3))


def test_naumanns_calendar_day_is_that_of_the_loop_that_asks_him_alone() -> None:
    found = day_stress(ageing_law("naumann_lfp"), DUTY, 20.0, 24.0)
    row = duty_row(DUTY, ARMS["passive"])
    for warm, temperature_c in enumerate(found.temperature_c):
        plainly = kernels.calendar_day(0.3, 1.0, temperature_c, row, naumann().parameters())
        assert found.slots[warm, 35, 8, 0] == pytest.approx(plainly, rel=1e-4)
    assert found.temperature_c.tolist() == [20.0, 22.0, 24.0]


def test_slots_that_add_up_are_told_from_ends_and_curvatures() -> None:
    found = day_stress(ageing_law("sony_lfp_3ah"), DUTY, 25.0, 25.0)
    assert [each.slot for each in found.terms] == [0, 3, 4]
    assert found.is_additive.tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert found.per_day(0.8, 1.0, 25.0).tolist() == found.slots[0, 40, 8, [0, 3, 4]].tolist()
