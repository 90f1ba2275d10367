"""Days of a pack: chunks, limits, energies, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import LifePack, PackClimate
from battuta.physics.life_pack_walk import PackDuty, usable_energy_kwh, walk_pack
from battuta.physics.pcs import notton_pcs

PACK = LifePack(
    cell=cell_parameters("lfp_314ah"), cells_in_series=416, strings=12,
    pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
    climate=PackClimate(wall_w_per_k=60.0, structure_j_per_k=2.7e6, cooling_kw_max=60.0, running_kw=2.0),
)  # fmt: skip


def duty(n_days=3, step_s=60.0, power_kw_max=1200.0):
    hours = np.arange(round(n_days * 86400 / step_s)) * step_s / 3600.0
    blocks = np.floor(hours / 2.0)
    power_kw = power_kw_max * np.where(blocks % 3 == 0, -1.0, np.where(blocks % 3 == 1, 0.95, 0.0))
    return PackDuty(power_kw=power_kw, ambient_c=np.full(hours.size, 24.0), step_s=step_s)


def test_a_walk_in_parts_is_the_walk() -> None:
    whole, asked = walk_pack(PACK, duty(3)), duty(3)
    first = replace(asked, power_kw=asked.power_kw[:1440], ambient_c=asked.ambient_c[:1440])
    rest = replace(asked, power_kw=asked.power_kw[1440:], ambient_c=asked.ambient_c[1440:])
    begun = walk_pack(PACK, first)
    gone_on = walk_pack(PACK, rest, state=begun.state)
    for name in ("soc", "temperature_c", "c_rate", "power_kw", "discharged_kwh", "auxiliary_kwh"):
        np.testing.assert_array_equal(
            np.concatenate((getattr(begun, name), getattr(gone_on, name))), getattr(whole, name)
        )


def test_the_duty_is_delivered_where_no_limit_stands_in_the_way() -> None:
    days = walk_pack(PACK, duty())
    np.testing.assert_array_equal(days.power_kw, duty().power_kw)
    assert days.shortfall_kwh.sum() == 0.0
    assert 0.05 < days.soc.min() < days.soc.max() < 0.95


def test_a_battery_grown_old_delivers_less_and_says_how_much() -> None:
    days = walk_pack(PACK, duty(power_kw_max=2000.0), soh_capacity=0.5, soh_resistance=2.0)
    assert days.shortfall_kwh.sum() > 1000.0
    assert days.soc.min() >= 0.05 - 1e-12
    assert days.soc.max() <= 0.95 + 1e-12


@pytest.mark.parametrize("soh_capacity", [1.0, 0.83, 0.61])
def test_a_window_from_empty_to_full_is_never_left(soh_capacity) -> None:
    days = walk_pack(replace(PACK, soc_min=0.0, soc_max=1.0), duty(20, power_kw_max=2500.0), soh_capacity=soh_capacity)
    assert days.soc.min() >= 0.0
    assert days.soc.max() <= 1.0
    assert np.isfinite(days.temperature_c).all()
    assert days.soc.max() - days.soc.min() > 0.9


def test_energy_is_kept() -> None:
    """What goes in at the converter is heat, loss of the converter or stored: the pack makes none."""
    asked = duty(1)
    days = walk_pack(PACK, asked)
    dc_kw, _ = PACK.pcs.dc_power_kw(days.power_kw)
    tables = PACK.cell.tables()
    nodes = np.linspace(0.0, 1.0, tables.ocv_integral_v.size)
    stored = np.interp([0.5, days.soc[-1]], nodes, tables.ocv_integral_v) * 314.0 * PACK.n_cells / 1000.0
    # reversible heat is work of the entropy, 1.5 kWh here; relaxation and hysteresis hold some at the end
    gap = stored[0] - stored[1] - dc_kw.sum() / 60.0 - days.heat_kwh.sum()
    assert abs(gap) < 0.002 * np.abs(dc_kw).sum() / 60.0


@pytest.mark.parametrize(("step_s", "within"), [(1.0, 5e-5), (300.0, 3e-4), (900.0, 1.5e-3)])
def test_steps_of_any_length_agree(step_s, within) -> None:
    minute, other = walk_pack(PACK, duty(2)), walk_pack(PACK, duty(2, step_s))
    assert other.soc[-1] == pytest.approx(minute.soc[-1], abs=within)
    assert other.temperature_c.mean() == pytest.approx(minute.temperature_c.mean(), abs=0.4), "phase of the thermostat"
    assert other.full_cycles.sum() == pytest.approx(minute.full_cycles.sum(), rel=1e-3)
    assert other.auxiliary_kwh.sum() == pytest.approx(minute.auxiliary_kwh.sum(), rel=0.1)


def test_usable_energy_falls_with_capacity_and_resistance() -> None:
    new = usable_energy_kwh(PACK)
    assert 0.9 * 0.94 * PACK.energy_kwh < new < 0.9 * PACK.energy_kwh
    assert usable_energy_kwh(PACK, soh_capacity=0.8) == pytest.approx(0.8 * new, rel=0.01)
    assert usable_energy_kwh(PACK, soh_resistance=2.0) < 0.99 * new
    assert usable_energy_kwh(PACK, power_kw=1000.0) > new
    with pytest.raises(InvalidQuantityError, match="power_kw = 3000 kW"):
        usable_energy_kwh(PACK, power_kw=3000.0)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"step_s": 7.0 * 60.0 + 1.0}, "does not divide a day"),
        ({"power_kw": np.zeros(1000)}, "power_kw has 1000 steps of 60 s; whole days of 1440"),
        ({"ambient_c": np.zeros(2 * 1440)}, "4320 powers and 2880 temperatures"),
        (
            {"power_kw": np.where(np.arange(4320) == 2000, np.nan, 0.0)},
            r"misses 1 of 4320 steps, the first at step 2000 ",
        ),
    ],
)
def test_what_is_no_duty_is_refused(changes, match) -> None:
    with pytest.raises(DataError, match=match):
        replace(duty(), **changes)
