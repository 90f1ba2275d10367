"""Kernels are compiled, or fetched from their cache, on their first call: let that happen before a clock runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import cabinet_of
from battuta.app.site_owners import SiteOwners
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal
from battuta.domain.time import NS_PER_S

SECONDS = 62
"""Long enough for what is done once a minute."""

SAID = {
    Signal.METER_VOLTAGE_PU: 1.0,
    Signal.FREQUENCY_HZ: 50.0,
    Signal.SOC: 0.5,
    Signal.CELL_VOLTAGE_V_MIN: 3.3,
    Signal.CELL_VOLTAGE_V_MAX: 3.3,
    Signal.CELL_TEMPERATURE_C_MIN: 25.0,
    Signal.CELL_TEMPERATURE_C_MEAN: 25.0,
    Signal.CELL_TEMPERATURE_C_MAX: 25.0,
    Signal.CHARGE_POWER_KW_MAX: 50.0,
    Signal.DISCHARGE_POWER_KW_MAX: 50.0,
    Signal.COOLANT_TEMPERATURE_C: 20.0,
    Signal.CHILLER_SETPOINT_C: 22.0,
    Signal.AMBIENT_TEMPERATURE_C: 20.0,
}
"""An ordinary second."""


def warm_up(run: LivingRun) -> None:
    """Let one site of a run's kind live a minute that is kept nowhere.

    Parameters
    ----------
    run : LivingRun
        The run that is about to begin; nothing of it changes.
    """
    whole = run.settings
    settings = replace(
        whole, sites=whole.sites[:1], mandates=whole.mandates[:1], products=whole.products[:1],
        reactive=whole.reactive[:1], follows_load=whole.follows_load[:1],
    )  # fmt: skip
    system = LivingSystem(settings, LivingJournal(None, settings), run.system.nominal_hz)
    request = replace(run.request, n_sites=1, follow_share=0.0)
    owners = SiteOwners(request, run.site, cabinet_of(run.site))
    owners.plan(whole.start_ns, 900.0, np.ones((96, 1)))
    system.owners = owners
    values = np.zeros((N_SIGNALS, 1))
    for signal, value in SAID.items():
        values[signal] = value
    for second in range(SECONDS):
        now_ns = whole.start_ns + second * NS_PER_S
        system.look(values, np.full((N_SOURCES, 1), now_ns), now_ns, now_ns)
        system.answer(np.full((1, settings.ticks_per_block), run.system.nominal_hz), now_ns, now_ns)
