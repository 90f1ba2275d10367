"""The loop of a site with strings of several ages against plain NumPy."""

from itertools import pairwise

import numpy as np
import pytest

from battuta.twin.augmentation_kernels import (
    CohortTables,
    LifeNumbers,
    RuleNumbers,
    TermNumbers,
    augmented,
    live_cohorts,
    read_day,
    site_soh_energy,
    usable_share,
)

LOAD, NODES_Q, NODES_R = np.array([0.7, 1.0, 1.4]), np.array([0.6, 0.8, 1.0]), np.array([1.0, 1.5])
TERMS = TermNumbers(
    kinds=np.array([0, 0, 1, 0]),
    quantities=np.array([0, 0, 0, 1]),
    slot_of=np.array([0, 1, 2, 5]),
    cause_of=np.array([0, 1, 1, 0]),
)
POWERS = np.array([0.5, 0.6, 1.0, 1.0])
N_SLOTS, N_DAYS = 6, 30
ADD = RuleNumbers(floor=0.94, target=0.97, one_string=0.02, installed_max=2.0, times_max=3, replaces=False)


def tables(seed=2):
    rng = np.random.default_rng(seed)
    size = np.array([4e-6, 1e-5, 0.1, 1e-3, 0.5, 1e-4, 1, 2, 3])
    days = rng.uniform(0.5, 1.5, (3, 3, 2, N_DAYS, N_SLOTS + 3)) * size
    days[..., 2], days[..., 4] = 0.1, 0.5  # one curve, so that its plain form below is exact
    usable = NODES_Q[:, None] * (1.03 - 0.03 * NODES_R) * (1.01 - 0.01 * LOAD[:, None, None])
    return CohortTables(days=days, usable=usable, load_share=LOAD, soh_capacity=NODES_Q, soh_resistance=NODES_R)


def plain(values, load, q, r):
    """Value between the nodes, axis by axis."""
    for nodes, wanted in ((LOAD, load), (NODES_Q, q), (NODES_R, r)):
        at = float(np.clip(wanted, nodes[0], nodes[-1]))
        k = min(int(np.searchsorted(nodes, at, side="right")) - 1, nodes.size - 2)
        x = (at - nodes[k]) / (nodes[k + 1] - nodes[k])
        values = (1.0 - x) * values[k] + x * values[k + 1]
    return values


class PlainCohort:
    def __init__(self, strings, rate, powers, new_r):
        self.strings, self.rate, self.powers, self.new_r = strings, rate, powers, new_r
        self.x, self.swung, self.q, self.r = np.zeros(4), 0.0, 1.0, new_r
        self.lost = (0.0, 0.0)

    def live(self, row):
        power = [0, 1, 3]
        self.x[power] += self.rate[power] ** (1.0 / self.powers[power]) * row[[0, 1, 5]]
        self.swung += row[3]
        moved = self.swung ** row[4]
        swings = 2.0 * self.rate[2] * row[2] * (0.5 - 1.0 / (1.0 + np.exp(moved)))
        self.lost = (self.x[0] ** self.powers[0], self.x[1] ** self.powers[1] + swings)
        self.q, self.r = 1.0 - sum(self.lost), self.new_r * (1.0 + self.x[3] ** self.powers[3])


def plain_energy(usable, cohorts):
    working = sum(each.strings * each.q for each in cohorts)
    return sum(each.strings * plain(usable, each.q / working, each.q, each.r) for each in cohorts)


def plain_life(all_tables, rate, year_start, powers=POWERS, new_r=1.0):
    cohorts, sizes, flows = [PlainCohort(1.0, rate[0], powers, new_r)], [], []
    energies = [plain_energy(all_tables.usable, cohorts)]
    for number, (first, last) in enumerate(pairwise(year_start)):
        flow = np.zeros((3, 3))
        for day in range(first, last):
            working = sum(each.strings * each.q for each in cohorts)
            for k, each in enumerate(cohorts):
                row = plain(np.moveaxis(all_tables.days, 3, 0)[day % N_DAYS], each.q / working, each.q, each.r)
                flow[k] += row[N_SLOTS:]
                each.live(row)
        sizes.append([each.strings for each in cohorts] + [0.0] * (3 - len(cohorts)))
        flows.append(flow)
        energies.append(plain_energy(all_tables.usable, cohorts))
        if energies[-1] < ADD.floor and number + 2 < len(year_start) and len(cohorts) < 3:
            cohorts.append(PlainCohort(0.0, rate[len(cohorts)], powers, new_r))
            while (held := plain_energy(all_tables.usable, cohorts)) < ADD.target:
                cohorts[-1].strings += 0.02 * max(np.floor((ADD.target - held) / 0.02), 1.0)
    return cohorts, np.array(energies), np.array(sizes), np.array(flows)


def lived(rate, year_start, rule=ADD, planned=None, powers=POWERS, new_r=1.0):
    n_lives, n_cohorts, n_years = *rate.shape[:2], len(year_start) - 1
    powers = np.broadcast_to(powers, (n_lives, 4)).copy()
    power = np.where((TERMS.kinds == 0) & (powers != 1.0), 1.0 / powers, 1.0)[:, None]
    lives = LifeNumbers(powers=powers, scale=rate**power, soh_resistance_new=np.full(n_lives, new_r))
    size, added = np.full((n_lives, n_years, n_cohorts), np.nan), np.full((n_lives, n_years), np.nan)
    ends, flows = np.full((n_lives, n_years + 1, n_cohorts, 4), np.nan), np.zeros((n_lives, n_years, n_cohorts, 3))
    energy = np.full((n_lives, n_years + 1), np.nan)
    live_cohorts(
        0, n_lives, tables(), TERMS, rule, lives, np.zeros(n_years + 1, dtype=np.int64) if planned is None else planned,
        np.arange(year_start[-1]) % N_DAYS, np.array(year_start), np.empty((n_cohorts, 4)),
        np.empty((n_cohorts, 4)), np.empty(N_SLOTS + 3), size, added, ends, flows, energy,
    )  # fmt: skip
    return size, added, ends, flows, energy


