"""The walk of BLAST-Lite as a call: more stress, more loss; kept throughput, more cycles; bad profiles are refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.physics.ageing.blast_compat import blast_lives, blast_segments

TIME_S = np.arange(24 * 30) * 3600.0
PROFILE = (TIME_S, 0.5 + 0.4 * np.sin(TIME_S / 13_000.0), np.full(TIME_S.size, 25.0))


@pytest.mark.parametrize("model", ["lfp_250ah", "sony_lfp_3ah"])
def test_lives_lose_by_their_scalar(model):
    scalars = np.array([0.5, 1.0, 1.5])
    exact = blast_lives(model, *PROFILE, n_years=3, scalars=scalars)
    near = blast_lives(model, *PROFILE, n_years=3, scalars=scalars, shares_table=True)
    shrinking = blast_lives(model, *PROFILE, n_years=3, scalars=scalars, keeps_throughput=False)
    assert exact.soh_capacity.shape == (3, 4)
    assert np.all(np.diff(exact.soh_capacity, axis=0)[:, 1:] < 0.0)
    assert np.all(np.diff(exact.soh_capacity, axis=1) < 0.0)
    assert near.soh_capacity == pytest.approx(exact.soh_capacity, abs=2e-5)
    assert np.all(shrinking.full_cycles[:, -1] < exact.full_cycles[:, -1])
    assert np.all(exact.n_steps == near.n_steps)


def test_a_still_profile_is_cut_by_day():
    assert blast_segments(TIME_S[:100], np.full(100, 0.5)).tolist() == [25, 50, 75, 99]


def test_what_cannot_be_walked_is_refused():
    with pytest.raises(UsageError, match="naumann"):
        blast_lives("naumann", *PROFILE)
    with pytest.raises(DataError, match="shapes"):
        blast_lives("lfp_250ah", TIME_S, PROFILE[1][:5], PROFILE[2])
    with pytest.raises(DataError, match="gaps"):
        blast_lives("lfp_250ah", TIME_S, np.where(TIME_S == 3600.0, np.nan, PROFILE[1]), PROFILE[2])
