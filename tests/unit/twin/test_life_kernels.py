"""The loop of a life against plain NumPy."""

from itertools import pairwise

import numpy as np
import pytest

from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.twin.life_kernels import live_range, place
from battuta.twin.life_steps import LifeSteps
from battuta.twin.sigmoid_gains import sigmoid_gains

NODES_Q, NODES_R = np.array([0.6, 0.8, 1.0]), np.array([1.0, 1.5])
KINDS, QUANTITIES = np.array([0, 0, 1, 0]), np.array([0, 0, 0, 1])
POWERS, SLOT_OF, CAUSE_OF = np.array([0.5, 0.6, 1.0, 1.0]), np.array([0, 1, 2, 5]), np.array([0, 1, 1, 0])
N_SLOTS = 6
TERMS = [
    AgeingTerm(
        name=str(number),
        quantity=AgedQuantity(quantity),
        kind=TermKind(kind),
        exponent=float(power),
        slot=int(slot),
        cause="cycle",
    )
    for number, (quantity, kind, power, slot) in enumerate(zip(QUANTITIES, KINDS, POWERS, SLOT_OF, strict=True))
]


def tables(seed=2, n_days=30):
    rng = np.random.default_rng(seed)
    days = rng.uniform(0.5, 1.5, (3, 2, n_days, N_SLOTS + 3)) * np.array([2e-6, 1e-5, 0.2, 1e-3, 0.5, 1e-4, 1, 2, 3])
    days[..., 2], days[..., 4] = 0.2, 0.5
    return days


def plain_life(days, sigmoids, n_days, table_day, year_start, rates, powers, new_r=1.0, below=(), from_year=()):
    grid = sigmoids.z_max[0] * np.linspace(0.0, 1.0, sigmoids.gain.shape[-1]) ** 2
    x, ends, flows, stayed = np.zeros(4), [(1.0, new_r, 0.0, 0.0)], [], []
    capacity, resistance, slope, stage = 1.0, new_r, (0.0, 0.0), 0
    for number, (first, last) in enumerate(pairwise(year_start)):
        year, stay = np.zeros(3), np.zeros(len(rates))
        for own_day in table_day[first:last]:
            come = [k + 1 for k in range(len(below)) if capacity < below[k] or number >= from_year[k]]
            stage = max([stage, *come])
            day, rate = own_day + 30 * stage, rates[stage]
            stay[stage] += n_days[day]
            before, ahead = (capacity, resistance), 0.5 * (n_days[day] - 1.0)
            at_q, at_r = capacity + ahead * slope[0], resistance + ahead * slope[1]
            by_r = [[np.interp(at_r, NODES_R, days[i, :, day, c]) for c in range(N_SLOTS + 3)] for i in range(3)]
            row = np.array([np.interp(at_q, NODES_Q, [each[c] for each in by_r]) for c in range(N_SLOTS + 3)])
            x[[0, 1, 3]] += rate[[0, 1, 3]] ** (1.0 / powers[[0, 1, 3]]) * row[[0, 1, 5]]
            gain = [[np.interp(x[2], grid, sigmoids.gain[0, i, j, day]) for j in range(2)] for i in range(3)]
            x[2] += np.interp(at_q, NODES_Q, [np.interp(at_r, NODES_R, each) for each in gain])
            loss = np.array([x[0] ** powers[0], x[1] ** powers[1], rate[2] * x[2] ** powers[2]])
            capacity, resistance = 1.0 - loss.sum(), new_r * (1.0 + x[3])
            slope = (capacity - before[0]) / n_days[day], (resistance - before[1]) / n_days[day]
            year += row[N_SLOTS:]
        ends.append((capacity, resistance, loss[0], loss[1] + loss[2]))
        flows.append(year)
        stayed.append(stay)
    return np.array(ends), np.array(flows), np.array(stayed)


@pytest.mark.parametrize("n_days", [np.ones(30), 5.0 + np.arange(30) % 3])
def test_lives_are_their_plain_twins(n_days) -> None:
    days = np.concatenate([tables(seed) for seed in (2, 3, 4)], axis=2)
    table_day, year_start, n_days = np.arange(150) % 30, np.array([0, 60, 150]), np.tile(n_days, 3)
    rate = np.random.default_rng(1).uniform(0.5, 2.0, (5, 3, 4))
    rate[:, :, 2] = rate[:, :1, 2]  # a sigmoid's is the same in all stages
    powers = np.tile(POWERS, (5, 1))
    powers[3:, :2] += 0.1
    one_day = LifeSteps(
        table_day=np.arange(30), first=np.arange(30), n_days=np.ones(30), step=table_day, year_start=year_start
    )
    sigmoids = sigmoid_gains(days[..., :N_SLOTS], TERMS, one_day.staged([30, 30, 30]))
    new_r, below, from_year = np.array([1.0, 1.1, 0.9, 1.3, 1.0]), np.array([0.97, 0.9]), np.array([9, 1])
    powers[:, 2] = sigmoids.exponent[2]
    ends, flows, stayed = np.full((5, 3, 4), np.nan), np.zeros((5, 2, 3)), np.zeros((5, 2, 3))
    for first, last in ((0, 2), (2, 5)):
        live_range(
            first, last, days, sigmoids.gain, sigmoids.z_max, NODES_Q, NODES_R, n_days, table_day, year_start, KINDS,
            QUANTITIES, powers, SLOT_OF, CAUSE_OF, rate, new_r, below, from_year, ends, flows, stayed,
        )  # fmt: skip
    for life in range(5):
        true_ends, true_flows, true_stayed = plain_life(
            days, sigmoids, n_days, table_day, year_start, rate[life], powers[life], new_r[life], below, from_year
        )
        np.testing.assert_array_equal(stayed[life], true_stayed)
        np.testing.assert_allclose(ends[life], true_ends, rtol=1e-9)
        np.testing.assert_allclose(flows[life], true_flows, rtol=1e-12)
    assert ends[:, -1, 0].min() < 0.9
    assert np.all(stayed.sum(axis=(0, 1)) > 0.0)


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, (0, 0.0)), (0.7, (0, 0.5)), (0.8, (1, 0.0)), (0.95, (1, 0.75)), (1.2, (1, 1.0))]
)
def test_place_is_held_beyond_the_ends(value, expected) -> None:
    first, share = place(NODES_Q, value)
    assert (first, share) == (expected[0], pytest.approx(expected[1]))


def test_one_node_stands_for_all() -> None:
    assert place(np.array([1.0]), 0.3) == (0, 0.0)
