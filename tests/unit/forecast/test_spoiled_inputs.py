"""Spoiled inputs: each kind of fault is found where it is planted, in synthetic columns, and nothing else is."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_inputs import ColumnWatch, SpoilWatch, find_spoiled

N_DAYS = 520
HOUR = np.arange(24) + 0.5


def load_days(n_days=N_DAYS, seed=3):
    """Synthetic load: two peaks on workdays, one at weekends, a season, a little chance."""
    rng = np.random.default_rng(seed)
    day = np.arange(n_days)[:, None]
    work = 9.0 * np.exp(-(((HOUR - 8.5) / 2.0) ** 2)) + 11.0 * np.exp(-(((HOUR - 18.5) / 2.5) ** 2))
    free = 7.0 * np.exp(-(((HOUR - 12.0) / 3.5) ** 2)) + 8.0 * np.exp(-(((HOUR - 19.5) / 2.5) ** 2))
    shape = np.where(day % 7 < 5, work, free)
    season = 50.0 + 8.0 * np.cos(2.0 * np.pi * day / 365.0)
    return 100.0 * np.round(season + shape * rng.uniform(0.9, 1.1, (n_days, 1)) + rng.normal(0, 0.3, (n_days, 24)), 1)


def sun_days(n_days=N_DAYS, seed=4, clock_h=0):
    rng = np.random.default_rng(seed)
    half = 6.0 + 2.0 * np.sin(2.0 * np.pi * np.arange(n_days)[:, None] / 365.0)
    high = np.maximum(np.cos((HOUR - 12.5 - np.reshape(clock_h, (-1, 1))) * np.pi / 2.0 / half), 0.0)
    return np.round(900.0 * high * rng.uniform(0.3, 1.0, (n_days, 1)))


def price_days(n_days=N_DAYS, seed=5):
    rng = np.random.default_rng(seed)
    level = 40.0 * np.exp(np.cumsum(rng.normal(0.0, 0.05, n_days)))[:, None]
    shape = 1.0 + 0.3 * np.cos((HOUR - 19.0) * np.pi / 12.0) + 0.2 * np.cos((HOUR - 8.0) * np.pi / 6.0)
    return np.round(level * shape + rng.normal(0.0, 4.0, (n_days, 24)), 2)


def watch_of(days, **options):
    return ColumnWatch("load_mw", days, is_price=False, **options)


def kinds(findings):
    return {each.kind for each in findings}


@pytest.mark.parametrize("days", [load_days(), sun_days()])
def test_sound_days_raise_nothing(days):
    watch = watch_of(days[:400], utc_offset_h=np.full(400, 1))
    assert [each for day in days[400:] for each in watch.update(day, 1)] == []
    assert watch.is_sound.all()


def test_sound_prices_are_never_refused():
    watch = ColumnWatch("price_per_mwh", price_days()[:400], is_price=True)
    assert not any(each.is_refused for day in price_days()[400:] for each in watch.update(day))


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda day: 0.0 * day, InputFault.ZEROS),
        (lambda day: np.where(np.arange(24) == 13, 0.0, day), InputFault.ZEROS),
        (lambda day: np.full(24, np.nan), InputFault.MISSING),
        (lambda day: np.where(np.arange(24) == 13, np.nan, day), InputFault.MISSING),
        (lambda day: np.full(24, day[3]), InputFault.CONSTANT),
        (lambda day: 1000.0 * day, InputFault.SCALE),
        (lambda day: day / 1000.0, InputFault.SCALE),
        (lambda day: 100.0 * day, InputFault.SCALE),
        (lambda day: 3.6 * day, InputFault.SCALE),
        (lambda day: day / 3.6, InputFault.SCALE),
    ],
)
def test_a_spoiled_day_is_refused_by_its_name(spoil, kind):
    days = load_days()
    found = watch_of(days[:400]).update(spoil(days[400]))
    assert kinds(found) == {kind}
    assert (found[0].severity, found[0].first_day, found[0].n_days) == (Severity.REFUSE, 400, 1)


def test_a_run_in_another_unit_stays_refused_and_is_one_finding():
    days = load_days()
    watch = watch_of(days[:400])
    for day in days[400:]:
        assert kinds(watch.update(day / 1000.0)) == {InputFault.SCALE}
    assert [(each.first_day, each.n_days) for each in watch.findings] == [(400, N_DAYS - 400)]
    assert not watch.is_sound[400:].any()


@pytest.mark.parametrize("hours", [1, -1, 2])
def test_a_clock_that_is_off_is_found_within_a_week_and_its_end_too(hours):
    days = load_days()
    moved = np.roll(days.ravel(), hours).reshape(days.shape)
    watch = watch_of(days[:420])
    n_told = [bool(watch.update(day)) for day in moved[420:450]].index(True)
    assert n_told < 7
    (finding,) = watch.findings
    words = f"{abs(hours)} h {'late' if hours > 0 else 'early'}"
    assert finding.kind is InputFault.SHIFT
    assert words in finding.detail
    assert abs(finding.first_day - 420) <= 1
    assert finding.last_day == 449
    assert [each for day in days[450:470] for each in watch.update(day)] == []


def test_the_sun_keeps_utc_when_clocks_change():
    day = np.arange(N_DAYS)
    offset_h = 1 + ((day % 365 > 85) & (day % 365 < 300))
    days = sun_days(clock_h=offset_h - 1)
    watch = watch_of(days[:440], utc_offset_h=offset_h[:440])
    assert watch.seen_share(7) > 0.9
    assert not any(watch.update(*each) for each in zip(days[440:], offset_h[440:].tolist(), strict=True))
    assert watch_of(days[:440]).seen_share(7) == 0.0  # without the offset its clock is not judged
    fixed = watch_of(days[:440], utc_offset_h=offset_h[:440])
    found = [each for row in range(440, 520) for each in fixed.update(sun_days()[row], int(offset_h[row]))]
    assert InputFault.SHIFT in kinds(found)  # its source kept standard time


def test_a_sun_far_from_noon_is_told():
    (finding,) = watch_of(np.roll(sun_days()[:300], 6, axis=1)).findings
    assert (finding.kind, finding.severity, finding.n_days) == (InputFault.SHIFT, Severity.WARN, 300)


def test_one_copy_is_told_and_a_feed_that_stands_still_is_refused():
    days = load_days()
    watch = watch_of(days[:400])
    assert [each.severity for each in watch.update(days[399])] == [Severity.WARN]
    assert [each.severity for each in watch.update(days[399])] == [Severity.REFUSE]


def test_a_value_beyond_everything_is_told_and_used():
    days = load_days()
    watch = watch_of(days[:400])
    day = days[400].copy()
    day[5] = 30_000.0
    (finding,) = watch.update(day)
    assert (finding.kind, finding.severity) == (InputFault.JUMP, Severity.WARN)
    assert watch.is_sound[400]


@pytest.mark.parametrize(
    ("days", "hour", "value"),
    [(load_days(), 7, 4e6), (load_days(), 7, 1e300), (load_days(), 3, -5000.0), (sun_days(), 1, 400.0)],
)
def test_an_hour_that_cannot_be_is_refused_and_forgotten(days, hour, value):
    watch, spoiled = watch_of(days[:400], utc_offset_h=np.full(400, 1)), days[400].copy()
    spoiled[hour] = value
    (found,) = watch.update(spoiled, 1)
    assert (found.kind, found.is_refused) == (InputFault.JUMP, True)
    assert watch.update(days[401], 1) == ()
    again = np.where(np.arange(24) == hour, value, days[402])
    assert len(watch.update(again, 1)) == 1, "what was refused is no measure of what can be"
    history = days[:400].copy()
    history[200] = spoiled
    assert np.flatnonzero(~watch_of(history, utc_offset_h=np.full(400, 1)).is_sound).tolist() == [200]


def test_a_zone_without_a_plant_has_zeros_and_no_finding():
    watch = watch_of(np.zeros((100, 24)))
    assert watch.findings == watch.update(np.zeros(24)) == ()


def test_a_column_that_begins_late_is_told():
    days = np.concatenate([np.zeros((60, 24)), load_days()[:200]])
    (finding,) = watch_of(days).findings
    assert (finding.kind, finding.severity, finding.n_days) == (InputFault.ZEROS, Severity.WARN, 60)


def test_prices_may_climb_fivefold_and_fall_below_zero():
    days = price_days()[:460]
    days[400:460] *= np.linspace(1.0, 5.0, 60)[:, None]
    days[430] = -days[430]
    watch = ColumnWatch("price_per_mwh", days[:400], is_price=True)
    assert not any(each.is_refused for day in days[400:] for each in watch.update(day))


def test_a_fuel_price_stands_for_a_day_but_not_for_weeks():
    days = np.repeat(np.arange(200.0)[:, None] % 17 + 20.0, 24, axis=1)
    watch = watch_of(days)
    assert watch.findings == ()
    found = [watch.update(np.full(24, 33.0)) for _ in range(15)]
    assert [bool(each) for each in found] == [False] * 10 + [True] * 5
    assert found[-1][0].severity is Severity.WARN


def test_the_question_before_one_day_names_a_column_that_ends_early():
    load, price = load_days()[:300], price_days()[:300]
    found = find_spoiled({"price_per_mwh": price, "load_mw": load[:298]}, 299)
    assert [(each.column, each.kind, each.first_day, each.n_days) for each in found if each.is_refused] == [
        ("load_mw", InputFault.MISSING, 298, 2)
    ]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: SpoilWatch({}), "no column"),
        (lambda: SpoilWatch({"a": np.zeros((3, 7))}), r"\(3, 7\)"),
        (lambda: find_spoiled({"price_per_mwh": np.zeros((3, 24))}, 4), "3 days, where 4"),
        (lambda: SpoilWatch({"a": np.ones((3, 24))}, utc_offset_h=np.ones(2, dtype=np.int64)), "utc_offset_h"),
        (lambda: SpoilWatch({"a": np.ones((3, 24))}).update({"b": np.ones(24)}), "'b' is not watched"),
        (lambda: SpoilWatch({"a": np.ones((3, 24))}).update({"a": np.ones(23)}), "has 24 values"),
        (
            lambda: SpoilWatch({"a": np.ones((3, 24))}, utc_offset_h=np.ones(3, dtype=np.int64)).update(
                {"a": np.ones(24)}
            ),
            "came with utc_offset_h",
        ),
    ],
)
def test_a_wrong_question_is_an_error(ask, words):
    with pytest.raises(DataError, match=words):
        ask()
