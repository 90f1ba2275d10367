"""A comparison on the cores of this machine: progress is told, the answer is that of one thread."""

import numpy as np

from battuta.app.uniform_ageing import compare_ways
from battuta.health.ageing_arms import StringDuty
from battuta.studies.uniform_ageing import UniformAgeingAsked

ASKED = UniformAgeingAsked(
    arms=("passive", "active"), weights={"lfp_250ah": 1.0}, n_strings=30, duty=StringDuty(step_days=60.0)
)


def test_progress_is_told_and_threads_change_nothing() -> None:
    told = []
    two = compare_ways(ASKED, n_threads=2, progress=lambda *at: told.append(at))
    assert told[-1] == ("strings", 2, 2)
    assert two.seconds > 0.0
    np.testing.assert_array_equal(two.found.life_years, compare_ways(ASKED, n_threads=1).found.life_years)
