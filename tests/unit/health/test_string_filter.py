"""A string's days tell charge, resistance and offset of its cells apart."""

import numpy as np

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_filter import StringFilter
from battuta.physics.cell_parameters import cell_parameters

PARAMETERS = cell_parameters("lfp_314ah")
GRID = np.linspace(0.0, 1.0, PARAMETERS.ocv_v.size)
N_CELLS = 40
CURRENT_A = np.select(
    [(np.arange(1440) >= 60) & (np.arange(1440) < 280), (np.arange(1440) >= 1020) & (np.arange(1440) < 1240)],
    [72.0, -72.0],
    0.0,
)


def lived(day, soc, *, offset_v=0.0, resistance=1.0, bleed_ah=None, seed=0):
    """A day of full use: one discharge, one charge, rests between."""
    moved = np.cumsum(CURRENT_A) / 60.0 / 314.0
    places = soc - moved[:, None]
    voltage_v = np.interp(places, GRID, PARAMETERS.ocv_v) - 4e-4 * CURRENT_A[:, None] * resistance + offset_v
    noise = 3e-4 * np.random.default_rng(seed + day).normal(size=voltage_v.shape)
    return Block(
        string_id="S",
        time_ns=day * NS_PER_DAY + np.arange(1440) * 60_000_000_000,
        current_a=CURRENT_A.copy(),
        voltage_v=np.round(voltage_v + noise, 3),
        temperature_c=np.full((1440, 2), 25.0),
        bleed_ah=bleed_ah,
    )


def test_charge_resistance_and_offset_are_told_apart():
    soc, ohm, offset_v = np.full(N_CELLS, 0.96), np.ones(N_CELLS), np.zeros(N_CELLS)
    soc[3] -= 0.01
    ohm[5] = 1.3
    offset_v[7] = 0.004
    watch = StringFilter(PARAMETERS, N_CELLS)
    for day in range(10):
        said = watch.take(lived(day, soc, offset_v=offset_v, resistance=ohm))
    assert said is not None
    charge, resistance, offset = said.states[0], said.states[2] + said.states[3], said.states[4]
    assert abs(charge[3] + 0.01) < 0.002
    assert abs(resistance[5] - 1.2e-4) < 3e-5
    assert abs(offset[7] - 0.004) < 5e-4
    others = np.delete(np.arange(N_CELLS), [3, 5, 7])
    assert np.abs(charge[others]).max() < 0.001
    assert np.abs(resistance[others]).max() < 1e-5
    assert np.abs(offset[others]).max() < 5e-4


def test_a_leak_shows_as_charge_that_falls_day_by_day():
    soc, watch, charge = np.full(N_CELLS, 0.96), StringFilter(PARAMETERS, N_CELLS), []
    for day in range(12):
        soc[4] -= 0.001
        said = watch.take(lived(day, soc))
        assert said is not None
        charge.append(said.states[0, 4])
    assert abs(np.polyfit(np.arange(12), charge, 1)[0] + 0.001) < 2e-4


def test_what_the_balancer_took_is_counted():
    watch = StringFilter(PARAMETERS, N_CELLS)
    bleed_ah = np.zeros((1440, N_CELLS))
    bleed_ah[100:200, 2] = 0.0314
    bleed_ah[5, 3] = np.nan
    said = watch.take(lived(0, np.full(N_CELLS, 0.96), bleed_ah=bleed_ah))
    assert said is not None
    np.testing.assert_allclose(said.bled[2], 0.01)
    assert said.bled[3] == 0.0


def test_a_silent_channel_keeps_what_was_known_of_it_and_a_short_day_says_nothing():
    soc, watch = np.full(N_CELLS, 0.96), StringFilter(PARAMETERS, N_CELLS)
    soc[6] -= 0.005
    for day in range(4):
        said = watch.take(lived(day, soc))
    assert said is not None
    before = said.states[0, 6]
    silent = lived(4, soc)
    silent.voltage_v[:, 6] = np.nan
    after = watch.take(silent)
    assert after is not None
    assert abs(after.states[0, 6] - before) < 5e-4
    assert after.seen_share[6] == 0.0
    assert watch.take(lived(5, soc).rows(slice(0, 30))) is None
