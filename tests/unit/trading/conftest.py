"""One small battery for all tests of trading: 1 MW, 1 MWh, 0.9 each way, empty at the start, free end."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.asset import Battery, Site
from battuta.trading.problem import storage_problem

BATTERY = Battery(power_kw=1000.0, energy_kwh=1000.0, efficiency_charge=0.9, efficiency_discharge=0.9)


@pytest.fixture
def make_site():
    """Site with some of its battery's and its own fields replaced."""

    def site(*, fees=(0.0, 0.0), **changes):
        battery = replace(BATTERY, **changes)
        return Site(battery=battery, import_fee_per_mwh=fees[0], export_fee_per_mwh=fees[1])

    return site


@pytest.fixture
def make_problem(make_site):
    """Problem of hourly prices and changes of the battery."""

    def problem(prices, *, fees=(0.0, 0.0), **changes):
        return storage_problem(make_site(fees=fees, **changes), np.asarray(prices, dtype=float), 1.0)

    return problem
