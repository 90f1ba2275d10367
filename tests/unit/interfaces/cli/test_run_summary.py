"""What a run tells: keys only where there is something to say, and a few lines for people."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from battuta.app.living import FrequencyEvent
from battuta.app.living_result import Demand, LivingResult
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.interfaces.cli.run_summary import print_run, summary
from battuta.services.conductor_events import Alarm

START_NS = to_ns(datetime(2026, 1, 5, tzinfo=UTC))
DEMAND = Demand(limit_kw=120.0, highest_kw=119.0, without_kw=140.0, sites_over=0, sites_over_without=1)


def result_of(**values) -> LivingResult:
    prices = PriceSeries(
        time_ns=START_NS + np.arange(2) * NS_PER_HOUR, price_per_mwh=np.array([10.0, 20.0]), step=timedelta(hours=1),
        currency=values.pop("currency", "EUR"), zone="UTC",
    )  # fmt: skip
    usual = {
        "n_sites": 2, "n_cells": 400, "simulated_s": 7_200, "prices": prices, "steps": np.arange(2),
        "delivered_kw": np.zeros((2, 2)), "revenue": 5.0, "wear": 2.0, "settled": 5.0, "cycles": 0.5,
        "auxiliary_kwh": 3.0, "capacity_lost": np.array([0.001, 0.003]), "demand": None, "baselines": {"idle": -1.0},
        "frequency_events": (), "alarms": (), "setpoints": 10, "journal_root": "",
    }  # fmt: skip
    return LivingResult(**(usual | values))


def test_net_is_revenue_less_wear_and_absent_parts_are_absent() -> None:
    told = summary(result_of(), "similar_day", Path("run"))
    assert (told["net"], told["net_eur"], told["settled"]) == (3.0, 3.0, 5.0)
    assert told["ageing"] == {"model": "naumann_lfp", "capacity_lost": 0.002}
    assert "demand" not in told
    assert "journal" not in told


def test_net_eur_is_for_the_euro_alone() -> None:
    assert "net_eur" not in summary(result_of(currency="USD"), "idle", Path("run"))


def test_demand_events_alarms_and_journal_are_told_where_they_are() -> None:
    event = FrequencyEvent(start_ns=START_NS, duration_s=3.0, frequency_hz_extreme=49.7, power_kw_extreme=12.0)
    result = result_of(
        demand=DEMAND, frequency_events=(event,), journal_root="abc",
        alarms=((START_NS, Alarm(site=1, cause="GAS", calls_out=True)),),
    )  # fmt: skip
    told = summary(result, "idle", Path("run"))
    assert told["demand"]["highest_kw"] == 119.0
    assert told["frequency_events"][0]["frequency_hz"] == 49.7
    assert told["alarms"] == [{"time": "2026-01-05T00:00:00+00:00", "site": 1, "cause": "GAS", "calls_out": True}]
    assert told["journal"] == {"root": "abc"}


@pytest.mark.parametrize("demand", [None, DEMAND])
def test_people_read_money_wear_and_demand(capsys, demand) -> None:
    print_run(result_of(demand=demand), "similar_day")
    printed = capsys.readouterr().out
    assert "wear 2.00 EUR, 0.50 equivalent full cycles a site" in printed
    assert "auxiliaries 3 kWh; capacity lost 0.200%" in printed
    assert ("demand limit 120 kW: highest quarter-hour 119.0 kW" in printed) == (demand is not None)
