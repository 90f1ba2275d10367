"""Parquet: what is written is read, day by day, and what is broken is named."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry import parquet
from battuta.adapters.telemetry.parquet import ParquetTelemetry, write_block
from battuta.adapters.telemetry.site_parquet import SITE_FILE
from battuta.domain.errors import DataError, StorageError, UsageError
from battuta.ports.telemetry import TelemetryFlaw
from unit.adapters.telemetry.strings import DAY_NS, START_NS, make_block

MICRO_V = 1e-6


def same(read, written):
    assert (read.string_id, read.n_times, read.n_cells) == (written.string_id, written.n_times, written.n_cells)
    np.testing.assert_array_equal(read.time_ns, written.time_ns)
    np.testing.assert_array_equal(read.current_a, written.current_a)
    np.testing.assert_allclose(read.voltage_v, written.voltage_v, atol=MICRO_V, rtol=0.0)
    np.testing.assert_allclose(read.temperature_c, written.temperature_c, atol=1e-5, rtol=0.0)
    if written.bleed_ah is None:
        assert read.bleed_ah is None
    else:
        np.testing.assert_allclose(read.bleed_ah, written.bleed_ah, atol=1e-9, rtol=0.0)


@pytest.mark.parametrize(("n_cells", "n_sensors", "bleed"), [(1, 0, False), (8, 4, True), (240, 20, False)])
def test_a_block_comes_back(tmp_path, n_cells, n_sensors, bleed):
    block = make_block("site 1/rack 2", n_cells=n_cells, n_sensors=n_sensors, bleed=bleed)
    path = write_block(block, tmp_path)
    assert path == tmp_path / "site 1%2Frack 2" / "2026-01-01.parquet"
    (seen,) = ParquetTelemetry(path).read("site 1/rack 2")
    same(seen.block, block)
    assert seen.findings == ()


def test_missing_values_come_back_missing(tmp_path):
    block = make_block()
    block.voltage_v[3, 1] = block.current_a[4] = np.nan
    write_block(block, tmp_path)
    (seen,) = ParquetTelemetry(tmp_path).read("S1")
    same(seen.block, block)
    assert seen.count(TelemetryFlaw.MISSING_VALUE) == 2


def test_strings_and_days_are_found_and_read_in_order(tmp_path):
    for name in ("b", "a"):
        for day in (2, 0, 1):
            write_block(make_block(name, day=day, n_times=1440), tmp_path)
    source = ParquetTelemetry(tmp_path)
    assert source.strings() == ("a", "b")
    assert source.days("a") == tuple(START_NS // DAY_NS + day for day in range(3))
    seen = list(source.read("b"))
    for day, each in enumerate(seen):
        same(each.block, make_block("b", day=day, n_times=1440))
        assert each.findings == ()
    assert source.refused == ()


def test_reading_is_lazy(tmp_path):
    paths = [write_block(make_block(day=day), tmp_path) for day in range(3)]
    blocks = ParquetTelemetry(tmp_path).read("S1")
    next(blocks)
    paths[2].unlink()
    next(blocks)
    with pytest.raises(DataError, match=r"2026-01-03\.parquet cannot be read"):
        next(blocks)


@pytest.mark.parametrize("n_values_max", [1, 500, 10_000_000])
def test_one_file_of_many_strings_and_days_gives_the_same(tmp_path, monkeypatch, n_values_max):
    monkeypatch.setattr(parquet, "N_VALUES_MAX", n_values_max)
    blocks = {(name, day): make_block(name, day=day) for name in "ab" for day in (0, 1, 2, 5)}
    frames = [pl.read_parquet(write_block(block, tmp_path / "parts")) for block in blocks.values()]
    path = tmp_path / "all.parquet"
    pl.concat(frames).write_parquet(path, row_group_size=50)
    source = ParquetTelemetry(path)
    for name in "ab":
        seen = [each.block for each in source.read(name)]
        for block, day in zip(seen, (0, 1, 2, 5), strict=True):
            same(block, blocks[name, day])


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_times_of_another_zone_and_unit_are_the_same_instants(tmp_path, unit):
    blocks = [make_block("7", day=day) for day in range(3)]
    frame = pl.concat([pl.read_parquet(write_block(block, tmp_path / "parts")) for block in blocks])
    path = tmp_path / "berlin.parquet"
    time = pl.col("time").dt.convert_time_zone("Europe/Berlin").dt.cast_time_unit(unit)
    frame.with_columns(time, pl.col("string_id").cast(pl.Int32)).write_parquet(path)
    for seen, block in zip(ParquetTelemetry(path).read("7"), blocks, strict=True):
        same(seen.block, block)


def test_a_day_in_two_files_is_one_block(tmp_path):
    block = make_block()
    early, late = tmp_path / "z.parquet", tmp_path / "a.parquet"
    frame = pl.read_parquet(write_block(block, tmp_path / "parts"))
    frame[:40].write_parquet(early)
    frame[30:].write_parquet(late)
    (tmp_path / "parts" / "S1" / "2026-01-01.parquet").unlink()
    (seen,) = ParquetTelemetry(tmp_path).read("S1")
    same(seen.block, block)
    assert seen.count(TelemetryFlaw.DUPLICATE) == 10


def test_a_string_that_loses_a_cell_is_two_blocks(tmp_path):
    block = make_block(bleed=False)
    frame = pl.read_parquet(write_block(block, tmp_path))
    fewer = frame.with_columns(
        pl.when(pl.int_range(pl.len()) < 40).then("voltage_v").otherwise(pl.col("voltage_v").list.head(3))
    )
    path = tmp_path / "S1" / "2026-01-01.parquet"
    fewer.write_parquet(path)
    first, second = ParquetTelemetry(path).read("S1")
    assert [(each.block.n_cells, each.block.n_times) for each in (first, second)] == [(4, 40), (3, 20)]
    (finding,) = second.findings
    assert (finding.flaw, finding.first_ns) == (TelemetryFlaw.CELL_COUNT, block.time_ns[40])


def test_a_column_nobody_knows_is_named(tmp_path):
    path = write_block(make_block(), tmp_path)
    pl.read_parquet(path).with_columns(soc=0.5).write_parquet(path)
    (seen,) = ParquetTelemetry(path).read("S1")
    assert [(each.flaw, each.channel) for each in seen.findings] == [(TelemetryFlaw.UNKNOWN_COLUMN, "soc")]


def test_what_is_broken_is_left_out_and_named(tmp_path):
    write_block(make_block(day=0), tmp_path)
    bad = write_block(make_block(day=1), tmp_path)
    bad.write_bytes(bad.read_bytes()[:-40])
    source = ParquetTelemetry(tmp_path)
    assert "2026-01-02.parquet cannot be read" in source.refused[0]
    assert len(list(source.read("S1"))) == 1
    with pytest.raises(DataError, match=r"holds no telemetry that can be read:\n  - .*2026-01-02"):
        ParquetTelemetry(bad)


def test_damaged_pages_behind_a_good_footer_are_an_error(tmp_path):
    path = write_block(make_block(n_times=600, n_cells=40), tmp_path)
    content = bytearray(path.read_bytes())
    content[200 : len(content) // 2] = bytes(len(content) // 2 - 200)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"2026-01-01\.parquet"):
        list(ParquetTelemetry(path).read("S1"))


def test_a_footer_that_tells_of_other_rows_is_an_error(tmp_path):
    path = write_block(make_block(), tmp_path)
    marks = pl.read_parquet_metadata(path)
    marks = {name: text for name, text in marks.items() if name.startswith("battuta")}
    pl.read_parquet(path).head(30).write_parquet(path, metadata=marks)
    with pytest.raises(DataError, match="its footer tells of other rows than it holds"):
        list(ParquetTelemetry(path).read("S1"))


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match=r"no file ends in \.parquet"):
        ParquetTelemetry(tmp_path)
    with pytest.raises(DataError, match=r"gone\.parquet cannot be read"):
        ParquetTelemetry(tmp_path / "gone.parquet")
    write_block(make_block(), tmp_path)
    with pytest.raises(UsageError, match="has no string 'S2'; it has S1"):
        next(ParquetTelemetry(tmp_path).read("S2"))


def test_a_day_written_again_is_replaced(tmp_path):
    write_block(make_block(seed=1), tmp_path)
    write_block(make_block(seed=2), tmp_path)
    (seen,) = ParquetTelemetry(tmp_path).read("S1")
    same(seen.block, make_block(seed=2))
    assert [path.name for path in (tmp_path / "S1").iterdir()] == ["2026-01-01.parquet"]


def test_a_block_of_two_days_is_not_written(tmp_path):
    with pytest.raises(DataError, match="rows of one UTC day, these touch 2"):
        write_block(make_block(n_times=2000), tmp_path)


def test_a_disk_that_does_not_take_it_is_an_error(tmp_path):
    (tmp_path / "S1").write_text("no folder")
    with pytest.raises(StorageError, match=r"2026-01-01\.parquet cannot be written"):
        write_block(make_block(), tmp_path)


def test_files_that_an_earlier_run_has_seen_are_not_opened_again(tmp_path):
    for day in range(3):
        write_block(make_block("S1", day=day), tmp_path)
    second = make_block("S1", day=1)
    seen = list(ParquetTelemetry(tmp_path, seen_ns={"S1": int(second.time_ns[-2])}).read("S1"))
    assert [each.block.time_ns[0] // DAY_NS for each in seen] == [second.time_ns[0] // DAY_NS + at for at in (0, 1)]
    assert ParquetTelemetry(tmp_path, seen_ns={"S1": int(make_block("S1", day=2).time_ns[-1])}).strings() == ()


def test_whole_millivolts_come_back_to_the_bit_with_or_without_a_footer(tmp_path):
    block = make_block("S1", n_times=90)
    block.voltage_v[7, 2] = np.nan
    path = write_block(block, tmp_path / "a", is_compact=True)
    assert "voltage_mv" in pl.read_parquet_schema(path)
    (seen,) = ParquetTelemetry(path).read("S1")
    np.testing.assert_array_equal(seen.block.voltage_v, block.voltage_v)
    assert "unknown_column" not in {each.flaw.value for each in seen.findings}
    pl.read_parquet(path).write_parquet(tmp_path / "b.parquet")
    (again,) = ParquetTelemetry(tmp_path / "b.parquet").read("S1")
    np.testing.assert_array_equal(again.block.voltage_v, block.voltage_v)
    block.voltage_v[3, 1] = 3.30005
    assert "voltage_v" in pl.read_parquet_schema(write_block(block, tmp_path / "c", is_compact=True))


def test_volts_and_millivolts_at_once_are_refused(tmp_path):
    path = write_block(make_block("S1"), tmp_path, is_compact=True)
    frame = pl.read_parquet(path)
    frame.with_columns(voltage_v=pl.lit([3.3] * 4)).write_parquet(path)
    with pytest.raises(DataError, match="voltage_v and voltage_mv, and nobody knows which counts"):
        ParquetTelemetry(path)


def test_a_sites_own_log_beside_its_strings_is_passed_over(tmp_path):
    write_block(make_block("S1"), tmp_path)
    (tmp_path / SITE_FILE).write_text("no telemetry of a string")
    source = ParquetTelemetry(tmp_path)
    assert (source.strings(), source.refused) == (("S1",), ())


def test_a_write_that_is_broken_off_leaves_nothing_half(tmp_path, monkeypatch):
    def broken_off(_frame, path, **_more):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_parquet", broken_off)
    with pytest.raises(KeyboardInterrupt):
        write_block(make_block(), tmp_path)
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
