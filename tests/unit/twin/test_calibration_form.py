"""A law is asked at rest exactly as its days sum up, and a tilt does what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names, term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.twin.calibration_form import PIVOT_DAYS, CalendarCondition, loss_surface, resting_loss, tilt_prior

DAYS = np.array([30.0, 365.0, 885.0])


def condition(**changes: object) -> CalendarCondition:
    """Three check-ups at 40 degC and half charge."""
    given = {"name": "a", "temperature_c": 40.0, "soc": 0.5, "days": DAYS, "loss_share": np.array([0.01, 0.05, 0.08])}
    return CalendarCondition(**{**given, **changes})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ageing_law_names())
def test_the_closed_form_is_the_sum_of_days(name: str) -> None:
    law = ageing_law(name)
    terms, state = term_arrays(law), np.zeros(len(law.terms))
    slots = law.stresses(duty_days(np.full(2, 0.8), np.full(2, 40.0), np.zeros(2), 43_200.0))[0]
    for _ in range(365):
        advance_day(state, slots, np.ones(state.size), *terms)
    lost, _ = losses(state, terms.kinds, terms.quantities, terms.powers)
    assert resting_loss(law, 40.0, 0.8, np.array([365.0]))[0] == pytest.approx(lost, rel=1e-9)


def test_an_untilted_surface_is_the_law_and_a_tilt_turns_about_its_pivot() -> None:
    law = ageing_law("naumann_lfp")
    surface = loss_surface(law, [condition(), condition(name="b", temperature_c=25.0)])
    tilts = np.zeros((3, surface.design.shape[1]))
    tilts[1, 0], tilts[2, 6] = np.log(2.0), 0.1
    plain, doubled, steeper = surface.losses(tilts)
    np.testing.assert_allclose(plain[:3], resting_loss(law, 40.0, 0.5, DAYS))
    np.testing.assert_allclose(doubled, 2.0 * plain)
    np.testing.assert_allclose(steeper, plain * (np.tile(DAYS, 2) / PIVOT_DAYS) ** 0.1)


def test_a_tilt_of_the_activation_energy_leaves_the_reference_as_it_is() -> None:
    surface = loss_surface(ageing_law("naumann_lfp"), [condition(temperature_c=25.0), condition(name="b")])
    tilts = np.zeros((2, surface.design.shape[1]))
    tilts[1, 1] = 10_000.0
    plain, warmer = surface.losses(tilts)
    np.testing.assert_allclose(warmer[:3], plain[:3])
    assert warmer[3] > 1.15 * plain[3]


def test_increments_begin_anew_in_each_condition() -> None:
    surface = loss_surface(ageing_law("naumann_lfp"), [condition(), condition(name="b")])
    np.testing.assert_allclose(surface.increments(np.array([1.0, 3.0, 6.0, 2.0, 3.0, 5.0])), [1, 2, 3, 2, 1, 2])


def test_check_ups_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(DataError, match="condition a: leave out"):
        condition(days=np.array([0.0, 1.0, 2.0]))
    with pytest.raises(DataError, match="give pairs"):
        condition(days=DAYS[:2])
    with pytest.raises(InvalidQuantityError, match="soc"):
        condition(soc=50.0)


def test_a_condition_is_cut_at_an_age() -> None:
    assert condition().until(365.0).days.tolist() == [30.0, 365.0]


def test_every_prior_has_a_width_and_a_source() -> None:
    prior = tilt_prior()
    assert len(prior.name) == prior.mean.size == prior.deviation.size == len(prior.source)
    assert np.all(prior.deviation > 0.0)
    assert all(prior.source)
