"""A string's days tell charge, resistance and offset of its cells apart."""

import numpy as np
import pytest

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health import string_filter
from battuta.health.scan_state import restore_state, save_state
from battuta.health.string_curve import CurveDay
from battuta.health.string_filter import StringFilter
from battuta.physics.cell_parameters import cell_parameters

PARAMETERS = cell_parameters("lfp_314ah")
GRID = np.linspace(0.0, 1.0, PARAMETERS.ocv_v.size)
N_CELLS = 40
CURRENT_A = np.select(
    [(np.arange(1440) >= 60) & (np.arange(1440) < 290), (np.arange(1440) >= 820) & (np.arange(1440) < 1050)],
    [75.0, -75.0],
    0.0,
)
OHM = 4.5e-4


def lived(day, soc, *, offset_v=0.0, resistance=1.0, bleed_ah=None, current_a=CURRENT_A):
    """A day of full use: one discharge, one charge, rests between."""
    moved = np.cumsum(current_a) / 60.0 / 314.0
    places = soc - moved[:, None]
    head_v = 0.15 * np.exp((places - 1.0) / 0.015)
    foot_v = -0.25 * np.exp(-places / 0.03)
    drop_v = OHM * current_a[:, None] * resistance
    voltage_v = np.interp(places, GRID, PARAMETERS.ocv_v) + head_v + foot_v - drop_v + offset_v
    noise = 3e-4 * np.random.default_rng(day).normal(size=voltage_v.shape)
    return Block(
        string_id="S",
        time_ns=day * NS_PER_DAY + np.arange(1440) * 60_000_000_000,
        current_a=current_a.copy(),
        voltage_v=np.round(voltage_v + noise, 3),
        temperature_c=np.full((1440, 2), 25.0),
        bleed_ah=bleed_ah,
    )


def followed(days, change=lambda day, soc, told: None):
    """The last of some days of a string to which `change` does something, and the charge of each day."""
    soc, watch, charge = np.full(N_CELLS, 0.985), StringFilter(PARAMETERS, N_CELLS), []
    said = None
    for day in range(days):
        told = {"offset_v": np.zeros(N_CELLS), "resistance": np.ones(N_CELLS)}
        change(day, soc, told)
        said = watch.take(lived(day, soc, **told)) or said
        charge.append(watch.state.states[0].copy())
    assert said is not None
    return said, np.array(charge), watch


def test_charge_resistance_and_offset_are_told_apart():
    def change(day, soc, told):
        soc[3] = 0.979
        told["resistance"][5] = 1.3
        told["offset_v"][7] = 0.004

    said, _, _ = followed(15, change)
    charge, resistance, offset = said.states[0], said.states[2] + said.states[3], said.states[4]
    assert abs(charge[3] + 0.006) < 0.0015
    assert abs(resistance[5] - 0.3 * OHM) < 0.25 * 0.3 * OHM
    assert abs(offset[7] - 0.004) < 8e-4
    others = np.delete(np.arange(N_CELLS), [3, 5, 7])
    assert np.abs(charge[others]).max() < 1e-3
    assert np.abs(resistance[others]).max() < 1e-5
    assert np.abs(offset[others]).max() < 5e-4


def test_a_leak_shows_as_charge_that_falls_day_by_day():
    def change(day, soc, _):
        soc[4] -= 5e-4 if day >= 4 else 0.0

    _, charge, _ = followed(20, change)
    slope = np.polyfit(np.arange(12), charge[8:], 1)[0]
    assert abs(slope[4] + 5e-4) < 1.2e-4
    assert np.abs(np.delete(slope, 4)).max() < 5e-5


def test_a_cell_far_behind_at_the_head_is_at_least_so_far_and_never_ahead():
    def change(_, soc, told):
        soc[4] = 0.93

    said, charge, _ = followed(12, change)
    assert said.states[0, 4] < -0.01, "it is on the plateau while all others are up the head"
    assert said.states[0, 4] > -0.08
    assert (charge[2:, 4] < -0.005).all()
    assert np.abs(np.delete(said.states[0], 4)).max() < 1.5e-3


