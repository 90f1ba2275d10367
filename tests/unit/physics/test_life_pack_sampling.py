"""Under-sampled duty and gaps: told apart, refused with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.life_pack_sampling import held_gaps, sampling_of
from battuta.physics.life_pack_walk import PackDuty


def duty_of(power_kw, step_s):
    return PackDuty(power_kw=power_kw, ambient_c=np.full(power_kw.size, 20.0), step_s=step_s)


def regulation(step_s, n_days=40):
    """SYNTHETIC: a signal with a memory of eight minutes, averaged to steps."""
    rng = np.random.default_rng(1)
    keep = np.exp(-1.0 / 8.0)
    minutes = np.empty(n_days * 1440)
    minutes[0] = 0.0
    for t, push in enumerate(rng.normal(0.0, 1000.0 * np.sqrt(1.0 - keep**2), minutes.size - 1)):
        minutes[t + 1] = keep * minutes[t] + push
    return duty_of(minutes.reshape(-1, round(step_s / 60.0)).mean(axis=1), step_s)


@pytest.mark.parametrize("step_s", [600.0, 900.0, 3600.0])
def test_frequency_response_in_long_steps_is_refused(step_s) -> None:
    with pytest.raises(DataError, match=rf"steps of {step_s:g} s and loses \d+ % of its throughput"):
        sampling_of(regulation(step_s))


@pytest.mark.parametrize("step_s", [60.0, 300.0])
def test_frequency_response_in_short_steps_is_counted(step_s) -> None:
    assert 0.01 < sampling_of(regulation(step_s)).lost_share < 0.12


def test_a_schedule_of_quick_blocks_says_that_it_is_one() -> None:
    quick = regulation(3600.0)
    assert sampling_of(replace(quick, is_schedule=True)).is_quick


def test_hourly_arbitrage_is_no_frequency_response() -> None:
    hours = np.tile(np.where(np.arange(24) < 4, -1000.0, np.where(np.arange(24) > 19, 950.0, 0.0)), 30)
    assert not sampling_of(duty_of(hours, 3600.0)).is_quick
    assert sampling_of(duty_of(np.zeros(24), 3600.0)).lost_share == 0.0


def test_the_published_frequency_response_profile_is_refused(data_dir) -> None:
    """Its 10 min are known to be too coarse; hourly samples of it halve the cycles."""
    pl = pytest.importorskip("polars")
    soc = pl.read_parquet(data_dir / "twin" / "duty" / "frequency_containment_reserve.parquet")["SOC"].to_numpy()
    for every, step_s in ((1, 600.0), (6, 3600.0)):
        thinned = soc[::every]
        power_kw = -1000.0 * np.diff(thinned, append=thinned[0])
        with pytest.raises(DataError, match="undercounted"):
            sampling_of(duty_of(power_kw[: power_kw.size // round(86400 / step_s) * round(86400 / step_s)], step_s))


def test_short_gaps_are_held_and_counted() -> None:
    values = np.array([5.0, np.nan, np.nan, 7.0, np.nan, 8.0])
    held, n_held = held_gaps(values, 900.0)
    assert held.tolist() == [5.0, 5.0, 5.0, 7.0, 7.0, 8.0]
    assert n_held == 3
    assert np.isnan(values[1]), "the series itself stays as it is"


def test_long_gaps_and_one_at_the_start_are_refused() -> None:
    with pytest.raises(DataError, match="misses 2 steps from step 1 on, 1800 s; at most 900 s are held"):
        held_gaps(np.array([5.0, np.nan, np.nan, 7.0, np.nan]), 900.0, gap_s_max=900.0)
    with pytest.raises(DataError, match="begins with a gap"):
        held_gaps(np.array([np.nan, 1.0]), 60.0)
