"""A new battery in one year of duty, or in several: the mean year of what it goes through, and what it trades."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.studies.duty_when_new import duties_of, duty_when_new, refuse_coarse_sampling
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


def test_a_file_that_turns_more_quickly_than_it_is_sampled_is_refused_by_its_own_steps():
    ten_minutes_kw = np.random.default_rng(1).normal(0.0, 500.0, 52_560)  # SYNTHETIC: each step another power
    rest = replace(GIVEN.duties["rest"], is_schedule=False)
    coarse = replace(rest, power_kw=np.repeat(ten_minutes_kw, 10), sample_s=600.0, source="fcr.parquet")
    with pytest.raises(DataError, match=r"fcr.parquet \(response\): the duty has steps of 600 s .* is_schedule = true"):
        refuse_coarse_sampling("response", coarse)
    refuse_coarse_sampling("response", replace(coarse, is_schedule=True))
    refuse_coarse_sampling("response", replace(coarse, sample_s=60.0))
    slow_kw = np.tile(np.repeat([-900.0, 0.0, 850.0, 0.0], 6 * 60), 365)
    refuse_coarse_sampling("arbitrage", replace(coarse, power_kw=slow_kw, sample_s=3600.0))