@pytest.mark.parametrize("resistance", [1.0, 1.6])
def test_equal_cells_are_told_equal_whatever_the_kind_was_thought_to_be(resistance):
    watch = StringFilter(PARAMETERS, N_CELLS)
    for day in range(12):
        said = watch.take(lived(day, np.full(N_CELLS, 0.985), resistance=resistance))
    assert said is not None
    assert np.abs(said.states[0]).max() < 5e-4
    assert np.abs(said.states[2] + said.states[3]).max() < 5e-6
    assert np.abs(said.states[4]).max() < 3e-4
    assert abs(np.median(said.states, axis=1)).max() < 1e-12
    assert (said.variance > 0.0).all()
    np.testing.assert_allclose(watch.state.covariance, watch.state.covariance.T)
    assert (
        np.linalg.eigvalsh(watch.state.covariance / np.sqrt(np.outer(*2 * [np.diag(watch.state.covariance)]))).min() > 0
    )


def test_what_the_balancer_took_is_counted_and_taken_off():
    watch = StringFilter(PARAMETERS, N_CELLS)
    soc = np.full(N_CELLS, 0.985)
    for day in range(8):
        watch.take(lived(day, soc))
    bleed_ah = np.zeros((1440, N_CELLS))
    bleed_ah[100:200, 2] = 0.0314 * 0.3
    bleed_ah[5, 3] = np.nan
    before = watch.state.states[0].copy()
    nothing = lived(8, soc, bleed_ah=bleed_ah)
    nothing.voltage_v[:] = np.nan
    assert watch.take(nothing) is None
    np.testing.assert_allclose(watch.state.bled[2:4], [0.003, 0.0], atol=1e-12)
    np.testing.assert_allclose(
        watch.state.states[0] - before, np.where(np.arange(N_CELLS) == 2, -0.003, 0.0), atol=1e-12
    )
    soc[2] -= 0.003
    said = watch.take(lived(9, soc))
    assert said is not None
    assert abs(said.states[0, 2] + 0.003) < 8e-4


def test_a_silent_channel_keeps_what_was_known_of_it_and_a_short_day_says_nothing():
    def change(_, soc, told):
        soc[6] = 0.981

    said, _, watch = followed(8, change)
    before = said.states[0, 6]
    assert abs(before + 0.004) < 1.5e-3
    soc = np.full(N_CELLS, 0.985)
    silent = lived(8, soc)
    silent.voltage_v[:, 6] = np.nan
    after = watch.take(silent)
    assert after is not None
    assert abs(after.states[0, 6] - before) < 5e-4
    assert (after.seen_share[6], after.range_v[6]) == (0.0, 0.0)
    was = watch.state.states.copy()
    assert watch.take(lived(9, soc).rows(slice(0, 30))) is None
    assert watch.state.states.tobytes() == was.tobytes()
    assert watch.state.day == 9


def carried(watch):
    return save_state([watch.state, watch.curve.state])


def test_no_missing_value_comes_into_what_is_carried():
    soc, watch = np.full(N_CELLS, 0.985), StringFilter(PARAMETERS, N_CELLS)
    rng = np.random.default_rng(2)
    for day in range(9):
        block = lived(day, soc, bleed_ah=np.where(rng.random((1440, N_CELLS)) < 0.1, np.nan, 0.0))
        block.voltage_v[rng.random((1440, N_CELLS)) < 0.05] = np.nan
        block.voltage_v[300:400, :25] = np.nan
        block.voltage_v[:, 11] = np.nan if day % 2 else block.voltage_v[:, 11]
        block.current_a[rng.random(1440) < 0.05] = np.nan
        block.temperature_c[rng.random((1440, 2)) < 0.3] = np.nan
        if day == 3:
            block.current_a[:] = np.nan
        if day == 5:
            block.voltage_v[:] = np.nan
        said = watch.take(block)
        assert (said is None) <= (day in {0, 3, 5})
        for name, each in carried(watch).items():
            assert name == "tree" or day < 1 or np.isfinite(each).all()
    assert said is not None
    assert np.abs(said.states[0]).max() < 1e-3
    for name in ("states", "variance", "bled", "surprise", "clipped_share", "seen_share", "range_v"):
        assert np.isfinite(getattr(said, name)).all()


def test_a_cell_seen_in_half_of_the_rows_is_judged_by_those():
    def change(_, soc, told):
        soc[3:5] = 0.981

    _, _, watch = followed(8, change)
    soc = np.full(N_CELLS, 0.985)
    soc[3:5] = 0.979
    for day in range(8, 12):
        block = lived(day, soc)
        block.voltage_v[1::2, 3] = np.nan
        said = watch.take(block)
    assert said is not None
    assert 0.4 < said.seen_share[3] < 0.6
    assert abs(said.states[0, 3] - said.states[0, 4]) < 8e-4
    assert abs(said.states[0, 3] + 0.006) < 1.5e-3


