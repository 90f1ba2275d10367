"""The decision and what arbitration remembers."""

import numpy as np

from battuta.domain.command import Owner
from battuta.site.dispatch import ArbitrationState, Dispatch


def test_sites_at_rest_stand_still_and_nobody_owns_them() -> None:
    state = ArbitrationState.at_rest(3)
    assert state.rows.tolist() == [[0.0] * 3, [0.0] * 3, [0.0] * 3, [1.0] * 3]
    assert state.owner.tolist() == [Owner.REST] * 3


def test_a_dispatch_counts_its_sites() -> None:
    zeros, whole = np.zeros(4), np.zeros(4, dtype=np.int64)
    dispatch = Dispatch(
        time_ns=0,
        base_kw=zeros,
        bounds_kw=np.zeros((4, 4)),
        reactive_kvar=zeros,
        chiller_setpoint_c=zeros,
        owner=whole,
        reason=whole,
    )
    assert dispatch.n_sites == 4
