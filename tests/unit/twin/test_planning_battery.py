from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.life_pack import ChargeKeeping
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.physics.pcs import notton_pcs
from battuta.twin.planning_battery import planning_battery
from unit.twin.pack_case import PACK

PACK_AT_REST = replace(PACK, keeping=ChargeKeeping())


def test_a_full_cycle_as_planned_is_one_as_walked():
    found = planning_battery(PACK_AT_REST)
    window_kwh = found.energy_kwh * (PACK.soc_max - PACK.soc_min)
    charge_kwh = window_kwh / found.efficiency_charge
    hours = charge_kwh / 2500.0
    power_kw = np.zeros(1440)
    whole = int(hours * 60)
    power_kw[:whole] = -2500.0
    power_kw[720 : 720 + int(60 * found.usable_kwh / 2500.0)] = 2500.0
    empty = replace(PACK_AT_REST, soc_start=PACK.soc_min)
    walked = walk_pack(empty, PackDuty(power_kw=power_kw, ambient_c=np.full(1440, 25.0), step_s=60.0))
    assert walked.soc[whole - 1] == pytest.approx(PACK.soc_max, abs=0.01)
    assert walked.soc[-1] == pytest.approx(PACK.soc_min, abs=0.02)
    assert float(walked.shortfall_kwh[0]) < 0.01 * charge_kwh


def test_what_is_not_filled_in_a_month_does_not_trade():
    slow = replace(PACK_AT_REST, pcs=notton_pcs("sungrow_sc1000tl_field", 5.0))
    with pytest.raises(UsageError, match="raise power_kw"):
        planning_battery(slow)
