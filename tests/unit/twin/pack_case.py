"""A container, a short duty and its ageing, small enough to live many times."""

import numpy as np

from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import ChargeKeeping, LifePack, PackClimate
from battuta.physics.life_pack_walk import PackDuty
from battuta.physics.pcs import notton_pcs

PACK = LifePack(
    cell=cell_parameters("lfp_314ah"),
    cells_in_series=416,
    strings=12,
    pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
    climate=PackClimate(wall_w_per_k=60.0, structure_j_per_k=2.7e6, cooling_kw_max=60.0, running_kw=2.0),
    keeping=ChargeKeeping(power_kw_max=600.0),
)


def duty(n_days=365, step_s=1800.0, power_kw=900.0, seed=4):
    """SYNTHETIC: a noisy request with a memory of hours, and the seasons of a mild place."""
    per_day = round(86400 / step_s)
    rng = np.random.default_rng(seed)
    noise = np.repeat(rng.normal(0.0, power_kw, n_days * per_day // 2 + 1), 2)[: n_days * per_day]
    day = np.arange(n_days * per_day) / per_day
    ambient_c = 14.0 - 10.0 * np.cos(2.0 * np.pi * day / 365.0) - 4.0 * np.cos(2.0 * np.pi * day)
    return PackDuty(power_kw=np.clip(noise, -2500.0, 2500.0), ambient_c=ambient_c, step_s=step_s, is_schedule=True)


def laws():
    return [ageing_law(each) for each in ageing_law_names()]
