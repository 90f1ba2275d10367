"""What ``battuta forecast-site`` tells, number by number."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from battuta.adapters.files.site_series_file import SiteImport
from battuta.app.site_forecasts import IssuedSite, ScoredSite
from battuta.domain.forecast import Forecast, Quantiles, percent_levels
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR
from battuta.forecast.site_series import SiteSeries
from battuta.interfaces.cli.forecast_site_words import issue_summary, print_issue, print_scores, summary
from battuta.studies.site_forecast_evaluation import BandScore

START_NS = 20_000 * NS_PER_DAY


def site(*, is_synthetic=False):
    series = SiteSeries(
        time_ns=START_NS + NS_PER_HOUR // 2 * np.arange(96), values_kw=np.ones(96), step=timedelta(minutes=30),
        zone="Asia/Kolkata", is_synthetic=is_synthetic,
    )  # fmt: skip
    return SiteImport(series=series, source="meter.csv")


def scored(**changes):
    band = BandScore(
        low_h=1.0, high_h=6.0, n_values=7, mae_kw=1.5, mae_last_kw=2.5, mae_yesterday_kw=3.5, mae_week_kw=np.nan,
        crps_kw=1.25, coverage_90=0.875,
    )  # fmt: skip
    return ScoredSite(
        site=site(**changes), model="site load", bands=(band,), start_ns=START_NS, mean_kw=12.0, seconds=0.5
    )  # fmt: skip


def issued(**changes):
    time_ns = START_NS + 2 * NS_PER_DAY + NS_PER_HOUR // 2 * np.arange(4)
    values = np.arange(4.0)[:, None] + percent_levels()
    forecast = Forecast(
        time_ns=time_ns, known_at_ns=int(time_ns[0]), point=values[:, 49].copy(), unit="kW", model="site load",
        quantiles=Quantiles(levels=percent_levels(), values=values), notes=("the meter is silent",),
    )  # fmt: skip
    return IssuedSite(site=site(**changes), forecast=forecast, seconds=0.25)


def test_a_test_as_json():
    told = summary(scored())
    assert told["bands"][0] | {"mae_week_kw": None} == {
        "low_h": 1.0, "high_h": 6.0, "n_values": 7, "mae_kw": 1.5, "mae_last_kw": 2.5, "mae_yesterday_kw": 3.5,
        "mae_week_kw": None, "crps_kw": 1.25, "coverage_90": 0.875,
    }  # fmt: skip
    assert (told["start"], told["end"]) == ("2024-10-04T00:00:00+00:00", "2024-10-06T00:00:00+00:00")
    assert (told["mean_kw"], told["label"]) == (12.0, "")


def test_a_test_in_words(capsys):
    print_scores(scored())
    said = capsys.readouterr().out
    assert "meter.csv, site load: 2024-10-04 05:30 to 2024-10-06 05:30" in said
    assert ["1", "to", "6", "h", "1.500", "2.500", "3.500", "nan", "1.250", "87.5%"] in map(
        str.split, said.splitlines()
    )
    assert "SYNTHETIC" not in said
    print_scores(scored(is_synthetic=True))
    assert "SYNTHETIC: meter.csv" in capsys.readouterr().out


def test_an_issue_as_json():
    told = issue_summary(issued())
    assert told["quantiles"]["q05"] == [0.05, 1.05, 2.05, 3.05]
    assert told["time"][1] == "2024-10-06T00:30:00+00:00"
    assert (told["notes"], told["unit"], told["label"]) == (["the meter is silent"], "kW", "")


def test_an_issue_in_words_shows_each_hour_once(capsys):
    print_issue(issued(is_synthetic=True))
    said = capsys.readouterr().out
    assert ["Sun", "2024-10-06", "06:30", "2.50", "2.05", "2.50", "2.95"] in map(str.split, said.splitlines())
    assert "06:00" not in said
    assert "the first of 2 intervals" in said
    assert "note: the meter is silent" in said
    assert "SYNTHETIC: meter.csv" in said


def test_leads_that_a_short_test_does_not_reach_are_no_perfect_forecast(capsys):
    test = scored()
    nothing = dict.fromkeys(
        ("mae_kw", "mae_last_kw", "mae_yesterday_kw", "mae_week_kw", "crps_kw", "coverage_90"), np.nan
    )
    far = BandScore(low_h=24.0, high_h=48.0, n_values=0, **nothing)
    print_scores(replace(test, bands=(*test.bands, far)))
    row = next(line for line in capsys.readouterr().out.splitlines() if "24 to 48 h" in line)
    assert row.split() == ["24", "to", "48", "h", *["-"] * 6]
