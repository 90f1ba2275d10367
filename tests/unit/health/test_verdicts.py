"""A cell speaks where it goes beyond what the others of its string ever went, and keeps going."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.health import FaultClass
from battuta.health.decision_settings import Threshold
from battuta.health.scan_state import restore_state, save_state
from battuta.health.verdicts import CellTest, Peak, Verdict

N_CELLS = 120
LIMITS = Threshold(
    watch=6.0, act=9.0, effect=1e-3, act_effect=2e-3, beyond_usual=2.5, act_beyond_usual=4.0, days=2, act_days=3
)
NOBODY = np.zeros(N_CELLS, dtype=np.bool_)
FLOOR = 1e-5


def begun(limits: Threshold = LIMITS) -> CellTest:
    return CellTest.of(FaultClass.MICRO_SHORT, limits, "charge_lost_per_day", 4, N_CELLS)


def quiet(seed: int = 0) -> np.ndarray:
    return 1e-5 * np.random.default_rng(seed).normal(size=N_CELLS)


def moved(by: float, *cells: int, seed: int = 0) -> np.ndarray:
    effect = quiet(seed)
    effect[list(cells)] += by
    return effect


def judged(test: CellTest, *effects: np.ndarray, silent: np.ndarray = NOBODY) -> Verdict:
    for effect in effects:
        verdict = test.judge(effect, FLOOR, silent)
    return verdict


def speaking(verdict: Verdict) -> list[int]:
    return np.flatnonzero(verdict.share >= 1.0).tolist()


def test_a_cell_speaks_once_it_was_far_enough_for_days_and_acts_later() -> None:
    test = begun()
    verdicts = [test.judge(moved(3e-3, 7, seed=day), FLOOR, NOBODY) for day in range(4)]
    assert [speaking(each) for each in verdicts] == [[], [7], [7], [7]]
    assert [np.flatnonzero(each.act_share >= 1.0).tolist() for each in verdicts] == [[], [], [7], [7]]
    assert verdicts[0].share[7] == 0.99
    assert abs(verdicts[1].share[7] - 3.0) < 0.05
    assert verdicts[1].limit == LIMITS.effect
    assert abs(verdicts[1].beyond[7] - 3e-3) < 5e-5


def test_a_day_between_breaks_the_row_of_days() -> None:
    test = begun()
    far, near = moved(3e-3, 7), quiet()
    assert speaking(judged(test, far, near, far)) == []
    assert speaking(judged(test, far)) == [7]


def test_small_changes_do_not_matter_however_strange_and_large_ones_not_in_a_wild_string() -> None:
    assert speaking(judged(begun(), *3 * [moved(0.9e-3, 7)])) == []
    wild = 1e-3 * np.random.default_rng(1).normal(size=N_CELLS)
    wild[7] += 4e-3
    assert speaking(judged(begun(), *3 * [wild])) == []


def test_what_others_went_lately_has_to_be_exceeded_well() -> None:
    """Four cells moved together, so that the third of them counts: only what goes far beyond it speaks."""
    before = moved(2e-3, 20, 40, 60, 80)
    test = begun()
    judged(test, before)
    assert abs(test.usual - 2e-3) < 5e-5
    same, far = deepcopy(test), deepcopy(test)
    assert speaking(judged(same, *3 * [moved(4e-3, 7)])) == []
    verdict = judged(far, *3 * [moved(6e-3, 7)])
    assert speaking(verdict) == [7]
    assert abs(verdict.limit - 2.5 * 2e-3) < 2e-4
    assert abs(verdict.act_limit - 4.0 * 2e-3) < 3e-4


def test_a_burst_of_many_cells_silences_that_very_day_and_two_bad_cells_do_not_hide_each_other() -> None:
    assert speaking(judged(begun(), *3 * [moved(5e-3, *range(10, 16))])) == []
    assert speaking(judged(begun(), *3 * [moved(5e-3, 10, 90)])) == [10, 90]


def test_an_excursion_counts_in_full_for_six_days_and_is_forgotten_slowly() -> None:
    test = begun()
    judged(test, moved(4e-3, *range(10, 16)))
    limits = [judged(test, quiet(day)).limit for day in range(200)]
    assert np.ptp(limits[:5]) < 1e-9 * limits[0]
    assert abs(limits[0] - 2.5 * 4e-3) < 2e-4
    falling = np.array(limits[6:130])
    np.testing.assert_allclose(falling[1:] / falling[:-1], 0.99, rtol=1e-9)
    assert limits[199] < 0.2 * limits[0]
    assert speaking(judged(test, *2 * [moved(4e-3, 7)])) == [7]


def test_cells_of_which_nothing_can_be_said_do_not_speak_and_do_not_count() -> None:
    silent = np.isin(np.arange(N_CELLS), range(10, 16))
    test = begun()
    verdict = judged(test, *3 * [moved(5e-3, *range(10, 16))], silent=silent)
    assert speaking(verdict) == []
    assert (verdict.beyond[silent] == 0.0).all()
    assert verdict.limit == LIMITS.effect


def test_a_cell_that_goes_the_other_way_says_nothing() -> None:
    verdict = judged(begun(), *3 * [moved(-9e-3, 7)])
    assert speaking(verdict) == []
    assert verdict.share[7] < 0.0


def test_caution_asks_more_of_a_cell_and_stirring_asks_nothing_of_the_others() -> None:
    caution = np.where(np.arange(N_CELLS) == 7, 4.0, 1.0)
    test = begun()
    for _ in range(3):
        verdict = test.judge(moved(3e-3, 7, 90), FLOOR, NOBODY, caution)
    assert speaking(verdict) == [90]
    np.testing.assert_array_equal(verdict.caution, caution)
    burst = judged(begun(), *3 * [moved(5e-3, *range(10, 16))])
    assert np.flatnonzero(burst.stirs >= 1.0).tolist() == list(range(10, 16))


@pytest.mark.parametrize("n_cells", [1, 2, 3])
def test_the_shortest_strings_are_judged_too(n_cells: int) -> None:
    test = CellTest.of(FaultClass.MICRO_SHORT, LIMITS, "charge_lost_per_day", 4, n_cells)
    verdict = test.judge(np.arange(float(n_cells)), FLOOR, np.zeros(n_cells, dtype=np.bool_))
    assert np.isfinite(verdict.share).all()


def test_a_test_that_was_saved_goes_on_as_if_nothing_had_been() -> None:
    test = begun()
    judged(test, moved(2e-3, 20, 40, 60, 80), moved(6e-3, 7))
    other = restore_state(save_state(test))
    assert isinstance(other, CellTest)
    one, same = judged(test, moved(6e-3, 7)), judged(other, moved(6e-3, 7))
    assert one.share.tobytes() == same.share.tobytes()
    assert speaking(one) == [7]


def verdict_of(share: list[float], acts: list[float], days: int) -> Verdict:
    values = np.array(share)
    return Verdict(
        fault=FaultClass.MICRO_SHORT, share=values, act_share=np.array(acts), stirs=values,
        caution=np.ones(values.size), effect=values, beyond=values, score=values, limit=1.0, act_limit=2.0,
        name="charge_lost_per_day", days=days,
    )  # fmt: skip


def test_of_several_tests_the_strongest_is_kept_and_the_shortest_that_speaks_says_since_when() -> None:
    long, short = verdict_of([3.0, 0.5, 1.2], [1.5, 0.0, 0.0], 32), verdict_of([1.5, 0.9, 0.4], [0.2, 0.0, 0.0], 4)
    for order in ((long, short), (short, long)):
        peak = Peak.none(3)
        for each in order:
            peak.take(each)
        assert peak.share.tolist() == [3.0, 0.9, 1.2]
        assert peak.acts.tolist() == [True, False, False]
        assert peak.days.tolist() == [4, 0, 32]
        assert peak.by == [short, None, long]
    sure = Peak.sure(np.array([False, True]))
    assert sure.share.tolist() == [0.0, 100.0]
    assert sure.acts.tolist() == [False, True]


def test_what_is_sure_speaks_whatever_the_others_do_and_however_badly_it_is_explained() -> None:
    caution = np.full(N_CELLS, 50.0)
    burst = np.arange(N_CELLS) < N_CELLS // 3
    for sure, speaks in ((5e-3, True), (np.inf, False)):
        limits = replace(LIMITS, sure=sure)
        test = begun(limits)
        for _ in range(3):
            effect = moved(0.02, 90)
            effect[burst] += 4e-3
            verdict = test.judge(effect, FLOOR, NOBODY, caution)
        assert (90 in speaking(verdict)) is speaks
        assert bool(verdict.act_share[90] >= 1.0) is speaks


def test_in_company_a_cell_has_to_change_more_and_a_neighbour_is_no_company() -> None:
    for cells, by, spoken in (
        ((7,), 1.2e-3, [7]),
        ((7, 60), 1.2e-3, []),
        ((7, 60), 1.6e-3, [7, 60]),
        ((7, 8), 1.2e-3, [7, 8]),
        ((7, 8, 60), 1.2e-3, []),
    ):
        test = begun()
        assert speaking(judged(test, *(moved(by, *cells, seed=day) for day in range(4)))) == spoken, (cells, by)
