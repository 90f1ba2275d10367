"""NYISO comes in UTC with holes, CAISO in kilowatts on a clock that never changes."""

import polars as pl
import pytest

from battuta.adapters.markets.files.formats.american import CAISO_DAY_AHEAD, NYISO_DAY_AHEAD
from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.errors import ImportRefusedError
from battuta.domain.imports import FindingKind
from battuta.domain.publication import AFTER_INTERVAL
from battuta.domain.time import from_ns


def nyiso(tmp_path, naive=False, day="2016-03-13"):
    times = pl.select(
        pl.datetime_range(pl.lit(f"{day} 05:00:00").str.to_datetime(), interval="5m", closed="left", eager=False,
                          end=pl.lit(f"{day} 05:00:00").str.to_datetime() + pl.duration(days=2))
    ).to_series()  # fmt: skip
    times = times if naive else times.dt.replace_time_zone("UTC")
    frame = pl.DataFrame({"time": times}).with_columns(rt=pl.lit(30.0), da=pl.lit(35.0))
    frame.write_parquet(tmp_path / "nyiso.parquet")
    return tmp_path / "nyiso.parquet", frame


def test_nyiso_has_two_prices_with_their_own_rules(tmp_path):
    path, _ = nyiso(tmp_path)
    series = read_prices(path, source="nyiso").series
    assert (series.currency, series.zone, series.rule) == ("USD", "America/New_York", AFTER_INTERVAL)
    assert series.columns["day_ahead_price_per_mwh"].rule is NYISO_DAY_AHEAD
    assert read_prices(path, source="nyiso", price_column="da").series.rule is NYISO_DAY_AHEAD


def test_nyiso_with_a_hole_and_a_day_of_zeros(tmp_path):
    path, frame = nyiso(tmp_path, day="2016-06-01")
    holes = frame.with_row_index().with_columns(rt=pl.when(pl.col("index") < 287).then(0.0).otherwise(30.0))
    holes.filter(pl.col("index") != 400).drop("index").write_parquet(path)
    with pytest.raises(ImportRefusedError) as caught:
        read_prices(path, source="nyiso")
    assert "row 402, column time: no row for 1 interval" in str(caught.value)
    assert "row 2, column rt: 276 of 276 prices from 2016-06-01T05:00Z on are zero" in str(caught.value)


def test_nyiso_local_labels_with_the_invented_hour(tmp_path):
    path, _ = nyiso(tmp_path, naive=True, day="2016-03-12")
    with pytest.raises(ImportRefusedError, match="2016-03-13 02:00 to 2016-03-13 02:55 does not exist"):
        read_prices(path, source="nyiso", clock="local:America/New_York")


def test_caiso_counts_the_hour_by_its_end(write):
    lines = [f"3/8/2020 {h}:00,0.0{20 + h},0.00{h % 9 + 1},0.007" for h in range(1, 24)]
    found = read_prices(
        write(["Datetime (he),DA Price ($/kWh),Reg Up Price ($/kW),Reg Down Price ($/kW)", *lines]), source="caiso"
    )
    series = found.series
    assert from_ns(int(series.time_ns[0])).isoformat() == "2020-03-08T08:00:00+00:00"
    assert series.n_times == 23
    assert series.price_per_mwh[0] == pytest.approx(21.0)
    assert series.values("regulation_down_price_per_mw")[0] == pytest.approx(7.0)
    assert series.columns["regulation_up_price_per_mw"].unit == "USD/MW"
    assert (series.currency, series.rule) == ("USD", CAISO_DAY_AHEAD)
    assert found.count(FindingKind.DST_DAY) == 1
