"""The public files as they are: how many rows, which values, which traps; measured by hand beside the importers."""

from datetime import date

import numpy as np
import pytest

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.errors import ImportRefusedError
from battuta.domain.imports import FindingKind
from battuta.domain.time import from_ns


def read(data_dir, name, **stated):
    return read_prices(data_dir / "trading" / name, **stated)


def ends(series):
    """First and last label and price."""
    first, last = (f"{from_ns(int(each)):%Y-%m-%d %H:%M}" for each in series.time_ns[[0, -1]])
    return first, last, *series.price_per_mwh[[0, -1]].tolist()


@pytest.mark.parametrize(
    ("name", "n_times", "currency", "expected"),
    [
        ("epf_NP.csv.gz", 52_416, "EUR", ("2013-01-01 00:00", "2018-12-24 23:00", 31.05, 48.1)),
        ("epf_FR.csv.gz", 52_416, "EUR", ("2011-01-09 00:00", "2016-12-31 23:00", 32.542, 61.19)),
        ("epf_DE.csv.gz", 52_416, "EUR", ("2012-01-09 00:00", "2017-12-31 23:00", 34.97, -0.92)),
        ("epf_BE_before_test.csv.gz", 34_944, "EUR", ("2011-01-09 00:00", "2015-01-03 23:00", 32.54, 40.91)),
        ("epf_PJM_before_test.csv.gz", 34_944, "USD", ("2013-01-01 00:00", "2016-12-26 23:00", 25.464211, 20.454542)),
    ],
)
def test_epf(data_dir, name, n_times, currency, expected):
    series = read(data_dir, name, source="epf").series
    assert (series.n_times, series.currency, ends(series)) == (n_times, currency, expected)
    assert series.is_benchmark
    assert set(np.diff(series.days().start_index).tolist()) == {24}
    assert len(series.columns) == 2
    assert not any(np.isnan(each.values).any() for each in series.columns.values())


@pytest.mark.parametrize(
    ("name", "n_spring", "said"),
    [
        ("epf_NP.csv.gz", 6, "0 with the price of the hour before, 6 with the mean"),
        ("epf_DE.csv.gz", 6, "0 with the price of the hour before, 6 with the mean"),
        ("epf_BE_before_test.csv.gz", 4, "4 with the price of the hour before, 0 with the mean"),
    ],
)
def test_what_epf_wrote_into_the_spring_hour(data_dir, name, n_spring, said):
    found = read(data_dir, name, source="epf")
    (note,) = [each for each in found.findings if each.kind is FindingKind.DST_DAY]
    assert note.count == n_spring
    assert said in note.message


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        ("NP", ("2016-12-27 00:00", "2018-12-24 23:00", 24.808625, 45.323175)),
        ("FR", ("2015-01-04 00:00", "2016-12-31 23:00", 38.009975, 61.73855)),
        ("DE", ("2016-01-04 00:00", "2017-12-31 23:00", 10.35415, 8.87535)),
    ],
)
def test_published_forecasts_lie_on_the_last_728_days(data_dir, market, expected):
    forecast = read(
        data_dir, f"epf_forecasts_{market}.csv.gz", source="epf_forecast", price_column="LEAR Ensemble"
    ).series
    prices = read(data_dir, f"epf_{market}.csv.gz", source="epf").series.slice(slice(-728 * 24, None))
    assert ends(forecast) == expected
    np.testing.assert_array_equal(forecast.time_ns, prices.time_ns)
    np.testing.assert_allclose(forecast.values("real_price_per_mwh"), prices.price_per_mwh)


def test_ddnn_and_its_forecasts(data_dir):
    prices = read(data_dir, "ddnn_DE_2015_2020.csv.gz", source="ddnn").series
    assert (prices.n_times, ends(prices)) == (52_608, ("2015-01-01 00:00", "2020-12-31 23:00", 25.02, 52.26))
    assert prices.columns["co2_price_eur_per_t"].values[0] == 7.27
    for name, source, column in (
        ("ddnn_DE_lear_forecast.csv.gz", "ddnn_forecast", "forecast_averaged"),
        ("epex_de_lear_2018_2020.parquet", "epex_lear", None),
    ):
        other = read(data_dir, name, source=source, price_column=column).series
        assert (other.n_times, other.is_benchmark) == (17_664, True)
        np.testing.assert_array_equal(other.time_ns, prices.time_ns[-17_664:])
    np.testing.assert_allclose(
        other.price_per_mwh, prices.price_per_mwh[-17_664:], atol=0.011
    )  # one hour differs by 0.01


@pytest.mark.parametrize(
    ("zone", "n_times", "first", "n_load_forecast", "n_load", "n_generation", "n_spring"),
    [
        ("FR", 52_512, "2015-01-05 00:00", 0, 50, 48, 6),
        ("FI", 52_608, "2015-01-01 00:00", 72, 59, 312, 6),
        ("PT", 52_608, "2015-01-01 00:00", 3, 0, 1_321, 6),
        ("CH", 52_608, "2015-01-01 00:00", 24, 0, 4_344, 6),
        ("DE_LU", 19_752, "2018-10-01 00:00", 841, 3, 0, 2),
    ],
)
def test_entsoe_zeros_and_copied_spring_hours(
    data_dir, zone, n_times, first, n_load_forecast, n_load, n_generation, n_spring
):
    found = read(data_dir, f"entsoe_{zone}_to_2020.csv.gz", source="entsoe")
    series = found.series
    assert (series.n_times, ends(series)[0]) == (n_times, first)
    n_missing = [
        int(np.isnan(series.values(name)).sum()) for name in ("load_forecast_mw", "load_mw", "scheduled_generation_mw")
    ]
    assert n_missing == [n_load_forecast, n_load, n_generation]
    (note,) = [each for each in found.findings if each.kind is FindingKind.DST_DAY]
    assert note.count == n_spring
    assert f"{n_spring} with the price of the hour before, 0 with the mean" in note.message


