"""What a run is made of survives the head of its journal, and a head that describes no run is refused."""

import json
import math
from dataclasses import replace

import pytest

from battuta.app.living_settings import LivingSettings
from battuta.domain.errors import DataError
from battuta.domain.response_law import Droop
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode, volt_var_law
from battuta.services.conductor import NO_REACTIVE
from battuta.site.limits import Limit, SafeState


def test_settings_survive_the_head_of_a_journal(make_settings) -> None:
    settings = make_settings(
        safe_state=SafeState(link_power_kw=-1.25, ramp_duration_s=17.0),
        import_power_kw_max=math.inf,
        soc_min=0.1,
        chiller_setpoint_c=22.5,
    )
    laws = (volt_var_law("ieee_1547_b_like"), ReactiveLaw(mode=ReactiveMode.FIXED_FACTOR, power_factor=-0.95))
    settings = replace(settings, reactive=(*laws, NO_REACTIVE), follows_load=(False, True, False))
    header = settings.header()
    assert all(isinstance(each, str) for each in header.values())
    again = LivingSettings.from_header(header)
    assert again == settings
    assert again.limits().rows.tobytes() == settings.limits().rows.tobytes()
    assert again.functions().reactive_rows.tobytes() == settings.functions().reactive_rows.tobytes()
    assert again.functions().follows_load.tolist() == [False, True, False]
    assert again.limits().safe_power_kw.tobytes() == settings.limits().safe_power_kw.tobytes()


def test_laws_and_limits_are_those_of_the_sites(make_settings) -> None:
    settings = make_settings(soc_max=0.8)
    assert settings.n_sites == 3
    assert isinstance(settings.laws()[0], Droop)
    assert settings.laws()[1:] == (None, None)
    assert settings.limits()[Limit.SOC_MAX].tolist() == [0.8] * 3


def test_a_head_of_something_else_is_refused(make_settings) -> None:
    whole = json.loads(make_settings().header()["living"])
    broken = {**whole, "sites": [{name: value for name, value in whole["sites"][0].items() if name != "safe_state"}]}
    for header in ({}, {"living": "{"}, {"living": "{}"}, {"living": json.dumps(broken)}):
        with pytest.raises(DataError, match="does not describe a living run"):
            LivingSettings.from_header(header)


def others(site: dict[str, object], mandate: dict[str, object]) -> dict[str, dict[str, object]]:
    """Heads that say something else, by what is told of them."""
    law = {"mode": "zz", "curve_v_pu": [], "curve_q_pu": []}
    return {
        "invalid literal": {"seed": "x"},
        "isoformat": {"products_on": "x"},
        "is not a valid ReactiveMode": {"reactive": [law] * 3},
        "'curve_v_pu' is missing": {"reactive": [{}] * 3},
        "sites is no list of tables": {"sites": ["a", "b"]},
        "mandates is no list of tables": {"mandates": 3},
        "ticks_per_s = 0 is outside": {"ticks_per_s": 0},
        "ticks_per_block = -1 is outside": {"ticks_per_block": -1},
        "start_ns": {"start_ns": 2**63},
        "infinity": {"ticks_per_s": math.inf},
        "0 sites and 3 mandates": {"sites": []},
        "3 sites and 1 mandates": {"mandates": [mandate]},
        "foo": {"products": ["foo", "", ""]},
        "1 products for 3 sites": {"products": [""]},
        "2 follows_load for 3 sites": {"follows_load": [True, False]},
        "power_kw = '10' is no number": {"sites": [site | {"power_kw": "10"}] * 3},
        "power_kw = -1": {"sites": [site | {"power_kw": -1}] * 3},
        "too large": {"sites": [site | {"power_kw": 10**400}] * 3},
        "'safe_state' is missing": {"sites": [{"power_kw": 1.0}] * 3},
        "unexpected keyword": {"sites": [site | {"colour": 1.0}] * 3},
        "not_after_ns = 'x' is no time": {"mandates": [mandate | {"not_after_ns": "x"}] * 3},
        "soc_min = None is no number": {"mandates": [mandate | {"soc_min": None}] * 3},
        "charge_kw_max = -1": {"mandates": [mandate | {"charge_kw_max": -1.0}] * 3},
    }


@pytest.mark.parametrize("told", others({}, {}))
def test_a_head_of_no_run_is_refused_by_what_is_wrong(make_settings, told) -> None:
    whole = json.loads(make_settings().header()["living"])
    other = others(whole["sites"][0], whole["mandates"][0])[told]
    with pytest.raises(DataError, match=r"does not describe a living run that can be") as caught:
        LivingSettings.from_header({"living": json.dumps(whole | other)})
    assert told in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_head_nested_without_end_is_refused() -> None:
    with pytest.raises(DataError, match="does not describe a living run"):
        LivingSettings.from_header({"living": "[" * 100_000})
