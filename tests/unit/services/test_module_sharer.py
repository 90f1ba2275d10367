"""Setpoints become powers of modules: the bad one takes less, the others more, and what cannot be kept is said."""

import math
from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.health import Derating
from battuta.health.module_deratings import ModuleTerms
from battuta.health.module_sharing import SharingNote
from battuta.services.module_sharer import SetpointsGiven, SharerState, TermsSet, carried_kw, step

WHOLE = ModuleTerms.of([[None] * 4] * 2, np.ones((2, 4)), soc_min=0.05, soc_max=0.95)
BAD = Derating(
    string_id="site-1/module-2", power_share_max=0.2, soc_min=0.0, soc_max=0.8, temperature_c_max=40.0, reason="leak"
)
DERATED = ModuleTerms.of([[None] * 4, [None, None, BAD, None]], np.ones((2, 4)), soc_min=0.05, soc_max=0.95)


def seen(soc: float = 0.5, temperature_c: float = 25.0) -> np.ndarray:
    told = np.empty((4, 2, 4))
    told[0], told[1], told[2:] = soc, temperature_c, 10.0
    return told


def shared(power_kw: float, terms: ModuleTerms = WHOLE, told: np.ndarray | None = None):
    state = SharerState.even(np.full(2, 40.0), np.full(2, 80.0), 4, WHOLE)
    state, effects = step(state, TermsSet(terms=terms))
    assert effects == ()
    given = SetpointsGiven(seen=seen() if told is None else told, power_kw=np.full(2, power_kw))
    (asked,) = step(state, given)[1]
    return asked


def test_modules_share_evenly_before_any_finding() -> None:
    asked = shared(-16.0)
    np.testing.assert_array_equal(asked.power_kw, np.full((2, 4), -4.0))
    assert not asked.notes.any()


def test_others_take_over_while_they_can() -> None:
    asked = shared(30.0, DERATED)
    assert asked.power_kw[0].tolist() == [7.5] * 4
    assert asked.power_kw[1].tolist() == pytest.approx([28 / 3, 28 / 3, 2.0, 28 / 3], abs=1e-3)
    assert asked.notes[1] == 0
    short = shared(36.0, DERATED)
    assert short.power_kw[1].tolist() == [10.0, 10.0, 2.0, 10.0]
    assert short.notes[1] & SharingNote.SHORT
    assert not short.notes[0] & SharingNote.SHORT


def test_window_and_temperature_of_a_finding_hold_its_module_alone() -> None:
    assert shared(-20.0, DERATED, seen(soc=0.8)).power_kw[1].tolist() == pytest.approx(
        [-20 / 3, -20 / 3, 0.0, -20 / 3], abs=1e-3
    )
    warm = shared(20.0, DERATED, seen(temperature_c=37.5)).power_kw
    assert warm[1, 2] == pytest.approx(1.0), "half of what is left, in the middle of the last 5 K"
    assert warm[0].tolist() == [5.0] * 4


def test_a_weak_module_takes_less_and_states_of_charge_come_together() -> None:
    weak = replace(WHOLE, weight=np.array([[1.0, 1.0, 0.8, 1.0]] * 2))
    assert shared(16.0, weak).power_kw[0, 2] == pytest.approx(4.0 * 4 * 0.8 / 3.8, rel=0.03)
    told = seen()
    told[0, 0] = [0.6, 0.5, 0.5, 0.4]
    out, back = shared(16.0, told=told).power_kw[0], shared(-16.0, told=told).power_kw[0]
    assert out[0] > out[1] > out[3]
    assert abs(back[0]) < abs(back[1]) < abs(back[3])


def test_a_module_that_says_nothing_rests_and_it_is_noted() -> None:
    told = seen()
    told[:, 0, 1] = math.nan
    asked = shared(12.0, told=told)
    assert asked.power_kw[0].tolist() == [4.0, 0.0, 4.0, 4.0]
    assert asked.notes[0] & SharingNote.LIMIT_UNKNOWN


def test_what_modules_carry_together_is_known_before_anything_is_asked() -> None:
    state = SharerState.even(np.full(2, 40.0), np.full(2, 80.0), 4, DERATED)
    told = seen()
    told[2, :, 0] = 4.0
    told[:, 0, 3] = math.nan
    discharge_kw, charge_kw = carried_kw(state, told)
    assert discharge_kw.tolist() == pytest.approx([30.0, 32.0])
    assert charge_kw.tolist() == pytest.approx([24.0, 26.0])
