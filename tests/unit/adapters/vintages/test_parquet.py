"""A vintage comes back from its file bit for bit, and the file can be read by anything."""

from dataclasses import fields, replace
from datetime import date
from io import BytesIO

import numpy as np
import polars as pl
import pytest

from battuta.adapters.vintages.parquet import from_parquet, to_parquet
from battuta.domain.errors import DataError
from battuta.domain.time import ClockKind
from battuta.ports.vintages import SKIPPED_NS, Vintage

VINTAGE = Vintage(
    day=date(2026, 3, 29),
    model="linear+kernel",
    inputs="0a1b",
    known_at_ns=1_774_695_600_000_000_000,
    unit="EUR/MWh",
    clock=ClockKind.UTC,
    time_ns=np.array([1_774_738_800_000_000_000, 1_774_742_400_000_000_000, SKIPPED_NS]),
    slot=np.array([0, 1, 2]),
    point=np.array([0.1 + 0.2, -3.0, np.nan]),
    quantiles=np.arange(297.0).reshape(3, 99) / 7.0,
    members={"lear_56d": np.array([1.0, 2.0, 1.0 / 3.0]), "kernel": np.array([np.nan, 5.0, 6.0])},
    notes=("without trees", "wind: missing"),
    is_synthetic=True,
)


@pytest.mark.parametrize(
    "vintage", [VINTAGE, replace(VINTAGE, clock=ClockKind.LOCAL_24H, notes=(), is_synthetic=False)]
)
def test_what_was_written_is_read(vintage):
    read = from_parquet(BytesIO(to_parquet(vintage)), "here")
    for name in (each.name for each in fields(Vintage)):
        expected, found = getattr(vintage, name), getattr(read, name)
        if isinstance(expected, np.ndarray):
            np.testing.assert_array_equal(found, expected)
        elif name == "members":
            assert list(found) == list(expected)
            for member in expected:
                np.testing.assert_array_equal(found[member], expected[member])
        else:
            assert found == expected


def test_the_same_vintage_is_the_same_file():
    assert to_parquet(VINTAGE) == to_parquet(VINTAGE)


def test_others_can_read_it():
    frame = pl.read_parquet(BytesIO(to_parquet(VINTAGE)))
    assert frame["time"].dtype == pl.Datetime("ns", "UTC")
    assert frame["time"].null_count() == 1
    assert {"time", "known_at", "unit", "point", "member_kernel", "q01", "q99", "is_synthetic"} <= set(frame.columns)
    benchmark = pl.read_parquet(BytesIO(to_parquet(replace(VINTAGE, clock=ClockKind.LOCAL_24H))))
    assert benchmark["time"].dtype == pl.Datetime("ns")


@pytest.mark.parametrize("columns", [["time"], ["time", "slot", "point", "day"]])
def test_another_file_is_no_vintage(columns):
    content = BytesIO()
    pl.read_parquet(BytesIO(to_parquet(VINTAGE))).select(columns).write_parquet(content)
    with pytest.raises(DataError, match=r"here is no vintage .* remove it"):
        from_parquet(BytesIO(content.getvalue()), "here")
