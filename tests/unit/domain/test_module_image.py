"""What modules say is kept in counts, and read back as it was decided on."""

import numpy as np

from battuta.domain.image import MISSING_COUNT
from battuta.domain.module_image import N_MODULE_SIGNALS, module_counts, module_values


def test_what_is_read_back_is_written_the_same_again() -> None:
    told = np.random.default_rng(1).uniform(-50.0, 50.0, (N_MODULE_SIGNALS, 3, 5))
    counts = module_counts(told)
    assert counts.dtype == np.int32
    back = module_values(counts)
    np.testing.assert_allclose(back, told, atol=0.0501)
    np.testing.assert_array_equal(module_counts(back), counts)


def test_what_is_no_number_is_missing() -> None:
    told = np.full((N_MODULE_SIGNALS, 1, 3), [np.nan, np.inf, 1e300])
    assert (module_counts(told) == MISSING_COUNT).all()
    assert np.isnan(module_values(module_counts(told))).all()
