"""What measuring is worth: the harsh model ruled out, more is lent; prices are those of all lives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from battuta.twin.exceedance import debt_at
from battuta.twin.one_law import always, of_one_law
from battuta.twin.study_sensitivity_cases import StudyCase
from battuta.twin.telemetry_worth import LenderLives, telemetry_worth

from .study_model_case import N_LIVES, PLAN, lived, model

SERVICE = np.array([0.0, 30e3, 30e3, 30e3, 30e3, 0.0, 0.0])
BEFORE = model()
AFTER = replace(BEFORE, lived=always(of_one_law(lived(1.0), 0)))
BROKEN = np.arange(N_LIVES) % 2 == 1


def test_four_answers_of_one_lender() -> None:
    found = telemetry_worth(
        LenderLives(model=BEFORE, is_broken=BROKEN),
        LenderLives(model=AFTER, is_broken=np.zeros(N_LIVES, dtype=bool)),
        SERVICE,
        ("mild", 0),
    )
    np.testing.assert_allclose(found.before.debt, debt_at(PLAN, BEFORE.flows_of(StudyCase()), (0.5, 0.9, 0.99)))
    np.testing.assert_allclose(found.before_alone.debt, found.after.debt)
    np.testing.assert_allclose(found.after_alone.debt, found.after.debt)
    assert (found.gained > 0.0).all()
    assert (found.before.promise_breach, found.after.promise_breach) == (0.5, 0.0)
    assert found.before_alone.promise_breach == 0.0
    assert (np.diff(found.after.margin_dscr) <= 0.0).all()
    assert (found.after.margin_dscr >= found.before.margin_dscr).all()
    assert list(found.views) == ["before", "after", "before_one_model", "after_one_model"]


def test_a_model_that_no_life_follows_has_no_answer() -> None:
    none = LenderLives(model=AFTER, is_broken=None)
    found = telemetry_worth(none, none, SERVICE, ("harsh", 1))
    assert np.isnan(found.after_alone.debt).all()
    assert found.after.promise_breach == pytest.approx(np.nan, nan_ok=True)
