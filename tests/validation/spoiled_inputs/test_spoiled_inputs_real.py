"""Real columns: faults that the published sets hold are found, sound years raise next to nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.input_finding import InputFault
from battuta.forecast.spoiled_inputs import ColumnWatch

LEARNED = 730


def walked(data_dir, name, column):
    """Watch a column from its third year on; returns the watch and the date of each row."""
    path = data_dir / "trading" / f"{name}.csv.gz"
    allow = ("gap", "missing_value", "zero_day")
    series = read_prices(path, source=name.split("_", maxsplit=1)[0], allow=allow).series
    n_days = series.n_times // 24
    days = series.values(column)[: n_days * 24].reshape(n_days, 24)
    noon = datetime.fromtimestamp(int(series.time_ns[0]) // 10**9, UTC) + timedelta(hours=12)
    dates = [noon + timedelta(days=row) for row in range(n_days)]
    zone = ZoneInfo("Europe/Berlin")
    offset_h = np.array([each.replace(tzinfo=zone).utcoffset().total_seconds() // 3600 for each in dates], dtype=int)
    is_price = column == "price_per_mwh"
    watch = ColumnWatch(column, days[:LEARNED], is_price=is_price, utc_offset_h=offset_h[:LEARNED])
    for row in range(LEARNED, min(n_days, 1456)):
        watch.update(days[row], int(offset_h[row]))
    return watch, [f"{each:%Y-%m-%d}" for each in dates]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "column", "most_days"),
    [
        ("epf_FR", "load_forecast_mw", 0),
        ("epf_NP", "load_forecast_mw", 0),
        ("epf_NP", "wind_forecast_mw", 0),
        ("epf_NP", "price_per_mwh", 0),
        ("epf_DE", "renewables_forecast_mw", 0),
        ("entsoe_FR_to_2020", "load_forecast_mw", 0),
    ],
)
def test_sound_years_are_not_refused(data_dir, name, column, most_days):
    watch, _ = walked(data_dir, name, column)
    refused = sum(each.n_days for each in watch.findings if each.is_refused and each.first_day >= LEARNED)
    assert refused <= most_days


@pytest.mark.slow
def test_a_german_load_forecast_of_one_value_all_day_is_found(data_dir):
    watch, dates = walked(data_dir, "epf_DE", "load_forecast_mw")
    found = [each for each in watch.findings if each.is_refused]
    assert [(each.kind, dates[each.first_day]) for each in found if each.first_day >= LEARNED] == [
        (InputFault.CONSTANT, "2015-06-14")
    ]


@pytest.mark.slow
def test_french_wind_and_sun_of_zero_are_found(data_dir):
    for column in ("wind_onshore_forecast_mw", "solar_forecast_mw"):
        watch, _ = walked(data_dir, "entsoe_FR_to_2020", column)
        found = [each for each in watch.findings if each.is_refused]
        assert {each.kind for each in found} == {InputFault.ZEROS}


@pytest.mark.slow
def test_swiss_prices_an_hour_late_in_the_summer_of_2017_are_found(data_dir):
    """The set holds them on another clock than those of France from 26 March to 29 October 2017."""
    watch, dates = walked(data_dir, "entsoe_CH_to_2020", "price_per_mwh")
    late = [each for each in watch.findings if each.kind is InputFault.SHIFT and "1 h late" in each.detail]
    summer = [each for each in late if dates[each.first_day] >= "2017-03-26" and dates[each.last_day] <= "2017-10-29"]
    assert sum(each.n_days for each in summer) > 100
