"""A small living system, and prices for a small living run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal, LivingSettings
from battuta.domain.asset import Battery, Site
from battuta.domain.command import Mandate, Owner, Reservation
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.domain.wear import Wear
from battuta.site.limits import SiteLimits

START_NS = 1_767_225_600 * 10**9
DAY = np.array([40.0, 30, 10, 10, 20, 40, 60, 70, 60, 50, 40, 30, 30, 30, 40, 50, 60, 80, 100, 90, 70, 60, 50, 45])


class SmallLife:
    """Three sites of 20 cells in lock step; the first answers frequency."""

    def __init__(self, folder: Path | None = None, *, written_as: LivingSettings | None = None, **limits) -> None:
        self.settings = settings_of(**limits)
        self.journal = LivingJournal(folder, written_as or self.settings)
        self.system = LivingSystem(self.settings, self.journal)
        self.sites = SimulatedSites(self.settings.seed, 3, START_NS, n_cells=20, power_kw=10.0)
        award = Reservation(
            site=0,
            product="ce_fcr",
            up_kw=2.0,
            down_kw=2.0,
            energy_up_kwh=0.5,
            energy_down_kwh=0.5,
            start_ns=START_NS,
            end_ns=START_NS + 10**15,
        )
        self.system.award(START_NS, (award,))

    def live(self, seconds: int):
        for _ in range(seconds):
            now_ns = self.sites.time_ns
            if (now_ns - START_NS) % (300 * 10**9) == 0:
                phase = (now_ns - START_NS) / 1e12 + np.arange(3.0)
                self.system.wish(now_ns, Owner.MARKET, now_ns + 290 * 10**9, 7.0 * np.sin(phase))
            moment = self.system.look(*self.sites.read(), now_ns, now_ns)
            written = self.system.answer(self.sites.frequency_hz(), now_ns, now_ns)
            self.sites.advance(written.block.power_kw, written.reactive_kvar, written.stopped)
        return moment


def settings_of(**limits) -> LivingSettings:
    usual = {"power_kw": 10.0, "apparent_power_kva": 11.0, "energy_kwh": 20.5, "mode_ramp_kw_per_s": 1.0}
    return LivingSettings(
        seed=3,
        start_ns=START_NS,
        ticks_per_s=20,
        ticks_per_block=20,
        sites=(SiteLimits(**(usual | limits)),) * 3,
        mandates=(Mandate(charge_kw_max=10.0, discharge_kw_max=10.0),) * 3,
        products=("ce_fcr", "", ""),
        products_on="2026-01-01",
    )


@pytest.fixture
def small_life():
    return SmallLife


@pytest.fixture
def make_settings():
    return settings_of


@pytest.fixture
def ten_days() -> PriceSeries:
    """Hourly prices of ten days."""
    prices = np.concatenate([DAY + 0.37 * day for day in range(10)])
    return PriceSeries(
        time_ns=to_ns(datetime(2026, 1, 5, tzinfo=UTC)) + np.arange(240) * NS_PER_HOUR,
        price_per_mwh=prices.round(2),
        step=timedelta(hours=1),
        currency="EUR",
        zone="UTC",
    )


@pytest.fixture
def small_site() -> Site:
    """10 kW / 20.5 kWh with wear and fees."""
    battery = Battery(
        power_kw=10.0,
        energy_kwh=20.54,
        efficiency_charge=0.95,
        efficiency_discharge=0.95,
        soc_min=0.05,
        soc_max=0.95,
        soc_start=0.5,
        auxiliary_power_kw=0.02,
        wear=Wear(price_per_mwh=6.0),
    )
    return Site(battery=battery, timezone="UTC", currency="EUR", import_fee_per_mwh=5.0, export_fee_per_mwh=2.0)
