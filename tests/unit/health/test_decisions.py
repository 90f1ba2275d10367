"""A cell that changes is named with its class; one that always stood apart, or noise, is not."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.decisions import StringDecisions
from battuta.health.scan_state import restore_state, save_state
from battuta.health.string_filter import StringDay

N_CELLS = 120
START, ONSET = 20_000, 40
VARIANCE = np.array([1e-8, 1e-6, 1e-12, 1e-12, 1e-8])
SPREAD = np.array([1e-4, 1e-3, 1e-6, 1e-6, 1e-4])
STANDING = np.array([5e-3, 5e-3, 1e-5, 1e-5, 8e-4])
CELL = 7
Change = Callable[[int, np.ndarray, dict[str, np.ndarray]], None]


def days(n_days: int, *changes: Change, seed: int = 1) -> Iterator[StringDay]:
    """Days of a healthy string, to which each change does something."""
    rng = np.random.default_rng(seed)
    standing = STANDING[:, None] * rng.normal(size=(5, N_CELLS))
    for day in range(n_days):
        states = standing + SPREAD[:, None] * rng.normal(size=(5, N_CELLS))
        said = {
            "range_v": np.full(N_CELLS, 0.4), "bled": np.zeros(N_CELLS),
            "surprise": np.exp(0.1 * rng.normal(size=N_CELLS)), "unrest_share": np.exp(0.1 * rng.normal(size=N_CELLS)),
        }  # fmt: skip
        for change in changes:
            change(day, states, said)
        yield StringDay(
            string_id="S", day=START + day, states=states, variance=VARIANCE, clipped_share=np.zeros(N_CELLS),
            seen_share=np.ones(N_CELLS), n_rows=1440, **said,
        )  # fmt: skip


def told(*changes: Change, n_days: int = 90, seed: int = 1) -> list[Finding]:
    decide = StringDecisions(N_CELLS)
    return [finding for said in days(n_days, *changes, seed=seed) for finding in decide.take(said)]


def named(found: list[Finding]) -> set[tuple[int | None, FaultClass]]:
    return {(each.cell, each.fault) for each in found}


def found_day(finding: Finding) -> int:
    """Day of the record at whose end it was told."""
    return finding.found_ns // NS_PER_DAY - 1 - START


@pytest.mark.parametrize("seed", range(8))
def test_healthy_strings_are_left_in_peace(seed: int) -> None:
    assert told(n_days=130, seed=seed) == []


def leak(per_day: float, *, onset: int = ONSET, cell: int = CELL) -> Change:
    def change(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        states[0, cell] -= per_day * max(day - onset, 0)

    return change


def step(state: int, by: float, *, onset: int = ONSET, cell: int = CELL) -> Change:
    def change(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        states[state, cell] += by if day >= onset else 0.0

    return change


def rise(state: int, per_day: float) -> Change:
    def change(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        states[state, CELL] += per_day * max(day - ONSET, 0)

    return change


def stuck(day: int, _: np.ndarray, said: dict[str, np.ndarray]) -> None:
    said["range_v"][CELL] = 0.0 if day >= ONSET else 0.4


def loosen(day: int, _: np.ndarray, said: dict[str, np.ndarray]) -> None:
    for name in ("surprise", "unrest_share"):
        said[name][CELL] *= 30.0 if day >= ONSET else 1.0


@pytest.mark.parametrize(
    ("change", "fault", "latest"),
    [
        (leak(3e-3), FaultClass.MICRO_SHORT, 5),
        (leak(1e-3), FaultClass.MICRO_SHORT, 12),
        (leak(3e-4), FaultClass.MICRO_SHORT, 45),
        (step(2, 1.2e-4), FaultClass.RESISTANCE_RISE, 6),
        (rise(2, 1e-5), FaultClass.RESISTANCE_RISE, 12),
        (step(4, 0.01), FaultClass.VOLTAGE_SENSOR, 6),
        (step(4, -0.01), FaultClass.VOLTAGE_SENSOR, 6),
        (rise(1, -4e-3), FaultClass.CAPACITY_OUTLIER, 25),
        (stuck, FaultClass.STUCK_VALUE, 2),
        (loosen, FaultClass.LOOSE_CONTACT, 8),
    ],
)
def test_what_changes_is_named_with_its_cell_and_class_and_soon(change: Change, fault: FaultClass, latest: int) -> None:
    found = told(change)
    assert named(found) == {(CELL, fault)}
    assert max(each.level for each in found) == FindingLevel.ACT
    assert ONSET < found_day(found[0]) <= ONSET + latest
    assert all(each.since_ns <= each.found_ns for each in found)


def test_a_finding_says_what_the_test_saw() -> None:
    (first, *_) = told(leak(1e-3))
    name = next(each for each in first.evidence if each.startswith("charge_lost"))
    assert first.evidence[name] - first.evidence["others_median"] >= first.evidence["watch_from"]
    assert 2e-4 < first.evidence[name] < 2e-3
    assert first.evidence["window_days"] in {4, 8, 16, 32, 64}
    assert first.evidence["score"] > 6.0
    assert first.string_id == "S"


def test_a_level_is_told_once_and_only_ever_rises() -> None:
    found = told(leak(1e-3), n_days=120)
    levels = [each.level for each in found]
    assert levels == sorted(set(levels))


@pytest.mark.parametrize("change", [rise(2, -1e-5), step(2, -1.5e-4), rise(1, 4e-3), leak(-1e-3)])
def test_a_change_for_the_better_is_no_fault(change: Change) -> None:
    assert told(change) == []


def test_a_single_day_says_nothing() -> None:
    def once(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        if day == ONSET:
            states[0, CELL] -= 4e-3
            states[1, CELL] -= 0.06

    assert told(once) == []


def test_a_step_of_charge_that_stays_is_no_leak() -> None:
    assert FaultClass.MICRO_SHORT not in {each.fault for each in told(step(0, -2e-3))}


def test_a_cell_that_always_stood_apart_was_built_so() -> None:
    def apart(_: int, states: np.ndarray, __: dict[str, np.ndarray]) -> None:
        states[0, CELL] -= 0.02
        states[1, CELL] -= 0.04
        states[4, CELL] += 0.02

    assert told(apart) == []


def test_what_all_cells_do_is_no_news_of_any() -> None:
    def campaign(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        states[0] *= max(1.0 - 0.1 * max(day - ONSET, 0), 0.0)
        states[2] += 1e-4 * (day >= ONSET)

    assert told(campaign) == []


def test_charge_that_the_balancer_took_is_no_leak() -> None:
    def bled(day: int, states: np.ndarray, said: dict[str, np.ndarray]) -> None:
        states[0, CELL] -= 1e-3 * max(day - ONSET, 0)
        said["bled"][CELL] = 1e-3 * max(day - ONSET, 0)

    assert told(bled) == []


def test_a_cell_whose_voltages_are_badly_explained_has_to_lose_more() -> None:
    def strange(_: int, __: np.ndarray, said: dict[str, np.ndarray]) -> None:
        said["surprise"][CELL] *= 40.0

    plain, doubted = told(leak(5e-4)), told(leak(5e-4), strange)
    assert named(plain) == {(CELL, FaultClass.MICRO_SHORT)}
    assert not doubted or doubted[0].found_ns > plain[0].found_ns
    assert named(told(leak(3e-3), strange)) == {(CELL, FaultClass.MICRO_SHORT)}


def test_a_module_that_was_exchanged_is_no_fault_and_a_later_leak_in_it_is() -> None:
    def exchange(day: int, states: np.ndarray, _: dict[str, np.ndarray]) -> None:
        if day >= ONSET:
            states[0, 20:34] += 0.02 * np.linspace(-1.0, 1.5, 14)
            states[2, 20:34] -= 2e-5

    assert told(exchange, n_days=110) == []
    found = told(exchange, leak(2e-3, onset=85, cell=25), n_days=130)
    assert named(found) == {(25, FaultClass.MICRO_SHORT)}
    assert found_day(found[0]) > 85


def test_two_faults_in_one_string_are_both_named() -> None:
    found = told(leak(1e-3), step(4, 0.01, onset=60, cell=90))
    assert named(found) == {(CELL, FaultClass.MICRO_SHORT), (90, FaultClass.VOLTAGE_SENSOR)}


def test_days_without_load_and_days_that_are_missing_are_borne() -> None:
    def idle(day: int, _: np.ndarray, said: dict[str, np.ndarray]) -> None:
        if day % 3 == 0:
            said["unrest_share"][:] = np.nan

    assert told(idle) == []
    assert named(told(idle, loosen)) == {(CELL, FaultClass.LOOSE_CONTACT)}
    decide = StringDecisions(N_CELLS)
    kept = [each for at, each in enumerate(days(110, leak(1e-3))) if at not in {*range(20, 32), 50, 51, 70}]
    assert named([finding for each in kept for finding in decide.take(each)]) == {(CELL, FaultClass.MICRO_SHORT)}


@pytest.mark.parametrize("at", [3, 12, 30, ONSET + 2, ONSET + 6, 80])
def test_a_restart_on_any_day_changes_nothing(at: int) -> None:
    whole, before = StringDecisions(N_CELLS), StringDecisions(N_CELLS)
    changes = leak(1e-3), step(2, 1.5e-4, cell=50), loosen
    found, again = [], []
    broken = before
    for day, said in enumerate(days(90, *changes)):
        if day == at:
            broken = restore_state(save_state(before))
            assert isinstance(broken, StringDecisions)
        found += whole.take(said)
        again += broken.take(said)
    assert found
    assert found == again
    one, other = save_state(whole), save_state(broken)
    assert {name: each.tobytes() for name, each in one.items()} == {name: x.tobytes() for name, x in other.items()}
