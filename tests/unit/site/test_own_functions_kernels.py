"""Energy that was spent comes back with the power that the rule allows, by a ramp, and no further than needed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.site import own_functions_kernels as kernels
from battuta.site.limits import Limit
from battuta.site.reservations import Reserve


def limits_of(n_sites: int = 1, **values) -> np.ndarray:
    rows = np.zeros((len(Limit), n_sites))
    usual = {
        "energy_kwh": 100.0, "soc_min": 0.1, "soc_max": 0.9, "efficiency_charge": 1.0, "efficiency_discharge": 1.0,
        "mode_ramp_kw_per_s": np.inf,
    }  # fmt: skip
    for name, value in (usual | values).items():
        rows[Limit[name.upper()]] = value
    return rows


def reserves_of(up_kwh: float = 20.0, down_kwh: float = 20.0, recovery_kw: float = 5.0) -> np.ndarray:
    rows = np.zeros((len(Reserve), 1))
    rows[[Reserve.ENERGY_UP_KWH, Reserve.ENERGY_DOWN_KWH, Reserve.RECOVERY_KW], 0] = up_kwh, down_kwh, recovery_kw
    return rows


def recovered(soc, limits=None, reserves=None, memory=None, step_s=1.0) -> float:
    memory = np.zeros((2, 1)) if memory is None else memory
    limits = limits_of() if limits is None else limits
    reserves = reserves_of() if reserves is None else reserves
    kernels.recover(np.array([soc]), limits, reserves, step_s, memory[0], memory[1])
    return float(memory[1, 0])


@pytest.mark.parametrize(("soc", "power_kw"), [(0.29, -5.0), (0.301, 0.0), (0.5, 0.0), (0.699, 0.0), (0.71, 5.0)])
def test_what_is_missing_is_brought_back_and_nothing_else(soc, power_kw) -> None:
    assert recovered(soc) == power_kw


def test_it_goes_on_until_a_little_more_than_enough_is_there() -> None:
    memory = np.zeros((2, 1))
    powers_kw = [recovered(soc, memory=memory) for soc in (0.299, 0.301, 0.309, 0.311, 0.305)]
    assert powers_kw == [-5.0, -5.0, -5.0, 0.0, 0.0]


def test_power_is_ramped_both_ways() -> None:
    memory, limits = np.zeros((2, 1)), limits_of(mode_ramp_kw_per_s=2.0)
    powers_kw = [recovered(soc, limits, memory=memory) for soc in (0.2, 0.2, 0.2, 0.4, 0.4, 0.4)]
    assert powers_kw == [-2.0, -4.0, -5.0, -3.0, -1.0, 0.0]


def test_losses_count_on_the_side_where_they_fall() -> None:
    limits = limits_of(efficiency_charge=0.8, efficiency_discharge=0.8)  # 25 kWh stored give 20, 20 kWh fill 16
    assert recovered(0.349, limits) == -5.0
    assert recovered(0.351, limits) == 0.0
    assert recovered(0.739, limits) == 0.0
    assert recovered(0.741, limits) == 5.0


def test_more_reserved_than_the_window_holds_aims_at_the_middle_of_what_is_missing() -> None:
    reserves = reserves_of(up_kwh=50.0, down_kwh=50.0)  # floor 0.6, ceiling 0.4
    assert recovered(0.49, reserves=reserves) == -5.0
    assert recovered(0.51, reserves=reserves) == 5.0
    memory = np.zeros((2, 1))
    assert [recovered(soc, reserves=reserves, memory=memory) for soc in (0.49, 0.5, 0.5)] == [-5.0, 0.0, 0.0]


@pytest.mark.parametrize("soc", [np.nan, 0.0])
def test_without_a_rule_or_a_state_of_charge_nothing_is_wanted(soc) -> None:
    memory = np.array([[1.0], [-5.0]])
    reserves = reserves_of(recovery_kw=5.0 if np.isnan(soc) else 0.0)
    assert recovered(soc, reserves=reserves, memory=memory) == 0.0
    assert memory[0, 0] == 0.0


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.floats(0.1, 10.0))
def test_it_never_asks_for_more_than_its_rule_nor_moves_faster_than_its_ramp(course, ramp) -> None:
    memory, before = np.zeros((2, 1)), 0.0
    for soc in course:
        power_kw = recovered(soc, limits_of(mode_ramp_kw_per_s=ramp), memory=memory)
        assert abs(power_kw) <= 5.0
        assert abs(power_kw - before) <= ramp + 1e-9
        before = power_kw


def test_the_kernel_numbers_rows_as_the_tables_do() -> None:
    names = ("ENERGY", "SOC_MIN", "SOC_MAX", "EFFICIENCY_CHARGE", "EFFICIENCY_DISCHARGE", "MODE_RAMP")
    rows = ("ENERGY_KWH", "SOC_MIN", "SOC_MAX", "EFFICIENCY_CHARGE", "EFFICIENCY_DISCHARGE", "MODE_RAMP_KW_PER_S")
    assert [getattr(kernels, name) for name in names] == [Limit[row] for row in rows]
    held = [kernels.ENERGY_UP, kernels.ENERGY_DOWN, kernels.RECOVERY]
    assert held == [Reserve.ENERGY_UP_KWH, Reserve.ENERGY_DOWN_KWH, Reserve.RECOVERY_KW]
