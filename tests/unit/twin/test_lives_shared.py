"""Lives from shared tables: the same in any pieces, on any workers; spread, energy and what is refused."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.life_pack_walk import usable_energy_kwh
from battuta.twin.life_kernels import place
from battuta.twin.lives_days import life_days
from battuta.twin.lives_shared import LifeDraws, live, scattered_draws
from battuta.twin.near_tables import near_tables
from battuta.twin.stress_tables import stress_tables
from unit.twin.pack_case import PACK, duty, laws

N_LIVES = 41
DAYS = life_days(dt.date(2027, 1, 1), 10, [365])


class Threads:
    def __init__(self, n_threads):
        self.n_threads = n_threads

    def map(self, work, pieces):
        with ThreadPoolExecutor(self.n_threads) as pool:
            return list(pool.map(work, pieces))


@pytest.fixture(scope="module")
def case():
    models = laws()
    draws = scattered_draws(models, N_LIVES, 7, 0.2)
    return near_tables(PACK, [duty()], models, draws, DAYS), models, draws


def rows(lives):
    return {each.name: getattr(lives, each.name) for each in fields(lives) if each.name not in ("law", "year")}


@pytest.mark.parametrize(("per_piece", "n_threads"), [(1000, 1), (7, 1), (5, 2), (10, 4)])
def test_pieces_and_workers_change_nothing(case, per_piece, n_threads) -> None:
    whole = rows(live(*case, DAYS))
    for name, found in rows(live(*case, DAYS, lives_per_piece=per_piece, spread=Threads(n_threads))).items():
        np.testing.assert_array_equal(found, whole[name], err_msg=name)


def test_weeks_end_where_days_end(case) -> None:
    tables, models, draws = case
    weeks, daily = live(*case, DAYS), live(*case, DAYS, days_per_step=1)
    for name in ("soh_capacity", "soh_resistance", "soh_energy"):
        np.testing.assert_allclose(getattr(weeks, name), getattr(daily, name), atol=3e-5, err_msg=name)
    for life in range(9):  # day by day through the very terms, health renewed every day
        law = models[draws.law_of_life[life]]
        truth = day_by_day(tables, int(draws.law_of_life[life]), law, draws.rate[life, : len(law.terms)])
        np.testing.assert_allclose(weeks.soh_capacity[life], truth, atol=3e-5)


def day_by_day(tables, number, law, rate):
    kinds, quantities, powers, slot_of = term_arrays(law)
    age, health, found = np.zeros(kinds.size), (1.0, 1.0), [1.0]
    for first, last in zip(DAYS.year_start[:-1], DAYS.year_start[1:], strict=True):
        for day in DAYS.table_day[first:last]:
            i, x = place(tables.soh_capacity, health[0])
            j, y = place(tables.soh_resistance, health[1])
            at = tables.stresses[number][i : i + 2, j : j + 2, day]
            row = (1.0 - x) * ((1.0 - y) * at[0, 0] + y * at[0, 1]) + x * ((1.0 - y) * at[1, 0] + y * at[1, 1])
            advance_day(age, row, rate, kinds, quantities, powers, slot_of)
            lost = losses(age, kinds, quantities, powers)
            health = 1.0 - lost[0], 1.0 + lost[1]
        found.append(health[0])
    return np.array(found)


def test_lives_begin_new_and_never_mend(case) -> None:
    lives = live(*case, DAYS)
    assert np.all(lives.soh_capacity[:, 0] == 1.0)
    assert np.all(lives.soh_resistance[:, 0] == 1.0)
    assert np.all(lives.soh_energy[:, 0] == pytest.approx(1.0))
    assert np.all(np.diff(lives.soh_capacity, axis=1) < 0.0)
    assert np.all(np.diff(lives.loss_by_cause, axis=1) >= 0.0)
    np.testing.assert_allclose(1.0 - lives.soh_capacity, lives.loss_by_cause.sum(axis=2), atol=1e-12)
    assert lives.soh_capacity[:, -1].std() > 0.005
    assert np.all(lives.full_cycles > 50.0)
    assert np.all(lives.charged_mwh > lives.discharged_mwh)


def test_energy_falls_faster_than_capacity_and_is_that_of_the_pack(case) -> None:
    lives = live(*case, DAYS)
    life = int(np.argmin(lives.soh_capacity[:, -1]))
    truth = usable_energy_kwh(
        PACK,
        soh_capacity=float(lives.soh_capacity[life, -1]),
        soh_resistance=float(lives.soh_resistance[life, -1]),
    ) / usable_energy_kwh(PACK)
    assert lives.soh_energy[life, -1] == pytest.approx(truth, abs=1e-3)
    assert lives.soh_energy[life, -1] < lives.soh_capacity[life, -1]


def test_a_window_of_draws_is_a_window_of_the_same_draws() -> None:
    models = laws()
    whole, window = scattered_draws(models, 20, 3, 0.2), scattered_draws(models, 6, 3, 0.2, first_life=9)
    np.testing.assert_array_equal(whole.part(9, 15).rate, window.rate)
    np.testing.assert_array_equal(whole.part(9, 15).law_of_life, window.law_of_life)


def test_faster_rates_age_faster(case) -> None:
    tables, models, draws = case
    slow = live(tables, models, replace(draws, rate=np.full_like(draws.rate, 0.8)), DAYS)
    fast = live(tables, models, replace(draws, rate=np.full_like(draws.rate, 1.2)), DAYS)
    assert np.all(fast.soh_capacity[:, -1] < slow.soh_capacity[:, -1])


def test_what_does_not_fit_is_refused(case) -> None:
    tables, models, draws = case
    with pytest.raises(DataError, match="ask for day 729 of tables of 365 days"):
        live(tables, models, draws, life_days(dt.date(2027, 1, 1), 2, [365, 365]))
    with pytest.raises(DataError, match="do not serve"):
        live(replace(tables, laws=("another",)), models, draws, DAYS)
    with pytest.raises(DataError, match="one row a life"):
        LifeDraws(law_of_life=np.zeros(3, dtype=np.int64), rate=np.ones((2, 4)))
    with pytest.raises(DataError, match="life 1 has a rate that is negative or missing"):
        LifeDraws(law_of_life=np.zeros(2, dtype=np.int64), rate=np.array([[1.0], [np.nan]]))


def test_a_shifted_exponent_bends_a_life_about_the_pivot() -> None:
    own = laws()[:1]
    asked, days = duty(n_days=365), life_days(dt.date(2027, 1, 1), 6, [365])
    tables = stress_tables(PACK, [asked], own, np.array([1.0]), np.array([1.0]))
    rate, none = np.ones((3, 4)), np.zeros(3, dtype=np.int64)
    shift = np.zeros((3, 4))
    shift[1, :2], shift[2, :2] = 0.1, -0.1
    straight = live(tables, own, LifeDraws(law_of_life=none, rate=rate), days)
    bent = live(tables, own, LifeDraws(law_of_life=none, rate=rate, exponent_shift=shift), days)
    lost, plain = 1.0 - bent.soh_capacity, 1.0 - straight.soh_capacity
    assert np.array_equal(lost[0], plain[0])
    assert lost[1, 1] < plain[1, 1] < lost[2, 1]
    assert lost[1, -1] > plain[1, -1] > lost[2, -1]
    at_pivot = [np.interp(885.0, 365.25 * bent.year, each) for each in lost]
    assert np.ptp(at_pivot) < 0.02 * at_pivot[0]
    with pytest.raises(DataError, match="exponent shifts of shape"):
        LifeDraws(law_of_life=none, rate=rate, exponent_shift=shift[:2])
