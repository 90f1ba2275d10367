"""Curves interpolate, know their shape and find their convex hull."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.errors import UsageError


def test_a_curve_interpolates_and_is_constant_beyond_its_ends():
    curve = Curve(x=(0.0, 1.0), y=(2.0, 4.0))
    np.testing.assert_allclose(curve(np.array([-1.0, 0.25, 9.0])), [2.0, 2.5, 4.0])


def test_shape():
    roof = Curve(x=(0.0, 1.0, 2.0), y=(0.0, 1.0, 0.0))
    assert roof.is_concave
    assert not roof.is_convex


def test_the_hull_and_its_gap():
    hull, gap = Curve(x=(0.0, 1.0, 2.0), y=(0.0, 1.0, 0.0)).convexified()
    assert hull == Curve(x=(0.0, 2.0), y=(0.0, 0.0))
    assert gap == 1.0


@pytest.mark.parametrize(("x", "y"), [((), ()), ((0.0,), (1.0, 2.0)), ((1.0, 1.0), (0.0, 1.0)), ((0.0,), (np.nan,))])
def test_what_is_no_function_is_refused(x, y):
    with pytest.raises(UsageError):
        Curve(x=x, y=y)


def test_level_ends_are_written_out():
    curve = Curve(x=(0.2, 0.5), y=(1.0, 3.0))
    assert curve.spanning(0.0, 1.0) == Curve(x=(0.0, 0.2, 0.5, 1.0), y=(1.0, 1.0, 3.0, 3.0))
    assert curve.spanning(0.2, 0.5) == curve
    assert curve.is_concave
    assert not curve.spanning(0.0, 1.0).is_concave