@pytest.mark.parametrize(
    ("year", "n_times", "expected"),
    [
        (2019, 35_040, ("2018-12-31 23:00", "2019-12-31 22:45", 51.06, 26.38)),
        (2020, 35_137, ("2019-12-31 23:00", "2020-12-31 23:00", 56.51, 52.23)),
    ],
)
def test_german_intraday_is_one_clock_all_year(data_dir, year, n_times, expected):
    found = read(data_dir, f"de_da_id_{year}.csv.gz", source="german_intraday")
    series = found.series
    assert (series.n_times, ends(series)) == (n_times, expected)
    assert not series.is_benchmark
    days = series.days()
    lengths = dict(zip(days.dates, np.diff(days.start_index).tolist(), strict=True))
    spring, autumn = ((date(2019, 3, 31), date(2019, 10, 27)), (date(2020, 3, 29), date(2020, 10, 25)))[year - 2019]
    assert (lengths[spring], lengths[autumn]) == (92, 100)
    stray = [(each.row, each.column) for each in found.findings if each.kind is FindingKind.STRAY_YEAR]
    assert stray == ([(35_138, "time")] if year == 2020 else [])


def test_german_noon_is_bright_in_summer_time_too(data_dir):
    """Solar power peaks between 13:00 and 14:00 of summer time, which is about 11:20 UTC at 10 degrees east."""
    series = read(data_dir, "de_da_id_2019.csv.gz", source="german_intraday").series
    quarter = (series.time_ns // 900_000_000_000) % 96
    month = series.time_ns.astype("datetime64[ns]").astype("datetime64[M]").astype(int) % 12
    for months in ([4, 5, 6], [0, 1, 10]):
        solar_mw = series.values("solar_mw")
        chosen = np.isin(month, months)
        profile_mw = [np.nanmean(solar_mw[chosen & (quarter == each)]) for each in range(96)]
        assert 10.75 <= np.argmax(profile_mw) / 4 <= 12.0


def test_german_intraday_agrees_with_day_ahead_only_on_the_right_clock(data_dir):
    """The hourly mean of the quarter-hour auction follows the day-ahead price best at no shift."""
    auction = read(data_dir, "de_da_id_2019.csv.gz", source="german_intraday").series
    benchmark = read(data_dir, "ddnn_DE_2015_2020.csv.gz", source="ddnn").series
    hourly_per_mwh = auction.price_per_mwh.reshape(-1, 4).mean(axis=1)
    label_ns = benchmark.time_ns  # wall clock: in summer two hours ahead of UTC
    start_ns = auction.time_ns[::4]
    summer = slice(5_000, 5_000 + 24 * 60)  # from late July
    correlations = []
    for shift_h in (0, 1, 2, 3):
        at = np.searchsorted(label_ns, start_ns[summer] + shift_h * 3_600_000_000_000)
        correlations.append(np.corrcoef(hourly_per_mwh[summer], benchmark.price_per_mwh[at])[0, 1])
    assert int(np.argmax(correlations)) == 2


@pytest.mark.parametrize("zone", ["NYC", "NORTH"])
def test_nyiso_gaps_are_named_not_filled(data_dir, zone):
    name = f"nyiso_{zone}_rt5_da_2010_2017_utc.parquet"
    with pytest.raises(ImportRefusedError) as caught:
        read(data_dir, name, source="nyiso")
    assert "row 12674, column time: no row for 288 intervals before this one: 2010-02-14T05:00Z" in str(caught.value)
    assert len(caught.value.findings) == 21
    found = read(data_dir, name, source="nyiso", allow={"gap"})
    gaps = [(each.row, each.count) for each in found.findings if each.kind is FindingKind.GAP]
    assert (len(gaps), gaps[0], (118_934, 2_304) in gaps) == (40, (12_674, 288), True)
    series = found.series
    assert series.n_times == 829_632 + found.count(FindingKind.GAP) == 841_536
    assert int(np.isnan(series.price_per_mwh).sum()) == found.count(FindingKind.GAP)
    assert int(np.isnan(series.values("day_ahead_price_per_mwh")).sum()) == found.count(FindingKind.GAP) + 576
    assert sum(each.count == 12 for each in found.findings if each.kind is FindingKind.GAP) == 7  # autumn hours


def test_caiso_does_not_follow_the_clocks(data_dir):
    """The midday trough of prices stays where the sun is when clocks change on 8 March."""
    series = read(data_dir, "caiso_2020_h1_da_reg.csv.gz", source="caiso").series
    assert (series.n_times, ends(series)) == (
        4_368,
        ("2020-01-01 08:00", "2020-07-01 07:00", pytest.approx(33.31091), pytest.approx(20.79561)),
    )
    change = int(np.searchsorted(series.time_ns.astype("datetime64[ns]"), np.datetime64("2020-03-08T08:00")))
    centres = []
    for part in (slice(change - 28 * 24, change), slice(change, change + 28 * 24)):
        by_hour = series.price_per_mwh[part].reshape(-1, 24).mean(axis=0)
        day = by_hour[7:18]
        depth = day.max() - day
        centres.append(float((np.arange(7, 18) * depth).sum() / depth.sum()))
    assert abs(centres[1] - centres[0]) < 0.5
