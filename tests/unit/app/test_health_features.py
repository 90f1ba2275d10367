"""A record as a table of features: a row for each cell and day, whatever the pieces it comes in."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from battuta.adapters.telemetry.parquet import write_block
from battuta.app.health_features import features_of, write_features
from battuta.app.health_scan import open_telemetry
from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import NS_PER_DAY
from unit.health.charge_days import CAPACITY_AH, N_CELLS, charge_day


def days(n_days=2):
    block = charge_day()
    return [replace(block, time_ns=block.time_ns + day * NS_PER_DAY) for day in range(n_days)]


def test_a_row_for_each_cell_and_day():
    table = pl.concat(features_of(days(), CAPACITY_AH))
    assert table.height == 2 * N_CELLS
    assert table["cell"].to_list()[:3] == [0, 1, 2]
    assert [str(each) for each in table["date"].unique(maintain_order=True)] == ["1970-01-01", "1970-01-02"]
    assert table["between_share"].is_not_null().all()
    assert table["charge_rate"][0] == pytest.approx(0.2)
    assert table["slow_ohm"].null_count() == table.height  # the made-up cells do not creep
    assert table["warmer_k"].null_count() == table.height  # no past yet
    assert table["sensor"].unique(maintain_order=True).to_list() == [0, 1, 2]


def test_pieces_make_no_difference():
    whole = pl.concat(features_of(days(), CAPACITY_AH))
    pieces = [block.rows(slice(first, first + 500)) for block in days() for first in (0, 500, 1000)]
    assert_frame_equal(pl.concat(features_of(pieces, CAPACITY_AH)), whole)


def test_a_string_without_sensors_has_no_temperature():
    bare = [replace(block, temperature_c=np.empty((block.n_times, 0))) for block in days(1)]
    table = pl.concat(features_of(bare, CAPACITY_AH))
    assert table["warmer_k"].null_count() == N_CELLS
    assert table["sensor"].unique().to_list() == [-1]
    assert table["between_share"].is_not_null().all()


@pytest.mark.parametrize("name", ["features.parquet", "features.csv"])
def test_files_hold_what_was_read(tmp_path, name):
    for block in days():
        write_block(block, tmp_path / "log")
    run = write_features(open_telemetry(tmp_path / "log"), tmp_path / name)
    assert (run.strings, run.cells, run.days, run.rows, run.refused) == (1, N_CELLS, 2, 2 * N_CELLS, ())
    read = pl.read_csv(tmp_path / name) if name.endswith("csv") else pl.read_parquet(tmp_path / name)
    expected = pl.concat(features_of(days(), CAPACITY_AH))
    assert read.columns == expected.columns
    np.testing.assert_allclose(
        read["between_share"], expected["between_share"], rtol=1e-5
    )  # volts are kept in single precision
    assert sorted(each.name for each in tmp_path.iterdir()) == [name, "log"]


def test_what_cannot_be_is_refused(tmp_path):
    write_block(days(1)[0], tmp_path / "log")
    source = open_telemetry(tmp_path / "log")
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        write_features(source, tmp_path / "features.txt")
    with pytest.raises(UsageError, match="capacity"):
        write_features(source, tmp_path / "features.csv", capacity_ah=-1.0)
    with pytest.raises(DataError, match="cannot be written"):
        write_features(source, tmp_path / "nowhere" / "features.csv")
