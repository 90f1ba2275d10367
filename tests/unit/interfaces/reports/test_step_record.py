"""What figures and tables say of a step is gathered once."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.reports.step_record import money_name, schedule_record, strategy_record


def test_a_strategy(result):
    record = strategy_record(result, "similar_day")
    each = result.results["similar_day"]
    assert record.n_times == 48
    assert record.net_so_far[-1] == pytest.approx(each.net)
    assert record.soc_before[0] == 0.1
    np.testing.assert_array_equal(record.soc_before[1:], each.soc[:-1])
    assert record.is_planned
    assert not strategy_record(result, "oracle_day").is_planned


def test_a_day_that_was_left_out_breaks_the_line(result):
    assert strategy_record(result, "similar_day").breaks().tolist() == [23, 47]


def test_windows(result):
    record = strategy_record(result, "similar_day")
    last = record.last(timedelta(hours=3))
    assert last.n_times == 3
    assert last.net_so_far[-1] == record.net_so_far[-1]
    with pytest.raises(UsageError, match="Mon 2026-01-05 00:00 to Wed 2026-01-07 23:00"):
        record.between(0, 1)


def test_an_unknown_strategy_is_named(result):
    with pytest.raises(UsageError, match=r"no strategy 'magic'; it has idle, fixed_time"):
        strategy_record(result, "magic")


def test_a_schedule_is_counted_at_the_interconnection_point(schedule, result):
    record = schedule_record(schedule, result.site, result.prices)
    expected = float((schedule.price_per_mwh * schedule.power_kw / 1000.0 - schedule.wear).sum())
    assert record.net_so_far[-1] == pytest.approx(expected)
    assert np.isnan(record.soc_before[0])


def test_benchmark_money_is_never_plain(benchmark_result, result):
    assert money_name(benchmark_result.prices) == "benchmark EUR"
    assert money_name(result.prices) == "EUR"
    assert "benchmark EUR" in strategy_record(benchmark_result, "similar_day").sentences()[0]
