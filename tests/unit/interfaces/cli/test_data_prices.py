"""``battuta data prices`` fetches prices, says whom to thank, and ends as the other commands do."""

import json

import pytest
from typer.testing import CliRunner

from battuta.adapters.markets.energy_charts.fake import FakeEnergyCharts
from battuta.domain.errors import UsageError
from battuta.interfaces.cli.main import app

DAYS = ("--zone-code", "DE-LU", "--start", "2026-01-01", "--end", "2026-01-02")


@pytest.fixture
def prices(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, ["data", "prices", *map(str, words)])


def test_it_says_source_and_licence(prices, tmp_path):
    with FakeEnergyCharts().serve() as server:
        words = ("--from", "energy_charts", *DAYS, "--out", tmp_path / "p.csv", "--base-url", server.base_url)
        first, second = prices(*words), prices(*words, "--offline", "--json")
    assert first.exit_code == 0, first.output
    assert "192 prices of 0:15:00, EUR/MWh" in first.stdout
    assert "energy-charts.info (Fraunhofer ISE), DE-LU" in first.stdout
    assert "licence: CC BY 4.0" in first.stdout
    told = json.loads(second.stdout)
    assert (told["prices"], told["currency"], told["from_cache"]) == (192, "EUR", True)
    assert told["licence"].startswith("CC BY 4.0")


def test_it_warns_where_nothing_can_be_kept(prices, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with FakeEnergyCharts(is_deprecated=True).serve() as server:
        result = prices("--from", "energy_charts", *DAYS, "--out", tmp_path / "p.csv", "--base-url", server.base_url)
    assert result.exit_code == 0, result.output
    assert "no cache folder can be made" in result.stderr
    assert "deprecated" in result.stderr


def test_an_unknown_service_is_named(prices, tmp_path):
    result = prices("--from", "moon", *DAYS, "--out", tmp_path / "p.csv")
    assert isinstance(result.exception, UsageError)
    assert "'moon' is not known; choose from energy_charts, entsoe" in str(result.exception)


def test_help_says_that_it_is_not_yet_run_live(prices):
    assert "Not yet run against the live services" in prices("--help").stdout
