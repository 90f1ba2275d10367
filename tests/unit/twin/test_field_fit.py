"""A line is found from days of rows, and old days fade."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.twin.field_fit import first_fit

START = first_fit(np.zeros(2), np.full(2, 1e3))


def test_a_line_is_found_as_by_least_squares() -> None:
    rng = generator(1, "test")
    design = rng.standard_normal((50, 2))
    target = design @ np.array([2.0, -1.0]) + 0.1 * rng.standard_normal(50)
    once = START.updated(design, target, 0.1, kept=1.0)
    twice = START.updated(design[:20], target[:20], 0.1, kept=1.0).updated(design[20:], target[20:], 0.1, kept=1.0)
    plain = np.linalg.lstsq(design, target, rcond=None)[0]
    np.testing.assert_allclose(once.coefficients, plain, atol=1e-6)
    np.testing.assert_allclose(twice.coefficients, once.coefficients)
    assert once.deviations == pytest.approx(np.full(2, 0.1 / np.sqrt(50)), rel=0.4)


def test_old_days_fade_and_gaps_are_not_counted() -> None:
    design = np.array([[1.0, 0.0], [0.0, 1.0]])
    fit = START
    for value in (0.0,) * 50 + (1.0,) * 50:
        fit = fit.updated(design, np.array([value, np.nan]), 0.1, kept=0.8)
    assert fit.coefficients == pytest.approx([1.0, 0.0], abs=1e-3)
    assert fit.deviations[1] > 1e3
