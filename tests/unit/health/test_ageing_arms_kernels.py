"""The loop of a string's life against closed forms and plain NumPy."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from battuta.health import ageing_arms_kernels as kernels
from battuta.physics.ageing import naumann_kernels
from battuta.physics.ageing.naumann import naumann, new_cells
from battuta.physics.pcs import NottonPcs, pcs_rows

ROW = naumann().parameters()
RNG = np.random.default_rng(11)
CONVERTER = NottonPcs(
    rated_power_kw=0.5,
    no_load_discharge_pu=0.002,
    quadratic_discharge_pu=0.01,
    no_load_charge_pu=0.003,
    quadratic_charge_pu=0.02,
)


def duty(**changes):
    row = np.array([0.8, 4.0, 8.0, 25.0, 0.8, 2.0, 40.0, 0.1, 0.3, 0.6, 1.0])
    for name, value in changes.items():
        row[getattr(kernels, name)] = value
    return row


def lived(way, modules, *, window=kernels.FULL_TOP, rotates=False, spares=0, away_k=None, row=ROW, day=None):
    result, swapped = np.zeros(kernels.N_RESULT), np.full(spares, np.nan)
    n = modules.shape[1]
    kernels.live(
        way, window, rotates, modules.copy(), np.ones((3, spares)), np.zeros(n) if away_k is None else away_k,
        duty() if day is None else day, pcs_rows((CONVERTER,) * n), row, swapped, result,
    )  # fmt: skip
    return result, swapped


def test_a_day_of_calendar_ageing_is_its_integral() -> None:
    day = duty()

    def squared(soc):
        return naumann_kernels.calendar_rate(soc, 31.0, ROW, 0, 3) ** 2

    low, high = 0.13, 0.94
    moving = quad(squared, low, high)[0] / (high - low)
    plainly = 3600.0 * (8.0 * moving + 8.0 * squared(high) + 8.0 * squared(low))
    assert kernels.calendar_day(low, high, 31.0, day, ROW) == pytest.approx(plainly, rel=1e-12)


def test_ageing_is_that_of_the_models_own_walk() -> None:
    """A year of days, hour by hour through the model's own kernels; half-cycles close one day late."""
    day = duty(STEP_DAYS=10.0)
    energy, capacity, age = np.array([0.8]), np.array([0.95]), new_cells(1)
    for _ in range(36):
        kernels.age_modules(kernels.FULL_TOP, energy, capacity, np.zeros(1), day, ROW, age)
    depth = 0.8 / 0.95
    parts = 240
    down = 1.0 - depth * (np.arange(parts) + 0.5) / parts
    one = np.concatenate(
        [np.full(2 * parts, 1.0), down, np.full(2 * parts, 1.0 - depth), down[::-1]]
    )  # the middle of each minute: a midpoint rule
    walked = new_cells(1)
    soc = np.tile(one, 360)[:, None]
    naumann_kernels.naumann_walk(soc, np.full_like(soc, 25.0), 60.0, 0.0, ROW, walked)
    for place in (naumann_kernels.CAPACITY_CALENDAR_SQUARED, naumann_kernels.CAPACITY_CYCLE_SQUARED):
        assert age[0, place] == pytest.approx(walked[0, place], rel=0.01)


def calendar_only():
    row = ROW.copy()
    row[[naumann_kernels.C_RATE_SCALE, naumann_kernels.C_RATE_OFFSET]] = 0.0
    row[naumann_kernels.SOC_SCALE] = 0.0
    return row


def test_lives_by_the_calendar_alone_are_closed_forms() -> None:
    """In series the first to lose a fifth ends it; with all energy used the sum does."""
    modules = np.array([RNG.uniform(0.8, 1.2, 12), np.ones(12), RNG.uniform(0.97, 1.03, 12)])
    row = calendar_only()
    per_day = kernels.calendar_day(0.2, 1.0, 25.0, duty(), row)
    day = duty(STEP_DAYS=1.0, BALANCER_LOSS=0.0)
    rate, new = modules[0], modules[2]
    first = ((1.0 - 0.8 / new) / rate).min() ** 2 / per_day / 365.25
    whole = ((new.sum() - 12 * 0.8) / (rate * new).sum()) ** 2 / per_day / 365.25
    assert lived(kernels.SERIES, modules, row=row, day=day)[0][kernels.LIFE_YEARS] == pytest.approx(first, rel=1e-4)
    assert lived(kernels.REDISTRIBUTED, modules, row=row, day=day)[0][kernels.LIFE_YEARS] == pytest.approx(
        whole, rel=1e-4
    )


def test_windows_lie_where_they_are_said_to() -> None:
    """Charged no higher than needed, cells age less; at the foot of their own window least of all."""
    modules = np.array([RNG.uniform(0.9, 1.1, 12), np.ones(12), np.ones(12)])
    lives = [
        lived(kernels.SERIES, modules, window=window)[0][kernels.LIFE_YEARS]
        for window in (kernels.FULL_TOP, kernels.LOW_STRING, kernels.LOW_MODULE)
    ]
    assert lives[0] * 1.1 < lives[1] <= lives[2]