YEARS = [0, 60, 150, 240, 330, 400]


def test_sites_are_their_plain_twins():
    rate = np.random.default_rng(1).uniform(0.7, 2.0, (5, 3, 4))
    size, added, ends, flows, energy = lived(rate, YEARS)
    for life in range(5):
        cohorts, energies, sizes, moved = plain_life(tables(), rate[life], YEARS)
        np.testing.assert_allclose(energy[life], energies, rtol=1e-9)
        np.testing.assert_allclose(size[life], sizes, atol=1e-12)
        np.testing.assert_allclose(flows[life], moved, rtol=1e-9)
        for k, each in enumerate(cohorts):
            np.testing.assert_allclose(ends[life, -1, k], (each.q, each.r, *each.lost), rtol=1e-9)
    assert (added > 0.0).sum(axis=1).max() == 2
    assert (added[:, :-1] > 0.0).any()
    assert not added[:, -1].any()


def test_each_life_has_its_own_exponents_and_its_own_resistance_when_new():
    rate = np.random.default_rng(1).uniform(0.7, 2.0, (3, 3, 4))
    powers = np.array([[0.45, 0.6, 1.0, 1.0], [0.6, 0.7, 1.0, 0.9], [0.5, 0.5, 1.0, 1.1]])
    size, _, ends, flows, energy = lived(rate, YEARS, powers=powers, new_r=1.2)
    for life in range(3):
        cohorts, energies, sizes, moved = plain_life(tables(), rate[life], YEARS, powers[life], 1.2)
        np.testing.assert_allclose(energy[life], energies, rtol=1e-9)
        np.testing.assert_allclose(size[life], sizes, atol=1e-12)
        np.testing.assert_allclose(flows[life], moved, rtol=1e-9)
        for k, each in enumerate(cohorts):
            np.testing.assert_allclose(ends[life, -1, k], (each.q, each.r, *each.lost), rtol=1e-9)
    assert np.all(energy[:, 0] < 1.0)


def test_strings_come_in_planned_years_and_not_beyond_the_room_or_the_times():
    rate, planned = np.full((1, 4, 4), 1.5), np.array([0, 1, 1, 1, 0, 0])
    rule = ADD._replace(floor=0.0, target=1.0)
    _, added, *_ = lived(rate, YEARS, rule, planned)
    assert (added[0] > 0.0).tolist() == [True, True, True, False, False]
    size, added, *_ = lived(rate, YEARS, rule._replace(installed_max=1.05), planned)
    assert size.sum(axis=2).max() <= 1.05
    _, added, *_ = lived(rate, YEARS, rule._replace(times_max=2), planned)
    assert (added[0] > 0.0).tolist() == [True, True, False, False, False]


def test_replaced_strings_leave_oldest_first_and_their_number_stays():
    rule = ADD._replace(replaces=True, target=0.98)
    size, added, ends, _, energy = lived(np.full((2, 4, 4), 1.5), YEARS, rule)
    np.testing.assert_allclose(size.sum(axis=2), 1.0, atol=1e-12)
    assert (added > 0.0).any()
    assert np.all(np.diff(size[:, :, 0], axis=1) <= 0.0)
    young = size[:, 1:, 1] < size[:, :-1, 1] - 1e-12
    assert np.all(size[:, 1:, 0][young] == 0.0)
    assert energy.min() > 0.6
    assert np.all(np.diff(ends[:, :, 0, 0], axis=1) <= 0.0)


def test_rows_and_energies_between_the_nodes():
    own, row = tables(), np.empty(N_SLOTS + 3)
    for load, q, r in ((1.0, 1.0, 1.0), (0.8, 0.9, 1.2), (1.4, 0.6, 1.5), (0.1, 0.7, 3.0)):
        read_day(own, load, q, r, 7, row)
        np.testing.assert_allclose(row, plain(np.moveaxis(own.days, 3, 0)[7], load, q, r), rtol=1e-12)
        assert usable_share(own, load, q, r) == pytest.approx(float(plain(own.usable, load, q, r)), rel=1e-12)
    assert usable_share(own, 1.0, 0.3, 1.0) == pytest.approx(0.5 * float(plain(own.usable, 1.0, 0.6, 1.0)))


def test_as_many_strings_come_as_reach_the_target():
    size, health = np.array([1.0, 0.0]), np.array([[0.8, 1.2, 0.1, 0.1], [1.0, 1.0, 0.0, 0.0]])
    held = site_soh_energy(tables(), size, health, 2)
    came = augmented(tables(), ADD, size, health, 1, held, 1.0)
    assert came == pytest.approx(size[1])
    after = site_soh_energy(tables(), size, health, 2)
    assert ADD.target <= after < ADD.target + 0.025
    assert augmented(tables(), ADD, size, health, 1, after, 1.0) == 0.0