def test_a_restart_changes_not_a_bit():
    def change(day, soc, told):
        soc[4] -= 3e-4

    _, _, watch = followed(5, change)
    other = StringFilter(PARAMETERS, N_CELLS)
    other.state, other.curve.state = restore_state(carried(watch))
    for day in range(5, 9):
        block = lived(day, np.full(N_CELLS, 0.985))
        one, same = watch.take(block), other.take(block)
    assert one is not None
    assert same is not None
    assert one.states.tobytes() == same.states.tobytes()
    assert {k: v.tobytes() for k, v in carried(watch).items()} == {k: v.tobytes() for k, v in carried(other).items()}


def test_days_of_rest_and_days_of_silence_leave_what_is_known():
    _, _, watch = followed(8)
    was = watch.state.states.copy()
    for day in (8, 9, 30):
        watch.take(lived(day, np.full(N_CELLS, 0.985), current_a=np.zeros(1440)))
    np.testing.assert_allclose(watch.state.states, was, atol=5e-4)
    said = watch.take(lived(31, np.full(N_CELLS, 0.985)))
    assert said is not None
    assert np.abs(said.states[0]).max() < 5e-4


def test_a_cell_whose_joint_comes_and_goes_is_not_explained_under_load():
    _, _, watch = followed(10)
    on = np.where(np.random.default_rng(5).random((1440, 1)) < 0.5, 1.0, 1.6)
    block = lived(10, np.full(N_CELLS, 0.985), resistance=np.where(np.arange(N_CELLS) == 9, on, 1.0))
    said = watch.take(block)
    assert said is not None
    others = np.delete(said.unrest_share, 9)
    assert said.unrest_share[9] > 10.0 * others.max()
    steady = watch.take(lived(11, np.full(N_CELLS, 0.985), resistance=np.where(np.arange(N_CELLS) == 9, 1.3, 1.0)))
    assert steady is not None
    assert steady.unrest_share[9] < 5.0 * np.delete(steady.unrest_share, 9).max()


def test_parts_of_the_range_are_places_then_ends_by_depth_and_load():
    rest_v = np.array([3.3, 3.3, 3.3, 3.22, 3.22, 3.1, 2.9, 3.38, 3.38, 3.5])
    where = CurveDay(
        place=np.array([-0.2, 0.52, 1.3, *7 * [0.5]]), slope_v=np.ones(10), slow_a=np.zeros(10), rest_v=rest_v,
        end=np.array([0, -1, 0, 1, 2, 1, 2, 1, 2, 1]), charge=np.zeros((2, 3)),
    )  # fmt: skip
    assert string_filter.shelves(where, 3.3).tolist() == [0, 10, 19, 20, 21, 22, 25, 26, 27, 28]


def test_what_a_day_tells_allows_for_what_the_slope_and_the_channel_may_do_that_day():
    """Against the whole normal equations, in which each shift of a day and the offset of a day are states too."""
    rng = np.random.default_rng(6)
    n, m = string_filter.N_STATES, string_filter.N_SHELVES
    x, shelf, y = rng.normal(size=(400, n)), rng.integers(0, m, 400), rng.normal(size=(400, 3))
    x[:, n - 1] = 1.0
    weight = rng.uniform(1.0, 5.0, 400) * 1e4
    of_range = x[:, :1] * (shelf[:, None] == np.arange(m))
    whole = np.hstack([x, of_range, of_range, np.ones((400, 1))])
    of_day = np.where(np.arange(m) >= m - 4, 0.004, 0.002)
    prior = np.concatenate([np.zeros(n + m), 1.0 / of_day**2, [1.0 / 7e-4**2]])
    normal, right = (whole.T * weight) @ whole + np.diag(prior), (whole.T * weight) @ y
    kept, gone = slice(0, n + m), slice(n + m, None)
    share = normal[kept, gone] @ np.linalg.inv(normal[gone, gone])
    squares = np.array([(x[shelf == k].T * weight[shelf == k]) @ x[shelf == k] for k in range(m)])
    by_shelf = (of_range.T * weight) @ y
    information, said = string_filter.told_by_day(squares, (x.T * weight) @ y, by_shelf)
    scale = np.abs(normal[kept, kept]).max()
    np.testing.assert_allclose(information, normal[kept, kept] - share @ normal[gone, kept], atol=1e-9 * scale)
    np.testing.assert_allclose(said, right[kept] - share @ right[gone], atol=1e-9 * np.abs(right).max())
