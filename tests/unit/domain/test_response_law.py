"""Laws are what they say, as values and as rows."""

import math

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.response_law import (
    DEADBAND_HZ,
    DIRECTION,
    DROOP,
    HOLD_S,
    KIND,
    N_PARAMETERS,
    N_POINTS,
    POINTS_HZ,
    POINTS_PU,
    REARM_S,
    RELEASE_PU_PER_S,
    TRIGGER_HZ,
    TRIGGERED_STEP,
    Droop,
    TriggeredStep,
    law_rows,
)

CE = {"points_hz": (-0.2, 0.2), "points_pu": (1.0, -1.0), "deadband_hz": 0.01, "full_time_s": 30.0}
FFR = {"trigger_hz": 49.5, "full_time_s": 0.7, "hold_s": 5.0, "release_pu_per_s": 0.2, "rearm_s": 900.0}


def test_a_droop_as_a_row():
    row = Droop(**CE).parameters()
    assert row.shape == (N_PARAMETERS,)
    assert (row[KIND], row[DEADBAND_HZ], row[N_POINTS]) == (DROOP, 0.01, 2)
    assert row[POINTS_HZ : POINTS_HZ + 2].tolist() == [-0.2, 0.2]
    assert row[POINTS_PU : POINTS_PU + 2].tolist() == [1.0, -1.0]


def test_a_triggered_step_as_a_row():
    row = TriggeredStep(**FFR).parameters()
    assert (row[KIND], row[TRIGGER_HZ], row[DIRECTION]) == (TRIGGERED_STEP, 49.5, 1.0)
    assert (row[HOLD_S], row[RELEASE_PU_PER_S], row[REARM_S]) == (5.0, 0.2, 900.0)


def test_rows_of_many_sites():
    rows = law_rows((Droop(**CE), None, TriggeredStep(**FFR)))
    assert rows[:, KIND].tolist() == [DROOP, 0, TRIGGERED_STEP]
    assert np.all(rows[1] == 0.0)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"points_pu": (-1.0, 1.0)}, UsageError, "must not rise"),
        ({"points_hz": (0.2, -0.2)}, UsageError, "ascend"),
        ({"points_hz": (0.0,), "points_pu": (0.0,)}, UsageError, "2 to 8"),
        ({"points_pu": (1.5, -1.0)}, InvalidQuantityError, "points_pu"),
        ({"deadband_hz": math.nan}, InvalidQuantityError, "deadband_hz"),
        ({"restarts_at_zero": True}, UsageError, r"0\.05 and -0\.05 at the edges"),
        ({"initiation_s": 31.0}, InvalidQuantityError, "full_time_s"),
        ({"nominal_hz": 0.0}, InvalidQuantityError, "nominal_hz"),
    ],
)
def test_a_droop_that_cannot_be(change, error, words):
    with pytest.raises(error, match=words):
        Droop(**{**CE, **change})


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"direction": 0}, UsageError, "direction"),
        ({"direction": -1}, InvalidQuantityError, "trigger_hz"),
        ({"ramp_s": 0.8}, InvalidQuantityError, "ramp_s"),
        ({"release_pu_per_s": 0.0}, InvalidQuantityError, "release_pu_per_s"),
    ],
)
def test_a_step_that_cannot_be(change, error, words):
    with pytest.raises(error, match=words):
        TriggeredStep(**{**FFR, **change})
