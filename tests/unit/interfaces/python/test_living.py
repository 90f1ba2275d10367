"""``bt.run`` and ``bt.replay``: what the command line does, with tables and plots."""

import json
from datetime import timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

import battuta as bt
from battuta.domain.errors import UsageError
from battuta.interfaces.cli.main import app


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return bt.run(sites=2, duration="10min", faults=["gas,site=1,start=30s,size=500"], runs_dir=folder)


def test_a_run_has_money_tables_and_a_folder(lived):
    assert lived.summary["sites"] == 2
    assert lived.summary["is_synthetic"]
    assert lived.net == lived.summary["net"]
    assert lived.table["what"][0] == "these sites"
    assert set(lived.table["what"][1:]) == set(lived.summary["baselines"])
    assert lived.deliveries["revenue"].sum() == pytest.approx(lived.summary["settled"], abs=0.02)
    assert lived.alarms.select("site", "cause").rows() == [(1, "GAS")]
    assert lived.label.startswith("simulated sites; SYNTHETIC")
    assert {each.name for each in lived.folder.iterdir()} == {
        "deliveries.csv",
        "journal",
        "report.html",
        "summary.json",
        "trace.parquet",
    }


def test_the_trace_is_what_lies_in_the_folder(lived):
    assert lived.trace.height == 2 * 60
    assert pl.read_parquet(lived.folder / "trace.parquet").equals(lived.trace)
    gassed = lived.trace.filter((pl.col("site") == 1) & (pl.col("time") > lived.alarms["time"][0]))
    assert set(gassed["owner"].to_list()) == {"safety"}


def test_it_is_the_run_of_the_command_line(lived, tmp_path):
    words = ["run", "--json", "--sites", "2", "--duration", "10min", "--fault", "gas,site=1,start=30s,size=500"]
    told = json.loads(CliRunner().invoke(app, [*words, "--runs-dir", str(tmp_path)]).stdout)
    assert told | {"run": ""} == json.loads(json.dumps(lived.summary | {"run": ""}))


def test_every_setpoint_comes_out_the_same_again(lived):
    again = bt.replay(lived.folder)
    assert (again.seconds_replayed, again.differences) == (600, 0)
    assert again.root == lived.summary["journal"]["root"]


@pytest.mark.parametrize("name", ["power", "soc", "temperature", "frequency", "owners"])
def test_plots_are_figures(lived, name):
    figure = getattr(lived.plot, name)()
    assert len(figure.data) >= 2
    assert "SYNTHETIC" in figure.layout.title.text


def test_a_report_goes_where_one_likes(lived, tmp_path):
    text = lived.report(tmp_path / "mine.html").read_text(encoding="utf-8")
    assert f"battuta replay {lived.folder}" in text


def test_a_notebook_shows_the_label_with_the_table(lived):
    assert "SYNTHETIC" in repr(lived)
    assert lived._repr_html_().startswith("<p><strong>simulated sites; SYNTHETIC")


def test_prices_and_a_site_of_ones_own(tmp_path):
    prices = bt.read_prices("examples/synthetic_prices.csv", zone="Europe/Berlin")
    site = bt.Site.from_file("examples/site.toml")
    lived = bt.run(
        prices, site, sites=1, duration=timedelta(seconds=20), response=None, journal=False, runs_dir=tmp_path
    )
    assert lived.record.site is site
    assert "synthetic_prices.csv" in lived.label
    assert lived.record.request.answering == frozenset()
    assert not (lived.folder / "report.html").exists()  # too short to see anything
    assert "journal" not in lived.summary


def test_a_currency_of_ones_own_has_its_own_market(tmp_path):
    site = bt.Site(battery=bt.Battery(power_kw=50.0, energy_kwh=100.0, soc_start=0.5), currency="USD", timezone="UTC")
    lived = bt.run(site=site, sites=1, duration="10s", journal=False, runs_dir=tmp_path)
    assert (lived.summary["currency"], lived.record.result.prices.zone) == ("USD", "UTC")


@pytest.mark.parametrize(
    "values", [{"duration": timedelta(seconds=1.5)}, {"strategy": "magic"}, {"demand_limit_kw": 0.0}]
)
def test_what_cannot_be_is_refused_before_anything_is_kept(tmp_path, values):
    with pytest.raises(UsageError):
        bt.run(sites=1, runs_dir=tmp_path, **({"duration": "10s"} | values))
    assert not list(tmp_path.iterdir())
