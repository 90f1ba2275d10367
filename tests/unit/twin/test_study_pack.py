"""The pack of a study: its numbers arrive, its charge is kept as the duty says."""

import pytest

from battuta.domain.errors import UsageError
from battuta.domain.studied_battery import StudiedBattery
from battuta.domain.study import FrequencyRegulation, Storage
from battuta.twin.study_pack import study_pack

BATTERY = {"converter": "bonfiglioli_field", "cells_in_series": 416, "strings": 12, "power_kw": 2500.0}


def test_numbers_arrive_and_the_start_lies_in_the_window():
    pack = study_pack(StudiedBattery(cell="lfp_314ah", **BATTERY), Storage(soc=1.0), 1.0)
    assert (pack.n_cells, pack.soc_start, pack.pcs.rated_power_kw) == (4992, 0.95, 2500.0)
    assert pack.keeping.power_kw_max == 0.0
    assert 4900.0 < pack.energy_kwh < 5300.0
    assert pack.climate.wall_w_per_k == pytest.approx(100.0, rel=0.02)


def test_regulation_steers_its_charge_and_keeps_its_cap():
    duty = FrequencyRegulation(power_share=0.5, recovery_share=0.2, soc_target=0.4, full_cycles_per_day_max=0.7)
    keeping = study_pack(StudiedBattery(cell="lfp_314ah", **BATTERY), duty, 0.4).keeping
    assert (keeping.power_kw_max, keeping.soc_target, keeping.full_cycles_per_day_max) == (250.0, 0.4, 0.7)


@pytest.mark.parametrize("wrong", [{"cell": "none"}, {"cell": "lfp_314ah", "converter": "none"}])
def test_what_has_no_parameters_is_named(wrong):
    with pytest.raises(UsageError, match="none"):
        study_pack(StudiedBattery(**{**BATTERY, **wrong}), Storage(), 0.5)
