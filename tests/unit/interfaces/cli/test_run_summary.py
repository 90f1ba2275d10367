"""What a run tells: keys only where there is something to say, and a few lines for people."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from battuta.app.living import FrequencyEvent
from battuta.app.living_result import Demand, LivingResult
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.domain.work_order import WorkOrder
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
        "soc_start": 0.5, "soc_end": 0.05, "n_answering": 1, "n_following": 0, "unmetered_s": 0.0,
        "auxiliary_kwh": 3.0, "capacity_lost": np.array([0.001, 0.003]), "demand": None, "baselines": {"idle": -1.0},
        "frequency_events": (), "alarms": (), "findings": None, "setpoints": 10, "journal_root": "",
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
    assert "wear 2.00 EUR at the asset's price, 0.50 equivalent full cycles a site" in printed
    assert "mean state of charge 50% at the start, 5% at the end; what is stored is not valued" in printed
    assert "1 site answered frequency, 0 followed their load" in printed
    assert "auxiliaries 3 kWh; capacity lost 0.200%" in printed
    assert ("demand limit 120 kW: highest quarter-hour 119.0 kW" in printed) == (demand is not None)


def test_alarms_are_told_one_by_one_up_to_five(capsys) -> None:
    alarms = tuple((START_NS, Alarm(site=site, cause="GAS", calls_out=True)) for site in range(7))
    print_run(result_of(alarms=alarms), "idle")
    printed = capsys.readouterr().out
    assert "7 alarms" in printed
    assert "2026-01-05T00:00:00+00:00  site 4: gas at the fire panel, stopped, people are called out" in printed
    assert "site 5:" not in printed
    assert "and 2 more (summary.json)" in printed


def test_a_peak_that_the_batteries_made_is_called_theirs(capsys) -> None:
    made = Demand(limit_kw=90.0, highest_kw=89.0, without_kw=21.0, sites_over=0, sites_over_without=0)
    print_run(result_of(demand=made), "idle")
    assert "89.0 kW, which batteries raised up to the limit, 21.0 kW without" in capsys.readouterr().out


def test_time_without_a_meter_is_told(capsys) -> None:
    print_run(result_of(unmetered_s=5_400.0), "idle")
    assert "1.50 h of sites unmetered" in capsys.readouterr().out
    assert summary(result_of(unmetered_s=5_400.0), "idle", Path("run"))["unmetered_hours"] == 1.5


def test_findings_of_cells_are_told_where_cells_were_watched(capsys) -> None:
    finding = Finding(
        string_id="site-1", cell=17, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT, since_ns=START_NS,
        found_ns=START_NS + 24 * NS_PER_HOUR, probability=0.9,
    )  # fmt: skip
    told = summary(result_of(findings=(finding,)), "idle", Path("run"))
    assert [(each["string"], each["cell"], each["kind"]) for each in told["findings"]] == [
        ("site-1", 17, "micro_short")
    ]
    assert "findings" not in summary(result_of(), "idle", Path("run"))
    print_run(result_of(findings=(finding,)), "idle")
    assert "act: site-1, cell 17 (from 0): micro short since 2026-01-05, told 2026-01-06" in capsys.readouterr().out


def test_work_orders_are_told_where_cells_are_watched(capsys) -> None:
    order = WorkOrder(
        order_id="site-1/cell-7/micro_short/1", string_id="site-1", cell=7, fault=FaultClass.MICRO_SHORT,
        level=FindingLevel.ACT, since_ns=START_NS, opened_ns=START_NS, told_ns=START_NS, due_ns=START_NS,
        probability=0.5,
    )  # fmt: skip
    assert "work_orders" not in summary(result_of(), "idle", Path("run"))
    result = result_of(findings=(), work_orders=(order,) * 7)
    told = summary(result, "idle", Path("run"))["work_orders"]
    assert len(told) == 7
    assert told[0]["id"] == order.order_id
    print_run(result, "idle")
    printed = capsys.readouterr().out
    assert "7 work orders, 7 open (work_orders.json)" in printed
    assert printed.count("opened 2026-01-05") == 5
    assert "and 2 more" in printed
