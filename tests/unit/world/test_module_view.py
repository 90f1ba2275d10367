"""Modules with a converter each: their cells carry their own currents, and the site is what they add up to."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.image import Signal
from battuta.domain.module_image import ModuleSignal
from battuta.world.module_view import asked_of_modules, sites_of
from battuta.world.plant import Plants
from battuta.world.plant_parameters import PlantCharacter, cabinet

START_S = 1_767_225_600
TICKS = 20


def plants(**values) -> Plants:
    usual = {"n_cells": 24, "n_modules": 4, "power_kw": 12.0}
    return Plants(3, 2, START_S, PlantCharacter(**(usual | values)))


def run(sites: Plants, power_kw: float, share, seconds: int = 60) -> None:
    for _ in range(seconds):
        sites.advance(np.full((2, TICKS), power_kw), np.zeros(2), np.full(2, np.nan), share)


def test_each_module_carries_its_share_and_the_site_what_was_asked() -> None:
    sites = plants()
    soc = sites.modules_seen()[ModuleSignal.SOC]
    run(sites, 4.0, np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 2.0, 1.0]]), 900)
    given = soc - sites.modules_seen()[ModuleSignal.SOC]
    assert sites.power_kw == pytest.approx(4.0, abs=1e-3)
    np.testing.assert_allclose(given[0], given[0].mean(), rtol=0.02)
    assert abs(given[1, 0]) < 1e-4, "nothing was asked of it"
    np.testing.assert_allclose(given[1, 1:] / given[0].mean(), [1.0, 2.0, 1.0], rtol=0.03)
    current_a = sites.string_current_a().reshape(2, 4)
    assert current_a[1, 2] == pytest.approx(2.0 * current_a[1, 1], rel=0.02)


def test_a_full_module_holds_back_itself_and_no_other() -> None:
    sites = plants()
    whole = sites.truth()[Signal.CHARGE_POWER_KW_MAX]
    sites.container.cells.soc[sites.slot[1, 6:12]] = 1.0  # the second module of the second site
    left = sites.modules_seen()[ModuleSignal.CHARGE_POWER_KW_MAX]
    assert left[1].tolist() == pytest.approx([3.0, 0.0, 3.0, 3.0])
    assert sites.truth()[Signal.CHARGE_POWER_KW_MAX].tolist() == pytest.approx([whole[0], 9.0])
    sites.opened[1] = True
    assert not sites.modules_seen()[ModuleSignal.CHARGE_POWER_KW_MAX, 1].any()


def test_shared_evenly_modules_are_the_string_that_they_were() -> None:
    whole, split = plants(n_modules=1), plants()
    for sites in (whole, split):
        run(sites, -6.0, None, 600)
    told, ours = whole.truth(), split.truth()
    for signal, tolerance in ((Signal.SOC, 1e-4), (Signal.CELL_VOLTAGE_V_MAX, 2e-3), (Signal.CONVERTER_POWER_KW, 1e-3)):
        np.testing.assert_allclose(ours[signal], told[signal], atol=tolerance)


def test_sites_are_the_extremes_and_the_means_of_their_modules() -> None:
    seen = np.arange(32.0).reshape(8, 4)
    assert sites_of(seen, 4) is seen
    told = sites_of(seen, 2)
    assert told[:, 0].tolist() == [0.0, 5.0, 8.0, 12.5, 17.0, 20.5, 24.5, 28.5]


def test_a_site_follows_as_far_as_its_modules_carry() -> None:
    setpoint_kw = np.array([[10.0, 20.0], [-4.0, -4.0], [6.0, 6.0]])
    module_kw = np.array([[5.0, 5.0], [-2.0, -1.9995], [0.0, 0.0]])
    power_kw, share = asked_of_modules(setpoint_kw, module_kw)
    assert power_kw[0].tolist() == pytest.approx([10.0 * 10.0 / 15.0, 20.0 * 10.0 / 15.0])
    assert power_kw[1].tolist() == [-4.0, -4.0], "half a watt is rounded, not missing"
    assert power_kw[2].tolist() == [0.0, 0.0]
    assert share.tolist() == [[5.0, 5.0], [2.0, 1.9995], [1.0, 1.0]]


def test_cells_that_cannot_be_shared_evenly_are_refused() -> None:
    with pytest.raises(UsageError, match="200 cells cannot be shared evenly over 7 modules; choose a divisor of 200"):
        cabinet(200, 7)
