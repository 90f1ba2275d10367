"""The kernel against plain Python that keeps all records and adds up each sum from its beginning."""

import math
from datetime import date

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import UseLimits, Window, WindowQuantity, YearKind
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_state import log_terms, new_state, take_in
from battuta.twin.warranty_years import warranty_years

MINUTE_NS = 60 * 10**9
HOUR_NS, DAY_NS = 60 * MINUTE_NS, 1440 * MINUTE_NS
WINDOWS = (
    Window(name="soc", quantity=WindowQuantity.SOC, low=0.1, high=0.9),
    Window(name="rest", quantity=WindowQuantity.RESTING_SOC, low=0.4, high=0.6, average_minutes=20.0),
    Window(name="warm", quantity=WindowQuantity.TEMPERATURE, low=10.0, high=30.0, average_minutes=180.0),
    Window(name="frost", quantity=WindowQuantity.CHARGING_TEMPERATURE, low=15.0),
    Window(name="charge", quantity=WindowQuantity.CHARGE_RATE, high=0.3, average_minutes=30.0),
    Window(name="discharge", quantity=WindowQuantity.DISCHARGE_RATE, high=0.5, average_minutes=7.0),
)


def contract(kind):
    use = UseLimits(
        full_cycles_per_day_max=2.5,
        full_cycles_per_year_max=60.0,
        full_cycles_max=100.0,
        discharged_mwh_per_mwh_max=90.0,
        missing_hours_per_year_max=30.0,
    )
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=1,
        currency="EUR",
        use=use,
        windows=WINDOWS,
        year_kind=kind,
    )


def records(seed, start_ns, n=4000):
    """Steps of 1 to 9 minutes, some silences, some values missing, some rests."""
    rng = np.random.default_rng(seed)
    step = rng.integers(1, 10, n) * MINUTE_NS
    step[rng.random(n) < 0.003] = 11 * HOUR_NS
    c_rate = np.repeat(rng.normal(0.0, 0.5, n // 20), 20) + rng.normal(0.0, 0.05, n)
    c_rate[np.repeat(rng.random(n // 40) < 0.3, 40)] = 0.0
    soc, temperature_c = rng.random(n), rng.normal(20.0, 8.0, n)
    for values in (soc, temperature_c, c_rate):
        values[rng.random(n) < 0.01] = np.nan
    return start_ns + np.cumsum(step), soc, temperature_c, c_rate


def plain_value(window, rest, soc, temperature_c, c_rate):
    match window.quantity:
        case WindowQuantity.SOC:
            return soc
        case WindowQuantity.RESTING_SOC:
            return soc if abs(c_rate) <= rest else math.nan
        case WindowQuantity.TEMPERATURE:
            return temperature_c
        case WindowQuantity.CHARGING_TEMPERATURE:
            return temperature_c if c_rate < -rest else math.nan
        case WindowQuantity.CHARGE_RATE:
            return math.nan if math.isnan(c_rate) else max(-c_rate, 0.0)
        case _:
            return math.nan if math.isnan(c_rate) else max(c_rate, 0.0)


def plain_mean(run, average_ns):
    """Mean of the last `average_ns` of a run of (span, value), None if it is shorter."""
    if average_ns == 0:
        return run[-1][1]
    left, total = average_ns, 0.0
    for span, value in reversed(run):
        total += value * min(span, left)
        left -= min(span, left)
        if left == 0:
            return total / average_ns
    return None


def plain_log(warranty, years, opened_ns, time_ns, soc, temperature_c, c_rate):
    """Sums by day and year of each piece between midnights, and the distances of all rolling means."""
    edge, gap = years.edge_ns, warranty.gap_minutes * MINUTE_NS
    by_day, n_years = {}, years.whole_hours.size
    by_year = np.zeros((kernels.OUTSIDE_YEAR + len(WINDOWS), n_years))
    nearest, runs, before = [math.inf] * len(WINDOWS), [[] for _ in WINDOWS], opened_ns
    for t, *values in zip(time_ns.tolist(), soc, temperature_c, c_rate, strict=True):
        end, silent = min(t, int(edge[-1])), t - before > gap
        outside = [False] * len(WINDOWS)
        for w, window in enumerate(WINDOWS):
            value = plain_value(window, warranty.rest_c_rate_max, *values)
            if silent or math.isnan(value):
                runs[w] = []
                continue
            runs[w].append((end - before, value))
            mean = plain_mean(runs[w], window.average_minutes * MINUTE_NS)
            if mean is not None:
                nearest[w] = min(nearest[w], mean - window.low, window.high - mean)
                outside[w] = min(mean - window.low, window.high - mean) < 0.0
        rate = 0.0 if silent or math.isnan(values[2]) else values[2]
        missing = silent or any(map(math.isnan, values))
        for day in range(before // DAY_NS, (end - 1) // DAY_NS + 1):
            hours = (min(end, (day + 1) * DAY_NS) - max(before, day * DAY_NS)) / HOUR_NS
            year = int(np.searchsorted(edge, day * DAY_NS, side="right")) - 1
            by_day[day] = by_day.get(day, 0.0) + abs(rate) * hours / 2.0
            by_year[1:5, year] += [abs(rate) * hours / 2.0] * 2 + [max(rate, 0.0) * hours, missing * hours]
            by_year[5:, year] += np.array(outside) * hours / years.whole_hours[year]
            by_year[0, year] = max(by_year[0, year], by_day[day])
        before = t
    by_year[2:4] = np.cumsum(by_year[2:4], axis=1)
    return by_year, nearest


@pytest.mark.parametrize("kind", list(YearKind))
@pytest.mark.parametrize("seed", [1, 2])
def test_the_kernel_is_what_plain_python_says(kind, seed):
    warranty, years = contract(kind), warranty_years(date(2027, 12, 25), 1, kind)
    opened_ns = int(years.edge_ns[0]) + 5 * HOUR_NS
    given = records(seed, opened_ns)
    terms = log_terms(warranty, years.edge_ns, years.whole_hours)
    state = take_in(new_state(terms, opened_ns), terms, *given)
    by_year, nearest = plain_log(warranty, years, opened_ns, *given)
    used = by_year[0] > 0.0
    np.testing.assert_allclose(state.by_year[:, used], by_year[:, used], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.nearest, nearest, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.worst, by_year.max(axis=1), rtol=1e-9, atol=1e-12)
    broken = by_year.max(axis=1) > terms.limit
    assert broken.sum() > 3
    np.testing.assert_array_equal(state.first_breach_ns != kernels.NEVER_NS, broken)


def test_a_breach_is_placed_within_the_record_in_which_it_happens():
    years = warranty_years(date(2027, 1, 1), 1, YearKind.CONTRACT)
    terms = log_terms(contract(YearKind.CONTRACT), years.edge_ns, years.whole_hours)
    begin = int(years.edge_ns[0])
    state = new_state(terms, begin)
    kernels.pass_silence(state, terms, begin + 40 * HOUR_NS)
    assert state.first_breach_ns[kernels.MISSING_YEAR] == begin + 30 * HOUR_NS
    assert state.worst[kernels.MISSING_YEAR] == 40.0