@pytest.mark.parametrize(
    ("window", "high"),
    [
        (kernels.FULL_TOP, [1.0, 1.0]),
        (kernels.LOW_STRING, [0.8 / 0.9, 0.9]),
        (kernels.LOW_MODULE, [0.8 / 0.9, 0.8]),
    ],
)
def test_modules_age_between_the_ends_of_their_windows(window, high) -> None:
    """Charged together, a module of 1 beside one of 0.9 that is emptied stands a tenth below full."""
    capacity, day, age = np.array([0.9, 1.0]), duty(), new_cells(2)
    kernels.age_modules(window, np.full(2, 0.8), capacity, np.zeros(2), day, ROW, age)
    plainly = [
        2.0 * kernels.calendar_day(top - 0.8 / each, top, 25.0, day, ROW)
        for top, each in zip(high, capacity, strict=True)
    ]
    np.testing.assert_allclose(age[:, naumann_kernels.CAPACITY_CALENDAR_SQUARED], plainly, rtol=1e-9)


def test_deliverable_is_the_weakest_the_sum_or_what_converters_leave() -> None:
    capacity, limit, loss = RNG.uniform(0.8, 1.0, 6), np.zeros(6), np.zeros(6)
    rows = pcs_rows((CONVERTER,) * 6)
    of = {
        way: kernels.deliverable(way, capacity, duty(), rows, limit, loss)
        for way in (kernels.SERIES, kernels.REDISTRIBUTED, kernels.CONVERTERS)
    }
    assert of[kernels.SERIES] == pytest.approx(6 * capacity.min())
    moved = np.maximum(capacity - capacity.mean(), 0.0).sum()
    assert of[kernels.REDISTRIBUTED] == pytest.approx(capacity.sum() - 0.1 * moved)
    out_kw = limit
    np.testing.assert_allclose(out_kw + 0.5 * (0.002 + 0.01 * (out_kw / 0.5) ** 2), capacity / 4.0)
    assert of[kernels.CONVERTERS] == pytest.approx(4.0 * out_kw.sum())


@pytest.mark.parametrize("way", [kernels.SERIES, kernels.REDISTRIBUTED, kernels.CONVERTERS])
def test_modules_give_what_is_asked_and_what_is_lost(way) -> None:
    capacity, known, work = RNG.uniform(0.82, 1.0, 8), RNG.uniform(0.8, 1.2, 8), np.zeros((4, 8))
    rows = pcs_rows((CONVERTER,) * 8)
    kernels.deliverable(way, capacity, duty(), rows, work[1], work[2])
    lost = kernels.day_energies(way, capacity, known, duty(), rows, work)
    energy = work[0]
    out = energy.sum() - 8 * 0.8
    assert 0.0 <= out <= lost
    if way == kernels.REDISTRIBUTED:
        np.testing.assert_allclose(energy / capacity, energy[0] / capacity[0])
        assert lost == pytest.approx(2.0 * out)
    if way == kernels.CONVERTERS:
        power = energy / 4.0
        back = 4.0 * (0.5 * (0.003 + 0.02 * (power / 0.5) ** 2)).sum()
        assert lost == pytest.approx(out + back)


def test_steering_turns_from_equal_depth_to_life_left_over_rate() -> None:
    capacity, known = np.array([0.9, 0.92, 0.9, 0.88]), np.array([1.0, 1.1, 0.95, 1.0])
    rows, work = pcs_rows((CONVERTER,) * 4), np.zeros((4, 4))
    kernels.deliverable(kernels.CONVERTERS, capacity, duty(), rows, work[1], work[2])
    for steering, weight in ((0.0, capacity), (1.0, (capacity - 0.6) / known)):
        kernels.day_energies(kernels.CONVERTERS, capacity, known, duty(STEERING=steering, ENERGY=0.4), rows, work)
        given = work[0] / 4.0
        at_terminals = np.array([brentq(lambda p, dc=dc: p + 0.001 + 0.02 * p * p - dc, 0.0, dc) for dc in given])
        np.testing.assert_allclose(at_terminals / at_terminals.sum(), weight / weight.sum(), rtol=1e-6)


def test_the_weakest_gets_the_coldest_place() -> None:
    away = np.array([3.0, -1.0, 0.0])
    kernels.rotate(np.array([0.9, 0.8, 0.85]), away)
    assert away.tolist() == [3.0, -1.0, 0.0]
    kernels.rotate(np.array([0.8, 0.9, 0.85]), away)
    assert away.tolist() == [-1.0, 3.0, 0.0]


def test_rotation_helps_where_places_differ_in_heat() -> None:
    modules, places = np.ones((3, 6)), np.linspace(-8.0, 8.0, 6)
    still = lived(kernels.SERIES, modules, away_k=places.copy())[0]
    moved = lived(kernels.SERIES, modules, away_k=places.copy(), rotates=True)[0]
    assert moved[kernels.LIFE_YEARS] > 1.1 * still[kernels.LIFE_YEARS]


def test_those_that_would_fail_within_a_year_are_exchanged_while_spares_last() -> None:
    modules = np.ones((3, 6))
    modules[0, 2] = 1.4
    alone = lived(kernels.SERIES, modules)[0]
    mended, swapped = lived(kernels.SERIES, modules, spares=1)
    assert mended[kernels.N_SWAPPED] == 1
    assert alone[kernels.LIFE_YEARS] - 1.5 <= swapped[0] < alone[kernels.LIFE_YEARS]
    assert mended[kernels.LIFE_YEARS] > 1.5 * alone[kernels.LIFE_YEARS]
    assert alone[kernels.SOH_LOW] < alone[kernels.SOH_HIGH]


def test_a_string_that_never_delivered_has_no_life_and_one_that_does_not_age_lives_on() -> None:
    weak, still = np.ones((3, 4)), np.ones((3, 4))
    weak[2, 1], still[0] = 0.79, 0.0
    assert lived(kernels.SERIES, weak)[0][kernels.LIFE_YEARS] == 0.0
    assert lived(kernels.SERIES, still)[0][kernels.LIFE_YEARS] == 40.0
