"""Many sites as a band: quantiles of those that spoke, as NumPy has them."""

import warnings

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from battuta.interfaces.reports.living_bands import band_of, total


def test_a_band_is_median_ends_and_extremes():
    band = band_of(np.arange(11.0)[None, ::-1])
    assert [float(each[0]) for each in (band.lowest, band.low, band.median, band.high, band.highest)] == [
        0,
        1,
        5,
        9,
        10,
    ]


def test_where_no_site_spoke_there_is_nothing():
    band = band_of(np.array([[np.nan, np.nan], [1.0, np.nan]]))
    assert np.isnan(band.median[0])
    assert band.lowest[1] == band.highest[1] == 1.0


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 9)),
        elements=st.floats(-1e3, 1e3) | st.just(np.nan),
    )
)
def test_a_band_is_that_of_numpy(values):
    band = band_of(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows without a value
        expected = np.nanquantile(values, [0.0, 0.1, 0.5, 0.9, 1.0], axis=1)
    found = np.stack([band.lowest, band.low, band.median, band.high, band.highest])
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_total_leaves_out_who_is_silent():
    np.testing.assert_array_equal(total(np.array([[1.0, np.nan, 2.0], [np.nan] * 3])), [3.0, np.nan])
