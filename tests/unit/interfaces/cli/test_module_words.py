"""What a run tells of its modules: every share for software, the bad ones for people."""

import json

import numpy as np

from battuta.app.living_modules import ModulesTold, SharedCost
from battuta.domain.work_order import DeratingCost
from battuta.interfaces.cli.module_words import modules_json, modules_words

COST = SharedCost(
    order_id="site-1/module-1/cell-3/micro_short/1",
    cost=DeratingCost(amount=0.5, currency="EUR", start_ns=0, horizon_h=24.0),
    amount_unshared=4.0,
)


def told(**values) -> ModulesTold:
    usual = {
        "energy_share": np.array([[0.5, 0.5], [0.8, 0.2]]), "weight": np.ones((2, 2)),
        "power_share_max": np.array([[1.0, 1.0], [1.0, 0.4]]), "short_s": 0.0, "missing_kwh": 0.0, "costs": (COST,),
    }  # fmt: skip
    return ModulesTold(**(usual | values))


def test_software_reads_a_row_a_site() -> None:
    found = modules_json(told(energy_share=np.array([[np.nan, np.nan], [0.8, 0.2]]), short_s=1800.0, missing_kwh=2.0))
    json.dumps(found, allow_nan=False)
    assert (found["per_site"], found["short_hours"], found["missing_kwh"]) == (2, 0.5, 2.0)
    assert found["energy_share"] == [[None, None], [0.8, 0.2]]
    assert found["costs"][0]["amount"] < found["costs"][0]["amount_unshared"]


def test_people_read_of_the_bad_ones() -> None:
    assert modules_words(told()) == [
        "2 modules a site (SYNTHETIC), each with a converter: 20.0% to 80.0% of their site's energy, even is 50.0%",
        "  site 1, module 1: held back to 40% of its power, took 20.0% of its site's energy",
        "  site-1/module-1/cell-3/micro_short/1: costs 0.50 EUR in 24 h, 4.00 if its whole site were held back",
    ]
    short = modules_words(told(short_s=360.0, missing_kwh=1.5))
    assert short[1] == "  short of the setpoint for 0.10 h, 1.50 kWh missing"
    nothing = told(energy_share=np.full((2, 2), np.nan), power_share_max=np.ones((2, 2)), costs=())
    assert modules_words(nothing) == ["2 modules a site (SYNTHETIC), each with a converter"]


def test_many_are_counted() -> None:
    lines = modules_words(told(energy_share=np.full((4, 2), 0.5), power_share_max=np.zeros((4, 2)), costs=()))
    assert lines[-1] == "  and 3 more (summary.json)"
    assert len(lines) == 7
