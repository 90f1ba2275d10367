"""What sites are made of: ratings of the asset, laws by name, awards by the rules of the product."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_setup import cabinet_of, living_site, reservations_of, settings_of
from battuta.domain.errors import BattutaError
from battuta.physics.grid_connection import ReactiveMode

START_NS = 1_767_225_600 * 10**9


def test_the_cabinet_of_the_built_in_site_has_two_hundred_cells() -> None:
    cabinet = cabinet_of(living_site())
    assert cabinet.n_cells == 200
    assert cabinet.energy_kwh == pytest.approx(205.0, abs=1.0)


def test_a_larger_battery_has_more_cells() -> None:
    site = living_site()
    large = replace(site, battery=replace(site.battery, energy_kwh=410.0))
    assert cabinet_of(large).n_cells == 400


def test_settings_name_who_answers_what() -> None:
    settings = settings_of(RunRequest(n_sites=8, follow_share=0.25), living_site(), START_NS)
    assert [site for site, name in enumerate(settings.products) if name] == [0, 4]
    assert sum(settings.follows_load) == 2
    assert {law.mode for law in settings.reactive} == {ReactiveMode.Q_OF_V}
    assert settings.sites[0].chiller_setpoint_c == cabinet_of(living_site()).setpoint_c


def test_awards_reserve_power_energy_and_the_way_back() -> None:
    request, site = RunRequest(n_sites=4), living_site()
    (award,) = reservations_of(settings_of(request, site, START_NS), site, request, START_NS)
    assert (award.site, award.up_kw, award.energy_up_kwh, award.recovery_kw) == (0, 20.0, 5.0, 5.0)
    assert award.start_ns == START_NS


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("ce_fcr", (20.0, 20.0, 5.0, 5.0)),
        ("nordic_fcr_d_up", (20.0, 4.0, 20.0 / 3.0, 0.0)),
        ("nordic_fcr_d_down", (4.0, 20.0, 0.0, 20.0 / 3.0)),
    ],
)
def test_a_product_of_one_direction_keeps_only_that_energy(product, expected) -> None:
    request, site = RunRequest(n_sites=1, response=product, response_share=1.0), living_site()
    (award,) = reservations_of(settings_of(request, site, START_NS), site, request, START_NS)
    kept = award.up_kw, award.down_kw, award.energy_up_kwh, award.energy_down_kwh
    assert kept == pytest.approx(expected)


@pytest.mark.parametrize("values", [{"reactive": "no_such_curve"}, {"response": "no_such_product"}])
def test_what_is_not_known_is_refused(values) -> None:
    settings = RunRequest(n_sites=2, response_share=1.0, **values)
    with pytest.raises(BattutaError, match="no_such"):
        settings_of(settings, living_site(), START_NS).laws()


def test_nobody_asked_for_reactive_power_gives_none() -> None:
    settings = settings_of(RunRequest(n_sites=2, reactive=""), living_site(), START_NS)
    assert not settings.functions().reactive_rows[:, 1:7].any() or np.all(settings.functions().reactive_pu == 0.0)
    assert {law.mode for law in settings.reactive} == {ReactiveMode.FIXED_Q}
