"""Whatever the columns, a day's findings depend on days up to it alone, on no name's order, and on no unit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.forecast.spoiled_inputs import ColumnWatch, find_spoiled

HOUR = np.arange(24)
FAULTS = {
    "none": lambda day: day,
    "zeros": lambda day: 0.0 * day,
    "missing": lambda day: np.nan * day,
    "thousand": lambda day: 1000.0 * day,
    "constant": lambda day: np.full(24, day[0]),
    "late": lambda day: np.roll(day, 1),
}


def columns(seed, n_days):
    rng = np.random.default_rng(seed)
    shape = 60.0 + 15.0 * np.sin(HOUR * np.pi / 12.0) + 6.0 * np.cos(HOUR * np.pi / 4.0)
    load = shape * rng.uniform(0.9, 1.1, (n_days, 1)) + rng.normal(0.0, 1.0, (n_days, 24))
    return {"price_per_mwh": load - 20.0 + rng.normal(0.0, 10.0, (n_days, 24)), "load_mw": load}


def spoiled(days, faults):
    out = days.copy()
    for row, name in faults.items():
        out[row] = FAULTS[name](days[row])
    return out


FAULT_DAYS = st.dictionaries(st.integers(60, 139), st.sampled_from(sorted(FAULTS)), max_size=5)


@settings(max_examples=15)
@given(st.integers(0, 99), FAULT_DAYS, st.sampled_from([0.0, np.nan, -7.0, 1e6]))
def test_what_comes_later_changes_nothing(seed, faults, later):
    known = {name: spoiled(days, faults) for name, days in columns(seed, 160).items()}
    before = find_spoiled(known, 130)
    for days in known.values():
        days[131:] = later
    known["price_per_mwh"][130:] = later
    assert find_spoiled(known, 130) == before


@settings(max_examples=15)
@given(st.integers(0, 99), FAULT_DAYS, st.sampled_from([2.0**-10, 2.0**12]))
def test_a_column_in_another_unit_throughout_has_the_same_faults(seed, faults, factor):
    days = spoiled(columns(seed, 140)["load_mw"], faults)
    one, other = (ColumnWatch("load_mw", unit * days, is_price=False).findings for unit in (1.0, factor))
    assert [(each.kind, each.first_day, each.n_days) for each in one] == [
        (each.kind, each.first_day, each.n_days) for each in other
    ]


@settings(max_examples=15)
@given(st.integers(0, 99), FAULT_DAYS)
def test_a_refused_day_is_never_sound(seed, faults):
    watch = ColumnWatch("load_mw", spoiled(columns(seed, 140)["load_mw"], faults), is_price=False)
    for finding in watch.findings:
        if finding.is_refused:
            assert not watch.is_sound[finding.last_day]
    for row, name in faults.items():
        assert (
            watch.is_sound[row]
            or name != "none"
            or any(each.first_day <= row <= each.last_day for each in watch.findings)
        )
        assert not watch.is_sound[row] or name in {"none", "late"}
