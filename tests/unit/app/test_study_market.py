"""The market of a study from its files."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from battuta.adapters.files.study_file import parse_study
from battuta.adapters.markets.files.writer import write_prices
from battuta.adapters.markets.simulated import simulated_prices
from battuta.app.life_studies import example_trading_study, read_study, study_inputs
from battuta.app.study_market import MarketInputs
from battuta.domain.errors import BattutaError
from battuta.domain.market_history import MarketHistory


def study(**history):
    tables = tomllib.loads(example_trading_study())
    del tables["warranty"]
    asked = parse_study(tables, "example")
    trends = {"energy_trend_per_year": 0.0, "spread_trend_per_year": 0.0} if "expected_path" in history else {}
    return replace(asked, market=replace(asked.market, history=MarketHistory(**history), **trends))


def test_years_without_a_file_are_synthetic_and_lie_before_the_study(tmp_path):
    asked = study(synthetic_years=2)
    found = MarketInputs(asked, tmp_path).traded(asked.strategies[1].duty)
    assert [each.year for each in found.traded.years] == [2025, 2026]
    assert found.is_synthetic
    assert "persistence on prices of 2025, 2026 (synthetic market, seed 1)" in found.source
    assert found.traded.years[1].power_kw.any()
    assert len(found.years_kw) == 2


def test_a_file_is_read_as_a_backtest_reads_it(tmp_path):
    write_prices(simulated_prices(7, date(2021, 1, 1), 365), tmp_path / "prices.parquet")
    asked = study(path="prices.parquet", zone="Europe/Berlin")
    found = MarketInputs(asked, tmp_path).traded(asked.strategies[0].duty)
    assert [each.year for each in found.traded.years] == [2021]
    assert found.is_synthetic
    with pytest.raises(BattutaError, match=r"no\.csv"):
        MarketInputs(study(path="no.csv"), tmp_path).traded(asked.strategies[0].duty)


def test_a_mend_of_a_price_file_is_a_key_of_the_study(tmp_path):
    (tmp_path / "p.csv").write_text("time,price_eur_per_mwh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n")
    asked = study(path="p.csv", zone="Europe/Berlin")
    with pytest.raises(BattutaError) as found:
        MarketInputs(asked, tmp_path).traded(asked.strategies[0].duty)
    assert '[market.history] clock = "local:Europe/Berlin"' in str(found.value)
    assert "--" not in str(found.value)


def test_prices_change_the_hash_of_the_data_and_expectations_too(tmp_path):
    (tmp_path / "expected.csv").write_text(
        "year,energy_price_factor,spread_factor\n" + "".join(f"{2027 + k},1,0.9\n" for k in range(20))
    )
    plain, expecting = study(synthetic_years=1), study(synthetic_years=1, expected_path="expected.csv")
    one, other = study_inputs(plain, tmp_path), study_inputs(expecting, tmp_path)
    assert one.data_hash != other.data_hash
    assert other.expected[0].spread_factor == 0.9
    assert study_inputs(replace(plain, seed=2), tmp_path).data_hash != one.data_hash


def test_the_example_is_read(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(example_trading_study(), encoding="utf-8")
    asked = read_study(path)
    assert [each.duty.strategy for each in asked.strategies[:2]] == ["oracle_day", "persistence"]
    assert asked.market.history is not None


def test_a_study_that_trades_names_prices():
    tables = tomllib.loads(example_trading_study())
    del tables["warranty"], tables["market"]["history"]
    with pytest.raises(BattutaError, match=r"write a table \[market\.history\]"):
        parse_study(tables, "example")
