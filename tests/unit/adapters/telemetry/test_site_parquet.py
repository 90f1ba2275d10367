"""A site's log comes back as it was written, and says what it left out; bare rows keep what cannot be."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.site_parquet import SITE_FILE, bare_blocks, read_site_log, write_site_log
from battuta.domain.errors import ClockError, DataError, StorageError
from battuta.domain.site_log import SiteLog
from battuta.domain.telemetry import Block

TIME_NS = np.arange(4, dtype=np.int64) * 60_000_000_000 + 1_700_000_000_000_000_000


def log(**columns):
    return SiteLog(site_id="A", time_ns=TIME_NS, **columns)


def block(voltage_v=3.3, string_id="S1", shift_ns=0, **more):
    voltages = np.full((4, 2), voltage_v)
    return Block(
        string_id=string_id, time_ns=TIME_NS + shift_ns, current_a=np.zeros(4), voltage_v=voltages,
        temperature_c=np.full((4, 1), 20.0), **more,
    )  # fmt: skip


def test_a_log_comes_back_as_it_was_written(tmp_path) -> None:
    written = log(insulation_ohm=np.array([1e6, np.nan, 2e6, 3e6]), water=np.array([[0.0, 1.0]] * 4))
    read = read_site_log(write_site_log(written, tmp_path / "there" / SITE_FILE))
    assert read.remarks == ()
    assert read.log.site_id == "A"
    assert np.array_equal(read.log.time_ns, TIME_NS)
    assert set(read.log.logged()) == {"insulation_ohm", "water"}
    for name, values in written.logged().items():
        assert np.array_equal(read.log.logged()[name], values, equal_nan=True)


def test_what_no_instrument_measures_is_missing_and_counted(tmp_path) -> None:
    path = write_site_log(log(humidity=np.array([0.5, 55.0, 0.5, -1.0])), tmp_path / SITE_FILE)
    read = read_site_log(path)
    assert np.isnan(read.log.humidity).tolist() == [False, True, False, True]
    assert "humidity has 2 values outside 0 to 1 -, such as 55" in read.remarks[0]


def test_a_column_that_nobody_knows_is_named(tmp_path) -> None:
    path = write_site_log(log(humidity=np.full(4, 0.5)), tmp_path / SITE_FILE)
    pl.read_parquet(path).with_columns(mood=pl.lit(1.0), water=pl.lit(None)).drop("water").write_parquet(path)
    assert "mood is no column" in read_site_log(path).remarks[0]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda frame: frame.drop("site_id"), DataError, "no column site_id"),
        (lambda frame: frame.head(0), DataError, "no rows"),
        (lambda frame: frame.with_columns(site_id=pl.Series(["A", "B", "A", "A"])), DataError, "holds 2 sites"),
        (lambda frame: frame.with_columns(pl.col("time").dt.replace_time_zone(None)), ClockError, "in UTC"),
        (lambda frame: frame.with_columns(humidity=pl.lit("dry")), DataError, "not numbers in -"),
        (
            lambda frame: frame.with_columns(water=pl.Series([[0.0], [0.0, 1.0], [0.0], [0.0]])),
            DataError,
            "lists of water have 1 to 2 values",
        ),
        (lambda frame: frame.reverse(), DataError, "does not ascend"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, change, error, words) -> None:
    path = write_site_log(log(humidity=np.full(4, 0.5)), tmp_path / SITE_FILE)
    change(pl.read_parquet(path)).write_parquet(path)
    with pytest.raises(error, match=words):
        read_site_log(path)


def test_a_disk_that_does_not_take_it_is_told(tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        write_site_log(log(), tmp_path / "file" / SITE_FILE)


def test_bare_rows_keep_a_negative_cell_and_pass_the_site_over(tmp_path) -> None:
    write_block(block(-3.3), tmp_path)
    write_block(block(string_id="S2", bleed_ah=np.zeros((4, 2))), tmp_path)
    write_site_log(log(humidity=np.full(4, 0.5)), tmp_path / SITE_FILE)
    blocks, refused = bare_blocks(tmp_path)
    assert refused == []
    assert [each.string_id for each in blocks] == ["S1", "S2"]
    assert blocks[0].voltage_v == pytest.approx(np.full((4, 2), -3.3))
    assert blocks[0].bleed_ah is None
    assert blocks[1].bleed_ah is not None


def test_days_of_a_string_are_joined(tmp_path) -> None:
    write_block(block(shift_ns=86_400_000_000_000), tmp_path)
    write_block(block(), tmp_path)
    blocks, _ = bare_blocks(tmp_path)
    assert blocks[0].n_times == 8
    assert np.all(np.diff(blocks[0].time_ns) > 0)


def test_an_empty_folder_and_a_string_of_two_shapes_are_refused(tmp_path) -> None:
    with pytest.raises(DataError, match="no telemetry"):
        bare_blocks(tmp_path)
    write_block(block(), tmp_path)
    wide = Block(
        string_id="S1", time_ns=TIME_NS + 86_400_000_000_000, current_a=np.zeros(4), voltage_v=np.full((4, 3), 3.3),
        temperature_c=np.full((4, 1), 20.0),
    )  # fmt: skip
    write_block(wide, tmp_path)
    with pytest.raises(DataError, match="changes its number of cells"):
        bare_blocks(tmp_path)


def test_a_column_without_a_value_is_no_column_and_said(tmp_path) -> None:
    silent = log(humidity=np.full(4, np.nan), insulation_ohm=np.full(4, np.nan), air_c=np.full(4, 20.0))
    read = read_site_log(write_site_log(silent, tmp_path / SITE_FILE))
    assert set(read.log.logged()) == {"air_c"}
    assert sorted(remark.split(": ", 1)[1] for remark in read.remarks) == [
        f"{name} has no data, not one value in 4 rows; what it tells of is not looked for"
        for name in ("humidity", "insulation_ohm")
    ]


def test_an_insulation_monitor_that_is_silent_for_a_day_stays_to_be_told(tmp_path) -> None:
    silent = SiteLog(site_id="A", time_ns=TIME_NS[0] + 1440 * (TIME_NS - TIME_NS[0]), insulation_ohm=np.full(4, np.nan))
    read = read_site_log(write_site_log(silent, tmp_path / SITE_FILE))
    assert set(read.log.logged()) == {"insulation_ohm"}
    assert "no data, not one value in 4 rows; said as a finding" in read.remarks[0]


def test_a_silent_channel_among_others_is_named(tmp_path) -> None:
    water = np.array([[0.0, np.nan, 1.0]] * 4)
    read = read_site_log(write_site_log(log(water=water), tmp_path / SITE_FILE))
    assert set(read.log.logged()) == {"water"}
    assert "water has no data of channel 1 (from 0)" in read.remarks[0]
