"""A new battery in one year of duty, or in several: the mean year of what it goes through, and what it trades."""

import numpy as np
import pytest

from battuta.studies.duty_when_new import duties_of, duty_when_new
from battuta.twin.study_pack import study_pack
from unit.studies.trading_case import BEST, inputs, study, traded

ASKED = study()
GIVEN = inputs(ASKED)


def test_several_years_are_told_as_their_mean_and_priced_one_by_one():
    given = GIVEN.duties["best"]
    duties = duties_of(given, GIVEN.ambient_c)
    assert len(duties) == 2
    assert np.array_equal(duties[1].power_kw, traded(BEST).years[1].power_kw)
    pack = study_pack(ASKED.battery, BEST, 0.5)
    new = duty_when_new(pack, duties, given)
    assert new.cycles.n_days == 730
    assert new.summary.full_cycles == pytest.approx(float(new.cycles.full_cycles.sum()) / 2)
    assert new.traded is not None
    assert sum(each.discharged_mwh for each in new.traded.years) == pytest.approx(2 * new.summary.discharged_mwh)
    for moved, planned in zip(new.traded.years, given.traded.years, strict=True):
        assert 0.75 * planned.margin < moved.margin < planned.margin
    assert new.traded.capture_share == 0.88
    assert new.summary.shortfall_share < 0.02


def test_one_year_is_itself():
    given = GIVEN.duties["rest"]
    new = duty_when_new(
        study_pack(ASKED.battery, ASKED.strategies[2].duty, 0.5), duties_of(given, GIVEN.ambient_c), given
    )
    assert new.cycles.n_days == 365
    assert new.traded is None
    assert new.followed_share == 1.0
