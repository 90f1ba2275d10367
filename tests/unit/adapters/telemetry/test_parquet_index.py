"""Which strings and times lie where: from footers, and from narrow columns where a footer says nothing."""

import polars as pl
import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.parquet_index import stretches
from unit.adapters.telemetry.strings import DAY_NS, MINUTE_NS, START_NS, make_block


def test_a_footer_tells_all(tmp_path):
    path = write_block(make_block("A/1", n_times=90, n_cells=7, day=3), tmp_path)
    ((stretch,), refused) = stretches([path])
    assert refused == []
    assert (stretch.string_id, stretch.n_times, stretch.n_cells, stretch.is_alone) == ("A/1", 90, 7, True)
    assert stretch.first_ns == START_NS + 3 * DAY_NS
    assert stretch.last_ns == stretch.first_ns + 89 * MINUTE_NS
    assert list(stretch.days) == [START_NS // DAY_NS + 3]


def test_a_file_of_others_is_asked_by_its_narrow_columns(tmp_path):
    frames = [pl.read_parquet(write_block(make_block(name, day=day), tmp_path)) for name in "ab" for day in (0, 1)]
    path = tmp_path / "all.parquet"
    pl.concat(frames).write_parquet(path)
    found, refused = stretches([path])
    assert refused == []
    assert [(each.string_id, each.n_times, each.n_cells, each.is_alone, len(each.days)) for each in found] == [
        ("a", 120, 4, False, 2),
        ("b", 120, 4, False, 2),
    ]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_named_and_left_out(tmp_path, share):
    path = write_block(make_block(), tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    found, (reason,) = stretches([path])
    assert found == []
    assert "2026-01-01.parquet cannot be read" in reason


def test_a_file_without_rows_or_names_is_left_out(tmp_path):
    frame = pl.read_parquet(write_block(make_block(), tmp_path))
    empty, nameless = tmp_path / "empty.parquet", tmp_path / "nameless.parquet"
    frame.head(0).write_parquet(empty)
    frame.with_columns(string_id=pl.lit(None, dtype=pl.String)).write_parquet(nameless)
    _, reasons = stretches([empty, nameless])
    assert "has no rows" in reasons[0]
    assert "60 rows have no string_id" in reasons[1]
