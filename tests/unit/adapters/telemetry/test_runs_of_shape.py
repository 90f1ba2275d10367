"""Rows cut by day and by shape."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.adapters.telemetry.runs_of_shape import days_of, in_runs
from battuta.domain.errors import DataError

DAY_NS = 86_400 * 1_000_000_000


def narrower(rows):
    return replace(rows, voltage_v=rows.voltage_v[:, :3], bleed_ah=rows.bleed_ah[:, :3])


def test_days_are_cut_in_file_order(rows):
    rows.time_ns[30:] += DAY_NS
    shuffled = rows.take(np.concatenate([np.arange(30, 60), np.arange(0, 30)]))
    first, second = days_of([shuffled])
    assert first[0].time_ns.tolist() == rows.time_ns[:30].tolist()
    assert second[0].number.tolist() == rows.number[30:].tolist()
    assert list(days_of([])) == []


def test_a_string_that_loses_and_regains_a_cell_is_three_runs(rows):
    parts = [rows.take(slice(0, 20)), narrower(rows.take(slice(20, 40))), rows.take(slice(40, 60))]
    runs = list(in_runs(parts, "a.parquet"))
    assert [(run.shape[0], run.n_times) for run in runs] == [(4, 20), (3, 20), (4, 20)]
    assert np.concatenate([run.time_ns for run in runs]).tolist() == rows.time_ns.tolist()


def test_one_shape_stays_in_file_order(rows):
    (run,) = in_runs([rows.take(slice(30, 60)), rows.take(slice(0, 30))], "a.parquet")
    assert run.time_ns[0] == rows.time_ns[30]


def test_a_shape_that_changes_all_the_time_is_refused(rows):
    parts = [rows.take(slice(0, 60, 2)), narrower(rows.take(slice(1, 60, 2)))]
    with pytest.raises(DataError, match=r"string S1 changes its number of cells or sensors 59 times .*3 cells and 4"):
        list(in_runs(parts, "a.parquet"))
