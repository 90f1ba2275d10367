"""One Parquet file: what has to be in it, and what its lists become."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry.parquet_rows import guarded, instants_ns, require_layout, rows_of
from battuta.domain.errors import ClockError, DataError

PATH = Path("a.parquet")
TIME = pl.Series("time", np.arange(3) * 60_000).cast(pl.Datetime("ms", "Europe/Berlin"))
FRAME = pl.DataFrame(
    {
        "time": TIME,
        "string_id": ["S1"] * 3,
        "current_a": [1, None, 3],
        "voltage_v": [[3.1, 3.2], None, [3.3, 3.4]],
        "temperature_c": [[25.0], [25.5], []],
    }
)


def test_lists_are_laid_under_one_another_and_holes_are_missing():
    (rows,) = rows_of(FRAME, "S1", PATH)
    assert rows.time_ns.tolist() == [0, 60_000_000_000, 120_000_000_000]
    np.testing.assert_array_equal(rows.current_a, [1.0, np.nan, 3.0])
    np.testing.assert_array_equal(rows.voltage_v, [[3.1, 3.2], [np.nan] * 2, [3.3, 3.4]])
    np.testing.assert_array_equal(rows.temperature_c, [[25.0], [25.5], [np.nan]])
    assert rows.bleed_ah is None


def test_two_numbers_of_cells_are_two_parts():
    frame = FRAME.with_columns(pl.Series("voltage_v", [[3.1, 3.2], [3.1, 3.2, 3.3], None]))
    parts = rows_of(frame, "S1", PATH)
    assert [(part.shape[0], part.n_times) for part in parts] == [(2, 1), (3, 2)]
    assert np.isnan(parts[1].voltage_v[1]).all()


def test_a_hole_at_the_beginning_has_the_width_of_what_follows():
    frame = FRAME.with_columns(pl.Series("voltage_v", [None, [3.1, 3.2], [3.3, 3.4]]))
    (rows,) = rows_of(frame, "S1", PATH)
    np.testing.assert_array_equal(rows.voltage_v, [[np.nan] * 2, [3.1, 3.2], [3.3, 3.4]])


def test_no_sensors_and_no_balancing_are_no_columns():
    frame = FRAME.with_columns(
        pl.Series("temperature_c", [[], [], []], dtype=pl.List(pl.Float32)),
        pl.Series("bleed_ah", [None, None, None], dtype=pl.List(pl.Float32)),
    )
    (rows,) = rows_of(frame, "S1", PATH)
    assert rows.temperature_c.shape == (3, 0)
    assert rows.bleed_ah is None


def test_a_string_without_a_voltage_is_refused():
    frame = FRAME.with_columns(pl.Series("voltage_v", [None] * 3, dtype=pl.List(pl.Float32)))
    with pytest.raises(DataError, match=r"a\.parquet: no row has a voltage"):
        rows_of(frame, "S1", PATH)


def test_what_the_layout_needs_is_asked_for():
    schema = dict(FRAME.schema)
    with pytest.raises(DataError, match=r"has no column current_a, voltage_v; it has time, string_id, temperature_c"):
        require_layout(PATH, {name: schema[name] for name in ("time", "string_id", "temperature_c")})
    with pytest.raises(ClockError, match="time has no zone"):
        require_layout(PATH, {**schema, "time": pl.Datetime("us")})
    with pytest.raises(DataError, match="time holds Int64, not timestamps"):
        require_layout(PATH, {**schema, "time": pl.Int64()})
    with pytest.raises(DataError, match="current_a holds String, not numbers"):
        rows_of(FRAME.with_columns(pl.Series("current_a", ["1", "2", "3"])), "S1", PATH)


def test_a_row_without_a_time_is_refused():
    with pytest.raises(DataError, match="1 rows have no time"):
        instants_ns(TIME.set(pl.Series([True, False, False]), None), PATH)


def test_what_polars_says_becomes_a_sentence(tmp_path):
    path = tmp_path / "b.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"b\.parquet cannot be read: .*fetch or write it again"):
        guarded(path, lambda: pl.read_parquet(path))
